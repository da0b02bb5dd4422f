// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension HolidayRule {
    /// What a law says of a holiday that falls on a day that is free anyway.
    public struct Substitute: Hashable, Sendable {
        public var occasion: Occasion
        public var target: Target
        /// Whether the day itself is then no holiday.
        public var moves: Bool

        public enum Occasion: Hashable, Sendable {
            case weekday(Weekday)
            /// A holiday further up in the calendar falls on the same day.
            case holiday
        }

        public enum Target: Hashable, Sendable {
            /// Up to three days before or after.
            case nearest(Weekday)
            case next(Weekday)
            case previous(Weekday)
            /// The next day from Monday to Friday that is neither a holiday nor stands in for one.
            case nextWorkday
            case previousWorkday
        }

        public init(on occasion: Occasion, standIn target: Target, moves: Bool = false) {
            (self.occasion, self.target, self.moves) = (occasion, target, moves)
        }

        /// The day that stands in for `date`; `isFree` tells the holidays so far.
        func standIn(for date: CivilDate, isFree: (CivilDate) -> Bool) -> CivilDate {
            switch target {
            case .nearest(let weekday): date + (weekday.rawValue - date.weekday.rawValue + 10) % 7 - 3
            case .next(let weekday): weekday.onOrAfter(date + 1)
            case .previous(let weekday): weekday.onOrBefore(date - 1)
            case .nextWorkday: workday(from: date, by: 1, isFree)
            case .previousWorkday: workday(from: date, by: -1, isFree)
            }
        }

        private func workday(from date: CivilDate, by step: Int, _ isFree: (CivilDate) -> Bool) -> CivilDate {
            var date = date + step
            while date.weekday == .saturday || date.weekday == .sunday || isFree(date) { date = date + step }
            return date
        }
    }
}
