// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinTemplates

/// Words that go with numbers, and values that keep their direction.
struct PluralAndBidiTests {
    private func library(_ text: String, language: String = "en", type: String = "number") throws -> MessageFolder {
        try MessageFolder([
            "m/message.yaml": """
            purpose: a test
            channels: [sms]
            default_language: \(language)
            variables: {n: {type: \(type)}}
            sample: {name: Alex, creditor: Harbor, amount: 1.00 USD, due_date: 2026-11-20, n: "2"}
            """,
            "m/\(language)/sms.mustache": "{{#n}}\(text){{/n}}{{^n}}none{{/n}}",
        ])
    }

    @Test(arguments: [
        (
            "en", "{{n | one: # day | other: # days}}",
            ["1": "1 day", "2": "2 days", "1.5": "1.5 days", "1.0": "1 day", "1234": "1,234 days"]
        ),
        ("en", "{{n | =1: tomorrow | one: in # day | other: in # days}}", ["1": "tomorrow", "3": "in 3 days"]),
        (
            "en", "{{n ordinal | one: #st | two: #nd | few: #rd | other: #th}}",
            ["1": "1st", "2": "2nd", "3": "3rd", "11": "11th", "21": "21st"]
        ),
        ("en", "{{n | one: a \\| b | other: c}}", ["1": "a | b", "2": "c"]),
        (
            "ru", "{{n | one: # день | few: # дня | many: # дней | other: # дня}}",
            ["1": "1 день", "3": "3 дня", "5": "5 дней", "11": "11 дней", "21": "21 день", "1.5": "1,5 дня"]
        ),
        ("zh-Hans", "{{n | other: # 天}}", ["1": "1 天", "7": "7 天"]),
    ])
    func choosesTheBranch(language: String, text: String, expected: [String: String]) throws {
        let folder = try library(text, language: language)
        #expect(folder.findings().filter { !$0.contains("UCS-2") } == [])
        for (number, words) in expected {
            #expect(try folder.load().sms(reminder(locale: language, vars: ["n": number])) == words)
        }
    }

    @Test(arguments: [
        ("en", "number", "{{n | other: x}}", "the plural lacks the category 'one' of this language; add '| one: …'"),
        ("en", "number", "{{n | one: x | few: y | other: z}}", "this language has no plural category 'few'"),
        ("ru", "number", "{{n | one: x | other: z}}", "the plural lacks the category 'few'"),
        ("ar", "number", "{{n | one: x | two: y | few: z | other: z}}", "the plural lacks the category 'zero'"),
        ("en", "number", "{{n | one x | other: y}}", "'one x' is no branch of a plural"),
        (
            "en", "number", "{{n | oen: x | other: y}}",
            "'oen' is no plural category, or stands here twice; did you mean 'one'?"
        ),
        ("en", "number", "{{n | one: x | one: z | other: y}}", "'one' is no plural category, or stands here twice"),
        ("en", "number", "{{n m | one: x | other: y}}", "a plural begins with one variable"),
        ("en", "money", "{{n | one: x | other: y}}", "'n' is of type money; only a number has plurals"),
        ("en", "file", "{{n}}", "'n' is a file; attach it"),
    ])
    func findsFaults(language: String, type: String, text: String, complaint: String) throws {
        let findings = try library(text, language: language, type: type).findings()
        #expect(findings.contains { $0.contains(complaint) }, "\(findings)")
    }

    // MARK: Direction

    private func sample(_ text: String, language: String) throws -> TemplateLibrary {
        try MessageFolder([
            "m/message.yaml": """
            purpose: a test
            channels: [sms, call]
            default_language: \(language)
            variables: {pay_link: {type: link, required: true}}
            sample: {name: Alex, creditor: Harbor, amount: 1.00 USD, due_date: 2026-11-20, pay_link: "https://a.example/"}
            """,
            "m/\(language)/sms.mustache": text,
            "m/\(language)/call.mustache": "say: {{creditor}}\nvoicemail: {{creditor}}",
        ]).load()
    }

    @Test func isolatesValuesWhereDirectionsMeet() throws {
        let link = ["pay_link": "https://a.example/"]
        let arabic = try sample("من {{creditor}}\n{{pay_link}}", language: "ar")
        #expect(
            try arabic.sms(reminder(creditor: "Harbor", locale: "ar", vars: link))
                == "من \u{2068}Harbor\u{2069}\nhttps://a.example/")
        #expect(try arabic.call(reminder(creditor: "Harbor", locale: "ar", vars: link)).voicemail == "Harbor")
        let english = try sample("From {{creditor}} {{pay_link}}", language: "en")
        #expect(try english.sms(reminder(creditor: "بنك", vars: link)) == "From \u{2068}بنك\u{2069} https://a.example/")
        #expect(try english.sms(reminder(creditor: "Crédit", vars: link)) == "From Crédit https://a.example/")
    }

    /// A value must not turn what follows it around.
    @Test(arguments: ["\u{202e}abc", "a\u{2067}b", "\u{202a}x", "x\u{2069}"])
    func refusesControlsOfDirection(name: String) throws {
        let library = try sample("{{creditor}} {{pay_link}}", language: "en")
        #expect(throws: RenderError.self) {
            try library.sms(reminder(creditor: name, vars: ["pay_link": "https://a.example/"]))
        }
    }
}
