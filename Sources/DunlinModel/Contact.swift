// SPDX-License-Identifier: Apache-2.0

/// A stable 64-bit name for a recipient, an account or an address, so that counting needs no personal data.
///
/// FNV-1a over the dimension and the text. Two texts that collide would be counted together, which can only make Dunlin
/// more silent; at ten million names the chance is below one in 300,000.
public struct ContactKey: Hashable, Sendable {
    public let value: Int64

    public init(value: Int64) { self.value = value }

    /// Every account, address or creditor of a recipient.
    public static let any = ContactKey(value: 0)

    public static func recipient(_ id: String) -> ContactKey { ContactKey("r", id) }
    public static func account(_ id: String) -> ContactKey { ContactKey("a", id) }
    /// A phone number, a mail address, a chat or, of a task, a recipient's id; without regard to case.
    public static func address(_ text: String) -> ContactKey { ContactKey("@", text) }

    public static func creditor(_ name: String) -> ContactKey { ContactKey("c", name) }

    private init(_ dimension: Unicode.Scalar, _ text: String) {
        var hash: UInt64 = (0xcbf2_9ce4_8422_2325 ^ UInt64(UInt8(ascii: dimension))) &* 0x100_0000_01b3
        var text = text
        text.withUTF8 { bytes in
            for byte in bytes {
                let folded = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte
                hash = (hash ^ UInt64(folded)) &* 0x100_0000_01b3
            }
        }
        value = Int64(bitPattern: hash)
    }
}

/// Something between us and a person that rules count or heed: an intent that was not definitely refused, or an event that
/// was imported or told by a gateway.
public struct Contact: Hashable, Sendable {
    public var kind: ContactKind
    /// When it happened; for what is in force for a time (consent, an appointment), from when.
    public var at: Instant
    /// Until when it is in force or promised; `distantFuture` where nobody said.
    public var until: Instant
    /// Nil: any channel.
    public var channel: Channel?
    public var recipient: ContactKey
    /// The debt, the number or mail address and the creditor it concerns; ``ContactKey/any`` for all of the recipient's.
    public var account: ContactKey
    public var address: ContactKey
    public var creditor: ContactKey
    /// What was said, of attempts.
    public var purpose: Purpose
    /// It tells more of an attempt that is counted already.
    public var isOwn: Bool
    /// The person began it.
    public var isInbound: Bool
    /// Seconds of talk of an attempt or a conversation, 0 if unknown; the hours of `blocked`, see ``BlockedHours``.
    public var figure: Int32

    public init(
        _ kind: ContactKind = .attempt, at: Instant, until: Instant = .distantFuture, channel: Channel?,
        recipient: ContactKey, account: ContactKey = .any, address: ContactKey = .any, creditor: ContactKey = .any,
        purpose: Purpose = .reminder, isOwn: Bool = false, isInbound: Bool = false, figure: Int32 = 0
    ) {
        self.kind = kind
        self.at = at
        self.until = until
        self.channel = channel
        self.recipient = recipient
        self.account = account
        self.address = address
        self.creditor = creditor
        self.purpose = purpose
        self.isOwn = isOwn
        self.isInbound = isInbound
        self.figure = figure
    }
}

/// What happened. Closed; the names stand in packs, event rows and the ledger.
public enum ContactKind: String, CaseIterable, Sendable {
    /// We, or an agency whose attempts are imported, sent or may have sent something, or dialled.
    case attempt
    /// An attempt of ours, a call, reached nobody and left nothing.
    case unanswered
    /// The person and somebody of ours talked, whoever began.
    case conversation
    /// Words were left for the person on a machine.
    case messageLeft = "message-left"
    /// The person asked something, or asked to be contacted.
    case request
    /// The person declined to be contacted so.
    case refusal
    /// The person will pay or call on a day of their own, `until`.
    case promise
    case promiseBroken = "promise-broken"
    case dispute
    case disputeResolved = "dispute-resolved"
    /// A written notice that the law asks for was sent.
    case notice
    /// The person asked for other terms of payment.
    case adjustmentRequest = "adjustment-request"
    /// Illness, bereavement, disaster, marriage: whatever the law asks to be left in peace for.
    case lifeEvent = "life-event"
    case consent
    case consentWithdrawn = "consent-withdrawn"
    case optOut = "opt-out"
    case optIn = "opt-in"
    /// The person agreed to be contacted from `at` until `until`.
    case appointment
    /// The person blocked some hours of the week.
    case blocked
    /// A written demand to stop all communication.
    case cease
    /// The person is represented, by a lawyer for one.
    case represented
    /// The number or mail address leads nowhere, or not any more.
    case deadAddress = "dead-address"

    /// The later events that end this one before its time.
    public var liftedBy: [ContactKind] {
        switch self {
        case .consent: [.consentWithdrawn, .optOut]
        case .appointment: [.consentWithdrawn]
        case .optOut, .cease, .deadAddress: [.optIn]
        case .refusal: [.optIn, .consent]
        case .promise: [.promiseBroken]
        case .dispute: [.disputeResolved]
        default: []
        }
    }
}

/// Hours of the week, as one number: an interval of local time on some weekdays.
public struct BlockedHours: Hashable, Sendable {
    /// Bit 0 is Monday.
    public var weekdays: UInt8
    /// Minutes after midnight, 0..<1440; `until` up to 1440, and after `from`.
    public var from: Int
    public var until: Int

    public init(weekdays: UInt8, from: Int, until: Int) {
        (self.weekdays, self.from, self.until) = (weekdays, from, until)
    }

    public init(figure: Int32) {
        (weekdays, from, until) = (UInt8(figure >> 22 & 0x7f), Int(figure >> 11 & 0x7ff), Int(figure & 0x7ff))
    }

    public var figure: Int32 { Int32(weekdays & 0x7f) << 22 | Int32(from) << 11 | Int32(until) }

    public func contains(_ weekday: Weekday) -> Bool { weekdays >> weekday.rawValue & 1 == 1 }
}

/// What has happened between us and people. The ledger answers in the daemon, an array in tests.
public protocol ContactHistory {
    /// Our attempts that bear `key` as recipient, account or address, at or after `since`, oldest first.
    func contacts(of key: ContactKey, since: Instant) throws -> [Contact]

    /// Every event that bears one of these keys in its own dimension, of all time, oldest first; few, as a rule none.
    func events(recipient: ContactKey, account: ContactKey, address: ContactKey) throws -> [Contact]
}
