// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What a gateway's outcomes say about it.
public struct GatewayHealth: Sendable {
    public private(set) var accepted = 0
    public private(set) var refused = 0
    public private(set) var unknown = 0
    /// What the last failure was: codes only.
    public private(set) var lastError: String?
    private var breaker = Breaker()

    public init() {}

    public func state(at now: Instant) -> Breaker.State { breaker.state(at: now) }

    /// How many requests may begin now.
    public func allows(at now: Instant) -> Int { breaker.allows(at: now) }

    /// When a gateway that is left alone may be tried; nil where it is in use.
    public func retryInstant(after now: Instant) -> Instant? { breaker.retryInstant(after: now) }

    public mutating func began(at now: Instant) { breaker.began(at: now) }

    /// A request that began was given back before it was sent.
    public mutating func withdrew() { breaker.withdrew() }

    public mutating func ended(_ outcome: Outcome, at now: Instant) {
        switch outcome {
        case .accepted:
            accepted += 1
            breaker.succeeded()
        case .withdrawn: breaker.withdrew()
        case .unknown(let reason, let detail):
            unknown += 1
            lastError = "\(reason.rawValue) \(detail)"
            breaker.failed(at: now)
        case .refused(let refusal):
            refused += 1
            lastError = "\(refusal.reason.rawValue) \(refusal.detail)"
            switch refusal.kind {
            // The gateway itself is well: it looked at the message and said no.
            case .recipient: breaker.succeeded()
            // It is well and busy; how long to leave it alone is in the answer.
            case .throttled: breaker.withdrew()
            case .transient: breaker.failed(at: now)
            case .configuration: breaker.trip(at: now)
            }
        }
    }
}
