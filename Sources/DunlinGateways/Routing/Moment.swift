// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The present instant, and the same on a clock that runs only while we look at it: by that one requests age.
public struct Moment: Hashable, Sendable {
    public var now: Instant
    public var steady: Instant

    public init(now: Instant, steady: Instant) {
        self.now = now
        self.steady = steady
    }
}

/// Keeps gateways from being blamed for our own standstill: of a stretch in which nobody looked, because the process was
/// stopped, the disk slow or the clock set, only the first second counts.
public struct SteadyClock: Sendable {
    static let longestGap = Duration.seconds(1)
    private var last: Instant?
    private var excused = Duration.zero

    public init() {}

    public mutating func moment(at now: Instant) -> Moment {
        if let last {
            let gap = now - last
            if gap > SteadyClock.longestGap { excused += gap - SteadyClock.longestGap }
            if gap < .zero { excused += gap }
        }
        last = now
        return Moment(now: now, steady: now - excused)
    }
}
