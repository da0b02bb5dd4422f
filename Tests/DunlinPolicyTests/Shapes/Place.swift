// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy

/// Rules as the pack of one jurisdiction has them, and somebody who lives there and is asked about at +16175550100.
struct Place {
    var policies: PolicySet
    var person: Reminder
    var party: Party?
    var message = MessageProfile()

    /// - Parameters:
    ///   - zone: nil where the record does not know it; no phone number tells it either.
    ///   - rules: each a YAML flow mapping without its braces, called `r1`, `r2` and so on.
    ///   - head: further lines of the pack's head.
    init(_ region: String, _ zone: String?, _ rules: String..., head: String = "", pack name: String? = nil) throws {
        let start = """
            pack: \(name ?? region.lowercased())
            title: \(region)
            applies: {regions: [\(region)]}
            reviewed: 2026-11-21
            \(head)
            rules:

            """
        let list = rules.enumerated().map { "  - {id: r\($0 + 1), cite: Test, confidence: source, \($1)}\n" }
        policies = PolicySet(packs: [try Pack(yaml: start + list.joined(), file: "test.yaml")])
        person = reminder(zones: zone.map { [$0] } ?? [], region: region, phone: nil)
    }

    /// The same with these packs as well.
    func with(_ packs: [Pack]) -> Place {
        var place = self
        place.policies = PolicySet(packs: policies.packs + packs)
        return place
    }

    func decide(
        _ time: String, over channel: Channel = .call, for purpose: Purpose? = nil, _ contacts: Contact...
    ) throws -> Explained {
        try decide(time, over: channel, for: purpose, contacts)
    }

    func decide(
        _ time: String, over channel: Channel = .call, for purpose: Purpose? = nil, _ contacts: [Contact]
    ) throws -> Explained {
        var message = message
        message.purpose = purpose ?? message.purpose
        let evaluator = PolicyEvaluator(
            policies: policies, zones: zones, places: places, party: party, messages: [person.message: message])
        return try evaluator.decide(
            person, channel: channel, address: "+16175550100", at: at(time), history: ListHistory(contacts: contacts))
    }
}

extension Contact {
    /// The same contact with a change: `contact(…).with { $0.until = … }`.
    func with(_ change: (inout Contact) -> Void) -> Contact {
        var contact = self
        change(&contact)
        return contact
    }
}

extension Explained {
    var figures: [String] { findings.map(\.figures) }
}
