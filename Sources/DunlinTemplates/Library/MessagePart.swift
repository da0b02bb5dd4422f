// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What a message says on one channel in one language, compiled.
enum MessagePart: Sendable {
    case sms(TemplateText)
    case email(EmailTemplate)
    case call(CallTemplate)
    case chat(TemplateText)
    case task(TemplateText)

    /// The file in a language's folder that holds the part for `channel`.
    static func fileName(_ channel: Channel, variant: String? = nil) -> String {
        "\(channel.rawValue)\(variant.map { ".\($0)" } ?? "").mustache"
    }

    /// Compiles a file; what is wrong with it is added to `findings`.
    static func compile(
        _ source: SourceText, channel: Channel, scope: TemplateScope, findings: inout [TemplateFinding]
    ) -> MessagePart {
        switch channel {
        case .sms: .sms(TemplateParser.compile(source, scope: scope, findings: &findings))
        case .email: .email(EmailTemplate(source, scope: scope, findings: &findings))
        case .call: .call(CallTemplate(source, scope: scope, findings: &findings))
        case .chat: .chat(TemplateParser.compile(source, scope: scope, findings: &findings))
        case .task: .task(TemplateParser.compile(source, scope: scope, findings: &findings))
        }
    }

    /// Compiles a fragment by itself; nil if it cannot be added to a message as it is (whole lines of a call that ask for
    /// a key, say).
    static func fragment(
        _ source: SourceText, channel: Channel, scope: TemplateScope, findings: inout [TemplateFinding]
    ) -> TemplateText? {
        switch channel {
        case .sms, .chat, .task:
            return TemplateParser.compile(source, scope: scope.insideFragment, findings: &findings)
        case .email:
            findings += EmailTemplate.faults(in: source, variables: scope.variables)
            return TemplateParser.compile(source, scope: scope.insideFragment, findings: &findings)
        case .call: return CallTemplate.words(of: source, scope: scope, findings: &findings)
        }
    }

    /// Every piece of text in it.
    var texts: [TemplateText] {
        switch self {
        case .sms(let text), .chat(let text), .task(let text): [text]
        case .email(let email): email.texts
        case .call(let call): call.texts
        }
    }

    /// The fragments that everybody gets to read or hear: not those within a section, in a mail's header or in what only
    /// an answering machine records.
    var fragments: Set<String> {
        switch self {
        case .sms(let text), .chat(let text), .task(let text): text.fragments
        case .email(let email): email.body.fragments
        case .call(let call): call.fragments
        }
    }

    /// Whether notices can be added: to a call only behind its first gather, because they may tell of the debt.
    var takesNotices: Bool {
        guard case .call(let call) = self else { return true }
        return call.hasGather
    }

    /// - Parameters:
    ///   - language: of the text, BCP 47; `voice` the same for a speaking voice.
    ///   - notices: what a rule asks to be added.
    func render(
        _ values: borrowing ReminderValues, language: LanguageTag, voice: String, notices: [Notice]
    ) throws(RenderError) -> MessageContent {
        switch self {
        case .sms(let text): return .sms(try plain(text, values, escaping: .sms, notices, on: .sms))
        case .chat(let text): return .chat(try plain(text, values, escaping: .none, notices, on: .chat))
        case .task(let text): return .task(try plain(text, values, escaping: .none, notices, on: .task))
        case .email(let email): return .email(try email.render(values, language: language, notices: notices))
        case .call(let call): return .call(try call.render(values, voice: voice, notices: notices))
        }
    }

    /// Words with what a rule asks to be added, each on a line of its own.
    private func plain(
        _ text: TemplateText, _ values: borrowing ReminderValues, escaping: Escaping, _ notices: [Notice],
        on channel: Channel
    ) throws(RenderError) -> String {
        var words = String(try text.render(values, escaping: escaping).trimmed)
        guard !words.isEmpty else { throw .empty(message: values.message, channel: channel) }
        for notice in notices { words += "\n" + (try notice.words(values, escaping: escaping)) }
        return words
    }
}

/// One language's text on one channel, with its variants.
struct LocalizedPart: Sendable {
    let language: LanguageTag
    /// For findings.
    let file: String
    let part: MessagePart
    var variants: [String: MessagePart] = [:]
    /// The fragments that can be added, by name.
    let insertable: [String: TemplateText]

    init(language: LanguageTag, file: String, part: MessagePart, insertable: [String: TemplateText]) {
        (self.language, self.file, self.part, self.insertable) = (language, file, part, insertable)
    }

    var allParts: [MessagePart] { [part] + variants.values }
}

// A message that has nothing of its own for a chat or a task says what it says elsewhere, language by language.

extension Channel {
    /// The channels whose text goes out where a message has none for this one, the best first.
    var standIns: [Channel] {
        switch self {
        case .sms, .email, .call: []
        case .chat: [.sms]
        // A colleague needs all that is known, which the mail says; the short text is better than none.
        case .task: [.email, .sms]
        }
    }
}

extension MessageContent {
    /// The same words as a chat or a task.
    func standingIn(for channel: Channel) -> MessageContent {
        switch (channel, self) {
        case (.chat, .sms(let text)): .chat(text)
        case (.task, .sms(let text)): .task(text)
        // The files stay where they are: the colleague is told which ones go with it.
        case (.task, .email(let mail)): .task(([mail.text] + mail.attachments).joined(separator: "\n"))
        default: self
        }
    }
}
