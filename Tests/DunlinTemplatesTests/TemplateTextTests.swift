// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Mustache
import Testing

@testable import DunlinTemplates

struct TemplateTextTests {
    private let declared = [
        variable("x", required: true), variable("y", required: true), variable("a"), variable("b"),
        variable("filled", fallback: "default"),
    ]

    private static func variable(_ name: String, required: Bool = false, fallback: String? = nil) -> Variable {
        Variable(name: name, type: .text, isRequired: required, fallback: fallback, description: "", builtIn: nil)
    }

    private func compile(_ text: String) -> (TemplateText, [TemplateFinding]) {
        var findings: [TemplateFinding] = []
        let source = SourceText(file: "f", text: text)
        let compiled = TemplateParser.compile(
            source, scope: TemplateScope(variables: VariableTable(declared: declared)), findings: &findings)
        return (compiled, findings)
    }

    private func render(_ text: TemplateText, _ vars: [String: String], escaping: Escaping = .none) throws -> String {
        let values = ReminderValues(
            message: "m", variables: VariableTable(declared: declared), reminder: reminder(vars: vars),
            today: CivilDate(daysSince1970: 0), formats: ValueFormats(locale: "en", channel: .sms))
        return try text.render(values, escaping: escaping)
    }

    @Test(arguments: [
        ("plain", "plain"), ("{{x}}-{{ y }}", "X-Y"), ("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "no"),
        ("{{^a}}{{#x}}both{{/x}}{{/a}}", "both"), ("{{filled}}", "default"), ("a{{! note }}b", "ab"),
        ("1\n{{#x}}\n2\n{{/x}}\n3\n", "1\n2\n3\n"), ("1\n  {{^x}}  \n2\n{{/x}}\n3", "1\n3"), ("{{! note }}\nx", "x"),
        ("{{#x}}in {{/x}}line\n", "in line\n"),
        // https://github.com/mustache/spec: sections.yml and comments.yml, "Standalone …" and "Surrounding Whitespace".
        ("| This Is\n{{#x}}\n|\n{{/x}}\n| A Line", "| This Is\n|\n| A Line"),
        ("| This Is\n  {{#x}}\n|\n  {{/x}}\n| A Line", "| This Is\n|\n| A Line"), ("  {{#x}}\n#{{/x}}\n/", "#\n/"),
        ("#{{#x}}\n/\n  {{/x}}", "#\n/\n"), (" | {{#x}}\t|\t{{/x}} | \n", " | \t|\t | \n"),
        (" {{#x}}YES{{/x}}\n {{#x}}GOOD{{/x}}\n", " YES\n GOOD\n"), ("!\n  {{! I'm alone! }}", "!\n"),
        ("Begin.\n  {{! a\nb }}\nEnd.\n", "Begin.\nEnd.\n"), ("  12 {{! 34 }}\n", "  12 \n"),
        ("{{creditor}}", "Harbor Credit"), ("", ""),
    ])
    func renders(template: String, expected: String) throws {
        let (text, findings) = compile(template)
        #expect(findings.isEmpty)
        #expect(try render(text, ["x": "X", "y": "Y"]) == expected)
    }

    @Test(arguments: [
        ("{{nmae}}", "f:1:1: the variable 'nmae' is not declared; did you mean 'name'?"),
        (
            "ab\n 中{{zebra}}",
            "f:2:3: the variable 'zebra' is not declared; declare it under 'variables' in message.yaml"
        ),
        ("{{a}}", "f:1:1: 'a' may have no value here; write {{#a}}…{{/a}} around it"),
        ("{{^a}}{{a}}{{/a}}", "f:1:7: 'a' may have no value here"),
        ("{{#x}}", "f:1:1: the section 'x' is never closed; add {{/x}}"),
        ("{{/x}}", "f:1:1: {{/x}} closes nothing; no section is open here: remove it"),
        ("{{#x}}{{#y}}{{/x}}", "f:1:13: {{/x}} closes nothing; close {{#y}} first"),
        ("{{x", "f:1:1: the tag '{{' is never closed"), ("x}}", "f:1:2: '}}' without '{{'"),
        ("{{{x}}}", "f:1:1: '{{{' would insert a raw value"), ("{{&x}}", "f:1:1: '{{&' would insert a raw value"),
        ("{{> part}}", "f:1:1: '{{>' is not available in messages"), ("{{=<% %>=}}", "f:1:1: '{{=' is not available"),
        ("{{% CONTENT_TYPE:TEXT}}", "f:1:1: '{{%' is not available"),
        ("{{.}}", "f:1:1: the variable '.' is not declared"),
        ("{{x.y}}", "f:1:1: the variable 'x.y' is not declared"),
        ("{{upper(x)}}", "f:1:1: the variable 'upper(x)' is not"),
        (
            String(repeating: "{{#x}}", count: 9) + String(repeating: "{{/x}}", count: 9),
            "f:1:49: sections are nested more"
        ),
    ])
    func refuses(template: String, complaint: String) {
        let (_, findings) = compile(template)
        #expect(findings.contains { $0.description.hasPrefix(complaint) }, "\(findings)")
    }

    @Test func complaintsHaveABound() {
        #expect(compile(String(repeating: "{{nope}}", count: 5000)).1.count == TemplateParser.mostFindings)
        _ = compile(String(repeating: "{{#x}}", count: 5000) + String(repeating: "{{{", count: 5000))
    }

    @Test func escapes() throws {
        let (text, _) = compile("{{x}}")
        #expect(try render(text, ["x": "5\u{202f}000\u{a0}€"], escaping: .sms) == "5 000 €")
        #expect(try render(text, ["x": "<b>*x*_ 1. é"], escaping: .markdown) == #"\<b\>\*x\*\_ 1\. é"#)
        #expect(try render(text, ["x": "<b>&amp;"], escaping: .none) == "<b>&amp;")
        #expect(try render(text, ["x": "{{y}}", "y": "secret"]) == "{{y}}")
    }

    /// The independent oracle: swift-mustache gives the same text for every template that is within our part of Mustache,
    /// but for white space: it keeps some lines that the specification drops (the cases of the specification stand above).
    @Test func agreesWithSwiftMustache() throws {
        var random = SeededRandom(seed: 6)
        for _ in 0..<500 {
            let template = randomTemplate(depth: 3, &random)
            var vars = ["x": "X x", "y": "<y>", "filled": "F"]
            for name in ["a", "b"] where Bool.random(using: &random) { vars[name] = "some \(name)" }
            let (text, findings) = compile(template)
            #expect(findings.isEmpty)
            let expected = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + template).render(vars)
            let ours = try render(text, vars)
            #expect(ours.filter { !$0.isWhitespace } == expected.filter { !$0.isWhitespace }, "\(template)")
        }
    }

    /// Whatever stands in a file, compiling ends, and what has no finding renders.
    @Test func noTextCrashesACompiler() throws {
        var random = SeededRandom(seed: 4)
        let pieces =
            [
                "{", "}", "{{", "}}", "#", "^", "/", "!", " ", "\n", "x", "a", "name", "|", "say:", "gather:",
                "1 = repeat", "=", "&",
            ]
            + [
                "subject: ", "<b>", "`", "[a](", ")", "中", "e\u{301}", "    ", "- ", "voicemail:", "\t", "**", ">",
                "pause: 1",
            ]
        let table = VariableTable(declared: declared)
        let values = ReminderValues(
            message: "m", variables: table, reminder: reminder(vars: ["x": "X", "y": "Y"]),
            today: CivilDate(daysSince1970: 0), formats: ValueFormats(locale: "en", channel: .sms))
        let tag = try #require(LanguageTag("en"))
        for round in 0..<3000 {
            let count = Int.random(in: 0..<30, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random)! }.joined()
            var findings: [TemplateFinding] = []
            let part = MessagePart.compile(
                SourceText(file: "f", text: text), channel: Channel.allCases[round % 3],
                scope: TemplateScope(variables: table),
                findings: &findings)
            if findings.isEmpty { _ = try? part.render(values, language: tag, voice: "en-US", notices: []) }
        }
    }

    private func randomTemplate(depth: Int, _ random: inout SeededRandom) -> String {
        (0..<Int.random(in: 1...5, using: &random)).map { _ in
            switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
            case 0: "word "
            case 1: "中\n"
            case 2: "  "
            case 3: ["{{x}}", "{{ y }}", "{{filled}}"].randomElement(using: &random)!
            case 4: "\n"
            default:
                section(["a", "b", "x"].randomElement(using: &random)!, depth, &random)
            }
        }.joined()
    }

    private func section(_ name: String, _ depth: Int, _ random: inout SeededRandom) -> String {
        let edge = { (random: inout SeededRandom) in ["", "\n", " "].randomElement(using: &random)! }
        let sigil = Bool.random(using: &random) ? "#" : "^"
        let body = randomTemplate(depth: depth - 1, &random)
        return "{{\(sigil)\(name)}}" + edge(&random) + body + edge(&random) + "{{/\(name)}}" + edge(&random)
    }
}
