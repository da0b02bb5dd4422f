// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

struct WindowTests {
    private func window(_ days: String, _ more: String = "") throws -> Pack {
        try pack("window: {days: {\(days)}\(more)}")
    }

    @Test("A break at noon, half hours, a closed day")
    func intervals() throws {
        let france = try window("mon-fri: [\"10:00-13:00\", \"14:00-20:30\"], sat-sun: closed")
        let paris = ["Europe/Paris"]
        #expect(try france.decide("2026-11-25T13:00:00+01:00", zones: paris).sends)
        #expect(try france.decide("2026-11-25T13:00:01+01:00", zones: paris).until == at("2026-11-25T14:00:00+01:00"))
        #expect(try france.decide("2026-11-25T20:30:00+01:00", zones: paris).sends)
        // Friday evening to Monday morning
        #expect(try france.decide("2026-11-27T20:30:01+01:00", zones: paris).until == at("2026-11-30T10:00:00+01:00"))
    }

    @Test("24:00 joins the next day's 00:00 without a gap")
    func midnight() throws {
        let late = try window("mon: \"20:00-24:00\", tue: \"00:00-01:00\", wed-sun: closed")
        let monday = try late.decide("2026-11-23T23:59:59.999-05:00")
        #expect(monday.sends && monday.holdsUntil == at("2026-11-24T01:00:00.001-05:00"))
        #expect(try late.decide("2026-11-24T00:00:00-05:00").sends)
        #expect(try late.decide("2026-11-24T01:00:00.001-05:00").until == at("2026-11-30T20:00:00-05:00"))
        let always = try window("mon-sun: \"00:00-24:00\"").decide("2026-11-23T12:00:00Z")
        #expect(always.sends && always.holdsUntil == .distantFuture)
    }

    @Test("24:00 does not reach into the next day, and 23:59 ends there")
    func endOfDay() throws {
        let monday = try window("mon: \"20:00-24:00\", tue-sun: closed")
        #expect(try monday.decide("2026-11-23T23:59:59.999-05:00").holdsUntil == at("2026-11-24T00:00:00-05:00"))
        #expect(try !monday.decide("2026-11-24T00:00:00-05:00").sends)
        let early = try window("mon-sun: \"20:00-23:59\"")
        #expect(try early.decide("2026-11-23T23:59:00-05:00").sends)
        #expect(try !early.decide("2026-11-23T23:59:01-05:00").sends)
    }

    @Test("In spring the skipped hour opens nothing early; a window inside it opens on the next day")
    func spring() throws {
        // 2026-03-08 02:00 EST becomes 03:00 EDT.
        let early = try window("mon-sun: \"02:30-05:00\"")
        #expect(try early.decide("2026-03-08T01:59:59-05:00").until == at("2026-03-08T03:00:00-04:00"))
        let inside = try window("mon-sun: \"02:15-02:45\"")
        #expect(try inside.decide("2026-03-08T01:00:00-05:00").until == at("2026-03-09T02:15:00-04:00"))
        let day = try window("mon-sun: \"01:00-05:00\"").decide("2026-03-08T01:30:00-05:00")
        #expect(day.holdsUntil == at("2026-03-08T05:00:00.001-04:00"))
    }

    @Test("In autumn a window inside the repeated hour opens twice")
    func autumn() throws {
        // 2026-11-01 02:00 EDT becomes 01:00 EST.
        let inside = try window("mon-sun: \"01:15-01:45\"")
        let first = try inside.decide("2026-11-01T01:30:00-04:00")
        #expect(first.sends && first.holdsUntil == at("2026-11-01T01:45:00.001-04:00"))
        #expect(try inside.decide("2026-11-01T01:50:00-04:00").until == at("2026-11-01T01:15:00-05:00"))
        let second = try inside.decide("2026-11-01T01:30:00-05:00")
        #expect(second.sends && second.holdsUntil == at("2026-11-01T01:45:00.001-05:00"))
        let over = try window("mon-sun: \"01:00-03:00\"").decide("2026-11-01T01:30:00-04:00")
        #expect(over.holdsUntil == at("2026-11-01T03:00:00.001-05:00"))
    }

    @Test("A fixed clock goes by its own zone")
    func fixedClock() throws {
        let india = try window("mon-sun: \"10:00-21:00\"", ", clock: Asia/Kolkata")
        let inNewYork = try india.decide("2026-11-25T12:00:00-05:00")
        #expect(inNewYork.until == at("2026-11-26T10:00:00+05:30"))
        #expect(inNewYork.findings[0].figures.hasPrefix("22:30:00 Wed Asia/Kolkata outside 10:00-21:00"))
        #expect(try india.decide("2026-11-25T12:00:00+05:30").sends)
    }

    private func holidays(_ treatment: String) throws -> Pack {
        try Pack(
            yaml: """
                pack: test
                title: Test
                applies: always
                reviewed: 2026-11-21
                holidays: {Thanksgiving: 4th thursday of november, Leap day: 02-29}
                rules:
                  - id: hours
                    cite: Test 1
                    confidence: source
                    window: {days: {mon-sun: "08:00-21:00"}, holidays: \(treatment)}
                """, file: "test.yaml")
    }

    @Test("Holidays: the same, shortened, closed")
    func holidayHours() throws {
        let noon = "2026-11-26T12:00:00-05:00", evening = "2026-11-26T19:00:00-05:00"
        #expect(try holidays("same").decide(evening).sends)
        let short = try holidays("\"09:00-18:00\"")
        #expect(try short.decide(noon).holdsUntil == at("2026-11-26T18:00:00.001-05:00"))
        #expect(try short.decide(evening).decision == .defer(until: at("2026-11-27T08:00:00-05:00"), .holiday))
        let closed = try holidays("closed").decide(noon)
        #expect(closed.decision == .defer(until: at("2026-11-27T08:00:00-05:00"), .holiday))
        #expect(
            closed.findings[0].figures
                == "12:00:00 Thu America/New_York, closed (Thanksgiving), open from 2026-11-27T13:00:00Z")
        // The evening before waits over the holiday.
        #expect(try holidays("closed").decide("2026-11-25T21:30:00-05:00").until == at("2026-11-27T08:00:00-05:00"))
    }

    @Test("29 February is closed where it exists")
    func leapDay() throws {
        let closed = try holidays("closed")
        #expect(try closed.decide("2028-02-28T21:30:00-05:00").until == at("2028-03-01T08:00:00-05:00"))
        #expect(try closed.decide("2027-02-28T21:30:00-05:00").until == at("2027-03-01T08:00:00-05:00"))
    }

    @Test("A window that never opens ends the reminder; zones in which it never opens together say too little")
    func neverTogether() throws {
        let morning = try window("mon-sun: \"08:00-09:00\"")
        let apart = try morning.decide("2026-11-25T12:00:00Z", zones: ["America/New_York", "Asia/Tokyo"])
        #expect(apart.decision == .hold(.unknownZone))
        #expect(try window("mon-sun: closed").decide("2026-11-25T12:00:00Z").decision == .suppress(.forbidden))
    }

    @Test("The rule is asked only for its channels")
    func channels() throws {
        let calls = try window("mon-sun: closed", ", channels: [call, sms]")
        #expect(try calls.decide("2026-11-25T12:00:00Z", over: .email).sends)
        #expect(try !calls.decide("2026-11-25T12:00:00Z", over: .sms).sends)
    }
}
