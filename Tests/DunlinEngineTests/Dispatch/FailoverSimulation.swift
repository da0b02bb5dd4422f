// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinTestKit
import FoundationEssentials

@testable import DunlinEngine

/// Two gateways behind the engine's lanes on a virtual clock, at a steady rate of reminders, one of which turns bad.
///
/// The turns are the dispatcher's: outcomes land, then whatever has room departs. The wire is the transport's: each lane
/// works on no more than its concurrency, what is beyond waits there. Left out are the ledger, the policy and the network.
struct FailoverSimulation {
    enum Fault: String, CaseIterable, Sendable {
        case refuses, refusesThree, answers500, hangs, slow

        /// What a request meets that begins while the gateway is bad.
        func meets(_ random: inout SeededRandom) -> (outcome: Outcome, after: Duration) {
            switch self {
            case .refuses: (.refused(.transient), FailoverSimulation.latency)
            case .refusesThree:
                (
                    Int.random(in: 0..<10, using: &random) < 3 ? .refused(.transient) : .accepted(id: nil),
                    FailoverSimulation.latency
                )
            case .answers500: (.unknown(.ambiguousAnswer, detail: "500"), FailoverSimulation.latency)
            case .hangs: (.unknown(.timeout, detail: "28"), .seconds(30))
            case .slow: (.accepted(id: nil), .seconds(10))
            }
        }
    }

    static let latency = Duration.milliseconds(40)
    static let turn = Duration.milliseconds(10)
    static let window = Duration.milliseconds(500)
    /// Reminders a second; `DUNLIN_FAILOVER_RATE=5000 swift test --filter Failover` takes half a minute.
    static let perSecond = ProcessInfo.processInfo.environment["DUNLIN_FAILOVER_RATE"].flatMap(Int.init) ?? 1000
    static let perTurn = perSecond / 100

    struct Report {
        /// From the fault to the first half second from which on the bad gateway got at most one request of fifty.
        var moved: Duration?
        /// From the mending to the first half second from which on it got nearly all again.
        var returned: Duration?
        var accepted = 0
        var inDoubt = 0
        var waiting = 0
        /// Reminders that were submitted again after they were accepted or in doubt.
        var duplicates = 0
        /// Departures to the bad gateway while it was bad.
        var atBad = 0
        /// From being due to being on the wire for the last time.
        var longestWait = Duration.zero
    }

    private struct Item {
        var dueAt: Instant
        var attempts = 0
        var isSettled = false
    }

    private struct Wire {
        var running = 0
        var waiting: ArraySlice<Int> = []
    }

    private let start: Instant
    private var now: Instant
    private var random: SeededRandom
    private var lanes = LaneTable()
    private let routes: Routes
    private let concurrency: [Int]
    private let recalls: Bool
    private var items: [Item] = []
    private var queue: ArraySlice<Int> = []
    private var wires = [Wire(), Wire()]
    /// By the turn in which they land.
    private var landings: [Int64: [(item: Int, outcome: Outcome)]] = [:]
    private var tickets: [Int: LaneTicket] = [:]
    private var report = Report()

    /// Without `recalls` what waits before the wire stays there, for comparison.
    init(_ snapshot: Snapshot, seed: UInt64, recalls: Bool = true) {
        self.recalls = recalls
        start = Instant(seconds: 1_800_000_000)
        now = start
        random = SeededRandom(seed: seed)
        routes = snapshot.routes[.sms]!
        concurrency = snapshot.gateways.map(\.concurrency)
        lanes.adopt(snapshot)
    }

    /// `good` seconds, `bad` seconds with the fault on the first gateway, then mended until `end` seconds.
    mutating func run(_ fault: Fault, good: Int64, bad: Int64, end: Int64) -> Report {
        let breaks = start + .seconds(good)
        let mends = breaks + .seconds(bad)
        var shares: [(at: Instant, first: Int, all: Int)] = []
        while now < start + .seconds(end) {
            if (now - start).milliseconds % FailoverSimulation.window.milliseconds == 0 { shares.append((now, 0, 0)) }
            lanes.watch(at: now)
            for landing in landings.removeValue(forKey: now.milliseconds) ?? [] { land(landing.item, landing.outcome) }
            if recalls { for lane in lanes.takeNewlyIll() { recall(lane) } }
            for _ in 0..<FailoverSimulation.perTurn {
                queue.append(items.count)
                items.append(Item(dueAt: now))
            }
            let isBad = now >= breaks && now < mends
            for lane in admit() {
                shares[shares.count - 1].all += 1
                if lane == 0 {
                    shares[shares.count - 1].first += 1
                    if isBad { report.atBad += 1 }
                }
            }
            for lane in wires.indices { work(lane, fault: lane == 0 && isBad ? fault : nil) }
            now = now + FailoverSimulation.turn
        }
        let inBad = shares.filter { $0.at >= breaks && $0.at + FailoverSimulation.window <= mends }
        report.moved =
            inBad.lastIndex { $0.first * 50 > $0.all }.map { inBad[$0].at + FailoverSimulation.window - breaks }
            ?? .zero
        let after = shares.filter { $0.at >= mends }
        report.returned =
            after.lastIndex { $0.first * 20 < $0.all * 19 }.map { after[$0].at + FailoverSimulation.window - mends }
            ?? .zero
        report.waiting = items.count { !$0.isSettled } - tickets.count
        return report
    }

    private mutating func admit() -> [Int] {
        var departed: [Int] = []
        var room = lanes.room(route: routes, at: now)
        while room > 0, let item = queue.popFirst() {
            let request = LaneTable.Request(
                scope: SendScope(channel: .sms, gateway: "", message: "m", creditor: "c"),
                address: "+44700\(1_000_000 + item)",
                purpose: .reminder)
            guard case .lane(let lane) = lanes.choose(routes, turnOf: items[item].attempts, request, Control(), at: now)
            else {
                queue.insert(item, at: queue.startIndex)
                break
            }
            if items[item].isSettled || tickets[item] != nil { report.duplicates += 1 }
            tickets[item] = lanes.depart(lane, to: request.address, .sms("Hello"), at: now)
            wires[lane].waiting.append(item)
            departed.append(lane)
            room -= 1
        }
        return departed
    }

    private mutating func work(_ lane: Int, fault: Fault?) {
        while wires[lane].running < concurrency[lane], let item = wires[lane].waiting.popFirst() {
            wires[lane].running += 1
            report.longestWait = max(report.longestWait, now - items[item].dueAt)
            let (outcome, after) = fault?.meets(&random) ?? (.accepted(id: nil), FailoverSimulation.latency)
            landings[(now + after).milliseconds, default: []].append((item, outcome))
        }
    }

    private mutating func recall(_ lane: Int) {
        for item in wires[lane].waiting.reversed() {
            guard let ticket = tickets.removeValue(forKey: item) else { return report.duplicates += 1 }
            lanes.land(ticket, .withdrawn(.gatewayUnavailable), at: now)
            queue.insert(item, at: queue.startIndex)
        }
        wires[lane].waiting = []
    }

    private mutating func land(_ item: Int, _ outcome: Outcome) {
        guard let ticket = tickets.removeValue(forKey: item) else { return report.duplicates += 1 }
        wires[ticket.lane].running -= 1
        lanes.land(ticket, outcome, at: now)
        switch outcome {
        case .accepted:
            report.accepted += 1
            items[item].isSettled = true
        case .unknown:
            report.inDoubt += 1
            items[item].isSettled = true
        case .refused:
            items[item].attempts += 1
            queue.insert(item, at: queue.startIndex)
        case .withdrawn: queue.insert(item, at: queue.startIndex)
        }
    }
}
