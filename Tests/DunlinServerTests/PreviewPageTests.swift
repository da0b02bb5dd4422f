// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinServer

@Suite struct PreviewPageTests {
    static let evil = #"<script>alert("1")</script>&'</iframe>"#

    func page(
        _ library: PreviewLibrary? = previewLibrary(), findings: [PreviewFinding] = [], isStale: Bool = false,
        query: String = "", price: String? = nil
    ) -> String {
        let state = PreviewState(library: library, findings: findings, isStale: isStale, revision: "r1")
        let price = price.flatMap { Decimal(string: $0) }
        return previewPage(state, choice: PreviewChoice(query: query), price: price).source
    }

    /// What stands between two texts, the first time.
    func between(_ start: String, _ end: String, in text: String) -> String? {
        guard let from = text.range(of: start),
            let to = text.range(of: end, range: from.upperBound..<text.endIndex)
        else { return nil }
        return String(text[from.upperBound..<to.lowerBound])
    }

    func part(_ key: String, in page: String) -> String? { between("data-key=\"\(key)\"", "</section>", in: page) }

    @Test func chatsAndTasksAreShown() {
        var library = previewLibrary("Pay <5>")
        library.messages[0].channels += [.chat, .task]
        library.messages[0].languages[1].channels += [.chat, .task]
        let page = page(library)
        let (chat, task) = (part("en-chat", in: page) ?? "", part("en-task", in: page) ?? "")
        #expect(chat.contains("Chat</h3>") && chat.contains("Pay &lt;5&gt;") && !chat.contains("Segments"))
        #expect(task.contains("Task</h3>") && task.contains("Pay &lt;5&gt;"))
        #expect(part("es-chat", in: page)?.contains("Not written yet") == true)
        #expect(page.contains("parts-5"))
    }

    @Test func showsEveryPartOfEveryLanguage() throws {
        let page = page()
        for language in ["ar", "en", "es"] {
            #expect(part("\(language)-sms", in: page)?.contains("Pay $5 [\(language)-]") == true)
            let mail = try #require(part("\(language)-email", in: page))
            for piece in ["S", "P", "T"] { #expect(mail.contains(">\(piece) Pay $5 [\(language)-]<")) }
            #expect(mail.contains("src=\"/mail?message=overdue&amp;language=\(language)&amp;state="))
        }
        #expect(page.contains("<span lang=\"ar\" dir=\"rtl\">P Pay"))
        #expect(page.contains("<p class=\"bubble\" lang=\"ar\" dir=\"auto\">"))
        #expect(page.contains("data-revision=\"r1\""))
    }

    @Test func marksWhereTheCallSpeaksToThePerson() throws {
        let call = try #require(part("en-call", in: page()))
        let border = try #require(call.range(of: "From here on the person has identified themself"))
        #expect(call[..<border.lowerBound].contains("Who?"))
        #expect(!call[..<border.lowerBound].contains("Pay $5"))
        #expect(call[border.upperBound...].contains("Pay $5"))
        #expect(!call[border.upperBound...].contains("From here on"))
        #expect(between("<h4>A voicemail gets</h4>", "</span>", in: call)?.contains("Call Pay $5") == true)
        // Keys in the order of the keypad.
        let keys = try #require(between("Again?", "</ul>", in: call)).matches(of: /<kbd>(.)/).map { String($0.1) }
        #expect(keys == ["1", "9"])
        #expect(call.contains("data-voice=\"en-US\""))
    }

    @Test func saysWhatIsNotWrittenAndWhoGetsWhatInstead() {
        #expect(part("es-call", in: page())?.contains("whoever reads Spanish gets English") == true)
        #expect(page().contains("3 of 4 languages, 8 of 9 parts"))
    }

    @Test func tellsWhatTransliterationChanged() {
        #expect(part("en-sms", in: page())?.contains("Changed to stay GSM-7: ’ → &#39;") == true)
    }

    @Test func leavesOutWhatIsHidden() {
        let page = page(query: "hide=en&hide=ar")
        #expect(part("es-sms", in: page) != nil)
        #expect(part("en-sms", in: page) == nil && part("ar-sms", in: page) == nil)
        #expect(self.page(query: "hide=en&hide=ar&hide=es").contains("Choose a language."))
    }

    @Test func writesWithTheChosenRegionAndSample() throws {
        let page = page(query: "region=es-MX&sample=bare")
        #expect(part("es-sms", in: page)?.contains("[es-MX bare]") == true)
        #expect(part("en-sms", in: page)?.contains("[en- bare]") == true)
        let mail = try #require(part("es-email", in: page))
        let frame = try #require(between("src=\"/mail", "\"", in: mail))
        #expect(frame.contains("region=es-MX") && frame.contains("sample=bare"))
    }

    // The fixture adds " [en-]": 6 characters, of which the brackets count two septets each.
    @Test(arguments: [
        ("Pay $5", "GSM-7", "14", "1", "146", "0.0079"),
        (String(repeating: "a", count: 155), "GSM-7", "163", "2", "143", "0.0158"),
        ("Pay ã", "UCS-2", "11", "1", "59", "0.0079"),
    ])
    func countsAndPrices(text: String, alphabet: String, units: String, segments: String, room: String, cost: String) {
        let sms = part("en-sms", in: page(previewLibrary(text), price: "0.0079")) ?? ""
        let facts = sms.matches(of: /<dd>([^<]*)<\/dd>/).map { String($0.1) }
        #expect(facts == [alphabet, units, "\(segments) of 4", room, cost])
        #expect(part("en-sms", in: page())?.contains("Cost") == false)
    }

    @Test func roomLeftIsExact() {
        var random = SeededRandom(seed: 11)
        let letters: [Character] = ["a", "b", "€", "[", "é", "款", "😀", " "]
        for _ in 0..<150 {
            let kinds = letters.prefix(.random(in: 1...letters.count, using: &random))
            let text = String(
                (0..<Int.random(in: 1...400, using: &random)).map { _ in kinds.randomElement(using: &random)! })
            let size = SMSEncoding.measure(text)
            let room = roomLeft(behind: text, size)
            #expect(SMSEncoding.measure(text + String(repeating: "a", count: room)).segments == size.segments)
            #expect(SMSEncoding.measure(text + String(repeating: "a", count: room + 1)).segments == size.segments + 1)
        }
    }

    @Test func highlightsWhatForcesUCS2() {
        let accents = part("en-sms", in: page(previewLibrary("Não\u{a0}é"))) ?? ""
        #expect(
            accents.contains("N<mark title=\"U+00E3\">ã</mark>o<mark class=\"unseen\" title=\"U+00A0\">\u{a0}</mark>é"))
        #expect(accents.contains("These characters make the whole text UCS-2"))
        let script = part("en-sms", in: page(previewLibrary("您的款项已经到期请尽快付款谢谢"))) ?? ""
        #expect(!script.contains("<mark") && script.contains("This script needs UCS-2"))
        #expect(part("en-sms", in: page())?.contains("UCS-2") == false)
    }

    @Test func showsFindingsWithPlaceAndRemedy() throws {
        let found = [finding("overdue", isError: false), finding("other", "it is empty"), finding(nil, "no sample")]
        let page = page(findings: found, query: "message=overdue")
        let panel = try #require(between("<section class=\"findings\"", "</section>", in: page))
        let own = try #require(between("<ul>", "</ul>", in: panel))
        // Errors before warnings; what is shared counts as the message's own.
        let items = own.matches(of: /<li class="([a-z]+)"/).map { String($0.1) }
        #expect(items == ["error", "warning"])
        #expect(own.contains("No sample.") && own.contains("The part is missing."))
        #expect(own.contains("Write it.") && own.contains("<code>t/overdue/en/sms.mustache:3:5</code>"))
        #expect(!own.contains("It is empty"))
        #expect(between("<details class=\"others\">", "</details>", in: panel)?.contains("It is empty.") == true)
        // A message that could not be read is in the list all the same.
        #expect(page.contains("not readable yet <b class=\"error\">1 error</b>"))
        #expect(self.page().contains("No fault found in the library."))
    }

    @Test func greysWhatIsNoLongerInTheFiles() {
        #expect(page(findings: [finding("overdue")], isStale: true).contains("class=\"columns parts-3 stale\""))
        #expect(page(findings: [finding("overdue")], isStale: true).contains("the last good state"))
        #expect(!page().contains(" stale\"") && !page().contains("the last good state"))
        let none = page(nil, findings: [finding("overdue")], isStale: true)
        #expect(none.contains("There is nothing to show until the errors above are mended."))
    }

    @Test func offersVariantsWhereThereAreSome() {
        #expect(!page().contains("aria-label=\"Variant\""))
        let page = page(previewLibrary(variants: ["short"]), query: "variant=short")
        #expect(page.contains("<a href=\"?message=overdue&amp;variant=short\" aria-current=\"true\">short</a>"))
    }

    @Test func escapesEverything() {
        let library = previewLibrary(Self.evil, name: Self.evil, sender: Self.evil, variants: [Self.evil])
        var found = finding(Self.evil, Self.evil)
        (found.place, found.remedy) = (Self.evil, Self.evil)
        let evil = form([("", Self.evil)]).dropFirst()
        for query in ["", "message=\(evil)", "variant=\(evil)&hide=\(evil)&region=\(evil)-MX&region=es-\(evil)"] {
            let page = page(library, findings: [found, finding(nil, Self.evil)], query: query)
            // The page has one script of its own.
            #expect(page.components(separatedBy: "<script").count == 2)
            #expect(!page.contains("\"1\""))
            #expect(page.components(separatedBy: "<iframe").count == page.components(separatedBy: "</iframe>").count)
        }
    }

    @Test func aChoiceReadsBackAsItWas() {
        let choice = PreviewChoice().with {
            $0.message = "a&b"
            $0.hidden = ["zh-Hans", "x y"]
            $0.regions = ["es": "MX", "zh-Hant": "HK"]
            $0.variant = "short"
            $0.isBare = true
            $0.theme = .dark
            $0.width = .desk
        }
        #expect(PreviewChoice(query: String(choice.query.dropFirst())) == choice)
        #expect(PreviewChoice(query: "region=es&mail=x&theme=y&other=1&%") == PreviewChoice())
        #expect(PreviewChoice(query: "region=es&mail=x&theme=y&other=1") == PreviewChoice())
    }
}
