// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinGateways

@Suite struct PriceTests {
    private static let usd = Currency(code: "USD")!

    @Test(arguments: [
        ("0.0075 USD", 7500, "0.0075 USD"), ("200 USD", 200_000_000, "200.00 USD"), ("0.000001 USD", 1, "0.000001 USD"),
        ("12.5 USD", 12_500_000, "12.50 USD"), ("0 USD", 0, "0.00 USD"),
    ])
    func readsAndWrites(_ text: String, _ millionths: Int, _ written: String) {
        let price = Price(text)
        #expect(price?.millionths == Int64(millionths) && price?.description == written)
    }

    @Test(arguments: [
        "", "USD", "1", "1 XXX", "1  USD", "-1 USD", "1. USD", ".5 USD", "0.0000001 USD", "1,5 USD", "1e3 USD",
        "1000000001 USD", "99999999999999999999 USD", "1 usd", "1 USD ",
    ])
    func refusesWhatIsNoPrice(_ text: String) { #expect(Price(text) == nil) }
}

@Suite struct BudgetTests {
    private static let today = CivilDate(iso8601: "2026-11-22")!

    /// Against a ledger of charges that is summed anew each time.
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func neverTakesMoreThanADaysMoney(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var budget = Budget(limit: 1_000_000)
        var day = BudgetTests.today
        var charges: [(day: CivilDate, amount: Int64)] = []
        for _ in 0..<3000 {
            if Int.random(in: 0..<100, using: &random) == 0 { day = day + 1 }
            let price = Int64.random(in: 0...40_000, using: &random)
            if Int.random(in: 0..<4, using: &random) == 0, let place = charges.indices.randomElement(using: &random) {
                let refunded = charges.remove(at: place)
                budget.refund(refunded.amount, of: refunded.day)
            } else if !budget.isSpent(on: day, next: price) {
                budget.charge(price, on: day)
                charges.append((day, price))
            }
            let spent = charges.filter { $0.day == day }.map(\.amount).reduce(0, +)
            #expect(budget.spent(on: day) == spent && spent <= 1_000_000)
        }
    }

    @Test func aClockSetBackAcrossMidnightReopensNothing() {
        var budget = Budget(limit: 100)
        budget.charge(90, on: BudgetTests.today)
        budget.charge(95, on: BudgetTests.today + 1)
        #expect(budget.isSpent(on: BudgetTests.today, next: 10) && budget.spent(on: BudgetTests.today + 2) == 0)
        budget.charge(5, on: BudgetTests.today)
        #expect(budget.spent(on: BudgetTests.today + 1) == 100)
    }

    @Test func withoutALimitItOnlyCounts() {
        var budget = Budget(limit: nil)
        budget.charge(.max / 2, on: BudgetTests.today)
        #expect(!budget.isSpent(on: BudgetTests.today, next: 1))
    }
}

@Suite struct DestinationTests {
    @Test func theCountriesAreThoseOfTzdata() throws {
        let file = try String(contentsOfTestFile: "/usr/share/zoneinfo/iso3166.tab")
        let codes = file.split(separator: "\n").filter { $0.first != "#" }.map { $0.prefix(2) }
        #expect(codes.count > 240 && CountryCodes.all == Set(codes))
    }

    @Test(arguments: [
        "UK", "cn", "C", "CHN", "+", "+0", "1617", "+1-617", "US-", "US-ABCD", "us-NY", "+1617555010012345",
    ])
    func refusesWhatIsNoDestination(_ text: String) { #expect(Destination(text) == nil) }

    @Test func theMostExactOneCounts() {
        let texts = ["US", "+1", "US-NY", "+1617", "CN", "US-MA"]
        let table = DestinationTable(texts.map { (Destination($0)!, $0) })
        func value(_ number: String, _ regions: [String]) -> String? {
            table.index(of: number, in: regions).map { table.entries[$0].value }
        }
        #expect(value("+16175550123", ["US-MA"]) == "+1617")
        #expect(value("+12125550123", ["US-NY"]) == "+1")
        #expect(value("+8613912345678", ["CN"]) == "CN")
        #expect(value("+447700900123", ["GB", "GG"]) == nil)
        let regions = DestinationTable(["US", "US-NY"].map { (Destination($0)!, $0) })
        #expect(regions.index(of: "+12125550123", in: ["US-NY"]).map { regions.entries[$0].value } == "US-NY")
        #expect(regions.index(of: "+16175550123", in: ["US-MA"]).map { regions.entries[$0].value } == "US")
    }
}

extension String {
    fileprivate init(contentsOfTestFile path: String) throws {
        self = String(decoding: try SecretReader.system.read(path), as: UTF8.self)
    }
}
