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

    /// Reads the message folders of `roots`; those of later roots replace earlier ones by name.
    ///
    /// All or nothing: a single error refuses the whole library, with every finding in the error, so that the daemon
    /// keeps the last good one. Warnings do not count; `check` shows them.
    public static func load(roots: [String]) throws(DunlinError) -> TemplateLibrary {
        let loader = loaded(roots)
        let errors = loader.findings.filter { $0.severity == .error }
        guard errors.isEmpty else {
            throw DunlinError(
                .usage, "templates", why: errors.map { "\n  \($0)" }.joined(),
                remedy: "\n  mend the files named above")
        }
        return TemplateLibrary(loader.messages)
    }

    /// Everything that is wrong with the messages of `roots`, or could be better: what `load` refuses, and how each
    /// message comes out with its sample data, in every language, with and without the values that may be missing.
    public static func check(roots: [String]) -> [TemplateFinding] {
        let loader = loaded(roots)
        return loader.findings + TemplateLibrary(loader.messages).sampleFindings()
    }

    private static func loaded(_ roots: [String]) -> LibraryLoader {
        var loader = LibraryLoader()
        for root in roots { loader.load(root: root) }
        return loader
    }

    private init(_ messages: [String: MessageTemplate]) {
        self.messages = messages.values.sorted { $0.name < $1.name }
        numbers = Dictionary(uniqueKeysWithValues: self.messages.enumerated().map { ($1.name, $0) })
        let versions = self.messages.map { "\($0.name) \($0.version)\n" }.joined()
        version = shortHex(SHA256.hash(data: Array(versions.utf8)))
    }

    /// The message in this folder; nil if there is none.
    public func message(_ name: String) -> MessageTemplate? { numbers[name].map { messages[$0] } }

    /// Writes the reminder's message for one channel in the language that fits the recipient's locale best.
    /// - Parameter today: the day it is for the recipient, from which days overdue are counted.
    public func render(
        _ reminder: Reminder, channel: Channel, today: CivilDate
    ) throws(RenderError) -> RenderedMessage {
        guard let number = numbers[reminder.message] else { throw .unknownMessage(reminder.message) }
        let message = messages[number]
        let choice = choices.choice(number, of: message, channel: channel, for: reminder.recipient)
        guard let choice else { throw .noPart(message: message.name, channel: channel) }
        guard let rehearsal, channel != .sms else { return try render(reminder, of: message, as: choice, today: today) }
        return try rehearsal.message(for: reminder, as: choice, today: today) { () throws(RenderError) in
            try render(reminder, of: message, as: choice, today: today)
        }
    }

    func render(
        _ reminder: Reminder, of message: MessageTemplate, as choice: LanguageChoice, today: CivilDate
    ) throws(RenderError) -> RenderedMessage {
        let values = ReminderValues(
            message: message.name, variables: message.table, reminder: reminder, today: today, formats: choice.formats)
        let language = choice.part.language
        let content = try choice.part.part.render(values, language: language, voice: choice.voice)
        var segments = 0
        if case .sms(let text) = content {
            segments = SMSEncoding.measure(text).segments
            guard segments > 0 else { throw .empty(message: message.name, channel: .sms) }
            guard segments <= message.maxSegments else {
                throw .tooLong(message: message.name, segments: segments, limit: message.maxSegments)
            }
        }
        return RenderedMessage(
            content: content, language: language.identifier, version: message.version, segments: segments)
    }
}

/// A message as one person will read or hear it.
public struct RenderedMessage: Hashable, Sendable {
    public var content: MessageContent
    /// BCP 47, the language of the text.
    public var language: String
    /// Of the message template, for the ledger.
    public var version: String
    /// What it costs as SMS; 0 on other channels.
    public var segments: Int
}
