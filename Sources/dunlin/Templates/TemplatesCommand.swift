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
            abstract: "List messages with their languages.", discussion: examples("dunlin templates list"))
        @OptionGroup var folders: TemplateFolders

        func run() throws {
            for message in try folders.library().messages {
                print("\(message.name): \(message.purpose)")
                for channel in message.channels {
                    print("  \(channel.rawValue): \(message.languages(on: channel).joined(separator: " "))")
                }
            }
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

    func paths() throws -> [String] { try roots.isEmpty ? config.load().templates : roots }
    func library() throws -> TemplateLibrary { try TemplateLibrary.load(roots: paths()) }
}
