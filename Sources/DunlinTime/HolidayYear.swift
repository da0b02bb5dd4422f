// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// The holidays of one year: a bit for each day, and the names aside.
final class HolidayYear: Sendable {
    /// In the order of their dates.
    let holidays: [(date: CivilDate, name: String)]
    private let firstDay: Int
    private let bits: InlineArray<6, UInt64>

    init(year: Int, holidays: [CivilDate: String]) {
        self.holidays = holidays.map { (date: $0.key, name: $0.value) }.sorted { $0.date < $1.date }
        firstDay = CivilDate(year: year, month: 1, day: 1)!.daysSince1970
        var bits = InlineArray<6, UInt64>(repeating: 0)
        for date in holidays.keys {
            let day = date.daysSince1970 - firstDay
            bits[day / 64] |= 1 << UInt64(day % 64)
        }
        self.bits = bits
    }

    /// The name of the holiday on a day of this year.
    func name(on date: CivilDate) -> String? {
        let day = date.daysSince1970 - firstDay
        guard bits[day / 64] >> UInt64(day % 64) & 1 == 1 else { return nil }
        return holidays.first { $0.date == date }?.name
    }
}

/// The years worked out so far, each once, read without a lock.
///
/// Atomic<Unmanaged>, as AtomicLazyReference is not specialized and takes as long again as the whole lookup.
final class HolidayYears: Sendable {
    private static let first = 1970
    private let years = InlineArray<131, Atomic<Unmanaged<HolidayYear>?>> { _ in Atomic(nil) }

    /// The year, worked out by `make` the first time; always, outside 1970 to 2100.
    func year(_ year: Int, make: () -> HolidayYear) -> HolidayYear {
        let index = year - HolidayYears.first
        guard years.indices.contains(index) else { return make() }
        if let known = years[index].load(ordering: .acquiring) { return known.takeUnretainedValue() }

        let made = Unmanaged.passRetained(make())
        let (isFirst, other) = years[index].compareExchange(
            expected: nil, desired: made, ordering: .acquiringAndReleasing)
        guard !isFirst, let other else { return made.takeUnretainedValue() }
        made.release()
        return other.takeUnretainedValue()
    }

    deinit {
        for index in years.indices { years[index].load(ordering: .acquiring)?.release() }
    }
}
