// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// One message for one recipient, as the sandbox received it. What takes work to read is read when it is asked for.
public struct SandboxMessage: Sendable {
    /// Whom the sandbox stood in for.
    public enum Gateway: String, CaseIterable, Sendable {
        case twilioSMS = "twilio-sms"
        case twilioVoice = "twilio-voice"
        case kannel
        case http
        case smtp
    }

    /// What the sender was told.
    public enum Answer: Hashable, Sendable {
        /// Taken, under this id.
        case accepted(id: String)
        /// Not taken. `status` is the HTTP status or the SMTP reply code, `code` the gateway's own error code.
        case refused(status: Int, code: String)
        /// Taken, and then the line was dropped: the sender cannot know.
        case unanswered
    }

    public enum Content: Hashable, Sendable {
        case sms(String)
        /// TwiML as it came; not well-formed where it was refused for that.
        case call(twiml: String)
        /// The message of RFC 5322, dots unstuffed; empty where the recipient was refused before it came.
        case mail([UInt8])
    }

    /// 1 for the first message that this sandbox received.
    public var number: Int
    public var at: Instant
    public var gateway: Gateway
    /// As the sender wrote it; empty where it was missing. For mail, the envelope's sender.
    public var from: String
    /// As the sender wrote it; empty where it was missing. For mail, one recipient of the envelope.
    public var to: String
    public var content: Content
    /// Everything the request said, in its order, but passwords.
    public var fields: [FormField]
    public var answer: Answer

    public var channel: Channel {
        switch gateway {
        case .twilioSMS, .kannel, .http: .sms
        case .twilioVoice: .call
        case .smtp: .email
        }
    }

    /// What the person would read or hear, in plain text.
    public var text: String {
        switch content {
        case .sms(let text): text
        case .call(let twiml): callSteps(twiml: twiml).compactMap(\.spokenText).joined(separator: "\n")
        case .mail(let bytes): Mail(bytes).text ?? ""
        }
    }

    /// The subject of a mail.
    public var subject: String? { mail?.subject }

    /// The HTML part of a mail.
    public var html: String? { mail?.html }

    /// The mail, read now; nil on other channels.
    var mail: Mail? {
        guard case .mail(let bytes) = content else { return nil }
        return Mail(bytes)
    }

    /// Roughly how much memory it holds, in bytes.
    var weight: Int {
        let body =
            switch content {
            case .sms(let text), .call(let text): text.utf8.count
            case .mail(let bytes): bytes.count
            }
        return body + fields.reduce(256) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }
}

/// A name and a value of a form or a query.
public struct FormField: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A message before the outbox has given it its number.
struct Draft {
    var gateway: SandboxMessage.Gateway
    var from: String
    var to: String
    var content: SandboxMessage.Content
    var fields: [FormField] = []
}
