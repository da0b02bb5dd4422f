// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Leaves a sick gateway alone: it rests, is tried with one request, and if that went well gets 2, 4, 8, … at once until
/// it is trusted again. Each trial that fails doubles the rest.
///
/// `departed` is always the steady time (see ``Moment``) at which a request began: what began before the newest trial says
/// nothing of the present.
public struct Breaker: Sendable {
    public enum State: String, Sendable, CaseIterable {
        /// In order.
        case closed
        /// Not used until its time.
        case open
        /// One request finds out.
        case halfOpen = "half-open"
        /// It did well, and gets twice as many with each round that went well.
        case recovering
    }

    /// Why it opens, which decides how long it rests.
    enum Cause {
        /// Definite refusals or late answers: a trial costs nobody anything.
        case refusals
        /// Doubts, or a refusal of our set-up: a trial may cost somebody a reminder, or us the account.
        case doubts
        /// Receipts say that messages do not arrive, which they take their time for.
        case receipts

        var shortestRest: Duration { self == .receipts ? .minutes(5) : .seconds(5) }
        var longestRest: Duration {
            switch self {
            case .refusals: .minutes(1)
            case .doubts: .minutes(5)
            case .receipts: .hours(1)
            }
        }
    }

    /// A recovery that had so many at once is over.
    static let fullRecovery = 256

    private enum Phase {
        case closed
        case resting(since: Instant)
        case trying(limit: Int)
    }

    private var phase = Phase.closed
    private var rest = Duration.zero
    /// When it was last trusted again.
    private var closedAt: Instant?
    /// When it last opened.
    private(set) var openedAt: Instant?
    /// When the newest trial began.
    private(set) var epoch = Instant(milliseconds: .min / 2)
    /// Requests of the recovery under way, those that ended, and those of them that ended badly.
    private var (flying, landed, bad) = (0, 0, 0)
    /// Good ones since `limit` was doubled.
    private var good = 0

    public init() {}

    public func state(at now: Instant) -> State {
        switch phase {
        case .closed: .closed
        case .resting: retryInstant(after: now) == nil ? .halfOpen : .open
        case .trying(let limit): limit == 1 ? .halfOpen : .recovering
        }
    }

    /// How many more requests may begin now, as far as the gateway's health goes.
    public func allows(at now: Instant) -> Int {
        switch phase {
        case .closed: Int.max
        case .resting: retryInstant(after: now) == nil ? 1 : 0
        case .trying(let limit): max(0, limit - flying)
        }
    }

    /// When an open one may be tried; nil where it is not open. A clock that was set back ends the rest.
    public func retryInstant(after now: Instant) -> Instant? {
        guard case .resting(let since) = phase, since <= now, now < since + rest else { return nil }
        return since + rest
    }

    /// A request began.
    mutating func began(_ departed: Instant) {
        switch phase {
        case .closed: return
        case .resting:
            phase = .trying(limit: 1)
            epoch = departed
            (flying, landed, bad, good) = (1, 0, 0, 0)
        case .trying: flying += 1
        }
    }

    /// A request ended or never left.
    mutating func landed(_ departed: Instant) { if isOfRecovery(departed) { flying = max(0, flying - 1) } }

    /// The gateway did its work. True: it is trusted again.
    mutating func succeeded(_ departed: Instant, at now: Instant) -> Bool {
        guard case .trying(let limit) = phase, departed >= epoch else { return false }
        landed += 1
        good += 1
        guard good >= limit else { return false }
        good = 0
        guard limit >= Breaker.fullRecovery else {
            phase = .trying(limit: limit * 2)
            return false
        }
        phase = .closed
        closedAt = now
        return true
    }

    /// A request of the recovery failed. While the breaker is closed its owner judges when to `open` it.
    mutating func failed(_ departed: Instant, _ cause: Cause, at now: Instant) {
        guard case .trying(let limit) = phase, departed >= epoch else { return }
        landed += 1
        bad += 1
        if limit == 1 || (bad >= 2 && bad * 5 >= landed) { open(cause, at: now) }
    }

    mutating func open(_ cause: Cause, at now: Instant) {
        let isRelapse =
            switch phase {
            case .trying: true
            case .closed: closedAt.map { now - $0 < max(rest, .seconds(30)) } ?? false
            case .resting: false
            }
        rest = max(cause.shortestRest, isRelapse ? min(rest * 2, cause.longestRest) : .zero)
        phase = .resting(since: now)
        openedAt = now
        flying = 0
    }

    var isClosed: Bool { if case .closed = phase { true } else { false } }

    var isResting: Bool { if case .resting = phase { true } else { false } }

    private func isOfRecovery(_ departed: Instant) -> Bool {
        if case .trying = phase { departed >= epoch } else { false }
    }
}
