// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// How long a contact counts.
public enum Period: Sendable, CustomStringConvertible {
    /// The unit of a calendar period; weeks begin on Monday.
    public enum Unit: String, CaseIterable, Sendable {
        case day, week, month
    }

    /// So many times 60 seconds, to the millisecond.
    case minutes(Int)
    /// So many times 3,600 seconds, to the millisecond.
    case hours(Int)
    /// So many consecutive days of the recipient's calendar, the contact's own day being the first.
    case days(Int)
    /// To the day before the same day of a later month.
    case months(Int)
    /// So many days after the contact's own that are no weekend and no holiday.
    case businessDays(Int, HolidayCalendar)
    /// To the end of the recipient's calendar day, week or month.
    case calendar(Unit)

    /// Whether it goes by days of a calendar and not by the clock alone.
    var isOfDays: Bool {
        switch self {
        case .minutes, .hours: false
        default: true
        }
    }

    /// `7 days`.
    public var length: String {
        func plural(_ n: Int, _ noun: String) -> String { n == 1 ? "1 \(noun)" : "\(n) \(noun)s" }
        switch self {
        case .minutes(let n): return plural(n, "minute")
        case .hours(let n): return plural(n, "hour")
        case .days(let n): return plural(n, "day")
        case .months(let n): return n % 12 == 0 ? plural(n / 12, "year") : plural(n, "month")
        case .businessDays(let n, _): return plural(n, "business day")
        case .calendar(let unit): return "the calendar \(unit.rawValue)"
        }
    }

    /// `in 7 days`.
    public var description: String { "in \(length)" }
}

/// From when to when a contact counts. A contact later than now (the clock was set back) counts too.
extension Period {
    /// Contacts at or after this instant count now.
    func start(at clock: LocalClock) -> Instant {
        switch self {
        case .minutes(let n): Instant(milliseconds: clock.now.milliseconds - Int64(n) * 60_000 + 1)
        case .hours(let n): Instant(milliseconds: clock.now.milliseconds - Int64(n) * 3_600_000 + 1)
        case .days(let n): clock.zone.start(of: clock.date - (n - 1))
        case .calendar(let unit): clock.zone.start(of: unit.firstDay(around: clock.date))
        case .months, .businessDays:
            // The first of the days whose contacts still count.
            clock.zone.start(
                of: (0...mostDays).lazy.map { clock.date - (mostDays - $0) }.first { firstDay(after: $0) > clock.date }
                    ?? clock.date)
        }
    }

    /// The first instant at which a contact at `contact` counts no more.
    func end(of contact: Instant, in zone: Zone) -> Instant {
        switch self {
        case .minutes(let n): contact + .minutes(Int64(n))
        case .hours(let n): contact + .hours(Int64(n))
        default: zone.start(of: firstDay(after: LocalClock(zone, at: contact).date))
        }
    }

    /// The first day on which a contact of `date` counts no more.
    private func firstDay(after date: CivilDate) -> CivilDate {
        switch self {
        case .minutes, .hours: date + 1
        case .days(let n): date + n
        case .months(let n): date.sameDay(monthsLater: n)
        case .businessDays(let n, let calendar): date.dayAfter(n, calendar)
        case .calendar(let unit): unit.firstDay(after: date)
        }
    }

    /// No contact older than this many days counts.
    private var mostDays: Int {
        switch self {
        case .minutes(let n): n / 1440 + 1
        case .hours(let n): n / 24 + 1
        case .days(let n): n
        case .months(let n): 31 * n + 1
        // A country that kept every other working day as a holiday would still be covered.
        case .businessDays(let n, _): 3 * n + 30
        case .calendar(.day): 1
        case .calendar(.week): 7
        case .calendar(.month): 31
        }
    }

    /// No contact older than this, in milliseconds, counts in any zone. A day may last 25 hours, hence one day more.
    var lookback: Int64 {
        switch self {
        case .minutes(let n): Int64(n) * 60_000
        case .hours(let n): Int64(n) * 3_600_000
        default: Int64(mostDays + 1) * DayHours.dayLength
        }
    }
}

extension Period.Unit {
    /// The first day of the calendar period that `date` is in.
    func firstDay(around date: CivilDate) -> CivilDate {
        switch self {
        case .day: date
        case .week: date - date.weekday.rawValue
        case .month: date - (date.components.day - 1)
        }
    }

    /// The first day of the calendar period after the one that `date` is in.
    func firstDay(after date: CivilDate) -> CivilDate {
        switch self {
        case .day: return date + 1
        case .week: return firstDay(around: date) + 7
        case .month:
            let (year, month, _) = date.components
            return firstDay(around: date) + CivilDate.daysIn(month: month, year: year)
        }
    }
}

extension CivilDate {
    /// The same day `months` later; the first of the month after where that month has no such day.
    func sameDay(monthsLater months: Int) -> CivilDate {
        let (year, month, day) = components
        let index = year * 12 + month - 1 + months
        let (y, m) = (index / 12, index % 12 + 1)
        let first = CivilDate(year: y, month: m, day: 1)!
        return CivilDate(year: y, month: m, day: day) ?? first + CivilDate.daysIn(month: m, year: y)
    }

    /// The day after the `n`th day after this one that is no weekend and no holiday.
    func dayAfter(_ n: Int, _ calendar: HolidayCalendar) -> CivilDate {
        var (date, left) = (self, n)
        while left > 0 {
            date = date + 1
            if date.weekday.rawValue < 5, calendar.holiday(on: date) == nil { left -= 1 }
        }
        return date + 1
    }
}
