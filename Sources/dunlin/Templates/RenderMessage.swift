// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinModel
import DunlinTemplates
import DunlinTime

struct RenderMessage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Show a message as a person would read or hear it, with its sample data or for one record.",
        discussion: examples(
            "dunlin templates render payment-overdue --locale zh-Hant-HK",
            "dunlin templates render payment-overdue --channel email --format html > mail.html",
            "dunlin templates render payment-overdue --record reminders.ndjson --today 2026-11-25"))

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, html, json
    }

    @OptionGroup var folders: TemplateFolders
    @Option(help: "The recipient's locale; that of the record, or en.") var locale: String?
    @Option(help: "sms, email, call, chat or task.") var channel = Channel.sms
    @Option(help: "text; html for a mail's page; json for all of it.") var format = Format.text
    @Option(help: "An NDJSON file of reminders; the first row of this message is taken. '-' is standard input.")
    var record: String?
    @Option(help: "The day of sending; that of the sample, or the due date.") var today: String?
    @Flag(help: "Without the values that may be missing.") var bare = false
    @Option(help: "A notice that a rule would ask for; may be given more than once.") var notice: [String] = []
    @Argument(help: "The message.") var message: String

    func run() throws {
        // A fault in another message is no reason not to show this one.
        let (library, findings) = TemplateLibrary.sound(roots: try folders.paths())
        guard let template = library.message(message) else {
            if let error = findings.error { throw error }
            let near = nearMiss(message, among: library.messages.map(\.name))
            throw DunlinError(
                .usage, message, why: "there is no such message",
                remedy: near.map { "did you mean '\($0)'?" } ?? "'dunlin templates list' names them")
        }
        var reminder = template.sample.reminder
        if let record {
            reminder = try SingleRecord.read(record, message: message, library: library, zones: ZoneDatabase())
        }
        if bare { reminder = template.bare(reminder) }
        if let locale { reminder.recipient.locale = locale }
        let day = try day(of: template, reminder)
        let rendered: RenderedMessage
        do throws(RenderError) {
            rendered = try library.render(reminder, channel: channel, today: day, notices: notice)
        } catch {
            throw DunlinError(.failure, message, why: error.description, remedy: "change the record or the message")
        }
        switch (format, rendered.content) {
        case (.json, _): try printJSON(MessageRecord(rendered))
        case (.html, .email(let mail)): print(mail.html)
        case (.html, _):
            throw DunlinError(.usage, "--format html", why: "only a mail has a page", remedy: "add --channel email")
        case (.text, _): print(rendered.content.shown)
        }
        complain(rendered.facts)
    }

    private func day(of template: MessageTemplate, _ reminder: Reminder) throws -> CivilDate {
        guard let today else { return record == nil ? template.sample.today : reminder.account.dueDate }
        guard let day = CivilDate(iso8601: today) else {
            throw DunlinError(.usage, "--today", why: "'\(today)' is no day", remedy: "write it as 2026-11-20")
        }
        return day
    }
}

extension RenderedMessage {
    /// What is not to be seen in the text, in one line.
    fileprivate var facts: String {
        var facts = ["language \(language)", "version \(version)"]
        if let variant { facts.append("variant \(variant)") }
        if case .sms(let text) = content {
            let size = SMSEncoding.measure(text)
            facts.append(
                "\(segments) SMS \(segments == 1 ? "segment" : "segments"), \(size.encoding.rawValue), \(size.units) units"
            )
        }
        if !notices.isEmpty { facts.append("notices added: \(notices.joined(separator: ", "))") }
        if !changes.isEmpty {
            let list = changes.map { "'\($0.from)' to '\($0.to)'" }.joined(separator: ", ")
            facts.append("changed \(list)")
        }
        return facts.joined(separator: ", ")
    }
}

/// A rendered message as JSON.
private struct MessageRecord: Encodable {
    var channel: String
    var language: String
    var version: String
    var variant: String?
    var notices: [String]
    var segments: Int?
    var text: String
    var subject: String?
    var preheader: String?
    var html: String?

    init(_ message: RenderedMessage) {
        channel = message.content.channel.rawValue
        (language, version, variant, notices) = (message.language, message.version, message.variant, message.notices)
        text = message.content.shown
        switch message.content {
        case .sms: segments = message.segments
        case .email(let mail): (text, subject, preheader, html) = (mail.text, mail.subject, mail.preheader, mail.html)
        case .call, .chat, .task: break
        }
    }
}
