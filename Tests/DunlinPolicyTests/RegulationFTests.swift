// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// The worked examples of Regulation F, from the pack that is shipped.
struct RegulationFTests {
    private let policies: PolicySet
    // A state without a pack of its own.
    private let person = reminder(region: "US-NH")

    init() throws { policies = try PolicySet.load(directory: shippedPolicies) }

    private func decide(_ time: String, over channel: Channel = .call, _ contacts: [Contact] = []) throws -> Explained {
        try policies.decide(person, time, over: channel, contacts)
    }

    @Test("21:00:00 is allowed, 21:00:01 is not, on every channel", arguments: Channel.allCases)
    func theLastSecond(_ channel: Channel) throws {
        // Wednesday, Eastern Standard Time
        let last = try decide("2026-11-25T21:00:00-05:00", over: channel)
        #expect(last.decision == .send(channel, address: "+16175550100"))
        #expect(last.holdsUntil == at("2026-11-25T21:00:00.001-05:00"))
        let late = try decide("2026-11-25T21:00:01-05:00", over: channel)
        #expect(late.decision == .defer(until: at("2026-11-26T08:00:00-05:00"), .quietHours))
        let early = try decide("2026-11-25T07:59:59.999-05:00", over: channel)
        #expect(early.decision == .defer(until: at("2026-11-25T08:00:00-05:00"), .quietHours))
        #expect(try decide("2026-11-25T08:00:00-05:00", over: channel).sends)
    }

    @Test("An Eastern area code with a Pacific address gives 11:00 to 21:00 Eastern")
    func twoZones() throws {
        let person = reminder(zones: ["America/New_York", "America/Los_Angeles"], region: "US")
        func decide(_ time: String) throws -> Explained { try policies.decide(person, time, over: .sms) }
        #expect(try decide("2026-11-25T10:59:59-05:00").until == at("2026-11-25T11:00:00-05:00"))
        let open = try decide("2026-11-25T11:00:00-05:00")
        #expect(open.sends && open.holdsUntil == at("2026-11-25T21:00:00.001-05:00"))
        #expect(try decide("2026-11-25T21:00:00-05:00").sends)
        #expect(try decide("2026-11-25T21:00:01-05:00").until == at("2026-11-26T11:00:00-05:00"))
    }

    /// Calls on the days of November given, at 10:00 Eastern.
    private func calls(_ days: [Int], account: String = "A-1", recipient: String = "P-1") -> [Contact] {
        days.map {
            contact("2026-11-\($0)T10:00:00-05:00", recipient: recipient, account: account, address: "+1617555\($0)99")
        }
    }

    @Test("The seventh call in seven days is allowed, the eighth is not")
    func sevenCalls() throws {
        let now = "2026-11-16T12:00:00-05:00"
        let six = calls([10, 11, 12, 13, 14, 15])
        let seventh = try decide(now, six)
        #expect(seventh.sends)
        #expect(seventh.findings.map(\.figures).contains("6 of 7 calls in 7 days"))
        let eighth = try decide(now, six + calls([16]))
        // The 10th is day one, so it counts up to and including the 16th.
        #expect(eighth.decision == .defer(until: at("2026-11-17T08:00:00-05:00"), .frequencyCap))
        #expect(try decide("2026-11-17T08:00:00-05:00", six + calls([16])).sends)
    }

    @Test("Each debt of a person has a count of its own, and so has each person of a debt")
    func personAndDebt() throws {
        let seven = [10, 11, 12, 13, 14, 15, 16]
        let now = "2026-11-16T12:00:00-05:00"
        #expect(try decide(now, calls(seven, account: "A-2")).sends)
        #expect(try decide(now, calls(seven, recipient: "P-2")).sends)
        #expect(try decide(now, calls(seven)).reason == .frequencyCap)
    }

    @Test("Texts neither count nor are counted")
    func textsAreNotCalls() throws {
        let seven = calls([10, 11, 12, 13, 14, 15, 16])
        #expect(try decide("2026-11-16T12:00:00-05:00", over: .sms, seven).sends)
        let texts = seven.map { contact in
            var text = contact
            text.channel = .sms
            return text
        }
        #expect(try decide("2026-11-16T12:00:00-05:00", texts).sends)
    }

    @Test("The day of the conversation is day one of the seven")
    func dayOne() throws {
        // However late on the 10th, the seventh day is the 16th.
        let talk = contact("2026-11-10T20:59:00-05:00", .conversation)
        let during = try decide("2026-11-16T20:59:59-05:00", [talk])
        #expect(during.decision == .defer(until: at("2026-11-17T08:00:00-05:00"), .coolingOff))
        #expect(try decide("2026-11-17T08:00:00-05:00", [talk]).sends)
        #expect(try decide("2026-11-10T20:59:59-05:00", over: .email, [talk]).sends)
        let other = contact("2026-11-10T20:59:00-05:00", .conversation, account: "A-2")
        #expect(try decide("2026-11-11T12:00:00-05:00", [other]).sends)
    }

    @Test("Every finding names the rule and its article")
    func citations() throws {
        let law = try decide("2026-11-25T12:00:00-05:00").findings.filter { $0.rule.hasPrefix("us-reg-f/") }.prefix(3)
        #expect(
            law.map(\.rule) == [
                "us-reg-f/hours", "us-reg-f/seven-calls-in-seven-days", "us-reg-f/seven-days-after-a-conversation",
            ])
        #expect(law.first?.citation == "12 CFR 1006.6(b)(1)(i)")
        #expect(
            law.map(\.figures) == [
                "12:00:00 Wed America/New_York within 08:00-21:00", "0 of 7 calls in 7 days",
                "no conversation in 7 days",
            ])
        let late = try decide("2026-11-25T21:00:00.500-05:00")
        #expect(
            late.findings.first { $0.rule == "us-reg-f/hours" }?.figures
                == "21:00:00.500 Wed America/New_York outside 08:00-21:00, open from 2026-11-26T13:00:00Z")
    }
}

/// deploy/etc/dunlin/policies, found from this file's place.
let shippedPolicies =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    + "/deploy/etc/dunlin/policies"
