// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Leaves a sick gateway alone: after several failures in a row it is not used for a while, then tried with one request.
/// Each trial that fails doubles the while.
public struct Breaker: Sendable {
    public enum State: String, Sendable, CaseIterable {
        /// In order.
        case closed
        /// Not used until its time.
        case open
        /// One request finds out.
        case halfOpen = "half-open"
    }

    /// Failures in a row that open it.
    static let threshold = 5
    static let shortestRest = Duration.seconds(5)
    static let longestRest = Duration.minutes(5)

    private var failures = 0
    private var rest = Breaker.shortestRest
    private var openUntil: Instant?
    private var isProbing = false

    public init() {}

    public func state(at now: Instant) -> State {
        guard let end = openUntil else { return .closed }
        return now < end ? .open : .halfOpen
    }

    /// How many requests may begin now, as far as the gateway's health goes.
    public func allows(at now: Instant) -> Int {
        switch state(at: now) {
        case .closed: Int.max
        case .open: 0
        case .halfOpen: isProbing ? 0 : 1
        }
    }

    /// When an open one may be tried; nil where it is not open.
    public func retryInstant(after now: Instant) -> Instant? { openUntil.flatMap { $0 > now ? $0 : nil } }

    /// A request began.
    public mutating func began(at now: Instant) { if state(at: now) == .halfOpen { isProbing = true } }

    /// A request that began never became one.
    public mutating func withdrew() { isProbing = false }

    /// The gateway did its work.
    public mutating func succeeded() { self = Breaker() }

    /// A passing failure or an unknown outcome.
    public mutating func failed(at now: Instant) {
        failures += 1
        // Answers to requests from before it opened say nothing new.
        if isProbing || (openUntil == nil && failures >= Breaker.threshold) { open(at: now) }
    }

    /// A refusal of our own set-up: the next request would be refused as well.
    public mutating func trip(at now: Instant) { if isProbing || openUntil == nil { open(at: now) } }

    private mutating func open(at now: Instant) {
        openUntil = now + rest
        rest = min(rest * 2, Breaker.longestRest)
        isProbing = false
    }
}
