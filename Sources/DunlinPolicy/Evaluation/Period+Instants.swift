// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// From when to when a contact counts. A contact later than now (the clock was set back) counts too.
extension Period {
    /// Contacts at or after this instant count now.
    func start(at clock: LocalClock) -> Instant {
        switch self {
        case .hours(let n): Instant(milliseconds: clock.now.milliseconds - Int64(n) * 3_600_000 + 1)
        case .days(let n): clock.zone.start(of: clock.date - (n - 1))
        case .calendar(let unit): clock.zone.start(of: unit.firstDay(around: clock.date))
        }
    }

    /// The first instant at which a contact at `contact` counts no more.
    func end(of contact: Instant, in zone: Zone) -> Instant {
        switch self {
        case .hours(let n): contact + .hours(Int64(n))
        case .days(let n): zone.start(of: LocalClock(zone, at: contact).date + n)
        case .calendar(let unit): zone.start(of: unit.firstDay(after: LocalClock(zone, at: contact).date))
        }
    }

    /// No contact older than this, in milliseconds, counts in any zone. A day may last 25 hours, hence one day more.
    var lookback: Int64 {
        switch self {
        case .hours(let n): Int64(n) * 3_600_000
        case .days(let n): (Int64(n) + 1) * DayHours.dayLength
        case .calendar(.day): 2 * DayHours.dayLength
        case .calendar(.week): 8 * DayHours.dayLength
        case .calendar(.month): 32 * DayHours.dayLength
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
