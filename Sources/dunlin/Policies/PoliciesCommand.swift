// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinModel
import DunlinPolicy
import DunlinTemplates
import DunlinTime

struct PoliciesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policies", abstract: "Read, check and ask the contact rules.",
        subcommands: [
            List.self, Check.self, ShowPolicies.self, AskPolicies.self, HolidaysCommand.self, PlacesCommand.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the packs with where they apply.",
            discussion: examples("dunlin policies list", "dunlin policies list --policies ./packs"))
        @OptionGroup var source: PolicySource
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            if json { return try printJSON(source.policies().packs.map(PackRecord.init)) }
            let rows = try source.policies().packs.map { pack in
                [pack.name, "\(pack.applies)", "\(pack.rules.count) rules", "reviewed \(pack.reviewed)", pack.title]
            }
            print(table(rows))
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check packs: faults, doubts, rules that cannot work, messages that do not comply.",
            discussion: examples("dunlin policies check", "dunlin policies check ./packs"))
        @OptionGroup var source: PolicySource
        @Flag(help: "Print JSON.") var json = false
        @Argument(help: "The folder to check; that of the configuration where none is named.") var folder: String?

        func run() throws {
            var source = source
            source.policiesFolder = folder ?? source.policiesFolder
            let set = try source.policies()
            let now = SystemClock().now
            let today = CivilDate(daysSince1970: Int(now.seconds.flooredQuotient(by: 86400)))
            let warnings = set.check(zones: ZoneDatabase(), messages: try source.messages(), today: today)
            if json { return try printJSON(CheckRecord(set, warnings)) }
            for warning in warnings { print(warning) }
            print("\(set.packs.count) packs, version \(set.version), no fault, \(warnings.count) warnings")
        }
    }
}

/// What a check found, as JSON for programs.
private struct CheckRecord: Encodable {
    struct WarningRecord: Encodable {
        var pack: String
        var rule: String?
        var message: String
    }

    var packs: Int
    var version: String
    var warnings: [WarningRecord]

    init(_ set: PolicySet, _ warnings: [PolicyWarning]) {
        packs = set.packs.count
        version = set.version
        self.warnings = warnings.map { WarningRecord(pack: $0.pack, rule: $0.rule, message: $0.message) }
    }
}

/// Where a command takes packs from.
struct PolicySource: ParsableArguments {
    @OptionGroup var config: ConfigurationOption
    @Option(
        name: .customLong("policies"),
        help: "A folder of packs instead of the configured one; then no configuration is needed.")
    var policiesFolder: String?

    func policies() throws -> PolicySet { try PolicySet.load(directory: policiesFolder ?? config.load().policies) }

    /// What rules have to know of the configured messages; none where packs are named without a configuration.
    func messages() throws -> [String: MessageProfile] {
        guard let configuration = try configuration() else { return [:] }
        return try TemplateLibrary.load(roots: configuration.templates).profiles
    }

    /// The configuration; nil where packs are named and it is not there.
    func configuration() throws -> Configuration? {
        policiesFolder == nil || config.isThere ? try config.load() : nil
    }
}
