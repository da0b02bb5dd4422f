// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinPolicy
import DunlinTemplates
import Foundation
import GRDB
import Testing

@testable import DunlinEngine

/// The exact text that went out, from the ledger alone.
@Suite struct SentTextTests {
    /// A message for all channels, with a fragment that rules may require.
    private func library(sms: String = "{{creditor}}: {{amount}} was due on {{due_date}}.") throws -> TemplateLibrary {
        var files = [
            "0/payment-overdue/message.yaml": """
            purpose: a test
            channels: [sms, email, call]
            notices: [opt-out]
            sample: {name: Alex Kim, creditor: Harbor Credit, amount: 1234.50 USD, due_date: 2026-11-20}
            """,
            "0/payment-overdue/en/sms.mustache": sms + "\n",
            "0/payment-overdue/en/email.mustache": """
            subject: {{days_overdue}} days late
            preheader: It may be on its way.

            {{creditor}} waits for **{{amount}}**.
            """,
            "0/payment-overdue/en/call.mustache": """
            say: Hello. This is {{creditor}}.
            gather: 1 = continue, 9 = opt-out | Please press 1.
            pause: 1
            say: Your payment of {{amount}} was due.
            voicemail: Please call {{creditor}} back.
            """,
        ]
        for channel in Channel.allCases {
            let line = "\(channel == .call ? "say: " : "")This comes from a debt collector."
            files["0/fragments/en/\(channel).mustache"] = "[debt-collector]\n\(line)\n"
        }
        return try TemplateLibrary.load(sources: TemplateSources(files: files))
    }

    private func bench(_ templates: TemplateLibrary, _ policies: PolicySet? = nil) throws -> DispatchBench {
        try DispatchBench(policies: policies, templates: templates)
    }

    private func texts(_ id: String, _ bench: DispatchBench) throws -> [SentText] {
        let reader = try SQLiteLedger.open(path: bench.folder + "/dunlin.db", role: .reader)
        return try reader.histories(of: id, limit: 9).flatMap { try SentText.all(of: $0, in: reader) }
    }

    private func change(_ sql: String, _ bench: DispatchBench) throws {
        try DatabaseQueue(path: bench.folder + "/dunlin.db").write { try $0.execute(sql: sql) }
    }

    @Test func eachAttemptHasTheTextOfItsOwnVersion() throws {
        let bench = try bench(library())
        try bench.store(bench.reminder("r-1"))
        let first = try bench.turn()
        try bench.turn([first[0].answered(.accepted(id: "SM1"))])
        try bench.reload(library(sms: "{{creditor}} waits for {{amount}}."))
        try bench.store(bench.reminder("r-2"))
        let second = try bench.turn()
        try bench.turn([second[0].answered(.accepted(id: "SM2"))])
        let (old, new) = (try #require(texts("r-1", bench).first), try #require(texts("r-2", bench).first))
        #expect(try old.result.get().content == .sms("Harbor Credit: £123.45 was due on 20 November 2026."))
        #expect(try new.result.get().content == .sms("Harbor Credit waits for £123.45."))
        for sent in [old, new] { #expect(try sent.result.get().difference == nil) }
        #expect(
            old.text == """
                r-1, attempt 1: sms by sms-a at 2026-11-25T12:00:00Z, accepted
                  \(old.template!), 1 SMS segment
                  the same to the last byte as what went out

                Harbor Credit: £123.45 was due on 20 November 2026.
                """)
    }

    @Test func everyAttemptIsToldTheNewestLast() throws {
        let bench = try bench(library())
        try bench.store(bench.reminder("r-1"))
        let first = try bench.turn()
        let second = try bench.turn([first[0].answered(.refused(.transient))])
        #expect(second.count == 1)
        let sent = try texts("r-1", bench)
        #expect(sent.map(\.gateway) == ["sms-a", "sms-b"] && sent.map(\.outcome) == [.refused, nil])
    }

    /// The day counts as it was then, and values as the person has them.
    @Test(arguments: [Channel.email, .call]) func mailsAndCallsAreTold(_ channel: Channel) throws {
        let bench = try bench(library())
        try bench.store(bench.reminder("r-1", channels: [channel]))
        #expect(try bench.turn().count == 1)
        let sent = try #require(texts("r-1", bench).first)
        #expect(try sent.result.get().difference == nil)
        let record = SentTextRecord(sent)
        if channel == .email {
            #expect(sent.text.contains("\n\nSubject: 5 days late\nPreheader: It may be on its way.\n\n"))
            #expect(record.email?.html.contains("£123.45") == true && record.isSame == true)
        } else {
            #expect(sent.text.contains("\nask    Please press 1. (1 continue, 9 opt-out)\npause  1 s\n"))
            #expect(sent.text.hasSuffix("\nvoicemail  Please call Harbor Credit back."))
            #expect(record.call?.steps.count == 4 && record.segments == nil)
        }
    }

    // MARK: Notices

    private let collectors = """
        pack: collectors
        title: Test
        applies: always
        reviewed: 2026-11-21
        rules:
          - {id: who, cite: Test, confidence: source, content: {require: [opt-out, debt-collector]}}

        """

    @Test func aRequiredNoticeIsAddedAndTold() throws {
        let policies = try PolicySet.load(directory: nil)
        let pack = try Pack(yaml: collectors, file: "collectors.yaml")
        let bench = try bench(library(), PolicySet(packs: policies.packs + [pack]))
        try bench.store(bench.reminder("r-1"))
        #expect(try bench.turn().count == 1)
        let sent = try #require(texts("r-1", bench).first)
        #expect(sent.notices == ["debt-collector"])
        let writing = try sent.result.get()
        #expect(writing.difference == nil)
        guard case .sms(let words) = writing.content else { throw CancellationError() }
        #expect(words.hasSuffix("2026.\nThis comes from a debt collector."))
        let story = try bench.history("r-1").explanation
        #expect(
            story.contains("collectors/who: the message holds the notice opt-out; the notice debt-collector is added"))
        #expect(story.contains("/en with debt-collector\n"))
    }

    @Test func aNoticeThatCannotBeAddedHoldsTheMessage() throws {
        let policies = try PolicySet.load(directory: nil)
        let pack = try Pack(
            yaml: collectors.replacingOccurrences(of: "debt-collector", with: "mini-miranda"), file: "collectors.yaml")
        let bench = try bench(library(), PolicySet(packs: policies.packs + [pack]))
        try bench.store(bench.reminder("r-1"))
        #expect(try bench.turn().isEmpty)
        #expect(try bench.history("r-1").queued?.reason == .contentRule)
    }

    @Test func theCheckNamesOnlyWhatCannotBeAdded() throws {
        let pack = try Pack(yaml: collectors, file: "collectors.yaml")
        func warnings(_ library: TemplateLibrary) -> [String] {
            PolicySet(packs: [pack]).check(messages: library.profiles).filter { $0.rule == "who" }.map(\.message)
        }
        let library = try library()
        #expect(warnings(library) == [])
        var files = library.messages[0].sources.files
        files["0/fragments/en/call.mustache"] = nil
        let mute = try TemplateLibrary.load(sources: TemplateSources(files: files))
        #expect(warnings(mute) == ["the message payment-overdue lacks the notice debt-collector"])
    }

    // MARK: The order of commits

    /// A process that ends between the two leaves texts without an attempt, never an attempt without its texts.
    @Test func textsAreKeptBeforeAnythingGoesOut() throws {
        let bench = try bench(library())
        try bench.store(bench.reminder("r-1"))
        let version = try #require(bench.dispatcher.snapshot.templates.message("payment-overdue")).version
        let reader = try SQLiteLedger.open(path: bench.folder + "/dunlin.db", role: .reader)
        #expect(try reader.archived(message: "payment-overdue", version: version) != nil)
        #expect(try reader.histories(of: "r-1", limit: 1)[0].facts.isEmpty)
        let fresh = try library(sms: "{{creditor}} waits for {{amount}}.")
        let next = try #require(fresh.message("payment-overdue")).version
        #expect(try reader.archived(message: "payment-overdue", version: next) == nil)
        try bench.reload(fresh)
        #expect(try reader.archived(message: "payment-overdue", version: next) != nil)
        #expect(try reader.histories(of: "r-1", limit: 1)[0].facts.isEmpty)
    }

    @Test func textsThatCannotBeKeptAreNotUsed() throws {
        let bench = try bench(library())
        let old = try #require(bench.dispatcher.snapshot.templates.message("payment-overdue")).version
        bench.ledger.isBroken = true
        #expect(throws: DunlinError.self) { try bench.reload(library(sms: "{{creditor}} waits for {{amount}}.")) }
        bench.ledger.isBroken = false
        try bench.store(bench.reminder("r-1"))
        #expect(try bench.turn().count == 1)
        #expect(try texts("r-1", bench)[0].template == "payment-overdue@\(old)/en")
    }

    // MARK: What cannot be told

    @Test func aTextOfAnErasedPersonIsGone() throws {
        let bench = try bench(library())
        try bench.store(bench.reminder("r-1"))
        #expect(try bench.turn().count == 1)
        try change("DELETE FROM personal", bench)
        let sent = try #require(texts("r-1", bench).first)
        let error = #expect(throws: DunlinError.self) { try sent.result.get() }
        #expect(error?.why == "the personal data that stood in it are erased")
        #expect(SentTextRecord(sent).fault != nil && SentTextRecord(sent).isSame == nil)
        #expect(try bench.history("r-1").explanation.hasPrefix("reminder r-1: sending, personal data erased\n"))
    }

    @Test(arguments: [
        ("DELETE FROM template_file", "the ledger does not hold version"),
        ("UPDATE template_text SET text = replace(text, 'was due', 'is due')", "its text in the ledger is not the one"),
        (
            "UPDATE fact SET detail = '{\"policy\":\"p\",\"template\":\"m@1/en\",\"findings\":[]}'",
            "an older version of Dunlin"
        ),
    ]) func aTextThatIsNotKeptIsNotInvented(_ damage: String, _ why: String) throws {
        let bench = try bench(library())
        try bench.store(bench.reminder("r-1"))
        #expect(try bench.turn().count == 1)
        try change(damage, bench)
        let sent = try #require(texts("r-1", bench).first)
        let error = #expect(throws: DunlinError.self) { try sent.result.get() }
        #expect(error?.why.hasPrefix(why) == true)
    }

    /// Whoever changes a text and its hash is betrayed by the version and by the attempt.
    @Test func aForgedTextIsNotTheSame() throws {
        let bench = try bench(library())
        try bench.store(bench.reminder("r-1"))
        #expect(try bench.turn().count == 1)
        let forged = try library(sms: "{{creditor}}: {{amount}} was never due.")
        let version = try #require(bench.dispatcher.snapshot.templates.message("payment-overdue")).version
        try change("DELETE FROM template_file", bench)
        try bench.ledger.archive([
            ArchivedTemplate(message: "payment-overdue", version: version, files: forged.messages[0].sources.files)
        ])
        let writing = try #require(texts("r-1", bench).first).result.get()
        #expect(writing.difference?.hasPrefix("its texts no longer have the version that was recorded") == true)
    }

    @Test func bytesThatDifferAreSaidToDiffer() throws {
        let bench = try bench(library())
        try bench.store(bench.reminder("r-1"))
        #expect(try bench.turn().count == 1)
        let hash = try #require(DecisionTrace(detail: bench.history("r-1").facts[0].fact.detail)?.content)
        try change("UPDATE fact SET detail = replace(detail, '\(hash)', '0000000000000000')", bench)
        let sent = try #require(texts("r-1", bench).first)
        #expect(
            sent.text.contains("the text of that version; its bytes differ today because: the stored record, how dates")
        )
        #expect(SentTextRecord(sent).isSame == false)
    }
}
