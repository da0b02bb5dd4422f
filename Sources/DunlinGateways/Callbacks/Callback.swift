// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What a gateway sends to us of its own accord: what became of a message, what a person answered.
public struct CallbackRequest: Sendable {
    /// `GET` or `POST`.
    public var method: String
    /// As the gateway was told it, with its query: signatures are made over it.
    public var url: String
    /// Names in lower case, in the order they came.
    public var headers: [(name: String, value: String)]
    /// As it came, byte for byte.
    public var body: [UInt8]
    /// When it came.
    public var at: Instant
    /// The address it came from, without a port: of the gateway, not of a proxy of ours; nil where nobody knows.
    public var peer: String?
    /// What has been fetched for it, by address: certificates that it says it is signed with.
    public var certificates: [String: SigningCertificate] = [:]

    public init(
        method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [], at: Instant,
        peer: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.at = at
        self.peer = peer
    }

    /// The first header of that name, which is in lower case.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// Proves a gateway's request genuine and reads it. Holds no connection, no clock and no memory.
public protocol CallbackReader: Sendable {
    /// Whether it ever says that a message arrived: only then does silence say something.
    var tellsArrival: Bool { get }
    /// Total. The proof comes first: nothing of the body is looked into before it holds.
    func read(_ request: CallbackRequest) -> CallbackReading
}

/// What a callback says.
public enum CallbackReading: Sendable {
    /// `isProven` is false where the gateway does not sign: then only what bears a token of ours may be believed.
    case events([CallbackEvent], CallbackReply, isProven: Bool)
    /// The gateway tries the address before it uses it, and this is what it wants to hear.
    case handshake(CallbackReply)
    case refused(CallbackFault)
    /// To be read again with the certificate at this address among ``CallbackRequest/certificates``; it is one that only the gateway
    /// can serve. Without it nobody can tell whether the callback is genuine.
    case needs(certificate: String)
    /// Genuine, and about the callbacks themselves: somebody has to do or know something.
    case notice(CallbackNotice)
}

/// What a gateway says about its callbacks. Topics are those that the operator named.
public enum CallbackNotice: Hashable, Sendable {
    /// It sends nothing of this topic before a GET of `confirm`, an address of its own.
    case subscribed(topic: String, confirm: String)
    /// It sends nothing of this topic any more.
    case unsubscribed(topic: String)
    /// What it sends of this topic is signed in a way that the operator has not allowed, and not believed.
    case weaklySigned(topic: String)
    /// Words for people, about this topic.
    case remark(topic: String)
}

/// Why a callback is not taken. The names stand in the metrics.
public enum CallbackFault: String, CaseIterable, Sendable {
    /// The proof is missing or wrong.
    case forged
    /// The proof is right and too old: somebody may be playing it again.
    case stale
    /// Genuine, and nothing that can be understood.
    case malformed
}

/// What the gateway wants to hear before it believes that we have it.
public struct CallbackReply: Hashable, Sendable {
    public var status: Int
    public var contentType: String
    public var body: String

    public init(status: Int = 200, contentType: String = "text/plain", body: String = "") {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// What becomes of somebody's wish for no more mails, who followed the link that stands in one (RFC 8058).
public enum Unsubscription: Hashable, Sendable {
    /// The link is ours; nothing has been done yet. Programs that look into every link must not refuse for anybody.
    case asks
    /// On the disk.
    case done
    /// The link stood in a mail that an operator sent to try a gateway, which the ledger knows nothing of.
    case test
    /// The link is none of ours.
    case unknown
    /// The ledger could not take it.
    case failed
}

public enum CallbackEvent: Hashable, Sendable {
    case receipt(Receipt)
    case reply(Reply)
    /// A call has come to a point where the gateway asks what to say next.
    case question(CallQuestion)
}

/// Which attempt a gateway speaks of.
public enum AttemptReference: Hashable, Sendable {
    /// The name that we gave it, ``OutboundMessage/token``.
    case token(String)
    /// The gateway's own id for it.
    case id(String)
}

/// What became of an attempt.
public struct Receipt: Hashable, Sendable {
    public enum Status: String, CaseIterable, Sendable {
        /// On its way: the gateway has it, and that is news only where nobody knew.
        case accepted
        /// Arrived; a call: somebody or a machine took it and heard it.
        case delivered
        /// Did not arrive and will not; a call: nobody took it.
        case failed
        /// The person marked it as unwanted. It arrived.
        case complained
        /// The person wants no more of them on this channel. It arrived.
        case unsubscribed
    }

    public var attempt: AttemptReference
    public var status: Status
    /// Why it failed: `recipient-refused` where the address will never work, `opted-out` where the person refused, else nil.
    public var reason: Reason?
    /// The gateway's own code, no prose; at most 40 visible characters.
    public var code: String?
    /// By the gateway's clock; nil where it does not say.
    public var at: Instant?
    /// Of a call: who took it.
    public var answeredBy: Answerer?
    /// Of a call: seconds of talk.
    public var seconds: Int?

    public enum Answerer: String, CaseIterable, Sendable {
        case person, machine, nobody
    }

    public init(
        _ attempt: AttemptReference, _ status: Status, reason: Reason? = nil, code: String? = nil, at: Instant? = nil,
        answeredBy: Answerer? = nil, seconds: Int? = nil
    ) {
        self.attempt = attempt
        self.status = status
        self.reason = reason
        self.code = code
        self.at = at
        self.answeredBy = answeredBy
        self.seconds = seconds
    }
}

/// Something that a person wrote back.
public struct Reply: Hashable, Sendable {
    /// The gateway's id for it, so that it counts once.
    public var id: String
    /// The person's address: E.164 with the plus, a mail address.
    public var from: String
    /// Ours, where the gateway says it.
    public var to: String?
    public var text: String
    /// By the gateway's clock; nil where it does not say.
    public var at: Instant?
    /// What the gateway has understood by itself, and acted upon.
    public var understood: ReplyMeaning?

    public init(
        id: String, from: String, to: String? = nil, text: String, at: Instant? = nil, understood: ReplyMeaning? = nil
    ) {
        self.id = id
        self.from = from
        self.to = to
        self.text = text
        self.at = at
        self.understood = understood
    }
}

/// What a reply asks for. The names stand in the ledger.
public enum ReplyMeaning: String, CaseIterable, Sendable {
    case optOut = "opt-out"
    case optIn = "opt-in"
    case help
    /// Perhaps an opt-out, in words of the person's own: somebody has to read it.
    case perhapsOptOut = "perhaps-opt-out"
    /// An opt-out, or perhaps one, from a sender that is no number or address: nobody is left alone by it until somebody has found
    /// out who wrote it.
    case unplaced
    case other
}

/// A call asks what to say: at its start, where the gateway fetches its script, or after a key.
public struct CallQuestion: Hashable, Sendable {
    /// ``OutboundMessage/token``.
    public var token: String
    /// What the person pressed; nil at the start, or where the time ran out.
    public var key: String?
    /// A machine took the call: only its own part may be said.
    public var isMachine: Bool

    public init(token: String, key: String? = nil, isMachine: Bool = false) {
        self.token = token
        self.key = key
        self.isMachine = isMachine
    }
}
