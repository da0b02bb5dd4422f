// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What a gateway's outcomes say about it, and how much it may be given therefore. docs/routing.md has the rules in words.
public struct GatewayHealth: Sendable {
    public private(set) var accepted = 0
    public private(set) var refused = 0
    public private(set) var unknown = 0
    /// What the last failure was: codes only.
    public private(set) var lastError: String?
    public private(set) var lastErrorAt: Instant?
    /// Why requests were refused or ended in doubt.
    public private(set) var reasons: [Reason: Int] = [:]
    /// How those broke off that have no answer.
    public private(set) var faults: [WireFault: Int] = [:]

    /// From connecting to the last byte of the answer; a reload may change it.
    public var timeout: Duration
    private var breaker = Breaker()
    private var window = OutcomeWindow()
    private var ages = FlightAges()
    private var latencies = Latencies()
    private var usual = UsualLatency()
    private var receipts = ReceiptShare()
    /// Trials in a row that were answered well and late.
    private var lateTrials = 0

    /// What stays slow for so many trials is not late any more.
    static let patience = 5

    public init(timeout: Duration = .seconds(30)) { self.timeout = timeout }

    public func state(at now: Instant) -> Breaker.State { breaker.state(at: now) }

    /// When it last fell ill or failed its trial; nil where it never did.
    public var fellIllAt: Instant? { breaker.openedAt }

    /// How many more requests may begin now.
    public func allows(at now: Instant) -> Int { breaker.allows(at: now) }

    /// When a gateway that is left alone may be tried; nil where it is in use.
    public func retryInstant(after now: Instant) -> Instant? { breaker.retryInstant(after: now) }

    /// Of the latest outcomes the share that was good; nil where there were none.
    public var acceptance: Double? { window.goodShare }
    /// The share of the latest receipts that said "delivered"; nil before there were enough.
    public var delivery: Double? { receipts.last }
    /// The time within which this share of the last minute's answers came; nil where there were none.
    public func latency(_ share: Double) -> Duration? { latencies.quantile(share) }

    /// From when on an answer is late.
    public var lateAfter: Duration { usual.lateAfter(timeout: timeout) }

    public mutating func began(at moment: Moment) {
        ages.begin(moment.steady)
        breaker.began(moment.steady)
    }

    /// A request that began was given back before it was sent.
    public mutating func withdrew(_ departed: Instant) {
        _ = ages.land(departed)
        breaker.landed(departed)
    }

    /// Looks for requests that nobody answered in time, without waiting for their time-outs.
    public mutating func watch(at moment: Moment) {
        let limit = lateAfter
        let late = ages.newlyLate(before: moment.steady - limit, since: breaker.epoch)
        guard late > 0 else { return }
        if breaker.isClosed {
            // Good answers from before the silence say nothing of it.
            if window.lastAt.map({ moment.now - $0 > limit }) ?? true { window.removeAll() }
            window.count(bad: late, at: moment.now)
            openIfIll(.doubts, at: moment.now)
        } else {
            for _ in 0..<late { breaker.failed(breaker.epoch, .doubts, at: moment.now) }
        }
    }

    public mutating func ended(_ outcome: Outcome, departed: Instant, at moment: Moment) {
        let wasLate = ages.land(departed)
        breaker.landed(departed)
        judge(outcome, departed, wasLate: wasLate, at: moment)
    }

    /// How something ended that is no message, such as a request for an access token.
    public mutating func observed(_ outcome: Outcome, at moment: Moment) {
        judge(outcome, moment.steady, wasLate: false, at: moment)
    }

    private mutating func judge(_ outcome: Outcome, _ departed: Instant, wasLate: Bool, at moment: Moment) {
        switch outcome {
        case .accepted:
            accepted += 1
            answered(departed, wasLate: wasLate, at: moment)
        case .withdrawn: break
        case .unknown(let reason, let detail):
            unknown += 1
            note(reason, detail, at: moment.now)
            failed(.doubts, departed, wasLate: wasLate, at: moment.now)
        case .refused(let refusal):
            refused += 1
            note(refusal.reason, refusal.detail, at: moment.now)
            switch refusal.kind {
            // The gateway itself is well: it looked at the message and said no.
            case .recipient: answered(departed, wasLate: wasLate, at: moment)
            // It is well and busy; how long to leave it alone is in the answer.
            case .throttled: break
            // Another token is fetched, and the fault was not its.
            case .transient where refusal.reason == .accessExpired: break
            case .transient: failed(.refusals, departed, wasLate: wasLate, at: moment.now)
            // One bad number must not stop the gateway for everybody; many such refusals do.
            case .configuration where refusal.mayBeTheMessage:
                failed(.refusals, departed, wasLate: wasLate, at: moment.now)
            case .configuration: trip(departed, at: moment.now)
            }
        }
    }

    private mutating func note(_ reason: Reason, _ detail: String, at now: Instant) {
        lastError = "\(reason.rawValue) \(detail)"
        lastErrorAt = now
        reasons[reason, default: 0] += 1
        if let fault = WireFault(detail: detail) { faults[fault, default: 0] += 1 }
    }

    /// A receipt about a message that was sent at `sent`.
    public mutating func received(delivered: Bool, sent: Instant, at now: Instant) {
        // What went out before it last fell ill says nothing new.
        if let opened = breaker.openedAt, sent < opened { return }
        if receipts.count(delivered), breaker.isClosed { open(.receipts, at: now) }
    }

    /// The gateway did its work, though perhaps too slowly.
    private mutating func answered(_ departed: Instant, wasLate: Bool, at moment: Moment) {
        let latency = moment.steady - departed
        latencies.count(latency, at: moment.now)
        guard departed >= breaker.epoch else { return }
        guard !wasLate, latency <= lateAfter else {
            if departed == breaker.epoch, !breaker.isClosed {
                lateTrials += 1
                if lateTrials >= GatewayHealth.patience {
                    usual.set(latency)
                    lateTrials = 0
                }
            }
            return failed(.refusals, departed, wasLate: wasLate, at: moment.now)
        }
        lateTrials = 0
        usual.count(latency)
        if breaker.isClosed { window.count(good: 1, at: moment.now) }
        if breaker.succeeded(departed, at: moment.now) { window.removeAll() }
    }

    /// A passing failure, a doubt or an answer that came late; those of which `watch` knew have been counted.
    private mutating func failed(_ cause: Breaker.Cause, _ departed: Instant, wasLate: Bool, at now: Instant) {
        guard !wasLate, departed >= breaker.epoch else { return }
        guard breaker.isClosed else { return breaker.failed(departed, cause, at: now) }
        window.count(bad: 1, at: now)
        openIfIll(cause, at: now)
    }

    /// A refusal of our own set-up: the next request would be refused as well.
    private mutating func trip(_ departed: Instant, at now: Instant) {
        if departed >= breaker.epoch, !breaker.isResting { open(.doubts, at: now) }
    }

    private mutating func openIfIll(_ cause: Breaker.Cause, at now: Instant) {
        if window.isIll { open(cause, at: now) }
    }

    private mutating func open(_ cause: Breaker.Cause, at now: Instant) {
        breaker.open(cause, at: now)
        lateTrials = 0
    }
}
