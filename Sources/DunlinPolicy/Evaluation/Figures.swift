// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// What a rule compared.
enum Figures: Sendable {
    /// A window by the clock of one zone; `opens` where it is shut, nil for never.
    case clock(Reading, isOpen: Bool, opens: Instant?)
    case count(FrequencyCap, used: Int64, released: Instant?)
    /// The event that a cool-off goes by, if one is in force, and when it ends.
    case coolOff(CoolOff, ContactKind?, released: Instant?)
    case text(String)

    /// A window's hours on one day, and the time by one clock.
    struct Reading: Sendable {
        let window: ContactWindow
        let zone: Zone
        let date: CivilDate
        /// Milliseconds after local midnight.
        let time: Int64

        init(_ window: ContactWindow, _ clock: LocalClock) {
            (self.window, zone, date, time) = (window, clock.zone, clock.date, clock.time)
        }
    }

    var text: String {
        switch self {
        case .clock(let reading, let isOpen, let opens):
            return isOpen ? reading.text(isOpen: true) : reading.text(isOpen: false) + Figures.opening(opens)
        case .count(let cap, let used, let released):
            return cap.figures(used: used) + (released.map { ", again from \($0)" } ?? "")
        case .coolOff(let coolOff, let kind, let released):
            guard let kind, let released else { return coolOff.clear }
            let end = released == .distantFuture ? "until it is lifted" : "again from \(released)"
            if case .period(let period) = coolOff.length { return "\(kind.rawValue) \(period), \(end)" }
            return "\(kind.rawValue), \(end)"
        case .text(let text): return text
        }
    }

    private static func opening(_ opens: Instant?) -> String { opens.map { ", open from \($0)" } ?? ", never open" }
}

extension Figures.Reading {
    private static let weekdays = Weekday.allCases.map {
        $0.shortName.prefix(1).uppercased() + $0.shortName.dropFirst()
    }

    /// `09:14:07 Thu America/New_York within 08:00-21:00`, or `…, closed (Thanksgiving)` on a holiday.
    func text(isOpen: Bool) -> String {
        let day = window.hours(on: date)
        let verdict = isOpen ? " within " : day.hours.intervals.isEmpty ? ", " : " outside "
        let holiday = day.holiday.map { " (\($0))" } ?? ""
        let weekday = Figures.Reading.weekdays[date.weekday.rawValue]
        return "\(timeText(withMilliseconds: !isOpen)) \(weekday) \(zone.name)\(verdict)\(day.hours)\(holiday)"
    }

    /// `hh:mm:ss`, and parts of a second where they matter: half a second past the end would look like the end.
    private func timeText(withMilliseconds: Bool) -> String {
        let second = Int(time / 1000)
        let milliseconds = Int(time % 1000)
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let clock = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
        guard withMilliseconds, milliseconds != 0 else { return clock }
        return "\(clock).\(milliseconds < 100 ? "0" : "")\(two(milliseconds))"
    }
}
