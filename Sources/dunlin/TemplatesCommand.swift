// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinModel
import DunlinTemplates

struct TemplatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates", abstract: "List, check and preview the messages.",
        subcommands: [List.self, Check.self, Render.self, Values.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List messages with their languages.", discussion: examples("dunlin templates list"))
        @OptionGroup var config: ConfigurationOption

        func run() throws {
            let library = try TemplateLibrary.load(roots: config.load().templates)
            for message in library.messages {
                print("\(message.name): \(message.purpose)")
                for channel in message.channels {
                    print("  \(channel.rawValue): \(message.languages(on: channel).joined(separator: " "))")
                }
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check folders of messages; those of the configuration where none is named.",
            discussion: examples("dunlin templates check", "dunlin templates check ./templates"))
        @OptionGroup var config: ConfigurationOption
        @Argument(help: "Folders to check.") var folders: [String] = []

        func run() throws {
            let roots = folders.isEmpty ? try config.load().templates : folders
            let findings = TemplateLibrary.check(roots: roots)
            for finding in findings { print(finding) }
            if !findings.isEmpty { throw ExitCode(1) }
            print("\(try TemplateLibrary.load(roots: roots).messages.count) messages, no fault")
        }
    }

    struct Render: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a message as a person would read or hear it, with its sample data.",
            discussion: examples(
                "dunlin templates render payment-overdue --locale zh-Hant-HK",
                "dunlin templates render payment-overdue --channel email --root ./templates"))
        @OptionGroup var config: ConfigurationOption
        @Option(help: "The recipient's locale.") var locale = "en"
        @Option(help: "sms, email or call.") var channel = Channel.sms
        @Option(help: "A folder of messages; by default those of the configuration.") var root: String?
        @Argument(help: "The message.") var message: String

        func run() throws {
            let library = try TemplateLibrary.load(roots: root.map { [$0] } ?? config.load().templates)
            guard let template = library.message(message) else {
                let near = nearMiss(message, among: library.messages.map(\.name))
                throw DunlinError(
                    .usage, message, why: "there is no such message",
                    remedy: near.map { "did you mean '\($0)'?" } ?? "'dunlin templates list' names them")
            }
            var reminder = template.sample.reminder
            reminder.message = message
            reminder.recipient.locale = locale
            let rendered = try library.render(reminder, channel: channel, today: template.sample.today)
            print(rendered.content.shown)
            let segments = rendered.segments > 0 ? ", \(rendered.segments) SMS segments" : ""
            complain("language \(rendered.language), version \(rendered.version)\(segments)")
        }
    }
}

extension MessageContent {
    /// The message as text for a terminal.
    fileprivate var shown: String {
        switch self {
        case .sms(let text): text
        case .email(let mail): "Subject: \(mail.subject)\nPreheader: \(mail.preheader)\n\n\(mail.text)"
        case .call(let script):
            (script.steps.map { step in
                switch step {
                case .say(let words): "say    \(words)"
                case .pause(let seconds): "pause  \(seconds) s"
                case .gather(let prompt, let keys, _):
                    "ask    \(prompt) (\(keys.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")))"
                }
            } + ["voicemail  \(script.voicemail)"]).joined(separator: "\n")
        }
    }
}
