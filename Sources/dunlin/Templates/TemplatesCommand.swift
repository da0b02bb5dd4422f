// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinModel
import DunlinTemplates

struct TemplatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates", abstract: "Make, list, check and preview the messages.",
        subcommands: [
            NewMessage.self, List.self, CheckTemplates.self, RenderMessage.self, Preview.self, Segments.self,
            Values.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List messages with their languages; as JSON with the variables that each takes.",
            discussion: examples("dunlin templates list", "dunlin templates list --json"))
        @OptionGroup var folders: TemplateFolders
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let messages = try folders.library().messages
            if json { return try printJSON(messages.map(ListedMessage.init)) }
            for message in messages {
                print("\(message.name): \(message.purpose)")
                for channel in message.channels {
                    print("  \(channel.rawValue): \(message.languages(on: channel).joined(separator: " "))")
                }
            }
        }
    }
}

/// What an integrator has to know of a message.
private struct ListedMessage: Encodable {
    struct ListedVariable: Encodable {
        var name: String
        var type: String
        var required: Bool
        /// Where its value is read or heard.
        var channels: [String]
        var description: String
        var example: String?
    }

    var name: String
    var purpose: String
    var version: String
    var languages: [String: [String]]
    /// Those that a reminder gives in `vars`.
    var variables: [ListedVariable]

    init(_ message: MessageTemplate) {
        (name, purpose, version) = (message.name, message.purpose, message.version)
        languages = Dictionary(
            uniqueKeysWithValues: message.channels.map { ($0.rawValue, message.languages(on: $0)) })
        let example = message.sample.reminder.vars
        variables = message.variables.filter { !$0.isBuiltIn }.compactMap { variable in
            let channels = message.channels.filter { message.variables(on: $0).contains(variable.name) }
            if channels.isEmpty { return nil }
            return ListedVariable(
                name: variable.name, type: variable.type.rawValue, required: variable.isRequired,
                channels: channels.map(\.rawValue), description: variable.description,
                example: example[variable.name])
        }
    }
}

/// The folders of messages that a command works with.
struct TemplateFolders: ParsableArguments {
    @OptionGroup var config: ConfigurationOption
    @Option(
        name: [.customLong("root")],
        help: "A folder of messages, may be given more than once; by default those of the configuration.")
    var roots: [String] = []

    var isNamed: Bool { !roots.isEmpty }

    func paths() throws -> [String] { try roots.isEmpty ? config.load().templates : roots }
    func library() throws -> TemplateLibrary { try TemplateLibrary.load(roots: paths()) }
}
