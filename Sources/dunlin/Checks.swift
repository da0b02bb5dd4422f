// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinGateways
import DunlinModel
import DunlinPolicy
import DunlinTemplates
import DunlinTime
import Foundation

struct TemplatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates", abstract: "List and check the messages.", subcommands: [List.self, Check.self])

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
}

struct PoliciesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policies", abstract: "List and check the policy packs.", subcommands: [List.self, Check.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the packs with where they apply.", discussion: examples("dunlin policies list"))
        @OptionGroup var config: ConfigurationOption

        func run() throws {
            let set = try PolicySet.load(directory: config.load().policies)
            print(table(set.packs.map { [$0.name, "\($0.rules.count) rules", $0.title] }))
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a folder of packs; that of the configuration where none is named.",
            discussion: examples("dunlin policies check", "dunlin policies check ./policies"))
        @OptionGroup var config: ConfigurationOption
        @Argument(help: "The folder to check.") var folder: String?

        func run() throws {
            let set = try PolicySet.load(directory: folder ?? config.load().policies)
            for warning in set.check() { print(warning) }
            print("\(set.packs.count) packs, version \(set.version), no fault")
        }
    }
}

struct GatewaysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateways", abstract: "Check the gateways.", subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check gateways, routes and secrets as the daemon would read them.",
            discussion: examples("dunlin gateways check --config dunlin.yaml"))
        @OptionGroup var config: ConfigurationOption

        func run() throws {
            let secrets = SecretReader.system
            let snapshot = try Snapshot(config.load(), secrets: secrets, zones: ZoneDatabase())
            print(
                table(
                    snapshot.gateways.map {
                        [
                            $0.name, $0.adapter.channel.rawValue, "\($0.concurrency) at once",
                            $0.rate.map { "\($0) a second" } ?? "no rate limit",
                        ]
                    }))
        }
    }
}
