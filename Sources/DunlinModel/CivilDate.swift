// SPDX-License-Identifier: Apache-2.0

/// A day of the proleptic Gregorian calendar, without a zone.
public struct CivilDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Days since 1970-01-01, negative before.
    public var daysSince1970: Int

    public init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

    /// Nil if there is no such day, such as 2026-02-29.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= CivilDate.daysIn(month: month, year: year) else { return nil }
        // Counting years from March puts the leap day last: https://howardhinnant.github.io/date_algorithms.html
        let y = month <= 2 ? year - 1 : year
        let era = y.flooredQuotient(by: 400)
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        daysSince1970 = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Reads `yyyy-mm-dd`; nil for anything else or for a day that does not exist.
    public init?(iso8601 text: String) {
        var text = text
        let date = text.withUTF8 { bytes -> CivilDate? in
            var digits = DigitReader(bytes)
            guard let year = digits.number(4), digits.skip("-"), let month = digits.number(2), digits.skip("-"),
                let day = digits.number(2), digits.isAtEnd
            else { return nil }
            return CivilDate(year: year, month: month, day: day)
        }
        guard let date else { return nil }
        self = date
    }

    /// The year, the month (1 to 12) and the day of the month (1 to 31).
    public var components: (year: Int, month: Int, day: Int) {
        let z = daysSince1970 + 719_468
        let era = z.flooredQuotient(by: 146_097)
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    public var weekday: Weekday {
        // 1970-01-01 was a Thursday.
        let n = daysSince1970 + 3
        return Weekday(rawValue: n - n.flooredQuotient(by: 7) * 7)!
    }

    public static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func < (a: CivilDate, b: CivilDate) -> Bool { a.daysSince1970 < b.daysSince1970 }
    public static func + (a: CivilDate, days: Int) -> CivilDate { CivilDate(daysSince1970: a.daysSince1970 + days) }
    public static func - (a: CivilDate, days: Int) -> CivilDate { CivilDate(daysSince1970: a.daysSince1970 - days) }

    public var description: String {
        let (year, month, day) = components
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}

/// A day of the week, Monday first as in ISO 8601.
public enum Weekday: Int, CaseIterable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// `mon`, `tue`, … as packs write it.
    public var shortName: String { String(String(describing: self).prefix(3)) }
}
