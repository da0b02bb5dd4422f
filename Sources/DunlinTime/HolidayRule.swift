// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A holiday as a law states it: on which days of which years, and which day stands in for it.
public struct HolidayRule: Hashable, Sendable {
    public var name: String
    public var day: Day
    /// The first and the last year it is kept; nil for no bound.
    public var firstYear: Int?
    public var lastYear: Int?
    public var substitutes: [Substitute]

    public enum Day: Hashable, Sendable {
        /// The same date each year; February 29 only in leap years.
        case fixed(MonthDay)
        /// The `n`th weekday of a month (1 to 12), 1 to 5 or -1 for the last; none in a month with fewer.
        case nth(Int, Weekday, month: Int)
        /// The nearest such weekday that is not before the date.
        case onOrAfter(Weekday, MonthDay)
        /// The nearest such weekday that is not after the date.
        case onOrBefore(Weekday, MonthDay)
        /// Days after Easter Sunday of the western churches, negative before.
        case easter(Int)
        /// Single dates, for holidays of a calendar that is not the Gregorian one or that are proclaimed.
        case dates([CivilDate])
    }

    /// A date without a year.
    public struct MonthDay: Hashable, Sendable {
        public let month: Int
        public let day: Int

        /// Nil if no year has such a date.
        public init?(month: Int, day: Int) {
            guard CivilDate(year: 2000, month: month, day: day) != nil else { return nil }
            (self.month, self.day) = (month, day)
        }

        func date(in year: Int) -> CivilDate? { CivilDate(year: year, month: month, day: day) }
    }

    /// If the holiday falls on `weekday`, then `standIn`, the nearest such day, is one too.
    public struct Substitute: Hashable, Sendable {
        public var weekday: Weekday
        public var standIn: Weekday

        public init(on weekday: Weekday, standIn: Weekday) { (self.weekday, self.standIn) = (weekday, standIn) }

        /// Days from the holiday to the day that stands in for it: -3 to 3.
        var distance: Int { (standIn.rawValue - weekday.rawValue + 10) % 7 - 3 }
    }

    public init(
        name: String, day: Day, firstYear: Int? = nil, lastYear: Int? = nil, substitutes: [Substitute] = []
    ) {
        self.name = name
        self.day = day
        (self.firstYear, self.lastYear) = (firstYear, lastYear)
        self.substitutes = substitutes
    }

    /// The dates that a year's holiday falls on (a neighbouring year's, rarely), without those that stand in for it.
    func dates(in year: Int) -> [CivilDate] {
        guard firstYear ?? year <= year, year <= lastYear ?? year else { return [] }
        switch day {
        case .fixed(let date): return date.date(in: year).map { [$0] } ?? []
        case .nth(let n, let weekday, let month): return weekday.nth(n, year: year, month: month).map { [$0] } ?? []
        case .onOrAfter(let weekday, let date): return date.date(in: year).map { [weekday.onOrAfter($0)] } ?? []
        case .onOrBefore(let weekday, let date): return date.date(in: year).map { [weekday.onOrBefore($0)] } ?? []
        case .easter(let days): return CivilDate.easterSunday(year).map { [$0 + days] } ?? []
        case .dates(let dates): return dates.filter { $0.components.year == year }
        }
    }

    /// The day that stands in for a date of the holiday.
    func standIn(for date: CivilDate) -> CivilDate? {
        substitutes.first { $0.weekday == date.weekday }.map { date + $0.distance }
    }
}

extension CivilDate {
    /// Easter Sunday of the Gregorian calendar; nil before 1583, its first year.
    ///
    /// The anonymous algorithm of 1876: J. Meeus, Astronomical Algorithms, chapter 8.
    static func easterSunday(_ year: Int) -> CivilDate? {
        guard year >= 1583 else { return nil }
        let (century, yearOfCentury) = (year / 100, year % 100)
        let goldenNumber = year % 19
        let lunarCorrection = (century - (century + 8) / 25 + 1) / 3
        let epact = (19 * goldenNumber + century - century / 4 - lunarCorrection + 15) % 30
        let toSunday = (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4) % 7
        let early = (goldenNumber + 11 * epact + 22 * toSunday) / 451
        let fromMarch = epact + toSunday - 7 * early + 114
        return CivilDate(year: year, month: fromMarch / 31, day: fromMarch % 31 + 1)
    }
}
