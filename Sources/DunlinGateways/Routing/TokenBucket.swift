// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Meters a gateway's rate: never more than `rate × t + burst` takes in any stretch of `t` seconds.
///
/// Time comes in with each call; a clock that steps back neither gives nor takes tokens.
public struct TokenBucket: Sendable {
    public let perSecond: Double
    /// How many may go at once after a rest: a tenth of a second's worth, at least one.
    public let burst: Double
    private var tokens: Double
    private var filledAt: Instant?

    public init(perSecond: Double) {
        self.perSecond = perSecond
        burst = max(1, perSecond / 10)
        tokens = burst
    }

    /// How many may be taken now.
    public mutating func available(at now: Instant) -> Int {
        fill(at: now)
        return Int(tokens)
    }

    /// When the next one may be taken, if none may be now; nil otherwise.
    public func nextToken(after now: Instant) -> Instant? {
        var bucket = self
        guard bucket.available(at: now) == 0 else { return nil }
        return now + .milliseconds(Int64(((1 - bucket.tokens) / perSecond * 1000).rounded(.up)))
    }

    /// Takes up to `count`; returns how many it gave.
    public mutating func take(upTo count: Int, at now: Instant) -> Int {
        let taken = min(count, available(at: now))
        tokens -= Double(taken)
        return taken
    }

    /// Gives back what was taken and not used.
    public mutating func refund(_ count: Int) { tokens = min(burst, tokens + Double(count)) }

    private mutating func fill(at now: Instant) {
        defer { filledAt = now }
        guard let last = filledAt, now > last else { return }
        tokens = min(burst, tokens + perSecond * Double((now - last).milliseconds) / 1000)
    }
}
