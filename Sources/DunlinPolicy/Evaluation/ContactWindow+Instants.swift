// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// When a window opens and shuts. The walk goes from one stretch of constant offset to the next, so that hours which the
/// clock skips or repeats come out right without a case of their own.
extension ContactWindow {
    /// How far ahead a shutting is looked for, in milliseconds: longer than anything stays on its way to the wire.
    static let closingHorizon = 8 * DayHours.dayLength

    /// The first instant at or after `clock.now` from which nothing may be sent, that is `now` itself if that is so now;
    /// `distantFuture` if it never shuts. At most ``closingHorizon`` away, even if it stays open longer.
    func closing(from clock: LocalClock) -> Instant {
        let shuts = shutting(from: clock)
        if margin == 0 || shuts == .distantFuture { return shuts }
        return max(clock.now, Instant(milliseconds: shuts.milliseconds - margin))
    }

    /// The first instant at or after `clock.now` at which the hours are over.
    private func shutting(from clock: LocalClock) -> Instant {
        if isAlwaysOpen { return .distantFuture }
        let horizon = Instant(milliseconds: clock.now.milliseconds + ContactWindow.closingHorizon)
        var clock = clock
        while clock.now < horizon, let interval = interval(on: clock.date, at: clock.time).interval {
            let shuts = clock.instant(on: clock.date, at: interval.upperBound)
            let change = clock.nextChange
            if shuts < change, interval.upperBound < DayHours.dayLength { return shuts }
            clock = LocalClock(clock.zone, at: min(shuts, change))
        }
        return clock.now
    }

    /// The first instant at or after `start` and before `limit` at which something may be sent in `zone`.
    func opening(in zone: Zone, from start: Instant, before limit: Instant) -> Instant? {
        if margin == 0 { return hoursOpening(in: zone, from: start, before: limit) }
        var start = start
        while let opens = hoursOpening(in: zone, from: start, before: limit) {
            let clock = LocalClock(zone, at: opens)
            if closing(from: clock) > opens { return opens }
            start = shutting(from: clock)
        }
        return nil
    }

    /// The first instant at or after `start` and before `limit` at which it is one of the hours in `zone`.
    private func hoursOpening(in zone: Zone, from start: Instant, before limit: Instant) -> Instant? {
        var clock = LocalClock(zone, at: start)
        while clock.now < limit {
            let change = min(clock.nextChange, limit)
            if let opens = opening(from: clock, before: change) { return opens }
            if change == limit { return nil }
            clock = LocalClock(zone, at: change)
        }
        return nil
    }

    /// The same while the clock's offset holds.
    private func opening(from clock: LocalClock, before change: Instant) -> Instant? {
        var date = clock.date
        var time = clock.time
        while clock.instant(on: date, at: time) < change {
            if let opens = hours(on: date).hours.opening(from: time) {
                let instant = clock.instant(on: date, at: opens)
                return instant < change ? instant : nil
            }
            date = date + 1
            time = 0
        }
        return nil
    }
}

/// A window by the clock of one zone.
struct PlacedWindow {
    let window: ContactWindow
    let zone: Zone

    /// How far ahead an opening is looked for: a year with all its holidays, and longer than a reminder waits.
    static let openingHorizon = Duration.days(400)

    /// The first instant at or after `start` at which all windows are open; nil if there is none within
    /// ``openingHorizon``.
    static func commonOpening(of windows: [PlacedWindow], from start: Instant) -> Instant? {
        Deferrer.commonOpening(of: windows.map { Deferrer(shape: .window($0)) }, from: start)
    }
}
