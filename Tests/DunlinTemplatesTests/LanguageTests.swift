// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinTemplates

struct LanguageTests {
    static let offered = ["en", "es", "zh-Hans", "zh-Hant", "pt-BR", "sr-Latn", "en-GB"]

    @Test(arguments: [
        ("en", "en"), ("en-US", "en"), ("EN_us", "en"), ("en-GB", "en-GB"), ("en-GB-oxendict", "en-GB"),
        ("es-MX", "es"),
        ("es-419", "es"), ("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("zh-SG", "zh-Hans"), ("zh-Hans-HK", "zh-Hans"),
        ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-MO", "zh-Hant"), ("zh-Hant-HK", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("cmn-TW", "zh-Hant"), ("cmn", "zh-Hans"), ("yue", "zh-Hant"), ("zh-yue", "zh-Hant"), ("yue-CN", "zh-Hans"),
        ("pt-BR", "pt-BR"), ("pt", "pt-BR"), ("pt-PT", "pt-BR"), ("sr-Latn-RS", "sr-Latn"), ("sr", nil), ("fr", nil),
        ("xx", nil),
        ("zh-TW-u-nu-hanidec", "zh-Hant"), ("en-u-rg-gbzzzz", "en"),
    ])
    func fallsBack(locale: String, expected: String?) {
        let tags = Self.offered.compactMap { LanguageTag($0) }
        #expect(tags.map(\.identifier) == Self.offered)
        #expect(LanguageTag(locale)?.lookup(among: tags).map { Self.offered[$0] } == expected)
    }

    @Test(arguments: ["", "-", "e", "engl", "12", "e\u{301}n", String(repeating: "en-", count: 100)])
    func refusesWhatIsNoTag(text: String) { #expect(LanguageTag(text) == nil) }

    @Test(
        arguments: [
            ("en-US", nil, "en-US"), ("en", nil, "en-US"), ("en-GB", nil, "en-GB"), ("en-CN", nil, "en-US"),
            ("es", "US", "es-US"),
            ("es-MX", nil, "es-MX"), ("zh-Hans", nil, "zh-CN"), ("zh-Hant", nil, "zh-TW"), ("zh-HK", nil, "zh-HK"),
            ("zh-Hans-US", nil, "zh-CN"), ("de", nil, "de-DE"),
        ] as [(String, String?, String)])
    func choosesAVoice(locale: String, country: String?, expected: String) throws {
        let tag = try #require(LanguageTag(locale))
        #expect(tag.with(region: tag.region ?? country).voice == expected)
    }

    @Test func knowsTheDirection() {
        #expect(["ar", "he", "ur-PK"].allSatisfy { LanguageTag($0)?.isRightToLeft == true })
        #expect(["en", "zh-Hant", "sr"].allSatisfy { LanguageTag($0)?.isRightToLeft == false })
    }

    /// Values are written as in the language of the text, with the region only of the recipient's own language.
    @Test(
        arguments: [
            ("en-US", nil, "$1,234.50 November 20, 2026"), ("en-GB", nil, "US$1,234.50 20 November 2026"),
            ("en", "GB-LND", "US$1,234.50 20 November 2026"), ("fr-FR", "FR", "$1,234.50 November 20, 2026"),
            ("es-MX", "US", "USD 1,234.50 20 de noviembre de 2026"),
            ("es", "US-CA", "$1,234.50 20 de noviembre de 2026"),
            ("es", nil, "1234,50 US$ 20 de noviembre de 2026"), ("no tag at all", nil, "$1,234.50 November 20, 2026"),
            ("zh-CN", nil, "US$1,234.50 2026年11月20日"),
            // CLDR knows no Russian in the US: it is written as anywhere.
            ("ru", "US-MA", "1 234,50 $ 20 ноября 2026 г."), ("ru-US", nil, "1 234,50 $ 20 ноября 2026 г."),
        ] as [(String, String?, String)])
    func formatsByLocale(locale: String, region: String?, expected: String) throws {
        var files = message(sms: "{{amount}} {{due_date}}")
        for language in ["es", "ru", "zh-Hans"] { files["m/\(language)/sms.mustache"] = files["m/en/sms.mustache"] }
        let library = try MessageFolder(files).load()
        #expect(try library.sms(reminder(locale: locale, region: region)) == expected)
    }

    @Test(arguments: [
        ("1234.50", "USD", "$1,234.50"), ("0", "USD", "$0.00"), ("-5", "USD", "-$5.00"), ("1234", "JPY", "¥1,234"),
        ("1.234", "KWD", "KWD 1.234"), ("9007199254740993.01", "USD", "$9,007,199,254,740,993.01"),
        ("92233720368547758.07", "USD", "$92,233,720,368,547,758.07"), ("1.5", "EUR", "€1.50"),
    ])
    func writesMoneyExactly(decimal: String, currency: String, expected: String) throws {
        let unit = try #require(Currency(code: currency))
        let money = try #require(Money(decimal: decimal, currency: unit))
        #expect(Escaping.plainSpaces(ValueFormats(locale: "en", channel: .sms).money(money)) == expected)
    }
}

extension Escaping {
    static func plainSpaces(_ text: String) -> String {
        var out = ""
        Escaping.sms.append(text, to: &out)
        return out
    }
}
