// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel

/// The engine's view of the gateways: what each has room for, and which one a reminder should take.
///
/// A gateway keeps its lane for the life of the process, also through a reload, because requests in flight name it.
struct LaneTable {
    struct Lane {
        var gateway: Gateway
        var bucket: TokenBucket?
        var health = GatewayHealth()
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
    }

    enum Choice {
        case lane(Int)
        case full
        case paused
    }

    private var lanes: [Lane] = []
    /// For each gateway of the present snapshot its lane.
    private var places: [Int] = []

    subscript(lane: Int) -> Lane { lanes[lane] }
    var concurrency: [Int] { lanes.map(\.gateway.concurrency) }
    var all: [Lane] { lanes.filter(\.isConfigured) }

    mutating func adopt(_ gateways: [Gateway]) {
        for index in lanes.indices { lanes[index].isConfigured = false }
        places = gateways.map { gateway in
            if let index = lanes.firstIndex(where: { $0.gateway.name == gateway.name }) {
                if lanes[index].gateway.rate != gateway.rate {
                    lanes[index].bucket = gateway.rate.map { TokenBucket(perSecond: $0) }
                }
                lanes[index].gateway = gateway
                lanes[index].isConfigured = true
                return index
            }
            lanes.append(Lane(gateway: gateway, bucket: gateway.rate.map { TokenBucket(perSecond: $0) }))
            return lanes.count - 1
        }
    }

    /// How many reminders a route can take now. A channel without a route has room: its reminders must be told so.
    mutating func room(route: [Int], at now: Instant) -> Int {
        if route.isEmpty { return Int.max }
        return route.reduce(0) { $0 + lanes[places[$1]].room(at: now) }
    }

    /// The gateway for one reminder: the route's order, begun one later with each attempt that failed.
    mutating func choose(
        _ route: [Int], turnOf attempts: Int, _ scope: SendScope, _ control: Control, at now: Instant
    ) -> Choice {
        var stopped = 0
        for step in route.indices {
            let place = places[route[(attempts + step) % route.count]]
            var named = scope
            named.gateway = lanes[place].gateway.name
            if control.stops(named, at: now) {
                stopped += 1
            } else if lanes[place].room(at: now) > 0 {
                return .lane(place)
            }
        }
        return stopped == route.count ? .paused : .full
    }

    /// The lane of a gateway that is configured now.
    func lane(named name: String) -> Int? { lanes.firstIndex { $0.isConfigured && $0.gateway.name == name } }

    mutating func hasRoom(_ lane: Int, at now: Instant) -> Bool { lanes[lane].room(at: now) > 0 }

    /// Lanes whose requests need an access token that is missing and not asked for.
    func needingAccess(at now: Instant) -> [Int] {
        lanes.indices.filter { index in
            let lane = lanes[index]
            guard lane.isConfigured, let access = lane.gateway.access, !lane.isFetchingAccess else { return false }
            return !access.isFresh(at: now) && (lane.accessRetry.map { $0 <= now } ?? true)
        }
    }

    mutating func accessBegan(_ lane: Int) { lanes[lane].isFetchingAccess = true }

    /// `retry` is when it is worth another try; nil where there is a token now.
    mutating func accessEnded(_ lane: Int, _ outcome: Outcome, retry: Instant?, at now: Instant) {
        (lanes[lane].isFetchingAccess, lanes[lane].accessRetry) = (false, retry)
        if retry != nil { lanes[lane].health.ended(outcome, at: now) }
    }

    mutating func depart(_ lane: Int, at now: Instant) {
        lanes[lane].inFlight += 1
        _ = lanes[lane].bucket?.take(upTo: 1, at: now)
        lanes[lane].health.began(at: now)
    }

    mutating func giveBack(_ lane: Int) {
        lanes[lane].inFlight -= 1
        lanes[lane].bucket?.refund(1)
        lanes[lane].health.withdrew()
    }

    mutating func land(_ lane: Int, _ outcome: Outcome, at now: Instant) {
        lanes[lane].inFlight -= 1
        lanes[lane].health.ended(outcome, at: now)
        lanes[lane].pace.count(at: now)
        if case .withdrawn = outcome { lanes[lane].bucket?.refund(1) }
        if case .refused(let refusal) = outcome, refusal.kind == .throttled {
            lanes[lane].quietUntil = now + (refusal.retryAfter ?? .seconds(1))
        }
    }
}

extension LaneTable.Lane {
    func isUsable(at now: Instant) -> Bool {
        isConfigured && (gateway.access?.isFresh(at: now) ?? true) && (quietUntil.map { $0 <= now } ?? true)
            && health.allows(at: now) > 0
    }

    /// When time alone will give it room; nil where it has room or waits for an answer.
    func nextRoom(after now: Instant) -> Instant? {
        let quiet = quietUntil.flatMap { $0 > now ? $0 : nil }
        return [quiet, health.retryInstant(after: now), bucket?.nextToken(after: now)].compactMap(\.self).max()
    }

    /// How many more requests it may be given: what it works on at once and a tenth of a second's work beyond.
    mutating func room(at now: Instant) -> Int {
        guard isUsable(at: now) else { return 0 }
        let ahead = max(gateway.concurrency, pace.perSecond / 10)
        let free = min(gateway.concurrency + ahead - inFlight, health.allows(at: now))
        return max(0, min(free, bucket?.available(at: now) ?? Int.max))
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
