// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// The holidays of a place.
///
/// A holiday that has a stand-in is kept on both days, unless the law moves it: where nobody may be contacted on a
/// holiday, neither is safe.
public struct HolidayCalendar: Sendable {
    /// The calendars that it adds to.
    let bases: [HolidayCalendar]
    /// The calendar's own rules, without those of the calendars that it joins.
    public let rules: [HolidayRule]
    private let years = HolidayYears()

    public init(rules: [HolidayRule]) { self.init(bases: [], rules: rules) }

    private init(bases: [HolidayCalendar], rules: [HolidayRule]) { (self.bases, self.rules) = (bases, rules) }

    /// The days that are a holiday in any of `calendars` or by `rules`; a day has the first name it is found under.
    ///
    /// Stand-ins are found within each calendar for itself; those of `rules` heed all calendars.
    public static func union(_ calendars: [HolidayCalendar], adding rules: [HolidayRule] = []) -> HolidayCalendar {
        HolidayCalendar(bases: calendars, rules: rules)
    }

    /// The first year of which a listed holiday has no dates any more; nil if all are computed.
    public var knownUntil: Int? { (bases.map(\.knownUntil) + rules.map(\.knownUntil)).compactMap { $0 }.min() }

    /// The name of the holiday on a day, with “(observed)” where it stands in for another; nil if there is none.
    public func holiday(on date: CivilDate) -> String? {
        if rules.isEmpty, bases.isEmpty { return nil }
        return holidayYear(date.components.year).name(on: date)
    }

    /// The holidays of a year in the order of their dates, one a day.
    public func holidays(in year: Int) -> [(date: CivilDate, name: String)] { holidayYear(year).holidays }

    private func holidayYear(_ year: Int) -> HolidayYear {
        years.year(year) { HolidayYear(year: year, holidays: makeTable(of: year)) }
    }

    /// Holidays proper name a day before stand-ins do, and the bases before the calendar's own rules.
    private func makeTable(of year: Int) -> [CivilDate: String] {
        // A new year's day may be observed on the last day of the year before.
        let years = year - 1...year + 1
        var table: [CivilDate: String] = [:]
        for base in bases {
            for (date, name) in years.flatMap(base.holidays) { table[date] = table[date] ?? name }
        }

        var moved: [(from: CivilDate, to: HolidayRule.Substitute, name: String)] = []
        for rule in rules {
            for date in years.flatMap(rule.dates) {
                let substitute = rule.substitutes.first {
                    switch $0.occasion {
                    case .weekday(let weekday): weekday == date.weekday
                    case .holiday: table[date] != nil
                    }
                }
                if let substitute { moved.append((date, substitute, rule.name)) }
                if substitute?.moves != true { table[date] = table[date] ?? rule.name }
            }
        }
        // In the order of the calendar: the second day of a feast finds its workday after the first.
        var isFree = Set(table.keys)
        for (date, substitute, name) in moved.enumerated().sorted(by: { ($0.1.from, $0.0) < ($1.1.from, $1.0) }).map(
            \.1)
        {
            let standIn = substitute.standIn(for: date) { isFree.contains($0) }
            isFree.insert(standIn)
            table[standIn] = table[standIn] ?? "\(name) (observed)"
        }
        return table.filter { $0.key.components.year == year }
    }
}
