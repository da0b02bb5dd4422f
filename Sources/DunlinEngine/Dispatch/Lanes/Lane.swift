// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinTime

/// One gateway as the engine sees it.
struct Lane {
    var gateway: Gateway
    var bucket: TokenBucket?
    /// One for each entry of the gateway's `rates`.
    var rates: [TokenBucket] = []
    var health: GatewayHealth
    /// The beginning of the latest illness of which the wire has been told.
    var knownIllness: Instant?
    /// What it costs; without a price it counts nothing.
    var budget = Budget(limit: nil)
    /// Whose days the budget counts; nil for UTC.
    var zone: Zone?
    /// Attempts that wait for an outcome.
    var inFlight = 0
    /// Outcomes a second, smoothed: how far ahead of the wire the engine works.
    var pace = Pace()
    /// The gateway asked for silence until then.
    var quietUntil: Instant?
    /// A request for an access token is under way, or not worth another try before then.
    var isFetchingAccess = false
    var accessRetry: Instant?
    /// Whether a route may name it; a reload can take it out of the configuration.
    var isConfigured = true

    init(_ gateway: Gateway, zone: Zone?) {
        self.gateway = gateway
        health = GatewayHealth(timeout: gateway.timeout)
        bucket = gateway.rate.map { TokenBucket(perSecond: $0) }
        adopt(gateway, zone: zone)
        rates = gateway.rates.entries.map { TokenBucket(perSecond: $0.value) }
    }

    /// Takes what a reload changed, and keeps what has happened.
    mutating func adopt(_ new: Gateway, zone: Zone?) {
        if gateway.rate != new.rate { bucket = new.rate.map { TokenBucket(perSecond: $0) } }
        if !gateway.rates.entries.elementsEqual(new.rates.entries, by: { $0 == $1 }) {
            rates = new.rates.entries.map { TokenBucket(perSecond: $0.value) }
        }
        gateway = new
        health.timeout = new.timeout
        budget.limit = new.dailyLimit?.amount.millionths
        self.zone = zone
        isConfigured = true
    }

    func isUsable(at now: Instant) -> Bool {
        isConfigured && (gateway.access?.isFresh(at: now) ?? true) && (quietUntil.map { $0 <= now } ?? true)
            && health.allows(at: now) > 0
    }

    /// When time alone will give it room; nil where it has room or waits for an answer.
    func nextRoom(after now: Instant) -> Instant? {
        let quiet = quietUntil.flatMap { $0 > now ? $0 : nil }
        return [quiet, health.retryInstant(after: now), bucket?.nextToken(after: now)].compactMap(\.self).max()
    }

    /// How many more requests it may be given: what it works on at once and, unless they try it out, a tenth of a second's
    /// work beyond.
    mutating func room(at now: Instant) -> Int {
        guard isUsable(at: now) else { return 0 }
        // A trial that waits before the wire, behind hung connections perhaps, would try nothing.
        let isTrial = health.state(at: now) == .halfOpen
        let ahead = isTrial ? 0 : max(gateway.concurrency, pace.perSecond / 10)
        let free = min(gateway.concurrency + ahead - inFlight, health.allows(at: now))
        return max(0, min(free, bucket?.available(at: now) ?? Int.max))
    }

    /// The place in `rates` of the rate that holds for a number; nil where none does.
    func rate(of number: String, in regions: [String]) -> Int? {
        rates.isEmpty ? nil : gateway.rates.index(of: number, in: regions)
    }

    /// Requests a second that it takes, as far as can be told.
    func speed(_ rate: Int?) -> Double {
        let most = min(gateway.rate ?? .infinity, rate.map { gateway.rates.entries[$0].value } ?? .infinity)
        return min(most, Double(max(pace.perSecond, gateway.concurrency)))
    }

    /// The day whose money is being spent.
    func day(at now: Instant) -> CivilDate {
        zone?.local(at: now).date ?? CivilDate(daysSince1970: Int(now.seconds.flooredQuotient(by: 86400)))
    }

    /// When the next day's money begins.
    func dayEnd(at now: Instant) -> Instant {
        let next = day(at: now) + 1
        let midnight = Instant(seconds: Int64(next.daysSince1970) * 86400)
        return max(zone?.instant(of: LocalTime(date: next, secondOfDay: 0)) ?? midnight, now + .seconds(1))
    }
}

/// Counts outcomes a second, smoothed over about a second.
struct Pace {
    private(set) var perSecond = 0
    private var counted = 0
    private var since: Instant?

    mutating func count(at now: Instant) {
        counted += 1
        guard let start = since, now >= start else { return since = now }
        let elapsed = (now - start).milliseconds
        guard elapsed >= 100 else { return }
        perSecond = (perSecond + counted * 1000 / Int(elapsed)) / 2
        (counted, since) = (0, now)
    }
}
