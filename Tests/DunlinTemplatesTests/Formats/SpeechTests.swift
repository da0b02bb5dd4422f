// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinTemplates

struct SpeechTests {
    @Test(arguments: [
        ("en-US", "1234 USD", "1,234 US dollars"), ("en-US", "1234.50 USD", "1,234.50 US dollars"),
        ("en-US", "0 USD", "0 US dollars"), ("en-US", "-5 USD", "-5 US dollars"), ("en-US", "1 USD", "1 US dollar"),
        ("es-ES", "1 EUR", "1 euro"), ("ja-JP", "1234 JPY", "1,234円"), ("en-GB", "1.005 KWD", "1.005 Kuwaiti dinars"),
        // The form of the name goes with the amount.
        ("ru-RU", "1 RUB", "1 российский рубль"), ("ru-RU", "3 RUB", "3 российских рубля"),
        ("ru-RU", "5 RUB", "5 российских рублей"), ("ru-RU", "2.50 RUB", "2,50 российского рубля"),
        // Groups that a voice would take for numbers of their own are left out, and so are other digits and marks.
        ("ru-RU", "12345 RUB", "12345 российских рублей"), ("fr-FR", "1234.50 EUR", "1234,50 euros"),
        ("de-CH", "12345 CHF", "12345 Schweizer Franken"), ("ar-EG", "-12345 EGP", "-12,345 جنيهًا مصريًا"),
        // ICU would put the symbol in front as well.
        ("fr-CH", "-5 EUR", "-5 euros"), ("tr-TR", "5 TRY", "5 Türk lirası"),
    ])
    func amounts(locale: String, amount: String, expected: String) {
        let spoken = ValueFormats(locale: locale, channel: .call).write(amount[...], as: .money, currency: nil)
        #expect(spoken == expected)
    }

    @Test(arguments: [
        ("en-US", "Friday, November 20, 2026"), ("ru-RU", "пятница, 20 ноября 2026 г."),
        ("ar-EG", "الجمعة، 20 نوفمبر، 2026"), ("zh-Hans-CN", "2026年11月20日 星期五"),
    ])
    func days(locale: String, expected: String) throws {
        let day = try #require(CivilDate(iso8601: "2026-11-20"))
        #expect(ValueFormats(locale: locale, channel: .call).date(day) == expected)
    }

    @Test(arguments: [
        ("en", "+16175550100", "1, 6 1 7, 5 5 5, 0 1 0 0"), ("es", "+34612345678", "3 4, 6 1 2, 3 4, 5 6, 7 8"),
        ("zh-Hans", "+16175550100", "1，6 1 7，5 5 5，0 1 0 0"), ("ja", "+81312345678", "8 1、3、1 2 3 4、5 6 7 8"),
        ("ar", "+201001234567", "2 0، 1 0، 0 1 2، 3 4 5، 6 7"),
        // A calling code without a line in phones.txt, and groups that are too long to remember.
        ("en", "+9991234567", "9 9 9, 1 2 3, 4 5 6 7"), ("de", "+493012345678", "4 9, 3 0, 1 2 3, 4 5 6, 7 8"),
    ])
    func phones(locale: String, number: String, expected: String) {
        #expect(ValueFormats(locale: locale, channel: .call).phone(number[...]) == expected)
    }

    @Test(arguments: [
        ("A-77", "A, 7 7"), ("ab12", "A B, 1 2"), ("12345", "1 2 3, 4 5"), ("1234", "1 2 3 4"), ("№ 7", "7"),
        ("2026/000417-x", "2 0 2 6, 0 0 0, 4 1 7, X"), ("合12", "合, 1 2"), ("---", "---"), ("", ""),
    ])
    func references(text: String, expected: String) {
        #expect(ValueFormats(locale: "en", channel: .call).reference(text[...]) == expected)
        #expect(ValueFormats(locale: "en", channel: .sms).reference(text[...]) == text)
    }

    @Test func aReferenceHasNoControlCharacters() {
        #expect(ValueFormats(locale: "en", channel: .call).reference("A\n1") == nil)
    }

    @Test(arguments: ["ar-EG", "fa-IR", "he-IL", "ar-SA"])
    func nothingSpokenHasMarksOfDirection(locale: String) {
        let formats = ValueFormats(locale: locale, channel: .call)
        let texts = [
            formats.number("-1234.5"), formats.write("-1234.50 USD", as: .money, currency: nil),
            formats.phone("+16175550100"), formats.date(CivilDate(daysSince1970: 20_777)),
        ].compactMap(\.self)
        #expect(texts.count == 4)
        for text in texts {
            #expect(!text.unicodeScalars.contains { $0.properties.isBidiControl }, "\(text)")
        }
    }
}
