// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel

/// The messages that can be sent: read once, checked as a whole, never changed; a reload makes a new one.
public struct TemplateLibrary: Sendable {
    /// Sorted by name.
    public let messages: [MessageTemplate]
    /// A short hash of all messages.
    public let version: String
    private let numbers: [String: Int]
    private let choices = LanguageChoices()
    private var rehearsal: Rehearsal?

    /// A library for a plan: it tells exactly whether a message can be written, in which language and version, but mails and
    /// calls may hold another person's words. Never send what it writes.
    public var rehearsing: TemplateLibrary {
        var copy = self
        copy.rehearsal = Rehearsal()
        return copy
    }

    /// Whether it is one for a plan.
    public var isRehearsing: Bool { rehearsal != nil }

    /// Reads the message folders of `roots`; those of later roots replace earlier ones by name.
    ///
    /// All or nothing: a single error refuses the whole library, with every finding in the error, so that the daemon
    /// keeps the last good one. Warnings do not count; `check` shows them.
    public static func load(roots: [String]) throws(DunlinError) -> TemplateLibrary {
        try TemplateLibrary(LibraryLoader(folders: roots))
    }

    /// Makes messages again from texts that were kept.
    public static func load(sources: TemplateSources) throws(DunlinError) -> TemplateLibrary {
        try TemplateLibrary(LibraryLoader(sources: sources))
    }

    /// What can be shown of folders in which something is wrong: the messages without errors, and all findings.
    public static func sound(roots: [String]) -> (library: TemplateLibrary, findings: [TemplateFinding]) {
        let loader = LibraryLoader(folders: roots)
        return (TemplateLibrary(loader.messages), loader.findings)
    }

    /// - Throws: what is wrong, all of it.
    init(_ loader: LibraryLoader) throws(DunlinError) {
        if let error = loader.findings.error { throw error }
        self.init(loader.messages)
    }

    init(_ messages: [String: MessageTemplate]) {
        self.messages = messages.values.sorted { $0.name < $1.name }
        numbers = Dictionary(uniqueKeysWithValues: self.messages.enumerated().map { ($1.name, $0) })
        let versions = self.messages.map { "\($0.name) \($0.version)\n" }.joined()
        version = shortHex(SHA256.hash(data: Array(versions.utf8)))
    }

    /// The message in this folder; nil if there is none.
    public func message(_ name: String) -> MessageTemplate? { numbers[name].map { messages[$0] } }

    /// Writes the reminder's message for one channel in the language that fits the recipient's locale best.
    /// - Parameters:
    ///   - today: the day it is for the recipient, from which days overdue are counted.
    ///   - notices: what rules ask the message to hold, by name; those that it lacks are added.
    public func render(
        _ reminder: Reminder, channel: Channel, today: CivilDate, notices: [String] = []
    ) throws(RenderError) -> RenderedMessage {
        guard let number = numbers[reminder.message] else { throw .unknownMessage(reminder.message) }
        let message = messages[number]
        let choice = choices.choice(number, of: message, channel: channel, for: reminder.recipient)
        guard let choice else { throw .noPart(message: message.name, channel: channel) }
        let variant = message.variant(of: choice.part, for: reminder.recipient.id)
        guard let rehearsal, channel != .sms else {
            return try render(reminder, of: message, as: choice, variant, today: today, notices)
        }
        return try rehearsal.message(for: reminder, as: choice, variant, today: today, notices) {
            () throws(RenderError) in
            try render(reminder, of: message, as: choice, variant, today: today, notices)
        }
    }

    /// The message's variables as a text on this channel would show them, by name; those without a value are left out. For
    /// gateways that send a text of their own.
    public func values(of reminder: Reminder, channel: Channel, today: CivilDate) -> [String: String] {
        guard let number = numbers[reminder.message] else { return [:] }
        let message = messages[number]
        guard let choice = choices.choice(number, of: message, channel: channel, for: reminder.recipient) else {
            return [:]
        }
        let values = ReminderValues(
            message: message.name, variables: message.table, reminder: reminder, today: today, formats: choice.formats,
            isRightToLeft: nil)
        var written: [String: String] = [:]
        for (number, variable) in message.table.all.enumerated() {
            if let text = try? values.text(number) { written[variable.name] = text }
        }
        return written
    }

    func render(
        _ reminder: Reminder, of message: MessageTemplate, as choice: LanguageChoice, _ variant: String?,
        today: CivilDate, _ notices: [String] = []
    ) throws(RenderError) -> RenderedMessage {
        let language = choice.part.language
        let values = ReminderValues(
            message: message.name, variables: message.table, reminder: reminder, today: today, formats: choice.formats,
            isRightToLeft: choice.isSpoken ? nil : language.isRightToLeft)
        let part = variant.flatMap { choice.part.variants[$0] } ?? choice.part.part
        let missing = notices.isEmpty ? [] : message.missing(notices, in: part)
        var added: [Notice] = []
        for notice in missing {
            guard part.takesNotices, let text = choice.part.insertable[notice] else {
                throw .missingNotice(message: message.name, notice: notice, language: language.identifier)
            }
            added.append(Notice(name: notice, language: language.identifier, text: text))
        }
        var rendered = RenderedMessage(
            content: try part.render(values, language: language, voice: choice.voice, notices: added),
            language: language.identifier, version: message.version, variant: variant, notices: missing)
        rendered.content = rendered.content.standingIn(for: choice.channel)
        if case .sms(let text) = rendered.content { try measure(text, of: message, &rendered) }
        return rendered
    }

    private func measure(
        _ text: String, of message: MessageTemplate, _ rendered: inout RenderedMessage
    ) throws(RenderError) {
        let (plain, changes) = message.transliteration.applied(to: text)
        rendered.content = .sms(plain)
        rendered.changes = changes.map { RenderedMessage.Change(from: $0.from, to: $0.to) }
        rendered.segments = SMSEncoding.measure(plain).segments
        guard rendered.segments > 0 else { throw .empty(message: message.name, channel: .sms) }
        guard rendered.segments <= message.maxSegments else {
            throw .tooLong(message: message.name, segments: rendered.segments, limit: message.maxSegments)
        }
    }
}

/// A message as one person will read or hear it.
public struct RenderedMessage: Hashable, Sendable {
    /// A character that transliteration replaced to keep an SMS in the GSM alphabet.
    public struct Change: Hashable, Sendable {
        public var from: Character
        public var to: String
    }

    public var content: MessageContent
    /// BCP 47, the language of the text.
    public var language: String
    /// Of the message template, for the ledger.
    public var version: String
    /// Of an experiment; nil for the plain text.
    public var variant: String?
    /// Those that were added because a rule asks for them.
    public var notices: [String] = []
    /// What it costs as SMS; 0 on other channels.
    public var segments = 0
    /// What transliteration changed, in the order of the text, each once.
    public var changes: [Change] = []
}
