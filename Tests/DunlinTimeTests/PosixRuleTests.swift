// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinTime

@Suite struct PosixRuleTests {
    struct Sample: Sendable {
        let text: String
        let at: String
        let offset: Int
    }

    /// The first second after and the last before each change, worked out by hand from the rule.
    static let samples = [
        Sample(text: "UTC0", at: "2026-07-01T00:00:00Z", offset: 0),
        Sample(text: "<+0330>-3:30", at: "2026-07-01T00:00:00Z", offset: 12600),
        Sample(text: "<-03>+3", at: "2026-07-01T00:00:00Z", offset: -10800),
        Sample(text: "XXX-0:00:30", at: "2026-07-01T00:00:00Z", offset: 30),
        Sample(text: "EST5EDT,M3.2.0,M11.1.0", at: "2026-03-08T06:59:59Z", offset: -18000),
        Sample(text: "EST5EDT,M3.2.0,M11.1.0", at: "2026-03-08T07:00:00Z", offset: -14400),
        Sample(text: "EST5EDT,M3.2.0,M11.1.0", at: "2026-11-01T05:59:59Z", offset: -14400),
        Sample(text: "EST5EDT,M3.2.0,M11.1.0", at: "2026-11-01T06:00:00Z", offset: -18000),
        // Negative daylight saving time: Irish winter.
        Sample(text: "IST-1GMT0,M10.5.0,M3.5.0/1", at: "2026-01-01T00:00:00Z", offset: 0),
        Sample(text: "IST-1GMT0,M10.5.0,M3.5.0/1", at: "2026-03-29T00:59:59Z", offset: 0),
        Sample(text: "IST-1GMT0,M10.5.0,M3.5.0/1", at: "2026-03-29T01:00:00Z", offset: 3600),
        Sample(text: "IST-1GMT0,M10.5.0,M3.5.0/1", at: "2026-10-25T01:00:00Z", offset: 0),
        // The south: summer runs over the new year.
        Sample(text: "AEST-10AEDT,M10.1.0,M4.1.0/3", at: "2026-12-31T23:59:59Z", offset: 39600),
        Sample(text: "AEST-10AEDT,M10.1.0,M4.1.0/3", at: "2026-04-04T16:00:00Z", offset: 36000),
        // Half an hour (Lord Howe), hours before midnight (Nuuk) and beyond the day (Gaza).
        Sample(text: "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", at: "2026-01-01T00:00:00Z", offset: 39600),
        Sample(text: "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", at: "2026-03-29T00:59:59Z", offset: -7200),
        Sample(text: "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", at: "2026-03-29T01:00:00Z", offset: -3600),
        Sample(text: "EET-2EEST,M3.4.4/50,M10.4.4/50", at: "2026-03-27T23:59:59Z", offset: 7200),
        Sample(text: "EET-2EEST,M3.4.4/50,M10.4.4/50", at: "2026-03-28T00:00:00Z", offset: 10800),
        // Days counted from January 1: J60 is always March 1; 59 is February 29 in a leap year.
        Sample(text: "AAA0BBB,J60/0,J300/0", at: "2024-02-29T23:59:59Z", offset: 0),
        Sample(text: "AAA0BBB,J60/0,J300/0", at: "2024-03-01T00:00:00Z", offset: 3600),
        Sample(text: "AAA0BBB,59/0,299/0", at: "2024-02-29T00:00:00Z", offset: 3600),
        Sample(text: "AAA0BBB,59/0,299/0", at: "2025-02-28T23:59:59Z", offset: 0),
        Sample(text: "AAA0BBB,59/0,299/0", at: "2025-03-01T00:00:00Z", offset: 3600),
        // Changes that leave their year: a week before January 1, a week after December 31.
        Sample(text: "AAA0BBB,J1/-167,J100/0", at: "2025-12-25T01:00:00Z", offset: 3600),
        Sample(text: "AAA0BBB,J1/-167,J100/0", at: "2025-12-25T00:59:59Z", offset: 0),
        Sample(text: "AAA0BBB,J100/0,J365/167", at: "2026-01-06T21:59:59Z", offset: 3600),
        Sample(text: "AAA0BBB,J100/0,J365/167", at: "2026-01-06T22:00:00Z", offset: 0),
        // A change at the very instant where the calendar begins to repeat.
        Sample(text: "AAA0BBB,J1/0,J100/0", at: "2369-12-31T23:59:59Z", offset: 0),
        Sample(text: "AAA0BBB,J1/0,J100/0", at: "2370-01-01T00:00:00Z", offset: 3600),
    ]

    @Test(arguments: samples) func offsets(sample: Sample) throws {
        let rule = try #require(PosixRule(text: sample.text.utf8))
        let offsets = ZoneOffsets(initial: 0, changes: [], rule: rule)
        let time = Instant(rfc3339: sample.at)!.seconds
        #expect(offsets.offset(at: time) == sample.offset)
        // The calendar repeats after 400 years.
        #expect(offsets.offset(at: time + 12_622_780_800) == sample.offset)
        #expect(offsets.offset(at: time - 12_622_780_800) == sample.offset)
    }

    /// RFC 9636, section 3.3.1, and a summer longer than a year.
    @Test(arguments: ["XXX3EDT4,0/0,J365/23", "EST5EDT,0/0,J365/25", "EST5EDT,0/0,J365/167", "AAA0BBB,J9/2,J9/3"])
    func daylightSavingTimeAllYear(text: String) throws {
        let rule = try #require(PosixRule(text: text.utf8))
        let offsets = ZoneOffsets(initial: 0, changes: [], rule: rule)
        #expect(offsets.nextChange(after: -1 << 40) == nil)
        #expect(offsets.offset(at: 1_700_000_000) == rule.daylight?.offset)
    }

    @Test func changesAreFoundAcrossTheEndOfTheCycle() throws {
        let rule = try #require(PosixRule(text: "AAA0BBB,J1/0,J100/0".utf8))
        let offsets = ZoneOffsets(initial: 0, changes: [], rule: rule)
        for year in [1969, 1970, 2369, 2370, 2770] {
            let newYear = Int64(CivilDate(year: year, month: 1, day: 1)!.daysSince1970) * 86400
            #expect(offsets.nextChange(after: newYear - 1) == newYear)
            #expect(offsets.nextChange(after: newYear) == newYear + 99 * 86400 - 3600)
        }
    }

    @Test(arguments: [
        "", "U0", "UTC", "UTC25", "UTC0:60", "UTC0:00:60", "UTC0 ", "<UTC0", "<+0>0", "+030", "EST5EDT", "EST5EDT,",
        "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,", "EST5EDT,M0.2.0,M11.1.0", "EST5EDT,M13.2.0,M11.1.0",
        "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,M3.2.0/168,M11.1.0", "EST5EDT,M3.2.0/-168,M11.1.0",
        "EST5EDT,J0,J365", "EST5EDT,J1,J366", "EST5EDT,0,366", "EST5EDT,M3.2.0,M11.1.0x", "EST5EDT,M3.2.0/,M11.1.0",
        "EST5EDT99999999999999999999,M3.2.0,M11.1.0", "EST-24:59:59EDT-24:59:60,J1,J2", "EST5EDT,M3.2,M11.1.0",
        "EST--5",
    ])
    func whatIsNotARule(text: String) { #expect(PosixRule(text: text.utf8) == nil) }
}
