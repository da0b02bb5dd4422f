// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinTemplates

/// Whatever stands in a library's files, loading ends with findings or with messages that render or say why not.
struct TemplateFuzzTests {
    private static let pieces = [
        "{", "}", "{{", "}}", "{{#name}}", "{{/name}}", "{{^name}}", "{{> help}}", "{{! x }}", "{{amount}}", "{{{", "&",
        "{{days_overdue | one: # | other: #}}", "|", "\\|", "ordinal", "=1:", "#", "\n", "\r\n", "\u{0}", "[help]", "[",
        "say: ", "gather: 1 = repeat | ", "voicemail: ", "pause: 1\n", "subject: ", "attach: {{x}}", "<b>", "`", "![](",
        "[a](https://x)", "**", "---\n", "> ", "- ", "    ", "中", "e\u{301}", "\u{202e}", "\u{2068}", "😀", "type: ",
        "variables:", "  x: {type: date}", "variants: {b: 50}", "&a", "*a", "!!", "? ", "languages: [xx]", ": ", "\t",
    ]

    private static let files = [
        "0/library.yaml": """
        languages: [en]
        variables: {pay_link: {type: link}, rest: {type: money, default: 5 USD}}
        sample: {name: Alex Kim, creditor: Harbor Credit, amount: 1234.50 USD, due_date: 2026-11-20,
          pay_link: 'https://a.example/', rest: 3.00}
        """,
        "0/fragments/en/sms.mustache":
            "[help]\\n{{#pay_link}}\\nPay: {{pay_link}}\\n{{/pay_link}}\\n[opt-out]\\nReply STOP.",
        "0/fragments/en/email.mustache": "[help]\\nCall us, **{{creditor}}**.",
        "0/fragments/en/call.mustache":
            "[gate]\\nsay: Hello.\\ngather: 1 = continue | Press 1.\\n[help]\\nsay: We help.",
        "0/wording/en.txt": "# threat\\nlegal action*",
        "0/m/message.yaml": "purpose: x\\nchannels: [sms, email, call]\\nvariants: {b: 50}\\n",
        "0/m/en/sms.mustache":
            "{{creditor}}: {{amount}} by {{due_date}}, {{days_overdue | one: # day | other: # days}}.\\n{{> help}}",
        "0/m/en/sms.b.mustache": "{{#name}}{{name}}{{/name}}{{^name}}you{{/name}} {{rest}}",
        "0/m/en/email.mustache":
            "subject: {{creditor}}\\npreheader: x\\n\\n# {{creditor}}\\n\\n- {{amount}}\\n\\n[Pay](https://a.example)\\n\\n---\\n\\n{{> help}}",
        "0/m/en/call.mustache": "{{> gate}}\\nsay: {{amount}}\\n{{> help}}\\nvoicemail: {{creditor}}",
    ].mapValues { $0.replacing("\\n", with: "\n") }

    @Test("Spoiled libraries end with findings or with messages", arguments: 0..<UInt64(2))
    func survives(half: UInt64) throws {
        #expect(try TemplateLibrary.load(sources: TemplateSources(files: Self.files)).messages.count == 1)
        let names = Self.files.keys.sorted()
        var (sound, refused) = (0, 0)
        for number in 0..<Fuzzer.cases / 2 {
            var fuzzer = Fuzzer(number: number * 2 + half, pieces: Self.pieces)
            var files = Self.files
            let name = fuzzer.one(of: names)
            // What is no text at all is turned away by the reader of files, before any parser sees it.
            guard case .success(let text) = TemplateFiles.checked(fuzzer.spoiled(files[name]!)[...]) else {
                refused += 1
                continue
            }
            files[name] = text
            let loader = LibraryLoader(sources: TemplateSources(files: files))
            _ = Wording.findings(in: loader)
            let library = TemplateLibrary(loader.messages)
            guard library.message("m") != nil else {
                #expect(loader.findings.contains { $0.severity == .error } || name == "0/m/message.yaml")
                refused += 1
                continue
            }
            sound += 1
            for channel in Channel.allCases {
                for name in ["Alex", ""] {
                    let one = reminder(name: name, vars: ["rest": "2.50"])
                    let rendered = try? library.render(
                        one, channel: channel, today: CivilDate(daysSince1970: 20_800), notices: ["help"])
                    #expect(rendered?.content.texts.contains { $0.contains("{{creditor}}") } != true)
                }
            }
        }
        // Both must be among them, or the test shows nothing.
        #expect(sound > 0 && refused > 0)
        if Fuzzer.isLong { print("templates: \(sound) sound, \(refused) refused") }
    }
}
