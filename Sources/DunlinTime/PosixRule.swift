// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The rule in the footer of a TZif file, such as `EST5EDT,M3.2.0,M11.1.0`.
///
/// Source: POSIX.1-2017, section 8.3 (`TZ`), with times from -167 to 167 hours (RFC 9636, section 3.3.2).
struct PosixRule: Hashable, Sendable {
    /// Seconds east of UTC.
    var standard: Int
    var daylight: Daylight?

    struct Daylight: Hashable, Sendable {
        /// Seconds east of UTC; less than standard time where winter is the exception (Europe/Dublin).
        var offset: Int
        var start: Changeover
        var end: Changeover
    }

    /// When a year's change comes.
    struct Changeover: Hashable, Sendable {
        var day: Day
        /// Seconds after local midnight as clocks show it just before the change; may be negative or beyond a day.
        var time: Int
    }

    enum Day: Hashable, Sendable {
        /// `Jn`: 1 to 365, February 29 is never counted.
        case withoutLeapDay(Int)
        /// `n`: 0 to 365, February 29 is counted.
        case zeroBased(Int)
        /// `Mm.w.d`: week 5 is the last.
        case weekday(Weekday, week: Int, month: Int)

        func date(in year: Int) -> CivilDate {
            let newYear = CivilDate(year: year, month: 1, day: 1)!
            switch self {
            case .zeroBased(let n): return newYear + n
            case .withoutLeapDay(let n):
                let isLeap = CivilDate.daysIn(month: 2, year: year) == 29
                return newYear + (isLeap && n >= 60 ? n : n - 1)
            case .weekday(let weekday, let week, let month):
                return weekday.nth(week == 5 ? -1 : week, year: year, month: month)!
            }
        }
    }

    /// The changes after the first instant of 1970, up to and with the first of 2370.
    func cycle() -> OffsetTable {
        guard let daylight else { return OffsetTable(initial: standard, changes: []) }
        var initial = standard
        var changes: [(time: Int64, offset: Int)] = []
        for period in daylightPeriods(daylight, years: 1968...2371) {
            if period.start <= 0, period.end > 0 { initial = daylight.offset }
            changes.append((period.start, daylight.offset))
            changes.append((period.end, standard))
        }
        let window = 1...ZoneOffsets.secondsIn400Years
        return OffsetTable(initial: initial, changes: changes.filter { window.contains($0.time) })
    }

    /// The periods of daylight saving time, in ascending order, those that touch joined to one: daylight saving time all
    /// year is written as periods that end when the next begins (RFC 9636, section 3.3.1).
    private func daylightPeriods(_ daylight: Daylight, years: ClosedRange<Int>) -> [(start: Int64, end: Int64)] {
        func utc(_ changeover: Changeover, _ year: Int, before offset: Int) -> Int64 {
            Int64(changeover.day.date(in: year).daysSince1970) * 86400 + Int64(changeover.time - offset)
        }
        var periods: [(start: Int64, end: Int64)] = []
        for year in years {
            let start = utc(daylight.start, year, before: standard)
            var end = utc(daylight.end, year, before: daylight.offset)
            if end <= start { end = utc(daylight.end, year + 1, before: daylight.offset) }
            if let last = periods.last, start <= last.end {
                periods[periods.count - 1].end = max(last.end, end)
            } else {
                periods.append((start, end))
            }
        }
        return periods
    }
}

extension Weekday {
    /// The `n`th such day of a month, counted from the end if negative; nil if the month has no so many.
    func nth(_ n: Int, year: Int, month: Int) -> CivilDate? {
        guard n != 0, let first = CivilDate(year: year, month: month, day: 1) else { return nil }
        let length = CivilDate.daysIn(month: month, year: year)
        let date = n > 0 ? onOrAfter(first) + (n - 1) * 7 : onOrBefore(first + (length - 1)) + (n + 1) * 7
        return date >= first && date < first + length ? date : nil
    }

    func onOrAfter(_ date: CivilDate) -> CivilDate { date + (rawValue - date.weekday.rawValue + 7) % 7 }
    func onOrBefore(_ date: CivilDate) -> CivilDate { date - (date.weekday.rawValue - rawValue + 7) % 7 }
}
