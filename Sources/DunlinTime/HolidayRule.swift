// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A holiday as a law states it: on which days of which years, and which day stands in for it.
public struct HolidayRule: Hashable, Sendable {
    public var name: String
    public var day: Day
    /// The first and the last year it is kept; nil for no bound.
    public var firstYear: Int?
    public var lastYear: Int?
    /// Years between those in which it is not kept.
    public var exceptYears: [Int]
    /// Only a day that falls on one of these counts; empty for any.
    public var weekdays: [Weekday]
    /// The first that applies to a day is taken.
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
        /// Days after Easter Sunday, negative before.
        case easter(Int, Church)
        /// The dates of a holiday that comes again, for those of a calendar that is not the Gregorian one or that are
        /// proclaimed: the years after the last are not known yet.
        case dates([CivilDate])
        /// Dates that do not come again.
        case only([CivilDate])
    }

    /// Whose Easter.
    public enum Church: Hashable, Sendable { case western, orthodox }

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

    public init(
        name: String, day: Day, firstYear: Int? = nil, lastYear: Int? = nil, exceptYears: [Int] = [],
        weekdays: [Weekday] = [], substitutes: [Substitute] = []
    ) {
        self.name = name
        self.day = day
        (self.firstYear, self.lastYear, self.exceptYears) = (firstYear, lastYear, exceptYears)
        self.weekdays = weekdays
        self.substitutes = substitutes
    }

    /// The first year of which a list has no dates any more; nil if the rule holds for ever or has ended.
    public var knownUntil: Int? {
        guard case .dates(let dates) = day, let last = dates.max()?.components.year else { return nil }
        return last < lastYear ?? .max ? last + 1 : nil
    }

    /// The dates that a year's holiday falls on (a neighbouring year's, rarely), without those that stand in for it.
    func dates(in year: Int) -> [CivilDate] {
        guard firstYear ?? year <= year, year <= lastYear ?? year, !exceptYears.contains(year) else { return [] }
        let dates: [CivilDate]
        switch day {
        case .fixed(let date): dates = date.date(in: year).map { [$0] } ?? []
        case .nth(let n, let weekday, let month): dates = weekday.nth(n, year: year, month: month).map { [$0] } ?? []
        case .onOrAfter(let weekday, let date): dates = date.date(in: year).map { [weekday.onOrAfter($0)] } ?? []
        case .onOrBefore(let weekday, let date): dates = date.date(in: year).map { [weekday.onOrBefore($0)] } ?? []
        case .easter(let days, .western): dates = CivilDate.easterSunday(year).map { [$0 + days] } ?? []
        case .easter(let days, .orthodox): dates = CivilDate.orthodoxEasterSunday(year).map { [$0 + days] } ?? []
        case .dates(let list), .only(let list): dates = list.filter { $0.components.year == year }
        }
        return weekdays.isEmpty ? dates : dates.filter { weekdays.contains($0.weekday) }
    }
}
