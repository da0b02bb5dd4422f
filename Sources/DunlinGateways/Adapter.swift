// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Says what an answer means.
public protocol OutcomeReader: Sendable {
    /// Total: garbage is `unknown`, never a guess.
    func outcome(of answer: WireAnswer) -> Outcome
}

/// Turns a message into a gateway's request and the gateway's answer into an outcome. Holds no connection and no clock.
public protocol Adapter: OutcomeReader {
    var channel: Channel { get }
    /// The request that sends `message`. Throws `DunlinError` where the message cannot be expressed for this gateway.
    func request(for message: OutboundMessage) throws -> WireRequest
    /// Throws what `request` would, without the work of making one: for a plan, which asks a million times.
    func check(_ message: OutboundMessage) throws
    /// Whether its requests hold `values` of the message: a gateway that sends its own texts, approved beforehand.
    var needsValues: Bool { get }
}

extension Adapter {
    public func check(_ message: OutboundMessage) throws { _ = try request(for: message) }
    public var needsValues: Bool { false }
}

/// One message on its way to one address.
public struct OutboundMessage: Sendable {
    /// The number of the attempt in the ledger: unique, never reused.
    public var attempt: Int64
    /// An opaque name of the attempt for callback URLs and client references: 16 to 40 of `[a-z0-9-]`.
    public var token: String
    /// The same for every attempt of one reminder on one channel: for Message-ID and idempotency keys.
    public var reminderToken: String
    /// What the recipient's `address(for:)` gives for the channel: E.164 with the plus, a mail address, a chat, an id.
    public var to: String
    public var recipientName: String
    /// The account's id: what a colleague finds it by.
    public var account: String
    public var creditor: String
    /// The folder name of the message, and the language it was written in (BCP 47): what an approved text is chosen by.
    public var name: String
    public var language: String
    public var content: MessageContent
    /// The message's variables, written for the person's locale; empty unless the adapter `needsValues`.
    public var values: [String: String]
    /// What the mail's `attachments` name, read from the disk; empty in a plan, which sends nothing.
    public var attachments: [Attachment]
    /// When the attempt was decided; the Date of a mail.
    public var at: Instant
    /// How long the message stays useful, for gateways that take a validity.
    public var expires: Instant

    public init(
        attempt: Int64, token: String, reminderToken: String, to: String, recipientName: String, account: String = "",
        creditor: String, name: String = "", language: String = "", content: MessageContent,
        values: [String: String] = [:],
        attachments: [Attachment] = [], at: Instant, expires: Instant
    ) {
        self.attempt = attempt
        self.token = token
        self.reminderToken = reminderToken
        self.to = to
        self.recipientName = recipientName
        self.account = account
        self.creditor = creditor
        self.name = name
        self.language = language
        self.content = content
        self.values = values
        self.attachments = attachments
        self.at = at
        self.expires = expires
    }
}

/// A request as libcurl will send it; a file is written by the transport itself.
public enum WireRequest: Hashable, Sendable {
    case http(HTTPRequest)
    case mail(MailRequest)
    case file(FileRequest)
}

public struct HTTPRequest: Hashable, Sendable {
    public var method: String
    public var url: String
    /// `Name: value`, one header each.
    public var headers: [String]
    public var body: [UInt8]
    /// `user:password` for Basic auth; nil for none.
    public var basicAuth: String?

    public init(method: String, url: String, headers: [String] = [], body: [UInt8] = [], basicAuth: String? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.basicAuth = basicAuth
    }
}

/// Never headers, body, query or user: credentials and personal data are among them.
extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    public var description: String { "\(method) \(url.prefix { $0 != "?" }) with \(body.count) bytes" }
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// One mail to one envelope recipient over SMTP.
public struct MailRequest: Hashable, Sendable {
    /// `smtp://host:port/ehlo-name` or `smtps://…`.
    public var url: String
    /// STARTTLS is required (never "if offered"); false only where the operator says so.
    public var startTLS: Bool
    public var username: String?
    public var password: String?
    /// The envelope sender, without angle brackets.
    public var sender: String
    public var recipient: String
    /// The whole message, CRLF line ends, not dot-stuffed (libcurl does that).
    public var message: [UInt8]

    public init(
        url: String, startTLS: Bool, username: String? = nil, password: String? = nil, sender: String,
        recipient: String, message: [UInt8]
    ) {
        self.url = url
        self.startTLS = startTLS
        self.username = username
        self.password = password
        self.sender = sender
        self.recipient = recipient
        self.message = message
    }
}

/// Never user, password or message.
extension MailRequest: CustomStringConvertible, CustomReflectable {
    public var description: String { "mail of \(message.count) bytes to \(url)" }
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// One file to be dropped into a folder, all of it or nothing.
public struct FileRequest: Hashable, Sendable {
    /// Absolute.
    public var folder: String
    /// Without a slash, not beginning with a dot.
    public var name: String
    public var content: [UInt8]

    public init(folder: String, name: String, content: [UInt8]) {
        self.folder = folder
        self.name = name
        self.content = content
    }
}

/// Never what is in it.
extension FileRequest: CustomStringConvertible, CustomReflectable {
    public var description: String { "file \(name) of \(content.count) bytes" }
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// What came back, or how it failed.
public struct WireAnswer: Hashable, Sendable {
    /// How far the transfer got, which decides between "not sent" and "in doubt".
    public enum Phase: Hashable, Sendable {
        /// Name, connection, TLS or log-in failed: the message did not leave.
        case notSent
        /// At least a part of the message left and no complete answer came back.
        case interrupted
        /// A complete answer is here.
        case answered
    }

    public var phase: Phase
    /// The libcurl result code (0 is fine), for the record and for TLS faults.
    public var curlCode: Int
    /// The HTTP status, the last SMTP reply code or, of a file that could not be written, `errno`; 0 for none.
    public var status: Int
    /// Response headers worth keeping, names in lower case (`AnswerReader.keptHeaders`).
    public var headers: [String: String]
    /// At most 64 KiB of the body; for SMTP the last reply line.
    public var body: [UInt8]
    /// Whether the body was longer than what is kept.
    public var isTruncated: Bool
    /// Of `interrupted`: whether the whole request had left, for the record.
    public var isRequestWhole: Bool

    public init(
        phase: Phase, curlCode: Int = 0, status: Int = 0, headers: [String: String] = [:], body: [UInt8] = [],
        isTruncated: Bool = false, isRequestWhole: Bool = true
    ) {
        self.phase = phase
        self.curlCode = curlCode
        self.status = status
        self.headers = headers
        self.body = body
        self.isTruncated = isTruncated
        self.isRequestWhole = isRequestWhole
    }
}
