// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// The contact hours of a week; outside them are the quiet hours.
public final class ContactWindow: Sendable {
    public enum WhoseClock: Hashable, Sendable {
        /// The recipient's; where several zones are possible, the hours must be open in all of them.
        case recipient
        /// That of a fixed IANA zone, wherever the recipient is.
        case zone(String)
    }

    /// Hours that replace the weekday's on a holiday.
    struct HolidayHours: Sendable {
        var calendar: HolidayCalendar
        var hours: DayHours
    }

    /// Monday first.
    let week: [DayHours]
    /// Nil: holidays are like any other day.
    let holidays: HolidayHours?
    public let clock: WhoseClock
    /// How much later than it is sent a message may arrive, in milliseconds: the hours must not be over by then.
    let margin: Int64
    /// Whether it never shuts.
    let isAlwaysOpen: Bool
    /// The intervals of the week in one row, and where each day's begin: asked on every send, without copying a day.
    private let intervals: [DayHours.Interval]
    private let starts: [Int32]

    init(week: [DayHours], holidays: HolidayHours?, clock: WhoseClock, margin: Int64 = 0) {
        self.margin = margin
        self.week = week
        self.holidays = holidays
        self.clock = clock
        intervals = week.flatMap(\.intervals)
        starts = week.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.intervals.count)) }
        isAlwaysOpen = holidays == nil && week.allSatisfy { $0 == .wholeDay }
    }

    /// Shut at the hours that a person has blocked: from the first instant up to the last, which is free again.
    convenience init(blocking blocked: BlockedHours) {
        let (from, until) = (Int64(blocked.from) * 60_000, Int64(blocked.until) * 60_000)
        let rest = [0..<from, until..<DayHours.dayLength].filter { !$0.isEmpty }
        let free = DayHours(intervals: rest, description: "all but what the person blocked")
        self.init(
            week: Weekday.allCases.map { blocked.contains($0) ? free : .wholeDay }, holidays: nil, clock: .recipient)
    }

    /// The hours of a day, and the name of the holiday if it is one for this window.
    func hours(on date: CivilDate) -> (hours: DayHours, holiday: String?) {
        if let holidays, let name = holidays.calendar.holiday(on: date) { return (holidays.hours, name) }
        return (week[date.weekday.rawValue], nil)
    }

    /// The interval that holds a time of a day, milliseconds after midnight, and whether the day is a holiday.
    func interval(on date: CivilDate, at time: Int64) -> (interval: DayHours.Interval?, isHoliday: Bool) {
        if let holidays, holidays.calendar.holiday(on: date) != nil {
            return (holidays.hours.interval(at: time), true)
        }
        let day = date.weekday.rawValue
        for place in Int(starts[day])..<Int(starts[day + 1]) where intervals[place].contains(time) {
            return (intervals[place], false)
        }
        return (nil, false)
    }

    /// Whether no weekday has an hour in it.
    var neverOpens: Bool { week.allSatisfy(\.intervals.isEmpty) }
}

/// The intervals of one day in which contact is allowed.
public struct DayHours: Hashable, Sendable, CustomStringConvertible {
    /// Milliseconds after local midnight by the wall clock, half-open.
    typealias Interval = Range<Int64>

    static let dayLength: Int64 = 86_400_000
    static let closed = DayHours(intervals: [], description: "closed")
    static let wholeDay = DayHours(intervals: [0..<dayLength], description: "00:00-24:00")

    /// In order, with time between each two.
    let intervals: [Interval]
    /// As the pack writes it: `08:00-12:00, 13:00-21:00` or `closed`.
    public let description: String

    /// From `from` to `until`, in minutes after midnight. Both ends are inside, as Regulation F has it: with 21:00 as the
    /// end, exactly 21:00:00.000 is allowed and the next millisecond is not. 24:00 ends the day: the midnight that
    /// follows belongs to the next day.
    static func interval(from: Int, until: Int, endIncluded: Bool = true) -> Interval {
        Int64(from) * 60_000..<min(Int64(until) * 60_000 + (endIncluded ? 1 : 0), dayLength)
    }

    /// The interval that holds `time`, milliseconds after midnight.
    func interval(at time: Int64) -> Interval? { intervals.first { $0.contains(time) } }

    /// The first allowed time of day at or after `time`.
    func opening(from time: Int64) -> Int64? {
        intervals.first { time < $0.upperBound }.map { max(time, $0.lowerBound) }
    }
}
