// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import FoundationEssentials
import FoundationInternationalization
import Testing

@testable import DunlinTemplates

/// What a pattern writes is what ICU writes, in every language of the library and in those that are built differently.
struct NumberPatternTests {
    static let locales = [
        "en-US", "en-GB", "en-IN", "en-ZA", "es-ES", "es-MX", "es-AR", "pt-BR", "pt-PT", "zh-Hans-CN", "zh-Hant-TW",
        "zh-Hant-HK", "ar-EG", "ar-SA", "ar-AE", "ar-MA", "fr-FR", "fr-CA", "fr-CH", "de-DE", "de-AT", "de-CH", "it-IT",
        "it-CH", "ru-RU", "ja-JP", "ko-KR", "hi-IN", "id-ID", "vi-VN", "th-TH", "fa-IR", "bn-BD", "my-MM", "pl-PL",
        "bg-BG", "nl-NL", "sv-SE", "pt-CV", "gsw-CH", "ff-Adlm-GN",
    ]
    static let currencies = ["USD", "EUR", "JPY", "KWD", "INR", "CVE", "CHF", "BRL", "EGP", "CLP"]

    private static func amounts(_ random: inout SeededRandom) -> [Int64] {
        [0, 1, -1, .max, .min]
            + (0..<20).map { _ in
                Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...62, using: &random)
            }
    }

    @Test(arguments: locales)
    func amountsAreICUs(locale: String) throws {
        var random = SeededRandom(seed: UInt64(locale.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
        let formats = ValueFormats(locale: locale, channel: .sms)
        for code in Self.currencies.shuffled(using: &random).prefix(4) {
            let currency = try #require(Currency(code: code))
            guard case .learned = MoneyFormat(currency, locale: Locale(identifier: locale)) else {
                Issue.record("no pattern for \(code) in \(locale)")
                continue
            }
            let style = Decimal.FormatStyle.Currency(code: code, locale: Locale(identifier: locale))
                .precision(.fractionLength(currency.minorDigits))
            for units in Self.amounts(&random) {
                let amount = Money(minorUnits: units, currency: currency)
                #expect(formats.money(amount) == style.format(try #require(Decimal(string: amount.decimal))))
            }
        }
    }

    @Test(arguments: locales)
    func numbersAreICUs(locale: String) throws {
        var random = SeededRandom(seed: 3)
        let formats = ValueFormats(locale: locale, channel: .sms)
        let style = Decimal.FormatStyle(locale: Locale(identifier: locale))
        for units in Self.amounts(&random) {
            let decimals = Int.random(in: 0...8, using: &random)
            let digits = String(units.magnitude)
            let text =
                (units < 0 ? "-" : "") + (digits.dropLast(decimals).isEmpty ? "0" : digits.dropLast(decimals))
                + (decimals == 0 ? "" : ".\(digits.suffix(decimals))")
            #expect(formats.number(text[...]) == style.format(try #require(Decimal(string: text))), "\(text)")
            #expect(formats.number(Int(units)) == style.format(Decimal(units)))
        }
    }

    @Test(arguments: [
        ("3", "3"), ("2.50", "2.5"), ("1.0", "1"), ("007", "7"), ("-0", "0"), ("-0.0", "0"), ("0.000001", "0.000001"),
        ("1234567890123456789012345678.5", "1,234,567,890,123,456,789,012,345,678.5"),
        ("", nil), (".5", nil), ("5.", nil), ("1e3", nil), ("1,5", nil), ("--1", nil), ("1-", nil), ("+1", nil),
        ("1234567890123456789012345678901", nil),
    ])
    func readsPlainDecimalsOnly(text: String, expected: String?) {
        #expect(ValueFormats(locale: "en", channel: .sms).number(text[...]) == expected)
    }

    /// ICU in a shape that patterns do not know must not be imitated.
    @Test func whatDoesNotFitIsNotLearned() {
        let english = Decimal.FormatStyle(locale: Locale(identifier: "en")).precision(.fractionLength(2))
        #expect(NumberPattern(fractionDigits: 2) { english.format($0) } != nil)
        #expect(NumberPattern(fractionDigits: 2) { $0 == 123_456 ? "a lot" : english.format($0) } == nil)
        #expect(NumberPattern(fractionDigits: 2) { $0 < 0 ? "less" : english.format($0) } == nil)
        #expect(NumberPattern(fractionDigits: 2) { $0 > 1_000_000_000 ? english.format($0) : "few" } == nil)
        #expect(NumberPattern(fractionDigits: 0) { english.format($0) } == nil)
    }
}
