// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DunlinTemplates

/// Tests/acceptance/cldr_check.py compares every language with babel; here are those that tell the parts of rules apart.
struct PluralRulesTests {
    @Test(
        arguments: [
            ("en", "1", "one"), ("en", "1.0", "other"), ("en", "0", "other"), ("en-US", "-1", "one"),
            ("fr", "0", "one"), ("fr", "1.9", "one"), ("fr", "1000000", "many"), ("pt", "1.5", "one"),
            ("pt-PT", "1.5", "other"), ("pt_AO", "0", "other"), ("pt-BR", "0", "one"), ("zh-Hans", "1", "other"),
            ("ru", "1", "one"), ("ru", "11", "many"), ("ru", "22", "few"), ("ru", "2.5", "other"),
            ("ar", "0", "zero"), ("ar", "2", "two"), ("ar", "103", "few"), ("ar", "99", "many"), ("ar", "100", "other"),
            ("ar-EG", "3.0", "few"), ("ar", "3.5", "other"), ("cs", "1.5", "many"), ("lv", "0.11", "zero"),
            ("da", "0.5", "one"), ("is", "1.1", "one"), ("he", "0.5", "one"), ("iw", "2", "two"), ("tlh", "1", "other"),
            ("", "1", "other"), ("RU", "1", "one"),
        ])
    func sortsCardinals(language: String, number: String, category: String) throws {
        let operands = try #require(PluralOperands(number))
        #expect(PluralRules.of(language: language).category(of: operands).rawValue == category)
    }

    @Test(arguments: [
        ("en", 1, "one"), ("en", 2, "two"), ("en", 3, "few"), ("en", 11, "other"), ("en", 112, "other"),
        ("en", 121, "one"), ("it", 8, "many"), ("it", 88, "other"), ("hi", 6, "many"), ("cy", 0, "zero"),
        ("ru", 1, "other"), ("pt-PT", 1, "other"),
    ])
    func sortsOrdinals(language: String, number: Int, category: String) {
        let rules = PluralRules.of(language: language)
        #expect(rules.category(of: PluralOperands(number), ordinal: true).rawValue == category)
    }

    @Test func operandsOfTextAndOfIntAgree() throws {
        for value in [0, 1, 10, 999, 1_000_000, Int(Int32.max), -17] {
            #expect(PluralOperands("\(value)") == PluralOperands(value))
        }
        let price = try #require(PluralOperands("12.3400"))
        #expect((price.whole, price.fraction, price.significantFraction) == (12, 3400, 34))
        #expect((price.fractionDigits, price.significantFractionDigits) == (4, 2))
    }

    @Test func aLongNumberKeepsItsLastDigitsAndIsLarge() throws {
        let russian = PluralRules.of(language: "ru")
        #expect(russian.category(of: try #require(PluralOperands("1000000000000000000000000000021"))) == .one)
        // Not 1 after all.
        let english = PluralRules.of(language: "en")
        #expect(english.category(of: try #require(PluralOperands("1000000000000000000000000000001"))) == .other)
    }

    @Test(arguments: ["", "-", ".5", "5.", "1e6", "1,5", "1.2.3", "+1", " 1", "٣", "--1"])
    func refusesWhatIsNoPlainDecimal(text: String) { #expect(PluralOperands(text) == nil) }

    @Test(arguments: [
        ("en", "one other", "one other"), ("ja", "other", "other"), ("ru", "one few many other", "one few many other"),
        ("ar", "zero one two few many other", "zero one two few many other"),
        // A million and a fraction are left to `other`.
        ("es", "one many other", "one other"), ("cs", "one few many other", "one few other"),
    ])
    func namesTheCategoriesToWrite(language: String, all: String, required: String) {
        let rules = PluralRules.of(language: language)
        #expect(rules.categories().map(\.rawValue).joined(separator: " ") == all)
        #expect(rules.requiredCategories().map(\.rawValue).joined(separator: " ") == required)
    }

    @Test func everyRuleOfTheTableIsRead() {
        let table = PluralTable.shared
        #expect(table.cardinal.count > 190)
        #expect(table.ordinal.count > 35)
        for (languages, isOrdinal) in [(table.cardinal.keys, false), (table.ordinal.keys, true)] {
            for language in languages {
                #expect(PluralRules.of(language: language).categories(ordinal: isOrdinal).count > 1, "\(language)")
            }
        }
    }

    @Test(arguments: ["n", "n = ", "n = 1 and", "n = 1 or", "x = 1", "n % 0 = 1", "n = 2..1", "n = a", "n = 1 n = 2"])
    func aRuleInAnotherSyntaxIsNone(rule: String) {
        var conditions = PluralConditions()
        let isRule = conditions.add(rule[...], for: .one)
        #expect(!isRule)
    }
}
