// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A civil date and a time of day as a clock on the wall shows them, without a zone; parts of a second are dropped.
public struct LocalTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var date: CivilDate
    /// Seconds since local midnight, 0 to 86,399.
    public var secondOfDay: Int

    public init(date: CivilDate, secondOfDay: Int) {
        self.date = date
        self.secondOfDay = secondOfDay
    }

    /// The wall clock `seconds` after 1970-01-01 00:00:00 of the same wall clock.
    init(secondsSince1970 seconds: Int64) {
        let days = seconds.flooredQuotient(by: 86400)
        self.init(date: CivilDate(daysSince1970: Int(days)), secondOfDay: Int(seconds - days * 86400))
    }

    /// Seconds since 1970-01-01 00:00:00 of the same wall clock.
    var secondsSince1970: Int64 { Int64(date.daysSince1970) * 86400 + Int64(secondOfDay) }

    public static func < (a: LocalTime, b: LocalTime) -> Bool { (a.date, a.secondOfDay) < (b.date, b.secondOfDay) }

    /// Such as `2026-11-25 09:30:00`.
    public var description: String {
        let clock = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(date) \(clock.joined(separator: ":"))"
    }
}
