// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The most that a gateway may cost on one day.
public struct DailyLimit: Hashable, Sendable {
    public var amount: Price
    /// The IANA zone whose days count; nil for UTC.
    public var zone: String?

    public init(amount: Price, zone: String? = nil) {
        self.amount = amount
        self.zone = zone
    }
}

/// Counts what a gateway costs, day by day, and says when a day's money is spent.
///
/// Amounts are millionths of the unit of the price list's currency. The caller says which day it is.
public struct Budget: Sendable {
    /// Nil: it only counts.
    public var limit: Int64?
    private var day: CivilDate?
    private var spent: Int64 = 0

    public init(limit: Int64?) { self.limit = limit }

    /// Of a day before the newest one: what that one cost, so that a clock that steps back cannot reopen it.
    public func spent(on day: CivilDate) -> Int64 { self.day.map { day <= $0 } ?? false ? spent : 0 }

    /// Whether one more message of this price would be too much.
    public func isSpent(on day: CivilDate, next price: Int64) -> Bool {
        limit.map { spent(on: day) + price > $0 } ?? false
    }

    public mutating func charge(_ amount: Int64, on day: CivilDate) {
        if self.day.map({ day > $0 }) ?? true { (self.day, spent) = (day, 0) }
        spent += amount
    }

    /// Gives back what was charged on `day`; only today's money can be spent again.
    public mutating func refund(_ amount: Int64, of day: CivilDate) {
        if day == self.day { spent = max(0, spent - amount) }
    }
}
