// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// How long to wait before the next attempt: exponential with full jitter
/// (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), so that what failed together does not
/// come back together.
public struct Backoff: Sendable {
    public let base: Duration
    public let cap: Duration

    public init(base: Duration = .seconds(30), cap: Duration = .hours(1)) {
        self.base = base
        self.cap = cap
    }

    /// A wait before attempt number `attempt` (1 is the first repetition), at least a second and at least what the
    /// gateway asked for.
    public func delay(
        attempt: Int, retryAfter: Duration? = nil, using random: inout any RandomNumberGenerator
    ) -> Duration {
        let doublings = min(max(0, attempt - 1), 20)
        let ceiling = min(cap, base * (1 << doublings))
        let wait = Duration.milliseconds(Int64.random(in: 1000...max(1000, ceiling.milliseconds), using: &random))
        return max(wait, retryAfter ?? .zero)
    }
}
