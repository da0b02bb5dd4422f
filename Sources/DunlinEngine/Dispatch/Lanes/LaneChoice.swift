// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinTime

extension LaneTable {
    /// What one reminder asks of the gateways.
    struct Request {
        /// Its gateway is not read.
        var scope: SendScope
        var address: String
        var purpose: Purpose
    }

    enum Choice: Equatable {
        case lane(Int)
        /// No gateway has room. `until` is when it is this reminder's turn to ask again; nil where whatever is behind it
        /// in its queue would have to wait as well.
        case full(until: Instant?)
        case paused
        /// The gateways have spent the money of the day.
        case spent(until: Instant)
        /// No route fits.
        case unrouted
    }

    /// What full gateways keep back is looked at again after so long at the latest.
    static let longestTurn = Duration.minutes(1)

    /// The gateway for one reminder: the first that may and can take it of the first route that fits, begun one later with
    /// each attempt that failed.
    mutating func choose(
        _ routes: Routes, turnOf attempts: Int, _ request: Request, _ control: Control, at now: Instant
    ) -> Choice {
        var choosing = Choosing()
        return choose(routes, turnOf: attempts, request, control, &choosing, at: now)
    }

    /// The same, telling how it came about.
    mutating func choose(
        _ routes: Routes, turnOf attempts: Int, _ request: Request, _ control: Control, _ choosing: inout Choosing,
        at now: Instant
    ) -> Choice {
        let regions = numbers?.regions(ofNumber: request.address) ?? []
        guard
            let entry = routes.entries.firstIndex(where: { $0.fits(request.address, in: regions, for: request.purpose) }
            )
        else { return .unrouted }
        let route = routes.entries[entry]
        if routes.entries.count > 1 { choosing.entry = entry + 1 }
        var found = Refusals()
        let count = route.gateways.count
        let order = order(of: route, for: request.address, regions)
        for rank in 0..<attempts % count {
            choosing.pass(places[order?[rank] ?? route.gateways[rank]], because: .triedBefore)
        }
        for step in 0..<count {
            let rank = (attempts + step) % count
            let lane = places[order?[rank] ?? route.gateways[rank]]
            guard let obstacle = obstacle(lane, request, regions, control, &found, at: now) else {
                choosing.take(lane)
                return .lane(lane)
            }
            choosing.pass(lane, because: obstacle)
        }
        if found.paused == count { return .paused }
        if let end = found.dayEnd, found.paused + found.spent == count { return .spent(until: end) }
        let waitsAlone = routes.entries.count > 1 || found.isRated
        return .full(
            until: waitsAlone ? turn(of: route, entry, request.scope.channel, request.address, regions, at: now) : nil)
    }

    /// Why gateways did not take a reminder.
    private struct Refusals {
        var paused = 0
        var spent = 0
        /// When the first of them has money again.
        var dayEnd: Instant?
        /// A rate of its destination kept it back, which others need not wait for.
        var isRated = false
    }

    /// What keeps a gateway from taking a reminder; nil where it takes it.
    private mutating func obstacle(
        _ lane: Int, _ request: Request, _ regions: [String], _ control: Control, _ found: inout Refusals,
        at now: Instant
    ) -> GatewayObstacle? {
        if !control.pauses.isEmpty || control.fault != nil {
            var named = request.scope
            named.gateway = lanes[lane].gateway.name
            if control.stops(named, at: now) {
                found.paused += 1
                return .paused
            }
        }
        if lanes[lane].budget.limit != nil, let price = lanes[lane].gateway.price,
            lanes[lane].budget.isSpent(
                on: lanes[lane].day(at: now), next: price.price(of: request.address, in: regions).millionths)
        {
            found.spent += 1
            let end = lanes[lane].dayEnd(at: now)
            found.dayEnd = min(found.dayEnd ?? end, end)
            return .budgetSpent
        }
        if let obstacle = lanes[lane].obstacle(at: now) { return obstacle }
        guard !lanes[lane].rates.isEmpty, let rate = lanes[lane].rate(of: request.address, in: regions),
            lanes[lane].rates[rate].available(at: now) <= 0
        else { return nil }
        found.isRated = true
        return .destinationRate
    }

    /// The gateways of a route by price or weight, equals as they stand; nil for the order in which they stand.
    private func order(of route: Route, for address: String, _ regions: [String]) -> [Int]? {
        let keys: [Double]
        switch route.order {
        case .given: return nil
        case .price:
            keys = route.gateways.map {
                Double(lanes[places[$0]].gateway.price?.price(of: address, in: regions).millionths ?? .max)
            }
        case .weight(let weights):
            keys = zip(route.gateways, weights).map {
                Rendezvous.distance(address, lanes[places[$0]].gateway.name, weight: $1)
            }
        }
        return keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { route.gateways[$0] }
    }

    /// When a reminder that a full route keeps back should be looked at again, so that what stands behind it in the queue of
    /// its channel is reached: each a little later than the one before, as fast as the route works.
    private mutating func turn(
        of route: Route, _ entry: Int, _ channel: Channel, _ address: String, _ regions: [String], at now: Instant
    ) -> Instant {
        var speed = 0.0
        var retry: Instant?
        for gateway in route.gateways {
            let lane = lanes[places[gateway]]
            if lane.isUsable(at: now) {
                speed += lane.speed(lane.rate(of: address, in: regions))
            } else if let next = lane.nextRoom(after: now) {
                retry = min(retry ?? next, next)
            }
        }
        let last = now + LaneTable.longestTurn
        guard speed > 0 else { return min(max(retry ?? last, now + .seconds(1)), last) }
        // Reminders of one route to places with other rates share its turns: the slower ones only make it slower.
        let key = entry * Channel.allCases.count + Channel.allCases.firstIndex(of: channel)!
        let next = min(max(turns[key] ?? now, now) + .milliseconds(max(1, Int64(1000 / speed))), last)
        turns[key] = next
        return next
    }
}
