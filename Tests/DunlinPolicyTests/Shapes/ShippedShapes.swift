// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// Worked examples through the packs that are shipped, all of them together: the instant, the reason and the figures that
/// a complaint would be answered with. Whether each place allows or not is asked in ``JurisdictionCountTests``.
struct ShippedShapes {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let region: String
        let time: String
        let channel: Channel
        let past: [String]
        let until: String
        let reason: Reason
        let rule: String
        let figures: String

        init(
            _ shape: String, _ region: String, _ time: String, _ channel: Channel, after past: [String], until: String,
            _ reason: Reason, _ rule: String, _ figures: String
        ) {
            testDescription = shape
            (self.region, self.time, self.channel, self.past) = (region, time, channel, past)
            (self.until, self.reason, self.rule, self.figures) = (until, reason, rule, figures)
        }
    }

    static let examples = [
        Example(
            "Shape 3, whose clock: New York's evening", "US-NY", "2026-12-02 21:00:01", .call, after: [],
            until: "2026-12-03 08:00", .quietHours, "us-reg-f/hours",
            "21:00:01 Wed America/New_York outside 08:00-21:00, open from 2026-12-03T13:00:00Z"),
        Example(
            "Shape 4, caps: the eighth call", "US-NY", "2026-12-16 12:00", .call,
            after: (10...16).map { "call 2026-12-\($0) 10:00" }, until: "2026-12-17 08:00", .frequencyCap,
            "us-reg-f/seven-calls-in-seven-days", "7 of 7 calls in 7 days, again from 2026-12-17T05:00:00Z"),
        Example(
            "Shape 4, caps: Russia's third call of a week", "RU", "2026-12-09 12:00", .call,
            after: ["call 2026-12-07 12:00", "call 2026-12-08 12:00"], until: "2026-12-14 08:00", .frequencyCap,
            "ru/two-calls-a-week", "2 of 2 calls in 7 days, again from 2026-12-13T21:00:00Z"),
        Example(
            "Shape 9, the least gap: Chile, over a holiday", "CL", "2026-12-07 12:00", .email,
            after: ["sms 2026-12-07 10:00"], until: "2026-12-09 08:00", .frequencyCap, "cl/two-days-between-messages",
            "1 of 1 sms+email contact in 2 days, again from 2026-12-09T03:00:00Z"),
        Example(
            "Shape 10, cooling off: the seventh day after a talk", "US-NY", "2026-12-16 12:00", .call,
            after: ["conversation call 2026-12-10 20:59"], until: "2026-12-17 08:00", .coolingOff,
            "us-reg-f/seven-days-after-a-conversation", "conversation in 7 days, again from 2026-12-17T05:00:00Z"),
        Example(
            "Shape 11, preconditions: Ontario's sixth day", "CA-ON", "2026-12-15 12:00", .call,
            after: ["notice email 2026-12-10 12:00"], until: "2026-12-16 07:00", .precondition,
            "ca-on/notice-and-six-days", "notice, 6 days before, from 2026-12-16T05:00:00Z"),
        Example(
            "Shape 15, what the person asks: Japan's promised day", "JP", "2026-12-02 12:00", .call,
            after: ["promise 2026-12-01 12:00 until 2026-12-10 00:00"], until: "2026-12-10 08:00", .coolingOff,
            "jp/promised-day", "promise, again from 2026-12-09T15:00:00Z"),
    ]

    @Test("The instant, the reason and the figures", arguments: examples)
    func answer(_ example: Example) throws {
        func ask(at now: Instant) throws -> Explained {
            try Jurisdictions.decide(
                example.region, at: now, over: example.channel, party: .collector,
                past: example.past.map { try Jurisdictions.contact($0, in: example.region) })
        }
        let until = try Jurisdictions.instant(example.until, in: example.region)
        let answer = try ask(at: Jurisdictions.instant(example.time, in: example.region))
        #expect(answer.decision == .defer(until: until, example.reason))
        #expect(answer.findings.first { $0.rule == example.rule }?.figures == example.figures)
        // It keeps its word, and not a millisecond sooner.
        #expect(try ask(at: until).sends)
        #expect(try !ask(at: Instant(milliseconds: until.milliseconds - 1)).sends)
    }
}
