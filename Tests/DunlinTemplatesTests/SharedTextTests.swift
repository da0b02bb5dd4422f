// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinTemplates

/// What messages share: library.yaml, fragments, notices; and what one message has in several forms.
struct SharedTextTests {
    private static let library = """
        languages: [en]
        variables: {contact_phone: {type: phone}}
        sample: {name: Alex Kim, creditor: Harbor Credit, amount: 1234.50 USD, due_date: 2026-11-20, \
        contact_phone: "+16175550100"}
        """

    /// A library with one message.
    private func files(
        sms: String = "{{creditor}}\n{{> help}}\n", email: String? = nil, call: String? = nil, fragments: String = "",
        extra: String = ""
    ) -> [String: String] {
        let parts = ["sms": sms, "email": email, "call": call].compactMapValues(\.self)
        var files = [
            "library.yaml": Self.library,
            "fragments/en/sms.mustache": "[help]\n{{#contact_phone}}\nCall {{contact_phone}}.\n{{/contact_phone}}\n\n"
                + "[opt-out]\nReply STOP.\n[line]\nwords\n" + fragments,
            "fragments/en/email.mustache": "# a note\n[debt-collector]\nThis is from *a debt collector*.\n",
            "fragments/en/call.mustache": "[debt-collector]\nsay: This is from a debt collector.\n[gate]\n"
                + "# anybody may hear this\nsay: Hello.\ngather: 1 = continue | Press 1.\n[end]\nvoicemail: Bye.\n",
            "m/message.yaml": """
            purpose: a test
            channels: [\(parts.keys.sorted().joined(separator: ", "))]
            \(extra)
            """,
        ]
        for (channel, text) in parts { files["m/en/\(channel).mustache"] = text }
        return files
    }

    // MARK: Fragments

    @Test func insertsFragments() throws {
        let folder = try MessageFolder(files(sms: "{{creditor}} {{> line}}.\n{{> help}}\nend\n{{> opt-out}}"))
        #expect(folder.findings() == [])
        let library = try folder.load()
        #expect(
            try library.sms(reminder(vars: ["contact_phone": "+16175550100"]))
                == "Harbor Credit words.\nCall +1 617-555-0100.\nend\nReply STOP.")
        // What is not shown leaves no empty line behind.
        #expect(try library.sms(reminder()) == "Harbor Credit words.\nend\nReply STOP.")
    }

    @Test func linesTakeTheWordsOfFragments() throws {
        var texts = files(
            email: "subject: {{> two}}\npreheader: p {{> two}}\n\nbody",
            call: "{{> gate}}\nsay: Hi. {{> debt-collector}}\n{{> end}}")
        texts["fragments/en/email.mustache"]! += "[two]\none\ntwo"
        let folder = try MessageFolder(texts)
        #expect(
            folder.findings() == [
                "m/en/call.mustache:2:10: the fragment 'debt-collector' is whole lines of a call, and its 'say:' would be "
                    + "read out; put {{> debt-collector}} on a line of its own"
            ])
        try folder.write("m/en/call.mustache", Data("{{> gate}}\n{{> debt-collector}}\n{{> end}}".utf8))
        #expect(folder.findings() == [])
        let mail = try folder.load().email(reminder())
        #expect(mail.subject == "one two" && mail.preheader == "p one two")
    }

    @Test func callsTakeWholeLines() throws {
        let folder = try MessageFolder(
            files(call: "{{> gate}}\nsay: Your payment of {{amount}}.\n{{> end}}\n", extra: ""))
        #expect(folder.findings() == [])
        let script = try folder.load().call(reminder())
        #expect(script.steps.first == .say("Hello.") && script.steps.count == 3 && script.voicemail == "Bye.")
    }

    @Test(arguments: [
        (
            "m/en/sms.mustache", "{{> hepl}}",
            "m/en/sms.mustache:1:1: there is no fragment 'hepl' for this language and channel; did you mean 'help'?"
        ),
        ("m/en/sms.mustache", "{{> gate}}", "m/en/sms.mustache:1:1: there is no fragment 'gate'"),
        (
            "fragments/en/sms.mustache", "[a]\n{{> help}}",
            "fragments/en/sms.mustache:2:1: there is no fragment 'help' for this language and channel; write its words here"
        ),
        (
            "fragments/en/sms.mustache", "[help]\n{{nmae}}",
            "fragments/en/sms.mustache:2:1: the variable 'nmae' is not declared; did you mean 'name'?"
        ),
        (
            "fragments/en/sms.mustache", "words\n[help]\nx",
            "fragments/en/sms.mustache:1:1: this text belongs to no fragment"
        ),
        (
            "fragments/en/sms.mustache", "[help]\nx\n[help]\ny",
            "fragments/en/sms.mustache:3:1: 'help' cannot be a fragment's name, or stands here twice"
        ),
        ("fragments/en/email.mustache", "[a]\n<b>x</b>", "fragments/en/email.mustache:2:1: raw HTML in a mail"),
        (
            "fragments/en/emial.mustache", "[a]\nx",
            "fragments/en/emial.mustache: this file belongs to no channel of the message; did you mean 'email.mustache'?"
        ),
        ("fragments/zh/sms.mustache", "[a]\nx", "fragments/zh: 'zh' is no language; did you mean 'zh-Hans'?"),
        ("library.yaml", "langages: [en]", "library.yaml:1:11: unknown key 'langages'; did you mean 'languages'?"),
        (
            "library.yaml", "languages: [english]",
            "library.yaml:1:13: languages[0] is 'english', expected a language by BCP 47"
        ),
        (
            "m/message.yaml", "purpose: x\nchannels: [sms]\nvariants: {Short: 5}",
            "m/message.yaml:3:19: variants.Short is '5', expected a name of small letters"
        ),
        (
            "m/message.yaml", "purpose: x\nchannels: [sms]\nvariants: {a: 60, b: 50}",
            "m/message.yaml:3:22: variants.b is '50', expected shares that come to no more than 100 together"
        ),
        (
            "m/message.yaml", "purpose: x\nchannels: [sms]\nvariants: {short: 5}",
            "m/message.yaml: the variant 'short' has no text in any language; add a file such as sms.short.mustache"
        ),
        (
            "m/message.yaml", "purpose: x\nchannels: [sms]\nlanguages: [fr]",
            "m/message.yaml: it lacks fr; add a folder for each"
        ),
        (
            "m/message.yaml", "purpose: x\nchannels: [sms]\ntransliterate: yes",
            "m/message.yaml:3:16: transliterate is 'yes', expected one of none, punctuation, letters"
        ),
        (
            "m/message.yaml", "purpose: x\nchannels: [sms]\nvariables: {a: {type: link}}",
            "m/message.yaml: sample.a is missing; add an example"
        ),
    ])
    func findsFaults(file: String, text: String, complaint: String) throws {
        var files = files()
        files[file] = text
        let findings = try MessageFolder(files).findings()
        #expect(findings.contains { $0.hasPrefix(complaint) }, "\(findings)")
    }

    @Test func laterRootsSpeakTheHousesWords() throws {
        let first = try MessageFolder(files())
        let second = try MessageFolder([
            "library.yaml": "variables: {office: {type: text, default: the office}}",
            "fragments/en/sms.mustache": "[help]\nCome to {{office}}.",
        ])
        let library = try TemplateLibrary.load(roots: [first.path, second.path])
        #expect(try library.sms(reminder()) == "Harbor Credit\nCome to the office.")
        #expect(TemplateCheck(roots: [first.path, second.path]).findings == [])
    }

    // MARK: Notices

    @Test func addsTheNoticesThatRulesAskFor() throws {
        let library = try MessageFolder(
            files(
                sms: "{{creditor}}\n{{> opt-out}}", email: "subject: s\n\nbody\n\n---\n\nfooter",
                call: "{{> gate}}\nsay: {{amount}}\n{{> end}}", fragments: "[debt-collector]\nFrom a debt collector.",
                extra: "notices: [identity]")
        ).load()
        let message = try #require(library.message("m"))
        #expect(message.notices == ["identity"] && message.insertableNotices.contains("debt-collector"))
        let notices = ["identity", "debt-collector"]
        func rendered(_ channel: Channel) throws -> RenderedMessage {
            try library.render(reminder(), channel: channel, today: CivilDate(daysSince1970: 0), notices: notices)
        }
        let sms = try rendered(.sms)
        #expect(sms.content == .sms("Harbor Credit\nReply STOP.\nFrom a debt collector."))
        #expect(sms.notices == ["debt-collector"])
        guard case .email(let mail) = try rendered(.email).content else { Issue.record("no mail"); return }
        #expect(mail.text.hasSuffix("footer\n\nThis is from a debt collector.\n"))
        guard case .call(let script) = try rendered(.call).content else { Issue.record("no call"); return }
        // Behind the first gather: it tells of a debt.
        #expect(script.steps[2] == .say("This is from a debt collector."))
        #expect(
            throws: RenderError.missingNotice(message: "m", notice: "validation", language: "en")
        ) {
            try library.render(reminder(), channel: .sms, today: CivilDate(daysSince1970: 0), notices: ["validation"])
        }
    }

    private func notice(
        _ name: String, _ channel: Channel, _ files: [String: String], vars: [String: String] = [:]
    ) throws -> RenderedMessage {
        try MessageFolder(files).load()
            .render(reminder(vars: vars), channel: channel, today: CivilDate(daysSince1970: 0), notices: [name])
    }

    /// What stands in a section does not count: not everybody gets to read it.
    @Test func addsNoticesThatOnlySomeWouldSee() throws {
        let phone = ["contact_phone": "+16175550100"]
        let text = "{{creditor}}{{#contact_phone}} {{> opt-out}}{{/contact_phone}}"
        #expect(try notice("opt-out", .sms, files(sms: text)).content == .sms("Harbor Credit\nReply STOP."))
        #expect(try notice("opt-out", .sms, files(sms: text), vars: phone).notices == ["opt-out"])
        #expect(try MessageFolder(files(sms: text)).load().message("m")?.notices == [])
        let mail = "subject: s\npreheader: {{> debt-collector}}\n\nbody"
        #expect(try notice("debt-collector", .email, files(email: mail)).notices == ["debt-collector"])
        var call = files(call: "{{> gate}}\nvoicemail: Bye. {{> spoken}}")
        call["fragments/en/call.mustache"]! += "[spoken]\nPress 9."
        guard case .call(let script) = try notice("spoken", .call, call).content else {
            Issue.record("no call"); return
        }
        #expect(script.steps.last == .say("Press 9."))
    }

    /// Better no message than one without what the rule asks for.
    @Test func neverLeavesOutANotice() throws {
        // Without a gather there is no place behind it.
        let call = files(call: "say: Hello.\nvoicemail: Bye.")
        #expect(throws: RenderError.missingNotice(message: "m", notice: "debt-collector", language: "en")) {
            try notice("debt-collector", .call, call)
        }
        #expect(try MessageFolder(call).load().message("m")?.insertableNotices == [])
        #expect(throws: RenderError.missingNotice(message: "m", notice: "help", language: "en")) {
            try notice("help", .sms, files(sms: "{{creditor}}"))
        }
        // Nor is a notice a message by itself.
        #expect(throws: RenderError.empty(message: "m", channel: .sms)) {
            try notice("opt-out", .sms, files(sms: "{{#contact_phone}}Call {{contact_phone}}.{{/contact_phone}}"))
        }
    }

    // MARK: Near misses

    /// What is measured and sent is the text after its replacements, and each of them is told.
    @Test func transliteratesWhatTheMessageSays() throws {
        let text = "{{creditor}}: it’s “due” – thank you"
        func rendered(_ level: String, creditor: String = "Harbor") throws -> RenderedMessage {
            let library = try MessageFolder(files(sms: text, extra: "transliterate: \(level)")).load()
            return try library.render(
                reminder(creditor: creditor), channel: .sms, today: CivilDate(daysSince1970: 0))
        }
        let plain = try rendered("punctuation")
        #expect(plain.content == .sms("Harbor: it's \"due\" - thank you"))
        #expect(
            plain.changes.map(\.from) == ["’", "“", "”", "–"] && plain.changes.map(\.to) == ["'", "\"", "\"", "-"])
        #expect(try rendered("none").content == .sms("Harbor: it’s “due” – thank you"))
        // An accent needs 'letters'; without it the whole stays as it is.
        #expect(try rendered("punctuation", creditor: "Crédit à la São").changes.isEmpty)
        #expect(try rendered("letters", creditor: "São").content == .sms("Sao: it's \"due\" - thank you"))
    }

    // MARK: Variants

    @Test func assignsVariantsForGood() throws {
        var texts = files(sms: "plain", extra: "variants: {short: 20, warm: 30}")
        texts["m/en/sms.short.mustache"] = "short"
        texts["m/es/sms.mustache"] = "es"
        texts["m/en/sms.warm.mustache"] = "warm"
        let library = try MessageFolder(texts).load()
        #expect(library.message("m")?.variants(on: .sms) == ["short", "warm"])
        var counts: [String: Int] = [:]
        for number in 0..<10_000 {
            var one = reminder()
            one.recipient.id = "P-\(number)"
            let rendered = try library.render(one, channel: .sms, today: CivilDate(daysSince1970: 0))
            #expect(rendered.content == .sms(rendered.variant ?? "plain"))
            counts[rendered.variant ?? "plain", default: 0] += 1
            one.account.id = "another"
            #expect(
                try library.render(one, channel: .sms, today: CivilDate(daysSince1970: 9)).variant == rendered.variant)
            one.recipient.locale = "es"
            #expect(try library.render(one, channel: .sms, today: CivilDate(daysSince1970: 0)).variant == nil)
        }
        // Four standard deviations of 10,000 draws are 160 and 183.
        #expect(
            abs(counts["short", default: 0] - 2000) < 160 && abs(counts["warm", default: 0] - 3000) < 183, "\(counts)")
    }

    // MARK: Sources

    @Test func makesTheSameMessagesAgain() throws {
        let first = try MessageFolder(files(sms: "{{creditor}} {{> line}}\n{{> help}}"))
        let second = try MessageFolder(["fragments/en/sms.mustache": "[line]\nother words"])
        let library = try TemplateLibrary.load(roots: [first.path, second.path])
        let message = try #require(library.message("m"))
        #expect(message.sources.files.keys.contains("0/m/en/sms.mustache"))
        let again = try TemplateLibrary.load(sources: message.sources)
        #expect(again.message("m")?.version == message.version && again.message("m")?.sources == message.sources)
        #expect(try again.sms(reminder()) == library.sms(reminder()))
        #expect(try again.sms(reminder()) == "Harbor Credit other words")
    }

    @Test func versionsFollowFragmentsAndLibrary() throws {
        let plain = try MessageFolder(files()).load().messages[0].version
        var other = files()
        other["fragments/en/sms.mustache"]! += "[more]\nx"
        #expect(try MessageFolder(other).load().messages[0].version != plain)
        other = files()
        other["library.yaml"]! += "\nmax_segments: 3"
        #expect(try MessageFolder(other).load().messages[0].version != plain)
        other = files()
        other["fragments/fr/sms.mustache"] = "[x]\nun"
        #expect(try MessageFolder(other).load().messages[0].version == plain)
    }
}
