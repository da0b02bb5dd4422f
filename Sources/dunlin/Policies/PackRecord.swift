// SPDX-License-Identifier: Apache-2.0

import DunlinPolicy

/// A pack as JSON for programs.
struct PackRecord: Encodable {
    struct RuleRecord: Encodable {
        var id: String
        var summary: String
        var scope: String?
        var cite: String
        var confidence: String
        var strength: String
        var then: String
        var channels: [String]
        var note: String?
    }

    var name: String
    var title: String
    var applies: String
    var layer: String
    var reviewed: String
    var rules: [RuleRecord]
    var notes: [String]

    init(_ pack: Pack) {
        name = pack.name
        title = pack.title
        applies = "\(pack.applies)"
        layer = pack.layer.rawValue
        reviewed = "\(pack.reviewed)"
        rules = pack.rules.map { rule in
            RuleRecord(
                id: rule.id, summary: rule.summary, scope: rule.scope, cite: rule.citation,
                confidence: rule.confidence.rawValue, strength: rule.strength.rawValue,
                then: rule.consequence.rawValue,
                channels: rule.channels.description.split(separator: ", ").map(String.init), note: rule.note)
        }
        notes = pack.notes
    }
}
