// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension PolicyEvaluator {
    /// The stretches of time between two instants in which `decide` says `send`, if nobody contacts the person meanwhile.
    ///
    /// At most 100 stretches: a week of the most broken hours has fewer.
    public func openHours(
        of reminder: Reminder, channel: Channel, address: String, from start: Instant, until end: Instant,
        history: any ContactHistory
    ) throws -> [Range<Instant>] {
        var open: [Range<Instant>] = []
        var instant = start
        while instant < end, open.count < 100 {
            let explained = try decide(reminder, channel: channel, address: address, at: instant, history: history)
            switch explained.decision {
            case .send:
                let shuts = min(max(explained.holdsUntil, instant + .milliseconds(1)), end)
                if let last = open.last, last.upperBound == instant {
                    open[open.count - 1] = last.lowerBound..<shuts
                } else {
                    open.append(instant..<shuts)
                }
                instant = shuts
            case .defer(let until, _): instant = until
            case .hold, .suppress: return open
            }
        }
        return open
    }
}
