// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinTime

/// The listed days of the moon against ICU's calendars, which know nothing of the lists' source.
@Suite struct LunarHolidayTests {
    /// The Chinese calendar's month and day, of China's meridian.
    @Test(arguments: [
        ("CN", "Spring Festival", 1, 1), ("CN", "Dragon Boat Festival", 5, 5),
        ("CN", "Mid-Autumn Festival", 8, 15), ("TW", "Lunar New Year", 1, 1),
        ("TW", "Dragon Boat Festival", 5, 5), ("TW", "Mid-Autumn Festival", 8, 15),
        ("HK", "Tuen Ng", 5, 5), ("HK", "Chung Yeung", 9, 9), ("HK", "Buddha's Birthday", 4, 8),
        ("SG", "Chinese New Year", 1, 1), ("MY", "Chinese New Year", 1, 1), ("ID", "Lunar New Year", 1, 1),
    ])
    func chinese(code: String, name: String, month: Int, day: Int) throws {
        let listed = try listed(code, name)
        for year in 2020...2035 {
            let dates = dates(of: Calendar(identifier: .chinese), month: month, day: day, in: year)
            #expect(dates.count == 1 && dates.allSatisfy(listed.contains), "\(code) \(name) \(year): \(dates)")
        }
    }

    /// Korea's calendar has the new moons of its own meridian.
    @Test(arguments: [("Seollal", 1, 1), ("Chuseok", 8, 15), ("Buddha's Birthday", 4, 8)])
    func korean(name: String, month: Int, day: Int) throws {
        let listed = try listed("KR", name)
        for year in 2020...2035 {
            let dates = dates(of: Calendar(identifier: .dangi), month: month, day: day, in: year)
            #expect(dates.count == 1 && dates.allSatisfy(listed.contains), "\(name) \(year): \(dates)")
        }
    }

    /// Vietnam's meridian is an hour behind China's, so a month may begin a day earlier; ICU has no such calendar.
    @Test(arguments: [("Tet", 1, 1), ("Hung Kings", 3, 10)])
    func vietnamese(name: String, month: Int, day: Int) throws {
        let listed = try listed("VN", name)
        for year in 2020...2035 {
            let dates = dates(of: Calendar(identifier: .chinese), month: month, day: day, in: year)
            let isListed = dates.allSatisfy { listed.contains($0) || listed.contains($0 - 1) }
            #expect(dates.count == 1 && isListed, "\(name) \(year): \(dates)")
        }
    }

    /// Where the moon is sighted and not computed, a day or two lie between the countries.
    @Test(arguments: [
        ("ID", "Eid al-Fitr", 10, 1), ("ID", "Eid al-Adha", 12, 10), ("ID", "Islamic New Year", 1, 1),
        ("ID", "Prophet's Birthday", 3, 12), ("SG", "Hari Raya Puasa", 10, 1), ("SG", "Hari Raya Haji", 12, 10),
        ("MY", "Hari Raya Puasa", 10, 1), ("MY", "Islamic New Year", 1, 1), ("IN", "Eid al-Fitr", 10, 1),
        ("IN", "Muharram", 1, 10), ("PH", "Eid al-Adha", 12, 10), ("KE", "Eid al-Fitr", 10, 1),
        ("NG", "Eid al-Fitr", 10, 1),
        ("NG", "Eid al-Adha", 12, 10), ("KZ", "Eid al-Adha", 12, 10),
    ])
    func islamic(code: String, name: String, month: Int, day: Int) throws {
        let listed = try listed(code, name)
        for year in 2020...2035 {
            for date in dates(of: Calendar(identifier: .islamicUmmAlQura), month: month, day: day, in: year)
            where (3...363).contains(date.daysSince1970 - CivilDate(year: year, month: 1, day: 1)!.daysSince1970) {
                #expect(listed.contains { abs($0.daysSince1970 - date.daysSince1970) <= 2 }, "\(code) \(name): \(date)")
            }
        }
    }

    /// The sun comes to a longitude, in degrees, within the day of a zone so many hours ahead of UTC.
    @Test(arguments: [
        ("JP", "Vernal Equinox", 0.0, 9.0), ("JP", "Autumnal Equinox", 180, 9), ("CN", "Qingming", 15, 8),
        ("TW", "Qingming", 15, 8), ("HK", "Ching Ming", 15, 8), ("CL", "Indigenous Peoples Day", 90, -4),
    ])
    func solarTerms(code: String, name: String, longitude: Double, zone: Double) throws {
        let days = try listed(code, name)
        #expect(days.count >= 14)
        for day in days {
            let midnight = Double(day.daysSince1970) + 2_440_587.5 - zone / 24
            #expect(angle(sun(midnight), longitude) <= 0 && angle(sun(midnight + 1), longitude) > 0, "\(day)")
        }
    }

    private func listed(_ code: String, _ name: String) throws -> Set<CivilDate> {
        let rules = try #require(HolidayCalendar.known(code)).rules.filter {
            if case .only = $0.day { false } else { $0.name == name }
        }
        return Set((2020...2035).flatMap { year in rules.flatMap { $0.dates(in: year) } })
    }

    /// The days of a Gregorian year that are that day of that month, not of a leap month.
    private func dates(of calendar: Calendar, month: Int, day: Int, in year: Int) -> [CivilDate] {
        var calendar = calendar
        calendar.timeZone = .gmt
        let first = CivilDate(year: year, month: 1, day: 1)!.daysSince1970
        return (first..<CivilDate(year: year + 1, month: 1, day: 1)!.daysSince1970).filter { days in
            let noon = Date(timeIntervalSince1970: Double(days) * 86400 + 43200)
            let parts = calendar.dateComponents([.month, .day], from: noon)
            return parts.month == month && parts.day == day && parts.isLeapMonth != true
        }.map(CivilDate.init(daysSince1970:))
    }

    /// The sun's apparent longitude in degrees at a Julian day: Meeus, chapter 25, low accuracy.
    private func sun(_ julianDay: Double) -> Double {
        let t = (julianDay + 70 / 86400 - 2_451_545) / 36525
        let mean = 280.46646 + 36000.76983 * t
        let anomaly = (357.52911 + 35999.05029 * t) * .pi / 180
        let centre =
            (1.914602 - 0.004817 * t) * sin(anomaly) + 0.019993 * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
        return mean + centre - 0.00569 - 0.00478 * sin((125.04 - 1934.136 * t) * .pi / 180)
    }

    /// From -180° to 180°.
    private func angle(_ a: Double, _ b: Double) -> Double { (a - b).remainder(dividingBy: 360) }
}
