// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinTemplates

/// One message is refused with its reason; nothing is ever half rendered.
struct StrictnessTests {
    private let typed = """
        who: {type: name, required: true}, link: {type: link}, on: {type: date}, sum: {type: money}, n: {type: number}, \
        tel: {type: phone}, note: {type: text, default: none}
        """
    private let typedSample =
        ", who: Kim, link: 'https://a.example/', on: 2026-11-01, sum: 5.00, n: 2.5, tel: '+16175550100', note: x"
    private let typedSMS =
        "{{who}}{{#link}} {{link}}{{/link}}{{#on}} {{on}}{{/on}}{{#sum}} {{sum}}{{/sum}}{{#n}} {{n}}{{/n}}{{#tel}} {{tel}}{{/tel}} {{note}}"

    private func typedLibrary() throws -> TemplateLibrary {
        try MessageFolder(message(sms: typedSMS, variables: typed, sample: typedSample)).load()
    }

    @Test func typedValues() throws {
        let library = try typedLibrary()
        #expect(try library.sms(reminder(vars: ["who": "Kim"])) == "Kim none")
        let all = [
            "who": " Kim ", "link": "https://a.example/x?y=1&z=2", "on": "2026-11-01", "sum": "5", "n": "1234.5",
            "tel": "+16175550100", "note": "a", "unknown": "is ignored",
        ]
        #expect(
            try library.sms(reminder(vars: all))
                == "Kim https://a.example/x?y=1&z=2 November 1, 2026 $5.00 1,234.5 +1 617-555-0100 a")
        #expect(try library.sms(reminder(vars: ["who": "K", "sum": "5 JPY", "n": "0"])) == "K ¥5 none")
        #expect(try library.sms(reminder(vars: ["who": "K", "tel": "+442071838750"])) == "K +44 20 7183 8750 none")
    }

    @Test(arguments: [
        ("link", "http://a.example/"), ("link", "javascript:alert(1)"), ("link", "https://"), ("link", "https:///x"),
        ("link", "https://a b"), ("link", "https://a/<b>"), ("link", "https://a/\n"), ("on", "2026-02-29"),
        ("on", "soon"),
        ("sum", "5,00"), ("sum", "1.234"), ("sum", "5 XXX"), ("sum", "5 USD EUR"), ("n", "1e5"), ("n", "1."),
        ("n", "--1"),
        ("n", "٣"), ("n", String(repeating: "9", count: 31)), ("tel", "16175550100"), ("tel", "+1617"),
        ("tel", "+0123456789"),
        ("tel", "+1617555010x"), ("who", "a\nb"), ("who", "a\u{0}b"), ("who", "a\u{85}b"), ("note", "a\u{2028}b"),
        ("note", "a\tb"), ("note", "\u{1b}[2J"),
    ])
    func refusesAValueOfAnotherType(name: String, value: String) throws {
        let library = try typedLibrary()
        var vars = ["who": "Kim"]
        vars[name] = value
        // A line end at the very end is white space, which is cut off.
        if value.hasSuffix("\n") { vars[name] = value + "x" }
        let error = #expect(throws: RenderError.self) { try library.sms(reminder(vars: vars)) }
        guard case .invalidValue("m", name, _) = error else { Issue.record("\(String(describing: error))"); return }
        #expect(error?.reason == .renderingFailed)
    }

    @Test func namesWhatIsMissing() throws {
        let library = try typedLibrary()
        #expect(throws: RenderError.missingVariable(message: "m", variable: "who")) { try library.sms(reminder()) }
        #expect(throws: RenderError.missingVariable(message: "m", variable: "who")) {
            try library.sms(reminder(vars: ["who": " \u{a0} "]))
        }
        #expect(throws: RenderError.unknownMessage("x")) { try library.sms(reminder("x")) }
        #expect(RenderError.unknownMessage("x").reason == .unknownMessage)
        #expect(throws: RenderError.noPart(message: "m", channel: .email)) { try library.email(reminder()) }
        #expect(throws: RenderError.missingVariable(message: "m", variable: "creditor")) {
            try MessageFolder(message()).load().sms(reminder(creditor: " "))
        }
    }

    @Test func refusesALongOrEmptySMS() throws {
        let library = try MessageFolder(message(sms: "{{#name}}{{name}}{{/name}}", extra: "max_segments: 2")).load()
        #expect(throws: RenderError.tooLong(message: "m", segments: 3, limit: 2)) {
            try library.sms(reminder(name: String(repeating: "n", count: 307)))
        }
        #expect(throws: RenderError.empty(message: "m", channel: .sms)) { try library.sms(reminder(name: "")) }
    }

    // MARK: Injection

    static let hostile =
        "<script>alert(1)</script> *x*_y_ [z](https://evil.example) `c` ![i](u) &amp; # \\ {{amount}} <!--"

    @Test func aHostileNameArrivesLiterally() throws {
        let mail =
            "subject: Hello {{name}}\npreheader: {{name}}\n\n{{name}}\n\n- {{name}}\n\n1. **{{name}}**\n\n{{name}}\n==="
        let library = try MessageFolder(message(sms: "x", email: mail.replacing("{{name}}", with: "{{creditor}}")))
            .load()
        let email = try library.email(reminder(creditor: Self.hostile))
        #expect(email.subject == "Hello " + Self.hostile)
        #expect(email.preheader == Self.hostile)
        let hostile = Self.hostile
        #expect(email.text == "\(hostile)\n\n- \(hostile)\n\n1. \(hostile)\n\n\(hostile)\n")
        let escaped = escapedHTML(Self.hostile)
        // Title, label, preheader and the five places of the body.
        #expect(email.html.components(separatedBy: escaped).count == 8)
        #expect(!email.html.contains("<script") && !email.html.contains("evil.example\""))
        #expect(email.html.components(separatedBy: "<!--").count == 4, "Outlook's comments, and no other")
    }

    @Test(arguments: [
        "1. x", "- x", "+ x", "# x", "> x", "    x", "~~~", "```", "***", "a  \\", "<x@y.example>", "&lt;", "x\\",
    ])
    func noValueStartsABlock(value: String) throws {
        let mail = "subject: s\n\n{{creditor}}\n\n{{creditor}} and {{creditor}}"
        let library = try MessageFolder(message(sms: "x", email: mail)).load()
        let email = try library.email(reminder(creditor: value))
        let shown = value.trimmingCharacters(in: .whitespaces)
        #expect(email.text == "\(shown)\n\n\(shown) and \(shown)\n")
        let open = "<p style=\"\(EmailStyle.paragraph(inFooter: false))\">"
        let words = escapedHTML(shown)
        #expect(email.html.contains("\(open)\(words)</p>\n\(open)\(words) and \(words)</p>"))
    }

    @Test(arguments: ["a\r\nBcc: x@y.example", "a\nb", "a\u{0}b", "a\u{2029}b"])
    func noValueEndsALine(value: String) throws {
        let files = message(
            sms: "{{creditor}}", email: "subject: {{creditor}}\n\nx", call: "say: {{creditor}}\nvoicemail: x")
        let library = try MessageFolder(files).load()
        for channel in Channel.allCases {
            #expect(throws: RenderError.self) {
                try library.render(reminder(creditor: value), channel: channel, today: CivilDate(daysSince1970: 0))
            }
        }
    }

    @Test func callsAndMessagesAreNotEscaped() throws {
        let library = try MessageFolder(
            message(sms: "{{creditor}}", call: "say: {{creditor}}\nvoicemail: {{creditor}}")
        ).load()
        #expect(try library.sms(reminder(creditor: Self.hostile)) == Self.hostile)
        #expect(try library.call(reminder(creditor: "A & <B>")).voicemail == "A & <B>")
    }

    @Test func linksKeepTheirAddress() throws {
        let files = message(
            sms: "x", email: "subject: s\n\n[Pay *now*]({{link}}) {{link}}",
            variables: "link: {type: link, required: true}",
            sample: ", link: 'https://a.example/'")
        let url = "https://a.example/p_a_y/(1)?a=1&copy=2*3*[x]~'%20"
        let email = try MessageFolder(files).load().email(reminder(vars: ["link": url]))
        #expect(email.text == "Pay now <\(url)> \(url)\n")
        #expect(email.html.contains(" href=\"\(escapedHTML(url))\" style=\""))
    }
}
