// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

struct CountingTests {
    /// A case of a cap of one: the contact that used it up, and when it frees the way again.
    struct Release: Sendable, CustomTestStringConvertible {
        var period: String
        var contact: String
        var free: String
        var zone = "America/New_York"
        var testDescription: String { "\(period) after \(contact)" }
    }

    static let releases = [
        Release(period: "rolling: 1 day", contact: "2026-11-25T23:59:59-05:00", free: "2026-11-26T00:00:00-05:00"),
        Release(period: "rolling: 7 days", contact: "2026-11-10T23:59:59-05:00", free: "2026-11-17T00:00:00-05:00"),
        Release(period: "rolling: 168 hours", contact: "2026-11-10T10:20:30-05:00", free: "2026-11-17T10:20:30-05:00"),
        Release(period: "calendar: day", contact: "2026-11-25T00:00:00-05:00", free: "2026-11-26T00:00:00-05:00"),
        Release(period: "calendar: week", contact: "2026-11-23T00:00:00-05:00", free: "2026-11-30T00:00:00-05:00"),
        Release(period: "calendar: week", contact: "2026-11-29T23:00:00-05:00", free: "2026-11-30T00:00:00-05:00"),
        Release(period: "calendar: month", contact: "2026-11-01T00:00:00-04:00", free: "2026-12-01T00:00:00-05:00"),
        Release(period: "calendar: month", contact: "2026-12-31T23:00:00-05:00", free: "2027-01-01T00:00:00-05:00"),
        // 29 February and the ends of February
        Release(period: "rolling: 2 days", contact: "2028-02-28T12:00:00-05:00", free: "2028-03-01T00:00:00-05:00"),
        Release(period: "rolling: 2 days", contact: "2027-02-28T12:00:00-05:00", free: "2027-03-02T00:00:00-05:00"),
        Release(period: "calendar: month", contact: "2028-02-29T12:00:00-05:00", free: "2028-03-01T00:00:00-05:00"),
        // Days of 23 and 25 hours; the exact hours do not care.
        Release(period: "rolling: 1 day", contact: "2026-03-08T00:30:00-05:00", free: "2026-03-09T00:00:00-04:00"),
        Release(period: "rolling: 1 day", contact: "2026-11-01T00:30:00-04:00", free: "2026-11-02T00:00:00-05:00"),
        Release(period: "rolling: 24 hours", contact: "2026-03-07T12:00:00-05:00", free: "2026-03-08T13:00:00-04:00"),
        Release(period: "rolling: 24 hours", contact: "2026-10-31T12:00:00-04:00", free: "2026-11-01T11:00:00-05:00"),
        // A day that begins at 01:00, for the clock skips midnight.
        Release(
            period: "rolling: 1 day", contact: "2026-04-23T12:00:00+02:00", free: "2026-04-24T01:00:00+03:00",
            zone: "Africa/Cairo"),
    ]

    @Test("A contact counts up to the last millisecond of its period", arguments: releases)
    func release(_ example: Release) throws {
        let cap = try pack("cap: {limit: 1, per: recipient, \(example.period)}")
        let free = at(example.free)
        let before = Instant(milliseconds: free.milliseconds - 1)
        let now = max(before, at(example.contact))
        let counts = try cap.decide("\(now)", zones: [example.zone], contact(example.contact))
        #expect(counts.decision == .defer(until: free, .frequencyCap))
        #expect(counts.findings[0].figures.hasSuffix(", again from \(free)"))
        let after = try cap.decide(example.free, zones: [example.zone], contact(example.contact))
        #expect(after.sends && after.findings[0].figures.hasPrefix("0 of 1 contact "))
        let coolOff =
            "cool_off: {after: conversation, for: \(example.period.dropFirst("rolling: ".count)), per: recipient}"
        guard example.period.hasPrefix("rolling") else { return }
        let cooling = try pack(coolOff).decide(
            "\(now)", zones: [example.zone], contact(example.contact, .conversation))
        #expect(cooling.decision == .defer(until: free, .coolingOff))
    }

    @Test(
        "Contacts count together when they agree in every part of the key",
        arguments: [
            ("recipient", [true, false, true, true]), ("account", [true, true, false, true]),
            ("address", [true, true, true, false]), ("[recipient, account]", [true, false, false, true]),
            ("[account, address]", [true, true, false, false]),
            ("[recipient, account, address]", [true, false, false, false]),
        ])
    func keys(_ key: String, _ blocks: [Bool]) throws {
        let cap = try pack("cap: {limit: 1, per: \(key), rolling: 7 days}")
        let time = "2026-11-25T10:00:00Z"
        let contacts = [
            contact(time), contact(time, recipient: "P-2"), contact(time, account: "A-2"), contact(time, address: "+1"),
        ]
        for (contact, blocks) in zip(contacts, blocks) {
            #expect(try cap.decide("2026-11-25T12:00:00Z", contact).sends == !blocks)
        }
    }

    @Test("A cap counts contacts in the future, for the clock may have been set back")
    func future() throws {
        let cap = try pack("cap: {limit: 1, per: recipient, rolling: 24 hours}")
        let ahead = contact("2026-11-25T18:00:00Z")
        #expect(try cap.decide("2026-11-25T12:00:00Z", ahead).until == at("2026-11-26T18:00:00Z"))
        let day = try pack("cap: {limit: 1, per: recipient, calendar: day}")
        #expect(try day.decide("2026-11-22T12:00:00Z", ahead).until == at("2026-11-26T00:00:00-05:00"))
    }

    @Test("Several caps at once, as in Russia: one call a day, two a week, eight a month")
    func severalCaps() throws {
        let russia = try Pack(
            yaml: head + """
                  - {id: day, cite: art. 7, confidence: source, cap: {limit: 1, per: recipient, channels: call, calendar: day}}
                  - {id: week, cite: art. 7, confidence: source, cap: {limit: 2, per: recipient, channels: call, calendar: week}}
                  - {id: month, cite: art. 7, confidence: source, cap: {limit: 8, per: recipient, channels: call, calendar: month}}
                """, file: "test.yaml")
        let moscow = ["Europe/Moscow"]
        let calls = [2, 3, 9, 10, 16, 17, 23].map { contact("2026-11-\($0 < 10 ? "0" : "")\($0)T12:00:00+03:00") }
        func decide(_ time: String, _ contacts: [Contact]) throws -> Explained {
            try PolicySet(packs: [russia]).decide(reminder(zones: moscow), time, contacts)
        }
        #expect(try decide("2026-11-23T13:00:00+03:00", calls).until == at("2026-11-24T00:00:00+03:00"))
        #expect(try decide("2026-11-24T13:00:00+03:00", calls).sends)
        let eight = calls + [contact("2026-11-24T14:00:00+03:00")]
        let full = try decide("2026-11-24T15:00:00+03:00", eight)
        #expect(full.decision == .defer(until: at("2026-12-01T00:00:00+03:00"), .frequencyCap))
        #expect(full.findings.map(\.allows) == [false, false, false])
        #expect(full.findings[2].figures.hasPrefix("8 of 8 calls in the calendar month"))
    }

    @Test("Pools of channels and kinds of contact are counted apart")
    func pools() throws {
        let written = try pack("cap: {limit: 1, per: recipient, channels: [sms, email], rolling: 7 days}")
        let time = "2026-11-25T12:00:00Z"
        #expect(try !written.decide(time, over: .sms, contact(time, over: .email)).sends)
        #expect(try written.decide(time, over: .sms, contact(time, over: .call)).sends)
        #expect(try written.decide(time, over: .call, contact(time, over: .sms)).sends)
        let talks = try pack("cap: {limit: 1, per: recipient, calendar: day, counts: [conversation]}")
        #expect(try talks.decide(time, contact(time)).sends)
        #expect(try !talks.decide(time, contact(time, .conversation)).sends)
        let both = try pack("cap: {limit: 2, per: recipient, calendar: day, counts: [attempt, conversation]}")
        #expect(try both.decide(time, contact(time)).sends)
        #expect(try !both.decide(time, contact(time), contact(time, .conversation)).sends)
    }

    @Test("With several zones the day that lasts longest counts")
    func severalZones() throws {
        let cap = try pack("cap: {limit: 1, per: recipient, calendar: day}")
        // 23:00 in New York is 20:00 in Los Angeles, whose day ends three hours later.
        let decided = try cap.decide(
            "2026-11-26T00:30:00-05:00", zones: ["America/New_York", "America/Los_Angeles"],
            contact("2026-11-25T23:00:00-05:00"))
        #expect(decided.until == at("2026-11-26T00:00:00-08:00"))
    }

    @Test("The history is asked once for each leading part, and only if a rule counts by it")
    func queries() throws {
        final class Counting: ContactHistory {
            var keys: [ContactKey] = []
            func contacts(of key: ContactKey, since: Instant) -> [Contact] {
                keys.append(key)
                return []
            }
            func events(recipient: ContactKey, account: ContactKey, address: ContactKey) -> [Contact] { [] }
        }
        let caps = ["recipient", "[recipient, account]", "account", "recipient"].enumerated().map {
            "  - {id: c\($0), cite: x, confidence: source, cap: {limit: 1, per: \($1), rolling: 7 days}}\n"
        }
        let set = PolicySet(packs: [try Pack(yaml: head + caps.joined(), file: "test.yaml")])
        let history = Counting()
        _ = try PolicyEvaluator(policies: set, zones: zones, places: places).decide(
            reminder(), channel: .call, address: "+1", at: at("2026-11-25T12:00:00Z"), history: history)
        #expect(history.keys == [.recipient("P-1"), .account("A-1")])
    }
}
