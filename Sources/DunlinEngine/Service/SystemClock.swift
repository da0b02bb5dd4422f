// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc

/// The system's clocks.
public struct SystemClock: Clock {
    public init() {}

    public var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Time since some fixed moment; never set, stands still while the machine sleeps.
    public var monotonic: Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}

/// A clock that runs evenly but shows another time: for `demo`, which must find open windows whenever it is started.
public struct ShiftedClock: Clock {
    private let base = SystemClock()
    private let shift: Duration

    /// A clock that shows `start` now.
    public init(showing start: Instant) { shift = start - base.now }

    public var now: Instant { base.now + shift }
}
