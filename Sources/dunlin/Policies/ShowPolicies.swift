// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinModel
import DunlinPolicy
import DunlinTime

struct ShowPolicies: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show every rule of a pack, or of all packs for a region, with its citation.",
        discussion: examples(
            "dunlin policies show us-reg-f", "dunlin policies show --region US-MA", "dunlin policies show --region KR"))

    @OptionGroup var source: PolicySource
    @Option(help: "All packs that apply in this region, such as US-MA.") var region: String?
    @Flag(help: "Print JSON.") var json = false
    @Argument(help: "Names of packs.") var names: [String] = []

    func run() throws {
        let set = try source.policies()
        var packs: [Pack] = []
        for name in names {
            guard let pack = set.packs.first(where: { $0.name == name }) else {
                let near = nearMiss(name, among: set.packs.map(\.name)).map { "did you mean '\($0)'?" }
                throw DunlinError(
                    .failure, name, why: "there is no pack of this name",
                    remedy: near ?? "'dunlin policies list' names them all")
            }
            packs.append(pack)
        }
        if let region {
            let person = Recipient(id: "", name: "", locale: "en", region: region)
            packs += PolicyEvaluator(policies: set, zones: ZoneDatabase()).context(of: person).packs
        }
        guard !packs.isEmpty else {
            throw DunlinError(.usage, "policies show", why: "nothing is named", remedy: "name a pack or a --region")
        }
        if json { return try printJSON(packs.map(PackRecord.init)) }
        print(packs.map(\.page).joined(separator: "\n\n"))
    }
}

extension Pack {
    /// The whole pack for a person.
    fileprivate var page: String {
        var lines = ["\(name): \(title)", "  \(layer.rawValue), for \(applies), reviewed \(reviewed)"]
        if let presumed = zones.presumed { lines.append("  presumes \(presumed) where no zone is known") }
        if zones.combinesAll { lines.append("  all zones that record, address and number point to must allow") }
        for rule in rules {
            lines.append("")
            lines.append("  \(rule.id)  \(rule.summary)")
            if let scope = rule.scope { lines.append("      \(scope)") }
            var standing = rule.strength == .ban ? "" : "\(rule.strength.rawValue), "
            if rule.consequence != .defer { standing += "then \(rule.consequence.rawValue), " }
            lines.append("      \(rule.citation) (\(standing)\(rule.confidence.rawValue))")
            if let note = rule.note { lines.append("      \(note)") }
        }
        if !notes.isEmpty { lines.append("") }
        lines += notes.map { "  - \($0)" }
        return lines.joined(separator: "\n")
    }
}
