// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinPolicy

struct PoliciesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policies", abstract: "List and check the policy packs.",
        subcommands: [List.self, Check.self, HolidaysCommand.self])

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
