// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// What a rule compared. Numbers only: it becomes text when somebody reads it.
enum Figures: Sendable {
    /// Nothing that the rule heeds has happened.
    case clear
    /// A window by the clock of one zone.
    case clock(Reading)
    case count(used: Int64, released: Instant?)
    /// The event that a cool-off goes by, and when it ends.
    case event(ContactKind, released: Instant)
    /// The event that was needed, and when it was.
    case since(ContactKind, Instant)
    case contact(Purpose, Role)
    /// A message that complies, and what is added to it for that.
    case notices(added: NoticeChoice)
    /// A place among the words that were said.
    case text(Int32)

    /// The time by one clock, and what a window says of it.
    struct Reading: Sendable {
        /// Where the zone is among those that were read.
        let zone: Int32
        let isOpen: Bool
        /// Where it is shut; `distantFuture` for never.
        let opens: Instant
        let date: CivilDate
        /// Milliseconds after local midnight.
        let time: Int64
    }

    /// - Parameter rule: the one that compared. Empty for clocks and words, which need more.
    func text(of rule: Rule) -> String {
        switch (self, rule.kind) {
        case (.clear, .coolOff(let coolOff)): coolOff.clear
        case (.clear, .oneChannel(let one)): "over no other channel \(one.period)"
        case (.clear, .borrowerHours): "no hours blocked by the person"
        case (.notices(let added), .content(let content)): content.text(adding: added)
        case (.clear, _): "nothing against it"
        case (.count(let used, let released), .cap(let cap)):
            cap.figures(used: used) + (released.map { ", again from \($0)" } ?? "")
        case (.event(let kind, let released), .coolOff(let coolOff)):
            "\(kind.rawValue)\(coolOff.span), "
                + (released == .distantFuture ? "until it is lifted" : "again from \(released)")
        case (.since(let kind, let instant), _): "\(kind.rawValue) of \(instant)"
        case (.contact(let purpose, let role), _): "\(purpose.rawValue) to \(role.rawValue)"
        default: ""
        }
    }
}

extension CoolOff {
    fileprivate var span: String { if case .period(let period) = length { " \(period)" } else { "" } }
}

extension Figures.Reading {
    private static let weekdays = Weekday.allCases.map {
        $0.shortName.prefix(1).uppercased() + $0.shortName.dropFirst()
    }

    init(_ clock: LocalClock, zone: Int32, isOpen: Bool, opens: Instant = .distantFuture) {
        self.init(zone: zone, isOpen: isOpen, opens: opens, date: clock.date, time: clock.time)
    }

    /// `09:14:07 Thu America/New_York within 08:00-21:00`, or `…, closed (Thanksgiving), open from …`.
    func text(of rule: Rule, in zone: Zone) -> String {
        guard case .window(let window) = rule.kind else { return "" }
        let day = window.hours(on: date)
        let verdict = isOpen ? " within " : day.hours.intervals.isEmpty ? ", " : " outside "
        let holiday = day.holiday.map { " (\($0))" } ?? ""
        let next = isOpen ? "" : opens == .distantFuture ? ", never open" : ", open from \(opens)"
        return "\(timeText) \(Self.weekdays[date.weekday.rawValue]) \(zone.name)\(verdict)\(day.hours)\(holiday)\(next)"
    }

    /// `hh:mm:ss`, and parts of a second where they matter: half a second past the end would look like the end.
    private var timeText: String {
        let second = Int(time / 1000)
        let milliseconds = Int(time % 1000)
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let clock = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
        guard !isOpen, milliseconds != 0 else { return clock }
        return "\(clock).\(milliseconds < 100 ? "0" : "")\(two(milliseconds))"
    }
}
