// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Foundation
import Testing

struct ApplicabilityTests {
    private func named(_ name: String, applies: String, zone: String = "") throws -> Pack {
        try Pack(
            yaml: """
                pack: \(name)
                title: Test
                applies: \(applies)
                reviewed: 2026-11-21
                \(zone.isEmpty ? "" : "zone: {default: \(zone)}")
                rules: [{id: hours, cite: x, confidence: source, window: {days: {mon-sun: "08:00-21:00"}}}]
                """, file: "\(name).yaml")
    }

    @Test(
        "Regions cover what lies in them; the default steps back for a region's pack, a company's own never does",
        arguments: [
            ("US", ["company", "us"]), ("US-MA", ["company", "us", "us-ma"]), ("US-NY", ["company", "us"]),
            ("USA", ["company", "strict"]), ("DE", ["company", "strict"]), ("DE-BY", ["company", "strict"]),
            (nil, ["company", "strict"]),
        ] as [(String?, [String])])
    func regions(_ region: String?, _ expected: [String]) throws {
        let set = PolicySet(packs: [
            try named("us-ma", applies: "{regions: [CA-ON, US-MA]}"), try named("us", applies: "{regions: [US]}"),
            try named("strict", applies: "default"), try named("company", applies: "always"),
        ])
        let person = reminder(region: region, phone: nil)
        let asked = try set.decide(person, "2026-11-25T12:00:00-05:00").findings.map {
            $0.rule.split(separator: "/")[0]
        }
        #expect(asked.map(String.init) == expected)
    }

    @Test(
        "A number in another country brings that country's packs, and one of a record without a region its own",
        arguments: [
            ("DE", ["company", "us", "us-ma"]), (nil, ["company", "us", "us-ma"]), ("US-NY", ["company", "us"]),
        ] as [(String?, [String])])
    func regionsOfNumbers(_ region: String?, _ expected: [String]) throws {
        let set = PolicySet(packs: [
            try named("us-ma", applies: "{regions: [CA-ON, US-MA]}"), try named("us", applies: "{regions: [US]}"),
            try named("company", applies: "always"),
        ])
        let asked = try set.decide(reminder(region: region), "2026-11-25T12:00:00-05:00").findings
        #expect(asked.map { String($0.rule.split(separator: "/")[0]) } == expected)
    }

    @Test("Without any pack that applies nothing goes out")
    func noPolicy() throws {
        let set = PolicySet(packs: [try named("us", applies: "{regions: [US]}")])
        let held = try set.decide(reminder(region: "DE", phone: nil), "2026-11-25T12:00:00-05:00")
        #expect(held.decision == .hold(.noPolicy))
        #expect(held.findings.map(\.figures) == ["no pack applies"])
    }

    @Test("A further pack can only tighten")
    func companyTightens() throws {
        let company = try Pack(
            yaml: String(contentsOfFile: shippedPolicies + "/company.yaml.example", encoding: .utf8), file: "company")
        let set = PolicySet(packs: try PolicySet.load(directory: shippedPolicies).packs + [company])
        let person = reminder(region: "US")
        #expect(set.check(zones: zones).filter { $0.pack == "company" } == [])
        // Sunday, lunch, Christmas: the law allows them, the company does not.
        for time in ["2026-11-22T12:00:00-05:00", "2026-11-25T13:00:00-05:00", "2026-12-25T12:00:00-05:00"] {
            let decided = try set.decide(person, time, over: .sms)
            let forbidding = decided.findings.filter { !$0.allows }.map(\.rule)
            #expect(forbidding.contains("company/hours") && forbidding.allSatisfy { $0.hasPrefix("company/") })
        }
        // Thanksgiving and the day after it are closed, and texts begin at ten.
        #expect(
            try set.decide(person, "2026-11-25T20:00:00-05:00", over: .sms).until == at("2026-11-28T10:00:00-05:00"))
    }

    @Test(
        "Unknown zones hold; a zone that the pack presumes does not",
        arguments: [[], ["Mars/Olympus"], ["America/New_York", "EST"]])
    func unknownZone(_ names: [String]) throws {
        let noon = "2026-11-25T12:00:00+08:00"
        let plain = PolicySet(packs: [try named("plain", applies: "always")])
        let held = try plain.decide(reminder(zones: names, phone: nil), noon)
        #expect(held.decision == .hold(.unknownZone))
        #expect(held.findings.map(\.rule) == ["zone"])
        let presuming = try named("sg", applies: "always", zone: "Asia/Singapore")
        let decided = try PolicySet(packs: [presuming]).decide(reminder(zones: names, phone: nil), noon)
        #expect(decided.sends == names.isEmpty)
        // All packs must be able to decide.
        let both = try PolicySet(packs: plain.packs + [presuming]).decide(reminder(zones: names, phone: nil), noon)
        #expect(both.decision == .hold(.unknownZone))
    }

    @Test("A known zone goes before the presumed one")
    func knownZone() throws {
        let set = PolicySet(packs: [try named("sg", applies: "always", zone: "Asia/Singapore")])
        #expect(try set.decide(reminder(), "2026-11-25T12:00:00+08:00").reason == .quietHours)
        let presumed = try set.decide(reminder(zones: [], phone: nil), "2026-11-25T12:00:00+08:00")
        #expect(
            presumed.findings.map(\.figures) == [
                "none is known, sg presumes Asia/Singapore", "12:00:00 Wed Asia/Singapore within 08:00-21:00",
            ])
    }
}

struct StrictTests {
    private func decide(_ time: String, _ contacts: [Contact] = []) throws -> Explained {
        try PolicySet.load(directory: nil).decide(reminder(region: "ZZ"), time, over: .sms, contacts)
    }

    @Test func hours() throws {
        // Saturday the 28th, then Monday
        #expect(try decide("2026-11-28T20:00:00-05:00").sends)
        #expect(
            try decide("2026-11-28T20:00:01-05:00").decision
                == .defer(until: at("2026-11-30T09:00:00-05:00"), .quietHours))
        #expect(try decide("2026-11-29T12:00:00-05:00").until == at("2026-11-30T09:00:00-05:00"))
    }

    @Test("One a day and three in seven days over all channels")
    func caps() throws {
        let monday = contact("2026-11-23T10:00:00-05:00", over: .call, account: "A-9", address: "a@example.com")
        #expect(try decide("2026-11-23T12:00:00-05:00", [monday]).until == at("2026-11-24T09:00:00-05:00"))
        let three = [monday, contact("2026-11-24T10:00:00-05:00"), contact("2026-11-25T10:00:00-05:00", over: .email)]
        #expect(try decide("2026-11-25T09:00:00-05:00", Array(three.prefix(2))).sends)
        let full = try decide("2026-11-26T09:00:00-05:00", three)
        #expect(full.decision == .defer(until: at("2026-11-30T09:00:00-05:00"), .frequencyCap))
    }
}
