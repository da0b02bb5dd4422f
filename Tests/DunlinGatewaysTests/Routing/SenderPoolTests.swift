// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinGateways

@Suite struct RendezvousTests {
    private static let people = (0..<20_000).map { "+4915\(100_000_000 + $0 * 37)" }

    private func winner(_ key: String, _ names: [String]) -> String {
        names.max { Rendezvous.score(key, $0) < Rendezvous.score(key, $1) }!
    }

    @Test func oneMoreMovesOnlyWhatItWinsAndOneLessOnlyWhatItHad() {
        let few = (0..<4).map { "+1617555010\($0)" }
        let many = few + ["+16175550109"]
        var moved = 0
        var shares: [String: Int] = [:]
        for person in RendezvousTests.people {
            let (before, after) = (winner(person, few), winner(person, many))
            shares[after, default: 0] += 1
            if before != after {
                moved += 1
                #expect(after == "+16175550109")
            }
        }
        #expect((3700...4300).contains(moved) && shares.values.allSatisfy { (3700...4300).contains($0) })
    }

    @Test func sharesFollowTheWeights() {
        let weights = [("bulk-a", 3), ("bulk-b", 1), ("bulk-c", 6)]
        var counts: [String: Int] = [:]
        for person in RendezvousTests.people {
            let best = weights.min {
                Rendezvous.distance(person, $0.0, weight: $0.1) < Rendezvous.distance(person, $1.0, weight: $1.1)
            }!
            counts[best.0, default: 0] += 1
        }
        for (name, weight) in weights {
            #expect(abs(Double(counts[name] ?? 0) / 20_000 - Double(weight) / 10) < 0.01, "\(name) \(counts)")
        }
    }

    @Test func addressesCountWithoutRegardToCase() {
        #expect(Rendezvous.score("Alex@Example.com", "a") == Rendezvous.score("alex@example.com", "a"))
        #expect(Rendezvous.score("alex@example.com", "a") != Rendezvous.score("alex@example.com", "b"))
    }
}

@Suite struct SenderPoolTests {
    private func gateway(_ from: String) throws -> Gateway {
        try AdapterFixture.gateway("adapter: twilio-sms, account: AC1, token: {env: TOKEN}, from: \(from)")
    }

    private func sender(_ gateway: Gateway, to: String) throws -> String? {
        let request = try gateway.adapter.httpRequest(AdapterFixture.message(.sms("Hello"), to: to))
        return String(decoding: request.body, as: UTF8.self).split(separator: "&").first { $0.hasPrefix("From=") }
            .map(String.init)
    }

    @Test func eachRecipientAlwaysSeesTheSameSender() throws {
        let pool = try gateway("[\"+16175550100\", \"+16175550101\", \"+16175550102\"]")
        let again = try gateway("[\"+16175550102\", \"+16175550100\", \"+16175550101\"]")
        var seen: Set<String> = []
        for n in 0..<60 {
            let to = "+4479460010\(10 + n)"
            let from = try #require(try sender(pool, to: to))
            #expect(try sender(pool, to: to) == from && sender(again, to: to) == from)
            seen.insert(from)
        }
        #expect(seen.count == 3)
    }

    @Test func oneSenderIsAsBefore() throws {
        #expect(try sender(gateway("\"+16175550100\""), to: "+447946001000") == "From=%2B16175550100")
        #expect(try sender(gateway("[\"+16175550100\"]"), to: "+447946001000") == "From=%2B16175550100")
    }

    @Test(arguments: [("[]", "text"), ("[a, a]", "each sender once"), ("[a, [b]]", "text")])
    func mistakesAreShown(_ from: String, _ expected: String) throws {
        let error = #expect(throws: DunlinError.self) { try gateway(from) }
        #expect(error?.description.contains(expected) == true)
    }

    @Test func noSecretIsDescribed() throws {
        let pool = try gateway("[\"+16175550100\", \"+16175550101\"]")
        #expect(String(reflecting: pool.adapter).contains("2 senders") && !"\(pool)".contains("17555"))
    }
}

@Suite struct RoutingKeyTests {
    private func gateway(_ keys: String) throws -> Gateway {
        try AdapterFixture.gateway("\(AdapterFixture.kannel), \(keys)")
    }

    @Test func pricesBudgetsAndRatesAreRead() throws {
        let gateway = try gateway(
            "price: {default: 0.0075 USD, CN: 0.03 USD, +1: 0.0083 USD}, budget: {limit: 200 USD, zone: Europe/Berlin}, rates: {CN: 50/s, \"+1\": 10/min}"
        )
        #expect(gateway.price?.price(of: "+8613912345678", in: ["CN"]).millionths == 30_000)
        #expect(gateway.price?.price(of: "+16175550123", in: ["US-MA"]).millionths == 8300)
        #expect(gateway.price?.price(of: "+447700900123", in: ["GB"]).millionths == 7500)
        #expect(gateway.dailyLimit == DailyLimit(amount: Price("200 USD")!, zone: "Europe/Berlin"))
        #expect(gateway.rates.index(of: "+16175550123", in: []).map { gateway.rates.entries[$0].value } == 10.0 / 60)
        let plain = try self.gateway("price: 0.0075 USD, budget: 1.50 USD/day")
        #expect(
            plain.price?.standard == Price("0.0075 USD") && plain.dailyLimit == DailyLimit(amount: Price("1.5 USD")!))
    }

    @Test(arguments: [
        ("budget: 1 USD/day", "'price' beside it"), ("price: 1 EUR, budget: 1 USD/day", "the currency of 'price', EUR"),
        ("price: 1 USD, budget: 1 USD", "200 USD/day"), ("price: 0.00000001 USD", "at most six decimals"),
        ("price: {CN: 1 USD}", "default is missing"),
        ("price: {default: 1 USD, CN: 1 EUR}", "the currency of 'default'"),
        ("price: {default: 1 USD, UK: 1 USD}", "'UK' in g.price.UK"), ("rates: {CN: fast}", "a rate such as"),
        ("rates: {cn: 1/s}", "did you mean 'CN'?"), ("budgt: 1 USD/day", "did you mean 'budget'?"),
    ])
    func mistakesAreShown(_ keys: String, _ expected: String) throws {
        let error = #expect(throws: DunlinError.self) { try gateway(keys) }
        let text = error?.description ?? ""
        #expect(text.contains(expected), "\(text)")
    }
}
