// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import DunlinTime
import DunlinYAML
import Testing

@testable import DunlinEngine

@Suite struct RoutesReaderTests {
    static let gateways: [Gateway] = {
        var gateways =
            ["a", "b", "c"].map { DispatchBench.gateway($0, .sms) } + [DispatchBench.gateway("mail", .email)]
        gateways[0].price = PriceList(
            standard: Price("0.05 USD")!, others: [(Destination("CN")!, Price("0.01 USD")!)])
        gateways[1].price = PriceList(standard: Price("0.02 USD")!)
        return gateways
    }()

    static func routes(_ yaml: String) throws -> [Channel: Routes] {
        try RoutesReader(gateways: gateways).routes(YAMLValue(text: yaml, file: "dunlin.yaml"))
    }

    @Test(arguments: [
        "{sms: [b, a], email: mail}", "{sms: [[b, a]], email: [mail]}", "{sms: {gateways: [b, a]}, email: [[mail]]}",
    ])
    func aPlainListIsOneEntryForEverything(_ yaml: String) throws {
        let routes = try RoutesReaderTests.routes(yaml)
        #expect(routes[.sms]?.entries.map(\.gateways) == [[1, 0]] && routes[.sms]?.entries[0].fitsAll == true)
        #expect(routes[.email]?.gateways == [3] && routes[.call] == nil)
    }

    @Test func entriesAreReadInTheirOrder() throws {
        let routes = try RoutesReaderTests.routes(
            """
            sms:
              - {to: [CN, "+1617"], gateways: c}
              - {purpose: [notice, service], gateways: {a: 3, b: 1}}
              - {order: price, gateways: [a, b]}
            email:
              - {domains: Example.COM, gateways: [mail]}
            """)
        let sms = try #require(routes[.sms])
        #expect(sms.entries.map(\.gateways) == [[2], [0, 1], [0, 1]] && sms.gateways == [2, 0, 1])
        #expect(sms.entries[0].destinations == [.region("CN"), .prefix("+1617")])
        #expect(sms.entries[1].purposes == [.notice, .service])
        #expect(sms.width(of: 0) == 2 && sms.width(of: 2) == 1 && sms.width(of: 3) == 1)
        #expect(routes[.email]?.entries[0].domains == ["example.com"])
    }

    @Test(arguments: [
        ("{sms: [aa]}", "did you mean 'a'?"), ("{sms: [mail]}", "a gateway for email"),
        ("{sms: [a, a]}", "each gateway once"),
        ("{sms: [{gateways: []}]}", "the name of a gateway"), ("{sms: [{to: [CN]}]}", "gateways is missing"),
        ("{sms: [{to: [UK], gateways: a}]}", "'UK' in sms[0].to"),
        ("{sms: [{domains: [x.de], gateways: a}]}", "unknown key 'domains'"),
        ("{sms: [{gateways: {a: 0}}]}", "1 to 1000"),
        ("{sms: [{purpose: adverts, gateways: a}]}", "one of reminder, notice"),
        ("{sms: [{order: prize, gateways: [a, b]}]}", "price, for a list"),
        ("{sms: [{order: price, gateways: [a, c]}]}", "'c' has none"),
        ("{sms: [[a], {to: [CN], gateways: b}]}", "it is never asked"),
        ("{email: [{domains: ['@x.de'], gateways: mail}]}", "a domain of mail"),
        ("{fax: [a]}", "unknown key 'fax'"), ("{sms: [{gateways: {d: 1}}]}", "no gateway has that name"),
    ])
    func mistakesAreShownWithTheirPlace(_ yaml: String, _ expected: String) {
        let error = #expect(throws: DunlinError.self) { try RoutesReaderTests.routes(yaml) }
        let text = error?.description ?? ""
        #expect(text.contains(expected) && text.hasPrefix("dunlin.yaml:1:"), "\(text)")
    }

    @Test func theNamesAreKnownWithoutTheGateways() throws {
        let yaml = "{sms: [{to: CN, gateways: {a: 1, b: 2}}, [c, a]], email: [mail], call: x}"
        let names = try RoutesReader.names(YAMLValue(text: yaml, file: "f"))
        #expect(names.map { "\($0.channel) \($0.name)" } == ["sms a", "sms b", "sms c", "email mail", "call x"])
    }
}

@Suite struct LaneChoiceTests {
    static let now = Instant(rfc3339: "2026-11-25T12:00:00Z")!
    static let names = ["a", "b", "c"]

    private func table(
        _ yaml: String, _ gateways: [Gateway] = RoutesReaderTests.gateways, spent: [Spending] = []
    ) throws -> (LaneTable, Routes) {
        let routes = try RoutesReader(gateways: gateways).routes(YAMLValue(text: yaml, file: "f"))
        let channel = routes.keys.first!
        var lanes = LaneTable()
        lanes.adopt(
            try LaneBench.snapshot(gateways, routes: channel == .sms ? routes[channel]! : []).routing(routes),
            spent: spent)
        return (lanes, routes[channel]!)
    }

    private func ask(
        _ lanes: inout LaneTable, _ routes: Routes, _ address: String, _ purpose: Purpose = .reminder, turn: Int = 0,
        at now: Instant = now
    ) -> String {
        let request = LaneTable.Request(
            scope: SendScope(channel: .sms, gateway: "", message: "m", creditor: "c"), address: address,
            purpose: purpose)
        switch lanes.choose(routes, turnOf: turn, request, Control(), at: now) {
        case .lane(let lane): return lanes[lane].gateway.name
        case let other: return "\(other)".prefix { $0 != "(" }.description
        }
    }

    @Test func theFirstEntryThatFitsDecides() throws {
        var (lanes, routes) = try table(
            "{sms: [{to: [CN, US-NY, '+1617', GG], gateways: c}, {purpose: notice, gateways: b}, {to: [US, GB], gateways: [a, b]}]}"
        )
        #expect(ask(&lanes, routes, "+8613912345678") == "c")
        #expect(ask(&lanes, routes, "+12125550123") == "c")
        #expect(ask(&lanes, routes, "+16175550123") == "c")
        #expect(ask(&lanes, routes, "+14155550123") == "a")
        #expect(
            ask(&lanes, routes, "+14155550123", turn: 1) == "b" && ask(&lanes, routes, "+14155550123", turn: 2) == "a")
        #expect(ask(&lanes, routes, "+14155550123", .notice) == "b")
        #expect(ask(&lanes, routes, "+4930123456") == "unrouted")
    }

    @Test func mailIsRoutedByItsDomain() throws {
        var (lanes, routes) = try table("{email: [{domains: example.com, gateways: mail}]}")
        #expect(ask(&lanes, routes, "a@Example.COM") == "mail")
        #expect(ask(&lanes, routes, "a@sub.example.com") == "unrouted" && ask(&lanes, routes, "nothing") == "unrouted")
    }

    @Test func theCheapestForTheNumberIsFirst() throws {
        var (lanes, routes) = try table("{sms: [{order: price, gateways: [a, b]}]}")
        #expect(ask(&lanes, routes, "+8613912345678") == "a" && ask(&lanes, routes, "+4930123456") == "b")
        #expect(ask(&lanes, routes, "+4930123456", turn: 1) == "a")
    }

    @Test func weightsAreSharesOfRecipientsWhoKeepTheirGateway() throws {
        var (lanes, routes) = try table("{sms: [{gateways: {a: 3, b: 1}}]}")
        var counts: [String: Int] = [:]
        for n in 0..<4000 {
            let address = "+4915\(100_000_000 + n)"
            let first = ask(&lanes, routes, address)
            counts[first, default: 0] += 1
            #expect(ask(&lanes, routes, address) == first && ask(&lanes, routes, address, turn: 1) != first)
        }
        #expect((2900...3100).contains(counts["a"] ?? 0), "\(counts)")
    }

    @Test func aDestinationsRateHoldsBesideTheGateways() throws {
        var gateways = RoutesReaderTests.gateways
        gateways[0].rates = DestinationTable([(Destination("CN")!, 10)])
        var (lanes, routes) = try table("{sms: [a]}", gateways)
        var sent = ["+8613912345678": 0, "+4930123456": 0]
        for tick in 0..<300 {
            let now = LaneChoiceTests.now + .milliseconds(Int64(tick) * 10)
            for address in sent.keys where ask(&lanes, routes, address, at: now) == "a" {
                let ticket = lanes.depart(0, to: address, .sms("Hello"), at: now)
                lanes.land(ticket, .accepted(id: nil), at: now)
                sent[address]! += 1
            }
        }
        #expect((28...32).contains(sent["+8613912345678"]!) && sent["+4930123456"] == 300, "\(sent)")
    }

    @Test func whatAFullRouteKeepsBackGetsATurnAtItsPace() throws {
        var gateways = RoutesReaderTests.gateways
        gateways[0] = DispatchBench.gateway("a", .sms, rate: 10, concurrency: 50)
        var (lanes, routes) = try table("{sms: [{to: CN, gateways: a}, [b]]}", gateways)
        _ = lanes.depart(0, to: "+8613912345678", .sms("Hello"), at: LaneChoiceTests.now)
        let request = LaneTable.Request(
            scope: SendScope(channel: .sms, gateway: "", message: "m", creditor: "c"), address: "+8613912345678",
            purpose: .reminder)
        let turns = (0..<1000).map { _ -> Duration in
            guard case .full(let until?) = lanes.choose(routes, turnOf: 0, request, Control(), at: LaneChoiceTests.now)
            else { return .zero }
            return until - LaneChoiceTests.now
        }
        #expect(turns[0] == .milliseconds(100) && turns[99] == .seconds(10) && turns[999] == .minutes(1))
        #expect(ask(&lanes, routes, "+4930123456") == "b")
    }

    @Test func moneyIsChargedBySegmentGivenBackAndStopsTheGateway() throws {
        var gateways = RoutesReaderTests.gateways
        gateways[1].dailyLimit = DailyLimit(amount: Price("0.10 USD")!)
        var (lanes, routes) = try table("{sms: [b]}", gateways)
        let number = "+4930123456"
        let long = lanes.depart(1, to: number, .sms(String(repeating: "a", count: 400)), at: LaneChoiceTests.now)
        #expect(lanes.spending(at: LaneChoiceTests.now).first { $0.gateway == "b" }?.micros == 60_000)
        let one = lanes.depart(1, to: number, .sms("Hello"), at: LaneChoiceTests.now)
        let two = lanes.depart(1, to: number, .sms("Hello"), at: LaneChoiceTests.now)
        #expect(ask(&lanes, routes, number) == "spent")
        lanes.land(one, .refused(.transient), at: LaneChoiceTests.now)
        #expect(ask(&lanes, routes, number) == "b")
        lanes.land(two, .unknown(.timeout, detail: ""), at: LaneChoiceTests.now)
        lanes.giveBack(long)
        #expect(lanes.spending(at: LaneChoiceTests.now).first { $0.gateway == "b" }?.micros == 20_000)
        // A restart.
        let spending = [
            Spending(gateway: "b", day: lanes[1].day(at: LaneChoiceTests.now), micros: 90_000, currency: "USD")
        ]
        var (again, _) = try table("{sms: [b]}", gateways, spent: spending)
        #expect(ask(&again, routes, number) == "spent")
        #expect(ask(&again, routes, number, at: Instant(rfc3339: "2026-11-26T00:00:00Z")!) == "b")
    }

    @Test func aBudgetsDayIsThatOfItsZone() throws {
        var gateways = RoutesReaderTests.gateways
        gateways[1].dailyLimit = DailyLimit(amount: Price("0.01 USD")!, zone: "America/New_York")
        var (lanes, routes) = try table("{sms: [b]}", gateways)
        let request = LaneTable.Request(
            scope: SendScope(channel: .sms, gateway: "", message: "m", creditor: "c"), address: "+4930123456",
            purpose: .reminder)
        let choice = lanes.choose(routes, turnOf: 0, request, Control(), at: Instant(rfc3339: "2026-11-25T02:00:00Z")!)
        #expect(choice == .spent(until: Instant(rfc3339: "2026-11-25T05:00:00Z")!))
    }
}

extension Snapshot {
    /// The same with other routes.
    fileprivate func routing(_ routes: [Channel: Routes]) -> Snapshot {
        Snapshot(
            gateways: gateways, routes: routes, policies: policies, templates: templates, zones: zones, party: party)
    }
}
