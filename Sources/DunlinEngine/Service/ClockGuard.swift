// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Watches the wall clock against the monotonic one. After a jump nothing is admitted until the clock has run evenly for
/// a while: a wrong clock would open windows that are closed, and a late correction would flush a backlog.
public struct ClockGuard: Sendable {
    /// Jumps up to this are how time services correct a clock.
    static let tolerance = Duration.minutes(2)
    /// How long the clock has to run evenly after a jump.
    static let settling = Duration.seconds(60)

    private var last: (wall: Instant, monotonic: Duration)?
    private var settledAt: Duration?
    /// By how much the clock jumped last; positive is forwards.
    public private(set) var jump: Duration?

    public init() {}

    /// Whether `wall` can be trusted at this moment of the monotonic clock.
    public mutating func trusts(_ wall: Instant, monotonic: Duration) -> Bool {
        defer { last = (wall, monotonic) }
        if let last {
            let drift = wall - (last.wall + (monotonic - last.monotonic))
            if drift > ClockGuard.tolerance || drift < .zero - ClockGuard.tolerance {
                jump = drift
                settledAt = monotonic + ClockGuard.settling
            }
        }
        guard let settled = settledAt else { return true }
        if monotonic < settled { return false }
        (settledAt, jump) = (nil, nil)
        return true
    }
}
