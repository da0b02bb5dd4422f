// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTime

/// The engine's view of the gateways: what each has room for, and which one a reminder should take.
///
/// A gateway keeps its lane for the life of the process, also through a reload, because requests in flight name it.
struct LaneTable {
    var lanes: [Lane] = []
    /// For each gateway of the present snapshot its lane.
    var places: [Int] = []
    /// Where numbers lie; nil where no route, price or rate asks.
    var numbers: Places?
    /// When the next reminder that a full route keeps back gets its turn, by the route.
    var turns: [Int: Instant] = [:]
    private var clock = SteadyClock()

    subscript(lane: Int) -> Lane { lanes[lane] }
    var concurrency: [Int] { lanes.map(\.gateway.concurrency) }
    var all: [Lane] { lanes.filter(\.isConfigured) }

    /// `spent` is what gateways had cost before this process: a new lane begins with it.
    mutating func adopt(_ snapshot: Snapshot, spent: [Spending] = []) {
        for index in lanes.indices { lanes[index].isConfigured = false }
        places = snapshot.gateways.map { gateway in
            // A zone that tzdata does not have was an error when the configuration was read.
            let zone = gateway.dailyLimit?.zone.flatMap { try? snapshot.zones.zone($0) }
            if let index = lanes.firstIndex(where: { $0.gateway.name == gateway.name }) {
                lanes[index].adopt(gateway, zone: zone)
                return index
            }
            var lane = Lane(gateway, zone: zone)
            lane.restore(spent)
            lanes.append(lane)
            return lanes.count - 1
        }
        let asks =
            snapshot.gateways.contains { !$0.rates.entries.isEmpty || $0.price?.others.entries.isEmpty == false }
            || snapshot.routes.values.contains { $0.entries.contains { $0.destinations != nil } }
        numbers = asks ? snapshot.places : nil
        turns = [:]
    }

    /// Once a turn: lets requests age, and finds those that nobody answers.
    mutating func watch(at now: Instant) {
        let moment = clock.moment(at: now)
        for index in lanes.indices where lanes[index].inFlight > 0 { lanes[index].health.watch(at: moment) }
    }

    /// The lanes that fell ill since the last time it was asked.
    mutating func takeNewlyIll() -> [Int] {
        lanes.indices.filter { index in
            let fell = lanes[index].health.fellIllAt
            defer { lanes[index].knownIllness = fell }
            return fell != lanes[index].knownIllness
        }
    }

    /// The lane of a gateway that is configured now.
    func lane(named name: String) -> Int? { lanes.firstIndex { $0.isConfigured && $0.gateway.name == name } }

    mutating func hasRoom(_ lane: Int, at now: Instant) -> Bool { lanes[lane].room(at: now) > 0 }

    /// How many reminders a channel's gateways can take now. A channel without a route has room: its reminders must be told
    /// so; and so has a gateway that has spent its money.
    mutating func room(route: Routes, at now: Instant) -> Int {
        if route.isEmpty { return Int.max }
        return route.gateways.reduce(0) { $0 + lanes[places[$1]].room(at: now) }
    }

    /// A request begins. The ticket ends it again, by `land` or `giveBack`.
    mutating func depart(_ lane: Int, to address: String, _ content: MessageContent, at now: Instant) -> LaneTicket {
        let regions = numbers?.regions(ofNumber: address) ?? []
        var ticket = depart(lane, at: now)
        ticket.rate = lanes[lane].rate(of: address, in: regions)
        if let rate = ticket.rate { _ = lanes[lane].rates[rate].take(upTo: 1, at: now) }
        if let price = lanes[lane].gateway.price?.price(of: address, in: regions) {
            ticket.cost = price.millionths * content.pricedParts
            ticket.day = lanes[lane].day(at: now)
            lanes[lane].budget.charge(ticket.cost, on: ticket.day)
        }
        return ticket
    }

    /// A request begins that costs nothing and goes to nobody: a question about an attempt.
    mutating func depart(_ lane: Int, at now: Instant) -> LaneTicket {
        let moment = clock.moment(at: now)
        lanes[lane].inFlight += 1
        _ = lanes[lane].bucket?.take(upTo: 1, at: now)
        lanes[lane].health.began(at: moment)
        return LaneTicket(lane: lane, departed: moment.steady)
    }

    /// A request that never left, and tells nothing of the gateway.
    mutating func giveBack(_ ticket: LaneTicket) {
        refund(ticket)
        lanes[ticket.lane].inFlight -= 1
        lanes[ticket.lane].health.withdrew(ticket.departed)
    }

    mutating func land(_ ticket: LaneTicket, _ outcome: Outcome, at now: Instant) {
        let lane = ticket.lane
        lanes[lane].inFlight -= 1
        lanes[lane].health.ended(outcome, departed: ticket.departed, at: clock.moment(at: now))
        if case .withdrawn = outcome { return refund(ticket) }
        lanes[lane].pace.count(at: now)
        switch outcome {
        case .accepted, .unknown, .withdrawn: break
        case .refused(let refusal):
            lanes[lane].budget.refund(ticket.cost, of: ticket.day)
            if refusal.kind == .throttled { lanes[lane].quietUntil = now + (refusal.retryAfter ?? .seconds(1)) }
        }
    }

    /// A receipt about a message that `gateway` took at `sent`.
    mutating func received(_ gateway: String, delivered: Bool, sent: Instant, at now: Instant) {
        guard let lane = lanes.firstIndex(where: { $0.gateway.name == gateway }) else { return }
        lanes[lane].health.received(delivered: delivered, sent: sent, at: now)
    }

    private mutating func refund(_ ticket: LaneTicket) {
        lanes[ticket.lane].bucket?.refund(1)
        if let rate = ticket.rate, rate < lanes[ticket.lane].rates.count { lanes[ticket.lane].rates[rate].refund(1) }
        lanes[ticket.lane].budget.refund(ticket.cost, of: ticket.day)
    }
}

/// Access tokens, without which a gateway gets nothing.
extension LaneTable {
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
        if retry != nil { lanes[lane].health.observed(outcome, at: clock.moment(at: now)) }
    }
}

/// What a request that is under way has taken of its lane.
struct LaneTicket: Sendable {
    let lane: Int
    /// Steady time, by which its health reckons.
    var departed = Instant(milliseconds: 0)
    /// In millionths of the price's currency, charged for `day`.
    var cost: Int64 = 0
    var day = CivilDate(daysSince1970: 0)
    /// The place of the destination's rate.
    var rate: Int?
}

extension MessageContent {
    /// How many times the price is due: segments of an SMS, else one.
    fileprivate var pricedParts: Int64 {
        if case .sms(let text) = self { Int64(max(1, SMSEncoding.measure(text).segments)) } else { 1 }
    }
}

/// The money of the day, which has to survive a restart.
extension LaneTable {
    /// What each gateway that has a price has cost on its present day.
    func spending(at now: Instant) -> [Spending] {
        lanes.compactMap { lane in
            guard let price = lane.gateway.price else { return nil }
            let day = lane.day(at: now)
            return Spending(
                gateway: lane.gateway.name, day: day, micros: lane.budget.spent(on: day),
                currency: price.standard.currency.code)
        }
    }
}

extension Lane {
    /// Takes over what was spent before a restart; of other currencies and of other gateways, nothing.
    fileprivate mutating func restore(_ spending: [Spending]) {
        for spent in spending
        where spent.gateway == gateway.name && spent.currency == gateway.price?.standard.currency.code {
            budget.charge(spent.micros, on: spent.day)
        }
    }
}
