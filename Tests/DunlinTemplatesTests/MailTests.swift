// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinTemplates

/// One body, two parts: what a mail says in HTML and as text.
struct MailTests {
    /// The mail of a template in one language.
    private func mail(
        _ body: String, language: String = "en", header: String = "subject: s", variables: String = "",
        sample: String = "", vars: [String: String] = [:], creditor: String = "Harbor Credit"
    ) throws -> Email {
        var files = message(sms: nil, email: "\(header)\n\n\(body)", variables: variables, sample: sample)
        if language != "en" {
            files["m/\(language)/email.mustache"] = files.removeValue(forKey: "m/en/email.mustache")
            files["m/message.yaml"]! += "\ndefault_language: \(language)"
        }
        return try MessageFolder(files).load().email(reminder(creditor: creditor, locale: language, vars: vars))
    }

    /// The elements of the column, without their styles.
    private func elements(_ html: String) throws -> String {
        let start = try #require(html.range(of: "<tr><td class=\"card\"")).lowerBound
        let end = try #require(html.range(of: "</td></tr>\n</table>\n<!--[if mso]></td>")).lowerBound
        return String(html[start..<end]).replacing(#/ (style|class|role)="[^"]*"/#, with: "").replacing("\n", with: "")
    }

    @Test(arguments: [
        ("a *b* **c**\\\nd\ne", "<p>a <em>b</em> <strong>c</strong><br>d e</p>", "a b c\nd e"),
        ("# A\n\n## B\n\nx", "<h1>A</h1><h2>B</h2><p>x</p>", "A\n\nB\n\nx"),
        ("- a\n- b\n  - c\n\nd", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>d</p>", "- a\n- b\n  - c\n\nd"),
        ("9. a\n10. b\\\n    c", "<ol start=\"9\"><li>a</li><li>b<br>c</li></ol>", "9. a\n10. b\n    c"),
        ("- a\n\n- b\n\n  c", "<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul>", "- a\n\n- b\n\n  c"),
        ("> a\n>\n> - b", "<blockquote><p>a</p><ul><li>b</li></ul></blockquote>", "> a\n\n> - b"),
        ("a\n\n---\n\nb\n\n---\n\nc", "<p>a</p><hr><p>b</p></td></tr><tr><td><p>c</p>", "a\n\n---\n\nb\n\n---\n\nc"),
        ("a\n\n---", "<p>a</p><hr>", "a\n\n---"),
        (
            "a [b](https://c.example/?d&e) f", "<p>a <a href=\"https://c.example/?d&amp;e\">b</a> f</p>",
            "a b <https://c.example/?d&e> f"
        ),
        (
            "a <care@example.com>", "<p>a <a href=\"mailto:care@example.com\">care@example.com</a></p>",
            "a care@example.com"
        ),
        (
            "[b](https://c.example)\n\na\n\n---\n\n[d](https://e.example)",
            "<table><tr><td><table><tr><td><a href=\"https://c.example\">b</a></td></tr></table></td></tr></table><p>a</p>"
                + "</td></tr><tr><td><p><a href=\"https://e.example\">d</a></p>",
            "b\nhttps://c.example\n\na\n\n---\n\nd <https://e.example>"
        ),
        (
            "- [b](https://c.example)", "<ul><li><a href=\"https://c.example\">b</a></li></ul>",
            "- b <https://c.example>"
        ),
    ])
    func blocks(markdown: String, html: String, text: String) throws {
        let mail = try mail(markdown)
        #expect(try elements(mail.html) == "<tr><td>" + html.replacing("d e</p>", with: "de</p>"))
        #expect(mail.text == text + "\n")
    }

    @Test func everyElementHasItsStyle() throws {
        let all =
            "# a\n\n- *b* **c**\n\n1. d\n\n> e\n\n[f](https://g.example) h\n\n***\n\n[i](https://j.example)\n\n---\n\nk"
        let html = try mail(all).html
        let body = try html[#require(html.range(of: "<body")).lowerBound...]
        for element in body.matches(of: #/<(p|h1|ul|ol|li|a|strong|em|hr|blockquote|table|td|body)( [^>]*)?>/#)
        where element.2?.contains("align=\"center\"") != true {
            let isOutlooks = body[element.range.lowerBound...].hasPrefix("<td><![endif]")
            #expect(isOutlooks || element.2?.contains("style=\"") == true, "\(element.0)")
        }
    }

    @Test func rightToLeft() throws {
        let mail = try mail("- أ\n\n> ب\n\n[ادفع](https://a.example)", language: "ar")
        #expect(
            mail.html.contains("<html lang=\"ar\" dir=\"rtl\">") && mail.html.contains(" lang=\"ar\" dir=\"rtl\">\n<"))
        #expect(mail.html.contains("text-align:right") && !mail.html.contains("text-align:left"))
        #expect(mail.html.contains("margin:0 24px 16px 0") && mail.html.contains("border-right:3px"))
        #expect(mail.html.contains("'Noto Sans Arabic'"))
    }

    @Test(arguments: [("en", "italic"), ("ru", "italic"), ("zh-Hans", "bold"), ("ar", "bold"), ("th", "bold")])
    func stressesAsTheScriptDoes(language: String, style: String) throws {
        #expect(
            try mail("*a*", language: language).html.contains(
                "<em style=\"font-style:\(style == "bold" ? "normal;font-weight:bold" : style)\">"))
    }

    /// WCAG 2.2, 1.4.3: text has 4.5 times the luminance of its ground, or a 4.5th of it.
    @Test func contrast() {
        let pairs: [(EmailColour, EmailColour)] = [
            (.text, .card), (.link, .card), (.small, .back), (.link, .back), (.buttonText, .button),
        ]
        for (text, ground) in pairs {
            for (one, other) in [(text.light, ground.light), (text.dark, ground.dark)] {
                let (a, b) = (luminance(one), luminance(other))
                #expect((max(a, b) + 0.05) / (min(a, b) + 0.05) >= 4.5, "\(one) on \(other)")
            }
        }
    }

    private func luminance(_ colour: String) -> Double {
        let value = Int(colour.dropFirst(), radix: 16)!
        let parts = [value >> 16, value >> 8 & 255, value & 255].map { part in
            let part = Double(part) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    @Test func loadsNothing() throws {
        let html = try mail("[a](https://b.example)").html
        #expect(
            !html.contains("src=") && !html.contains("url(") && !html.contains("@import") && !html.contains("<link"))
        #expect(html.components(separatedBy: "http").count == 2)
    }

    // MARK: Bad input

    @Test(arguments: [
        "javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "file:///etc/passwd", "//b.example", "mailto:",
        "mailto:?to=a@b",
    ])
    func linksThatLeadNowhereSafe(address: String) throws {
        let findings = try MessageFolder(message(sms: nil, email: "subject: s\n\n[a](<\(address)>)")).findings()
        #expect(findings.contains { $0.hasPrefix("m/en/email.mustache:3:1: a link must go to") }, "\(findings)")
        // Should one get past the check, its words remain.
        let html = EmailLayout.page(
            subject: "", preheader: "", body: Markdown("[words](<\(address)>)")!,
            language: LanguageTag("en")!)
        #expect(html.contains(">words</p>") && !html.contains("href"))
    }

    @Test(arguments: ["\u{202e}b", "b\u{2067}", "\u{202c}", "a\u{2069}"])
    func noDirectionEscapesAValue(creditor: String) throws {
        #expect(throws: RenderError.self) { try mail("{{creditor}}, x", creditor: creditor) }
    }

    /// 64 KiB of what nests deepest: told as a fault, and walked without recursion.
    @Test(arguments: [
        ">", "> - ", "- ", "1. ", "*a **a ", "[", "![", "[a](", "<", "`", "\\", "&#0;", "- a\n ", "{{", "{{#name}}",
    ])
    func nestingThatNobodyMeant(piece: String) throws {
        let body = String(repeating: piece, count: 60_000 / piece.utf8.count)
        let table = VariableTable(declared: [])
        var findings: [TemplateFinding] = []
        let template = EmailTemplate(
            SourceText(file: "f", text: "subject: s\n\n\(body)x"), scope: TemplateScope(variables: table),
            findings: &findings)
        #expect(findings.count <= 3 * TemplateParser.mostFindings)
        let values = ReminderValues(
            message: "m", variables: table, reminder: reminder(), today: CivilDate(daysSince1970: 0),
            formats: ValueFormats(locale: "en", channel: .email))
        do { _ = try template.render(values, language: LanguageTag("en")!) } catch {
            #expect(error.reason == .renderingFailed)
        }
        if [">", "> - ", "- "].contains(piece) {
            #expect(findings.map(\.description) == ["f:3:1: nesting deeper than 5 in a mail; write plain Markdown"])
        }
    }

    @Test func randomMarkdownIsNeverPassedThrough() throws {
        var random = SeededRandom(seed: 9)
        let pieces = [
            "<b>", "</td>", "<!--", "-->", "&lt;", "&", "\"", "'", "`", "```\n", "![x](https://a.example)",
            "[a](https://b.example)",
            "[", "](", ")", "<https://c.example>", "*", "**", "_", "#", " ", "\n", "\n\n", "> ", "- ", "1. ", "    ",
            "---\n", "word", "中", "אב", "\\", "|",
        ]
        let allowed = #/<\/?(p|h[1-6]|ul|ol|li|a|strong|em|hr|br|blockquote|table|tr|td)( [^<>]*)?>/#
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 1..<40, using: &random)).map { _ in pieces.randomElement(using: &random)! }
                .joined()
            let document = Markdown(text)!
            let html = EmailLayout.page(subject: "", preheader: "", body: document, language: LanguageTag("he")!)
            let column = try html[
                #require(html.range(of: "<tr><td class=\"card\""))
                    .lowerBound..<#require(html.range(of: "<!--[if mso]></td>")).lowerBound]
            #expect(!column.replacing(allowed, with: "").contains { "<>".contains($0) }, "\(text)")
            for name in ["p", "ul", "ol", "li", "a", "strong", "em", "blockquote", "table", "tr", "td"] {
                let opened = column.matches(of: try Regex("<\(name)[ >]")).count
                // The column's own table begins before it.
                #expect(
                    column.components(separatedBy: "</\(name)>").count - 1 == opened + (name == "table" ? 1 : 0),
                    "\(text)")
            }
            _ = PlainTextWriter.text(of: document)
        }
    }

    @Test func whatGmailWouldClipIsNotSent() throws {
        let error = #expect(throws: RenderError.self) {
            try mail(
                "{{#note}}" + String(repeating: "{{note}} ", count: 400) + "{{/note}}", variables: "note: {type: text}",
                sample: ", note: x", vars: ["note": String(repeating: "x", count: 300)])
        }
        guard case .tooLarge("m", 120_000..., EmailLayout.mostBytes)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    // MARK: Notices

    @Test(arguments: [
        ("a", "a\n\n---\n\nN Harbor Credit\n"), ("a\n\n---\n\n- b", "a\n\n---\n\n- b\n\nN Harbor Credit\n"),
    ])
    func noticesEndTheFooter(body: String, text: String) throws {
        let table = VariableTable(declared: [])
        var findings: [TemplateFinding] = []
        let template = EmailTemplate(
            SourceText(file: "f", text: "subject: s\n\n\(body)"), scope: TemplateScope(variables: table),
            findings: &findings)
        let notice = TemplateParser.compile(
            SourceText(file: "f", text: "N {{creditor}}"), scope: TemplateScope(variables: table), findings: &findings)
        let values = ReminderValues(
            message: "m", variables: table, reminder: reminder(), today: CivilDate(daysSince1970: 0),
            formats: ValueFormats(locale: "en", channel: .email))
        let mail = try template.render(
            values, language: LanguageTag("en")!, notices: [Notice(name: "n", language: "en", text: notice)])
        #expect(findings == [] && mail.text == text)
        #expect(mail.html.contains("<td class=\"foot\""))
    }

    // MARK: Attachments

    private static let twoFiles = "bill: {type: file}, terms: {type: file, default: terms.pdf}"
    private static let twoNames = ", bill: b.pdf, terms: t.pdf"

    @Test func namesItsFiles() throws {
        let header = "subject: s\nattach: {{bill}}\nattach: {{terms}}"
        func files(_ vars: [String: String]) throws -> [String] {
            try mail(
                "x{{#bill}}, see the attached bill{{/bill}}", header: header, variables: Self.twoFiles,
                sample: Self.twoNames,
                vars: vars
            ).attachments
        }
        #expect(try files([:]) == ["terms.pdf"])
        #expect(try files(["bill": " November 账单.pdf "]) == ["November 账单.pdf", "terms.pdf"])
        #expect(try files(["bill": "terms.pdf"]) == ["terms.pdf"])
        let folder = try MessageFolder(
            message(sms: nil, email: header + "\n\nx", variables: Self.twoFiles, sample: Self.twoNames))
        #expect(folder.findings() == [])
        let template = try folder.load().messages[0]
        #expect(template.variables(on: .email) == ["bill", "terms"])
        #expect(template.variable(naming: "b.pdf", in: reminder(vars: ["bill": " b.pdf"])) == "bill")
        #expect(template.variable(naming: "terms.pdf", in: reminder()) == "terms")
    }

    @Test(arguments: [
        "../a.pdf", "a/b.pdf", ".a.pdf", "..", "a\\b.pdf", "a\nb.pdf", "a\u{0}.pdf", "fdp\u{202e}exe.pdf",
        String(repeating: "a", count: 197) + ".pdf",
    ])
    func namesThatLeaveTheFolder(name: String) {
        let error = #expect(throws: RenderError.self) {
            try mail(
                "x", header: "subject: s\nattach: {{bill}}", variables: "bill: {type: file}", sample: ", bill: b.pdf",
                vars: ["bill": name])
        }
        guard case .invalidValue("m", "bill", _)? = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test(arguments: [
        ("attach: {{creditor}}", "2:9: 'attach' takes one variable of type file; write 'attach: {{statement}}'"),
        ("attach: bill.pdf", "2:9: 'attach' takes one variable of type file"),
        ("attach: {{a}} {{b}}", "2:9: 'attach' takes one variable of type file"),
        ("attach: {{a}}\nattach: {{a}}", "3:9: 'a' is attached twice"),
        ("attach: {{a}}\nattach: {{b}}\nattach: {{c}}\nattach: {{d}}", "5:9: a mail takes up to 3 attachments"),
        ("atach: {{a}}", "2:1: this is not a header field of a mail"),
    ])
    func headersThatAttachNothing(header: String, complaint: String) throws {
        let files = message(
            sms: nil, email: "subject: s\n\(header)\n\nx",
            variables: "abcd".map { "\($0): {type: file}" }.joined(separator: ", "),
            sample: "abcd".map { ", \($0): \($0).pdf" }.joined())
        let findings = try MessageFolder(files).findings()
        #expect(findings.contains { $0.hasPrefix("m/en/email.mustache:" + complaint) }, "\(findings)")
    }
}
