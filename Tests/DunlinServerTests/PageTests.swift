// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinServer

@Suite struct PageTests {
    static let evil = #"<script>alert("1")</script>&'</iframe>"#
    static let at = Instant(rfc3339: "2026-11-21T18:53:57Z")!

    func page(_ drafts: [Draft], _ answer: SandboxMessage.Answer = .accepted(id: evil), query: String = "") -> String {
        let outbox = Outbox()
        for draft in drafts { outbox.add(draft, at: Self.at, answer: answer) }
        return outboxPage(outbox, view: OutboxView(query: query), authority: "127.0.0.1:8026", smtpPort: 8027).source
    }

    static let contents: [SandboxMessage.Content] = [
        .sms(evil),
        .call(twiml: "<Response><Say language=\"<script>\">&lt;script></Say><Play>&lt;script></Play></Response>"),
        .call(twiml: evil), .mail(Array("Subject: \(evil)\r\nFrom: \(evil)\r\n<script>: a\r\n\r\n\(evil)".utf8)),
        .mail(Array("Content-Type: text/html\r\n\r\n\(evil)".utf8)), .mail([]),
    ]

    @Test(arguments: contents)
    func escapesEverything(content: SandboxMessage.Content) {
        let gateway: SandboxMessage.Gateway =
            switch content {
            case .sms: .http
            case .call: .twilioVoice
            case .mail: .smtp
            }
        let draft = Draft(
            gateway: gateway, from: Self.evil, to: Self.evil, content: content,
            fields: [FormField(Self.evil, Self.evil)])
        for answer in [.accepted(id: Self.evil), .refused(status: 400, code: Self.evil), .unanswered]
            as [SandboxMessage.Answer]
        {
            let page = page([draft], answer)
            #expect(!page.contains("<script"))
            #expect(!page.contains("\"1\""))
            // The page's own tags are balanced whatever is in the messages.
            #expect(page.components(separatedBy: "<iframe").count == page.components(separatedBy: "</iframe>").count)
        }
        #expect(!page([draft], query: "to=\(form([("", Self.evil)]).dropFirst())").contains("<script"))
    }

    @Test func framesMailWithoutRights() {
        let mail = Draft(
            gateway: .smtp, from: "a@x", to: "b@x",
            content: .mail(Array("Content-Type: text/html\r\n\r\n<p class=\"a\">hi".utf8)))
        #expect(page([mail]).contains(#"<iframe sandbox="" "#))
        #expect(page([mail]).contains(#"srcdoc="&lt;p class=&quot;a&quot;&gt;hi"></iframe>"#))
    }

    @Test func escapedTextReadsBackAsItWas() throws {
        var random = SeededRandom(seed: 3)
        let letters = ["<", ">", "&", "\"", "'", "a", ";", "款", "\u{202e}", "&amp;"]
        for _ in 0..<200 {
            let text = (0..<20).map { _ in letters.randomElement(using: &random)! }.joined()
            let escaped: HTML = "<a b=\"\(text)\"/>"
            // XML reads the same five references.
            #expect(try XMLElement(document: escaped.source).attributes["b"] == text)
        }
    }

    static func sms(to: String, _ text: String = "hi") -> Draft {
        Draft(gateway: .http, from: "", to: to, content: .sms(text))
    }

    @Test func searchesAndPages() {
        let drafts = (0..<120).map { Self.sms(to: "+1617555\(1000 + $0)") }
        func numbers(_ page: String) -> [Int] {
            page.components(separatedBy: "id=\"m").dropFirst().compactMap { Int($0.prefix { $0 != "\"" }) }
        }
        #expect(numbers(page(drafts)) == Array((71...120).reversed()))
        #expect(page(drafts).contains("/?before=71\""))
        #expect(numbers(page(drafts, query: "before=71")) == Array((21...70).reversed()))
        #expect(numbers(page(drafts, query: "before=21")) == Array((1...20).reversed()))
        #expect(!page(drafts, query: "before=21").contains("Older"))
        #expect(numbers(page(drafts, query: "to=+16175551005")) == [6])
        #expect(numbers(page(drafts, query: "to=%2B16175551005&channel=sms")) == [6])
        #expect(numbers(page(drafts, query: "channel=email")) == [])
        #expect(page(drafts, query: "channel=email").contains("Nothing for this search"))
    }

    @Test func anEmptyOutboxSaysWhatToDo() {
        let page = page([])
        #expect(page.contains("base_url: &quot;") == false)
        #expect(page.contains(#"base_url: "http://127.0.0.1:8026""#))
        #expect(page.contains(#"base_url: "smtp://127.0.0.1:8027""#))
        for magic in MagicNumber.allCases { #expect(page.contains(magic.explanation)) }
        for magic in MagicMailbox.allCases { #expect(page.contains(magic.explanation)) }
    }

    @Test(arguments: contents)
    func givesScriptsValidJSON(content: SandboxMessage.Content) throws {
        let message = SandboxMessage(
            number: 1, at: Self.at, gateway: .smtp, from: Self.evil, to: "\u{0}\u{1f}\\\"\n款\u{2028}", content: content,
            fields: [], answer: .accepted(id: "x"))
        let data = Data(message.json.text.utf8)
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["from"] as? String == Self.evil)
        #expect(object["to"] as? String == message.to)
        #expect(object["text"] as? String == message.text)
        #expect(object["at"] as? String == "2026-11-21T18:53:57Z")
    }
}

@Suite struct OutboxTests {
    @Test func keepsTheNewestAndCountsAll() {
        let outbox = Outbox(maxCount: 10)
        for n in 1...35 { outbox.add(PageTests.sms(to: "\(n)"), at: PageTests.at, answer: .unanswered) }
        outbox.add(PageTests.sms(to: "36"), at: PageTests.at, answer: .refused(status: 400, code: ""))
        #expect(outbox.messages.map(\.number) == Array(27...36))
        #expect(outbox.messages.map(\.to) == (27...36).map(String.init))
        #expect(outbox.totals == [.sms: Sandbox.Total(accepted: 0, refused: 1, unanswered: 35)])
    }

    @Test func keepsFewerWhereTheyAreHeavy() {
        let outbox = Outbox(maxCount: 10, maxWeight: 3000)
        for n in 1...9 {
            outbox.add(
                PageTests.sms(to: "\(n)", String(repeating: "x", count: 1000)), at: PageTests.at, answer: .unanswered)
        }
        #expect(outbox.messages.map(\.number) == [8, 9])
        outbox.add(PageTests.sms(to: "10", String(repeating: "x", count: 9000)), at: PageTests.at, answer: .unanswered)
        #expect(outbox.messages.map(\.number) == [10])
    }
}
