// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What a placeholder such as `{to}` or `{validity|seconds(1,36000)}` stands for: a field of the message, and the one
/// function that turns it into text. Closed: a definition cannot compute anything else.
enum Expression: Sendable {
    case text(TextField, TextFunction?)
    /// How long the message stays useful, in units of so many seconds, held within the range.
    case validity(unit: Int64, ClosedRange<Int64>)
    case time(TimeField, TimeFormat)
    /// The call script as TwiML; key presses go to this URL with the attempt's token behind it.
    case twiml(keysTo: String?)

    enum TextField: String, CaseIterable, Sendable {
        case to, name, account, creditor, token, reminder, text, subject, html, voicemail
    }

    enum TimeField: String, CaseIterable, Sendable {
        case at, expires
    }

    enum TimeFormat: String, CaseIterable, Sendable {
        /// Seconds since 1970.
        case unix
        case rfc3339
    }

    /// The names a definition may use, by channel.
    static func names(on channel: Channel) -> [String] {
        let common = ["to", "name", "creditor", "token", "reminder", "at", "expires", "validity"]
        switch channel {
        case .sms, .chat: return common + ["text"]
        case .task: return common + ["account", "text"]
        case .email: return common + ["text", "subject", "html"]
        case .call: return common + ["script", "voicemail"]
        }
    }

    /// The text for one message. Throws `DunlinError` where the message cannot be expressed.
    func value(for message: OutboundMessage) throws -> String {
        switch self {
        case .text(let field, let function):
            let text = field.value(in: message)
            return function?.apply(to: text) ?? text
        case .validity(let unit, let range):
            let seconds = (message.expires - message.at).components.seconds
            return String(min(max(seconds / unit, range.lowerBound), range.upperBound))
        case .time(let field, let format):
            let instant = field == .at ? message.at : message.expires
            return format == .unix ? String(instant.seconds) : instant.description
        case .twiml(let keysTo):
            guard case .call(let script) = message.content else { return "" }
            return try TwiML.document(for: script, keysTo: keysTo.map { "\($0)?a=\(message.token)" })
        }
    }
}

extension Expression.TextField {
    fileprivate func value(in message: OutboundMessage) -> String {
        switch (self, message.content) {
        case (.to, _): message.to
        case (.name, _): message.recipientName
        case (.account, _): message.account
        case (.creditor, _): message.creditor
        case (.token, _): message.token
        case (.reminder, _): message.reminderToken
        case (.text, .sms(let text)), (.text, .chat(let text)), (.text, .task(let text)): text
        case (.text, .email(let mail)): mail.text
        case (.subject, .email(let mail)): mail.subject
        case (.html, .email(let mail)): mail.html
        case (.voicemail, .call(let script)): script.voicemail
        // Not reached: the loader checks names against the channel, the adapter the channel against the message.
        case (.text, _), (.subject, _), (.html, _), (.voicemail, _): ""
        }
    }
}

/// A function of one text.
enum TextFunction: Sendable {
    /// Digits alone: an E.164 number without its plus.
    case digits
    /// `0` if an SMS with this text fits the GSM 7-bit alphabet, else `2` (UCS-2): Kannel's `coding`.
    case coding
    /// This text if there is any at all, else nothing.
    case then(String)

    func apply(to text: String) -> String {
        switch self {
        case .digits: String(decoding: text.utf8.filter { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self)
        case .coding: SMSEncoding.measure(text).encoding == .gsm7 ? "0" : "2"
        case .then(let other): text.isEmpty ? "" : other
        }
    }
}
