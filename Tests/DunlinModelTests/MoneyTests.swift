// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@Suite struct MoneyTests {
    @Test(arguments: [
        ("1234.50", "USD", Int64(123_450), "1234.50"), ("1234.5", "USD", 123_450, "1234.50"),
        ("0", "EUR", 0, "0.00"), ("-3.07", "EUR", -307, "-3.07"), ("-0.07", "EUR", -7, "-0.07"),
        ("98000", "JPY", 98_000, "98000"), ("1.234", "KWD", 1234, "1.234"),
        ("92233720368547758.07", "USD", .max, "92233720368547758.07"),
    ])
    func readsAndWrites(_ text: String, _ code: String, _ units: Int64, _ written: String) throws {
        let currency = try #require(Currency(code: code))
        let money = try #require(Money(decimal: text, currency: currency))
        #expect(money.minorUnits == units)
        #expect(money.decimal == written)
    }

    @Test(arguments: [
        ("", "USD"), ("1.234", "USD"), ("1.0", "JPY"), (".5", "USD"), ("5.", "USD"), ("1,000.00", "USD"), ("+1", "USD"),
        ("1e3", "USD"), ("92233720368547758.08", "USD"), ("--1", "USD"), ("１", "USD"), ("-", "USD"),
    ])
    func refuses(_ text: String, _ code: String) throws {
        let currency = try #require(Currency(code: code))
        #expect(Money(decimal: text, currency: currency) == nil)
    }

    @Test(arguments: ["usd", "XYZ", "", "US", "XXX"])
    func knowsOnlyCurrenciesOfISO4217(_ code: String) {
        #expect(Currency(code: code) == nil)
    }
}

@Suite struct NearMissTests {
    @Test(arguments: [
        ("expire", "expires"), ("chanels", "channels"), ("mesage", "message"), ("IDs", "id"), ("cahnnels", "channels"),
    ])
    func findsWhatWasMeant(_ word: String, _ meant: String) {
        #expect(nearMiss(word, among: ["id", "message", "due", "expires", "channels"]) == meant)
    }

    @Test func suggestsNothingFarOff() {
        #expect(nearMiss("zebra", among: ["id", "message"]) == nil)
        #expect(nearMiss("x", among: []) == nil)
    }
}

@Suite struct ContactKeyTests {
    @Test func keepsDimensionsApartAndFoldsCase() {
        #expect(ContactKey.recipient("A-1") != ContactKey.account("A-1"))
        #expect(ContactKey.address("Alex@Example.com") == ContactKey.address("alex@example.com"))
        #expect(ContactKey.recipient("P-1") != ContactKey.recipient("P-2"))
    }
}
