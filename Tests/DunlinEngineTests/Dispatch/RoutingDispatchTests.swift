// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinEngine

/// Routes in the dispatcher, with its ledger.
@Suite struct RoutingDispatchTests {
    private static func gateways(limit: String = "0.05 USD") -> [Gateway] {
        var gateways = [
            DispatchBench.gateway("sms-cn", .sms, rate: 1), DispatchBench.gateway("sms-main", .sms),
            DispatchBench.gateway("mail", .email),
        ]
        gateways[1].price = PriceList(standard: Price("0.02 USD")!)
        gateways[1].dailyLimit = DailyLimit(amount: Price(limit)!)
        return gateways
    }

    private static let split: Routes = Routes([
        Route(gateways: [0], destinations: [.region("CN")]), Route(gateways: [1], destinations: [.region("GB")]),
    ])

    @Test func aRouteThatIsFullHoldsNobodyElseUp() throws {
        var gateways = RoutingDispatchTests.gateways()
        gateways[1].dailyLimit = nil
        let bench = try DispatchBench(gateways: gateways, routes: [.sms: RoutingDispatchTests.split, .email: [2]])
        for n in 0..<40 {
            var reminder = bench.reminder("cn-\(n)")
            reminder.recipient.phone = "+86139123456\(10 + n)"
            try bench.store(reminder)
        }
        try bench.store(bench.reminder("gb-1"), bench.reminder("gb-2"))
        var sent: [String: Int] = [:]
        for _ in 0..<25 {
            let transfers = try bench.turn()
            for transfer in transfers { sent[transfer.scope.gateway, default: 0] += 1 }
            try bench.turn(transfers.map { $0.answered(.accepted(id: nil)) })
                .forEach { sent[$0.scope.gateway, default: 0] += 1 }
            bench.clock.advance(by: .milliseconds(100))
        }
        #expect(sent["sms-main"] == 2 && (2...4).contains(sent["sms-cn"] ?? 0), "\(sent)")
        // The others are not lost: one a second, as the gateway takes them.
        for _ in 0..<600 {
            let transfers = try bench.turn()
            for transfer in transfers { sent[transfer.scope.gateway, default: 0] += 1 }
            _ = try bench.dispatcher.turn(
                transfers.map { $0.answered(.accepted(id: nil)) }, control: bench.control, admits: false,
                at: bench.clock.now)
            bench.clock.advance(by: .milliseconds(100))
        }
        #expect(sent["sms-cn"] == 40, "\(sent)")
    }

    @Test func whatNoRouteFitsIsHeldOrTakesItsNextChannel() throws {
        let bench = try DispatchBench(
            gateways: RoutingDispatchTests.gateways(), routes: [.sms: RoutingDispatchTests.split, .email: [2]])
        var alone = bench.reminder("r-1")
        alone.recipient.phone = "+4930123456"
        var other = bench.reminder("r-2", channels: [.sms, .email])
        other.recipient.phone = "+4930123457"
        try bench.store(alone, other)
        #expect(try bench.turn().map(\.scope.gateway) == ["mail"])
        let held = try bench.history("r-1")
        #expect(held.state == .held && held.queued?.reason == .noRoute)
    }

    /// Of eight that were handed over one is on the wire when their gateway falls silent.
    @Test(arguments: [false, true]) func whatHasNotLeftAnIllGatewayMovesOn(_ crashes: Bool) throws {
        let bench = try DispatchBench()
        for n in 1...8 { try bench.store(bench.reminder("r-\(n)")) }
        let sent = try bench.turn()
        #expect(sent.count == 8 && sent.allSatisfy { $0.scope.gateway == "sms-a" })
        for _ in 0..<110 {
            bench.clock.advance(by: .milliseconds(100))
            #expect(try bench.turn().isEmpty)
        }
        #expect(bench.wire.recalls == [0])
        var moved: [Transfer] = []
        if crashes {
            let report = try bench.crash(leaving: .sameBoot([sent[0].attempt: .onWire]))
            #expect(report.requeued == 7 && report.unknown == 1)
            moved = try bench.turn()
        } else {
            moved = try bench.turn(sent.dropFirst().map { $0.answered(.withdrawn(.gatewayUnavailable)) })
            #expect(moved.allSatisfy { $0.scope.gateway == "sms-b" })
            try bench.turn([sent[0].answered(.unknown(.timeout, detail: "28"))])
        }
        #expect(moved.count == 7)
        try bench.turn(moved.map { $0.answered(.accepted(id: nil)) })
        let histories = try (1...8).map { try bench.history("r-\($0)") }
        #expect(histories.filter { $0.state == .unknown }.count == 1)
        #expect(histories.filter { $0.state == .accepted }.count == 7)
        let once: [Event] = [.intent, .unknown],
            twice: [Event] = [.intent, .withdrawn, .intent, .accepted]
        #expect(histories.allSatisfy { [once, twice].contains($0.facts.map(\.fact.event)) })
        #expect(try bench.turn().isEmpty)
    }

    @Test func aRestartForgetsNoMoney() throws {
        let bench = try DispatchBench(
            gateways: RoutingDispatchTests.gateways(limit: "9 USD"),
            routes: [.sms: RoutingDispatchTests.split, .email: [2]])
        for n in 1...4 { try bench.store(bench.reminder("r-\(n)")) }
        let sent = try bench.turn()
        #expect(sent.count == 4)
        func spent() -> String? { bench.dispatcher.gatewayStatus(at: bench.clock.now)[1].spentToday }
        let before = spent()
        #expect(before != "0.00 USD")
        _ = try bench.crash(leaving: .sameBoot([:]))
        #expect(spent() == before)
        // What was refused is given back, and that is kept as well.
        let again = try bench.turn()
        try bench.turn(again.map { $0.answered(.refused(.recipient)) })
        #expect(spent() == before)
        try bench.store(bench.reminder("r-5"))
        #expect(try bench.turn().count == 1)
        let refunded = spent()
        _ = try bench.crash(leaving: .otherBoot(why: "a reboot"))
        #expect(spent() == refunded && refunded != before)
        bench.clock.advance(by: .days(1))
        #expect(spent() == "0.00 USD")
    }

    /// A gateway that was not configured at the start and comes back by a reload has spent what it has spent.
    @Test func aGatewayThatComesBackFindsItsMoneySpent() throws {
        let bench = try DispatchBench(
            gateways: RoutingDispatchTests.gateways(limit: "9 USD"),
            routes: [.sms: RoutingDispatchTests.split, .email: [2]])
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()
        try bench.turn(sent.map { $0.answered(.accepted(id: nil)) })
        func spent() -> [String] { bench.dispatcher.gatewayStatus(at: bench.clock.now).compactMap(\.spentToday) }
        let before = spent()
        let old = bench.dispatcher.snapshot
        func adopt(_ gateways: [Gateway], _ routes: [Channel: Routes]) throws {
            try bench.dispatcher.adopt(
                Snapshot(
                    gateways: gateways, routes: routes, policies: old.policies, templates: old.templates,
                    zones: old.zones, party: old.party))
        }
        try adopt([old.gateways[2]], [.email: [0]])
        _ = try bench.crash(leaving: .sameBoot([:]))
        #expect(spent().isEmpty)
        try adopt(old.gateways, old.routes)
        #expect(spent() == before)
        // And the ledger knows it still.
        try bench.store(bench.reminder("r-2"))
        #expect(try bench.turn().count == 1)
        let after = spent()
        _ = try bench.crash(leaving: .otherBoot(why: "a reboot"))
        #expect(spent() == after && after != before)
    }

    @Test func spentMoneyHoldsUntilTheDayEndsOrAReloadGivesMore() throws {
        let bench = try DispatchBench(
            gateways: RoutingDispatchTests.gateways(), routes: [.sms: RoutingDispatchTests.split, .email: [2]])
        for n in 1...5 { try bench.store(bench.reminder("r-\(n)", channels: [.sms, .email])) }
        // The shipped text has several segments: the first message may exceed the limit by all but its first.
        let first = try bench.turn()
        let sent = first.count
        #expect((1...2).contains(sent) && first.allSatisfy { $0.scope.gateway == "sms-main" })
        let held = try (1...5).map { try bench.history("r-\($0)") }.filter { $0.state == .held }
        #expect(held.count == 5 - sent && held.allSatisfy { $0.queued?.reason == .budgetSpent })
        #expect(held.allSatisfy { $0.queued?.due == Instant(rfc3339: "2026-11-26T00:00:00Z") })
        #expect(bench.dispatcher.gatewayStatus(at: bench.clock.now)[1].isBudgetSpent == true)
        bench.clock.advance(by: .minutes(30))
        #expect(try bench.turn().isEmpty)
        let old = bench.dispatcher.snapshot
        try bench.dispatcher.adopt(
            Snapshot(
                gateways: RoutingDispatchTests.gateways(limit: "10 USD"), routes: old.routes, policies: old.policies,
                templates: old.templates, zones: old.zones, party: old.party))
        #expect(try bench.turn().count == 5 - sent)
    }

    /// A plan takes the same routes, and no answer time that an operator may assume makes a gateway ill.
    @Test(arguments: [Duration.milliseconds(200), .seconds(600)])
    func aPlanRoutesAsTheDaemonWould(_ answerTime: Duration) throws {
        let number = "+86139123456"
        var cn = DispatchBench.gateway("cn", .sms).planned
        cn.price = PriceList(standard: Price("0.01 USD")!)
        let bench = try DispatchBench(
            gateways: [cn, DispatchBench.gateway("main", .sms).planned],
            routes: [.sms: Routes([Route(gateways: [0], destinations: [.region("CN")]), Route(gateways: [1])])])
        for n in 10..<90 {
            var reminder = bench.reminder("r-\(n)", zones: ["Europe/London"])
            if n % 2 == 0 { reminder.recipient.phone = "\(number)\(n)" }
            try bench.store(reminder)
        }
        try VirtualRun(
            bench.ledger, snapshot: bench.dispatcher.snapshot, control: Control(), from: bench.clock.now,
            answerTime: answerTime
        ).play(until: bench.clock.now + .hours(4))
        for n in 10..<90 {
            let facts = try bench.history("r-\(n)").facts.map(\.fact)
            #expect(facts.map(\.event) == [.intent, .accepted])
            #expect(facts.first?.gateway == (n % 2 == 0 ? "cn" : "main"))
        }
    }
}
