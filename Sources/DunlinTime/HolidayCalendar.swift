// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// The holidays of a place.
///
/// A holiday that has a stand-in is kept on both days: where nobody may be contacted on a holiday, neither is safe.
public struct HolidayCalendar: Sendable {
    public let rules: [HolidayRule]
    private let years = Years()

    public init(rules: [HolidayRule]) { self.rules = rules }

    /// The name of the holiday on a day, with “(observed)” where it stands in for another; nil if there is none.
    public func holiday(on date: CivilDate) -> String? {
        if rules.isEmpty { return nil }
        return table(of: date.components.year)[date]
    }

    /// The holidays of a year in the order of their dates, one a day.
    public func holidays(in year: Int) -> [(date: CivilDate, name: String)] {
        table(of: year).map { (date: $0.key, name: $0.value) }.sorted { $0.date < $1.date }
    }

    private func table(of year: Int) -> [CivilDate: String] {
        if let table = years.tables.withLock({ $0[year] }) { return table }
        let table = makeTable(of: year)
        years.tables.withLock { tables in
            if tables.count >= 64 { tables.removeAll() }
            tables[year] = table
        }
        return table
    }

    /// The first rule names a day, holidays proper before stand-ins.
    private func makeTable(of year: Int) -> [CivilDate: String] {
        var table: [CivilDate: String] = [:]
        var standIns: [(CivilDate, String)] = []
        for rule in rules {
            // A new year's day may be observed on the last day of the year before.
            for date in (year - 1...year + 1).flatMap(rule.dates) {
                table[date] = table[date] ?? rule.name
                if let standIn = rule.standIn(for: date) { standIns.append((standIn, "\(rule.name) (observed)")) }
            }
        }
        table.merge(standIns) { first, _ in first }
        return table.filter { $0.key.components.year == year }
    }

    /// The years worked out so far.
    private final class Years: Sendable {
        let tables = Mutex<[Int: [CivilDate: String]]>([:])
    }
}
