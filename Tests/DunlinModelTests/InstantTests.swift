// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@Suite struct InstantTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", Int64(0)),
        ("2026-11-25T09:00:00Z", 1_795_597_200_000),
        ("2026-11-25T09:00:00.250+08:00", 1_795_568_400_250),
        ("2026-11-22T08:00+08:00", 1_795_305_600_000),
        ("2024-02-29T23:59:60Z", 1_709_251_200_000),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2026-11-25t09:00:00.1234567z", 1_795_597_200_123),
    ])
    func readsRFC3339(_ text: String, _ milliseconds: Int64) {
        #expect(Instant(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-11-25", "2026-11-25T09:00:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-25T24:00:00Z",
        "2026-11-25T09:60:00Z", "2026-11-25T09:00:00.Z", "2026-11-25T09:00:00+0800", "2026-11-25T09:00:00Z ",
        "2026-11-25T09:00:00+24:00", "٢٠٢٦-11-25T09:00:00Z", "+026-11-25T09:00:00Z",
    ])
    func refusesWhatIsNoInstant(_ text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func writesWhatItReadsAndAgreesWithFoundation() {
        var random = SeededRandom(seed: 1)
        let foundation = ISO8601DateFormatter()
        foundation.formatOptions = [.withInternetDateTime]
        for _ in 0..<500 {
            let instant = Instant(
                milliseconds: Int64.random(in: -4_000_000_000_000...7_000_000_000_000, using: &random))
            #expect(Instant(rfc3339: instant.description) == instant)
            let whole = Instant(seconds: instant.seconds)
            let date = Date(timeIntervalSince1970: Double(whole.seconds))
            #expect(whole.description == foundation.string(from: date))
        }
    }
}

@Suite struct CivilDateTests {
    @Test func agreesWithFoundationsCalendar() {
        var random = SeededRandom(seed: 2)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0)!
        for _ in 0..<500 {
            let date = CivilDate(daysSince1970: Int.random(in: -60_000...200_000, using: &random))
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(date.daysSince1970) * 86400))
            #expect(date.components == (parts.year!, parts.month!, parts.day!))
            #expect((date.weekday.rawValue + 1) % 7 + 1 == parts.weekday!)
            let (year, month, day) = date.components
            #expect(CivilDate(year: year, month: month, day: day) == date)
            #expect(CivilDate(iso8601: date.description) == date)
        }
    }

    @Test(arguments: ["2026-02-29", "2100-02-29", "2026-04-31", "2026-00-10", "2026-1-1", "2026-11-20x", "20261120"])
    func refusesDaysThatAreNone(_ text: String) {
        #expect(CivilDate(iso8601: text) == nil)
    }
}
