// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What a placeholder such as `{to}` or `{validity|seconds(1,36000)}` stands for: a field of the message, and the one
/// function that turns it into text. Closed: a definition cannot compute anything else.
enum Expression: Sendable {
    case text(TextField, TextFunction?)
    /// How long the message stays useful, in units of so many milliseconds, held within the range.
    case validity(unit: Int64, ClosedRange<Int64>)
    case time(TimeField, TimeFormat)
    /// What is said in a call; key presses go to the callback URL.
    case script(ScriptFormat, keysTo: CallbackAddress?)
    case accessToken
    /// The code of the approved text.
    case template
    /// The language of the approved text, as the provider names it.
    case templateLanguage
    /// One value of the approved text, within an entry of `$values`.
    case value

    enum TextField: String, CaseIterable, Sendable {
        case to, name, account, creditor, message, language, token, reminder, text, subject, html, voicemail
    }

    enum TimeField: String, CaseIterable, Sendable {
        case at, expires
    }

    enum TimeFormat: String, CaseIterable, Sendable {
        /// Seconds since 1970.
        case unix
        case rfc3339
        /// `2026-11-21` and `20261121`, in UTC.
        case date, compactdate
    }

    /// How a call is written into the request that starts it.
    enum ScriptFormat: String, CaseIterable, Sendable {
        case twiml
        /// A JSON document itself.
        case ncco
        /// Words alone, for gateways that take no keys.
        case text
    }

    /// The names a definition may use for a message's own fields, by channel.
    static func names(on channel: Channel) -> [String] {
        let common = [
            "to", "name", "creditor", "message", "language", "token", "reminder", "at", "expires", "validity",
        ]
        switch channel {
        case .sms, .chat: return common + ["text"]
        case .task: return common + ["account", "text"]
        case .email: return common + ["text", "subject", "html"]
        case .call: return common + ["script", "voicemail"]
        }
    }

    /// The text for one message. Throws `DunlinError` where the message cannot be expressed.
    func value(for message: OutboundMessage, _ context: RequestContext) throws -> String {
        switch self {
        case .text(let field, let function):
            let text = field.value(in: message)
            return try function?.apply(to: text) ?? text
        case .validity(let unit, let range):
            let milliseconds = (message.expires - message.at).milliseconds
            return String(min(max(milliseconds / unit, range.lowerBound), range.upperBound))
        case .time(let field, let format):
            return format.text(field == .at ? message.at : message.expires)
        case .script(let format, let callback):
            guard case .call(let script) = message.content else { return "" }
            return try format.text(script, keysTo: callback?.url(token: message.token))
        case .accessToken:
            guard let token = context.accessToken else {
                throw DunlinError(
                    .failure, "request", why: "there is no access token at the moment",
                    remedy: "try again when the gateway has given one")
            }
            return token
        case .template: return try context.approved?.text(for: message).code ?? ""
        case .templateLanguage:
            let language = try context.approved?.text(for: message).language
            return try language ?? TextFunction.underscore.apply(to: message.language)
        case .value: return context.value
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
        case (.message, _): message.name
        case (.language, _): message.language
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

extension Expression.TimeFormat {
    fileprivate func text(_ instant: Instant) -> String {
        switch self {
        case .unix: String(instant.seconds)
        case .rfc3339: instant.description
        case .date: day(of: instant).description
        case .compactdate: String(day(of: instant).description.filter { $0 != "-" })
        }
    }

    private func day(of instant: Instant) -> CivilDate {
        CivilDate(daysSince1970: Int(instant.seconds.flooredQuotient(by: 86_400)))
    }
}

extension Expression.ScriptFormat {
    /// The longest document that Twilio takes inline, in characters.
    private static let twimlLimit = 4000

    /// Throws `DunlinError` where nothing may be said, or it is too long.
    fileprivate func text(_ script: CallScript, keysTo callback: String?) throws -> String {
        let url = callback.map { CallPath.url($0, behind: 1) }
        switch self {
        case .text: return try script.openingText()
        case .ncco: return try CallFormat.ncco.inline(script, keysTo: url)
        case .twiml:
            let document = try CallFormat.twiml.inline(script, keysTo: url)
            let length = document.utf16.count
            guard length <= Expression.ScriptFormat.twimlLimit else {
                throw DunlinError(
                    .failure, "call script",
                    why:
                        "it takes \(length) characters as TwiML, of which \(Expression.ScriptFormat.twimlLimit) may go inline",
                    remedy: "shorten the message")
            }
            return document
        }
    }
}
