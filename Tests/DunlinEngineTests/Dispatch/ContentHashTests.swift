// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTemplates
import Testing

@testable import DunlinEngine

@Suite struct ContentHashTests {
    static let mail = Email(subject: "Subject", preheader: "", text: "Text\n", html: "<p>Text</p>")
    static let script = CallScript(
        language: "en-US",
        steps: [
            .say("Hello."), .pause(seconds: 1),
            .gather(prompt: "Press 1.", keys: ["9": "opt-out", "1": "continue"], timeoutSeconds: 8),
        ], voicemail: "Please call back.")

    /// The digests are those of Python's hashlib over the netstrings that docs/ledger.md describes.
    @Test(arguments: [
        (MessageContent.sms("Harbor Credit: £1,234.50 — 您好"), "bb22840b4898b5ac"),
        (.email(mail), "c4e2c006d61a8624"), (.call(script), "5060f8f76073a516"),
        (.chat("Harbor Credit: £1,234.50 — 您好"), "f90d96585b7c56d1"),
        (.task("Harbor Credit: £1,234.50 — 您好"), "92d5c922b515e5ba"),
    ]) func itIsTheDocumentedOne(_ content: MessageContent, _ hash: String) {
        #expect(content.shortHash == hash)
    }

    @Test func everyFieldCounts() {
        var mails = [Self.mail, Self.mail, Self.mail, Self.mail, Self.mail]
        mails[1].subject += "."
        mails[2].preheader = "."
        mails[3].text += "."
        mails[4].html += "."
        var scripts = [Self.script, Self.script, Self.script, Self.script, Self.script]
        scripts[0].language = "en-GB"
        scripts[1].voicemail = ""
        scripts[2].steps[1] = .pause(seconds: 2)
        scripts[3].steps[2] = .gather(prompt: "Press 1.", keys: ["1": "repeat", "9": "opt-out"], timeoutSeconds: 8)
        // What moves from one field to the next is not the same.
        scripts[4].steps = [.say("Hello.pause 1")]
        let contents = mails.map(MessageContent.email) + scripts.map(MessageContent.call) + [.call(Self.script)]
        #expect(Set(contents.map(\.shortHash)).count == contents.count)
    }

    @Test(arguments: ["payment-overdue@1f2e3d4c5b6a/pt-BR", "payment-overdue@1f2e3d4c5b6a/zh-Hant#short"])
    func aReferenceIsReadAsItIsWritten(_ text: String) throws {
        #expect(try #require(TemplateReference(text)).description == text)
    }

    @Test(arguments: ["", "m", "m@v", "m/en", "@v/en", "m@/en", "m@v/", "m@v/en#", "m@v/en/x", "m@v@w/en"])
    func whatIsNoReferenceIsNone(_ text: String) { #expect(TemplateReference(text) == nil) }

    @Test func theTraceIsReadAsItIsWritten() throws {
        var trace = DecisionTrace(policy: "p", template: "m@v/en", lines: [])
        trace.day = "2026-11-25"
        trace.notices = ["debt-collector", "opt-out"]
        trace.content = "bb22840b4898b5ac"
        #expect(DecisionTrace(detail: trace.detail) == trace)
        #expect(
            trace.detail == """
                {"policy":"p","template":"m@v/en","day":"2026-11-25","notices":["debt-collector","opt-out"],\
                "content":"bb22840b4898b5ac","findings":[]}
                """)
    }
}
