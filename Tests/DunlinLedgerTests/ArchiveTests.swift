// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB
import Testing

@testable import DunlinLedger

/// The texts of message versions, kept for `why --text`.
@Suite struct ArchiveTests {
    let directory = try! TemporaryDirectory()  // A suite without a directory has nothing to say.
    var path: String { directory.file("ledger.db") }

    private let first = ArchivedTemplate(
        message: "payment-overdue", version: "aaaa",
        files: ["payment-overdue/en/sms.mustache": "Dear {{name}}\n", "library.yaml": "languages: [en]\n", "empty": ""])
    private var second: ArchivedTemplate {
        var version = first
        version.version = "bbbb"
        version.files["payment-overdue/en/sms.mustache"] = "您好 {{name}}"
        return version
    }

    private func count(_ table: String, _ ledger: SQLiteLedger) throws -> Int? {
        try ledger.database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") }
    }

    @Test(arguments: LedgerKind.all) func aVersionIsReadAsItWasStored(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        try ledger.archive([first])
        try ledger.archive([first, second])
        #expect(try ledger.archived(message: "payment-overdue", version: "aaaa") == first)
        #expect(try ledger.archived(message: "payment-overdue", version: "bbbb") == second)
        #expect(try ledger.archived(message: "payment-overdue", version: "cccc") == nil)
        #expect(try ledger.archived(message: "payment-received", version: "aaaa") == nil)
    }

    @Test func eachTextIsKeptOnce() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        for _ in 0..<3 { try ledger.archive([first, second]) }
        #expect(try count("template_text", ledger) == 4)
        #expect(try count("template_file", ledger) == 6)
    }

    @Test func itOutlivesTheProcess() throws {
        try SQLiteLedger.open(path: path, role: .owner).archive([first])
        let reader = try SQLiteLedger.open(path: path, role: .reader)
        #expect(try reader.archived(message: "payment-overdue", version: "aaaa") == first)
        #expect(throws: DunlinError.self) { try reader.archive([second]) }
        #expect(throws: DunlinError.self) {
            try SQLiteLedger.open(path: path, role: .importer).archive([second])
        }
    }

    /// A version is there as a whole or not at all, also when the disk fails in the middle of it.
    @Test func aFailureLeavesNothingOfAVersion() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        try ledger.database.write {
            try $0.execute(
                sql: """
                    CREATE TEMP TRIGGER full BEFORE INSERT ON template_file WHEN new.path = 'library.yaml'
                    BEGIN SELECT RAISE(ABORT, 'full'); END
                    """)
        }
        #expect(throws: DunlinError.self) { try ledger.archive([first]) }
        #expect(try count("template_text", ledger) == 0)
        #expect(try ledger.archived(message: "payment-overdue", version: "aaaa") == nil)
        try ledger.database.write { try $0.execute(sql: "DROP TRIGGER full") }
        try ledger.archive([first])
        #expect(try ledger.archived(message: "payment-overdue", version: "aaaa") == first)
    }

    /// A daemon starts beside a full disk as long as nothing is new.
    @Test func whatIsKnownIsNotWrittenAgain() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        try ledger.archive([first])
        _ = try ledger.database.inDatabase { try Int.fetchOne($0, sql: "PRAGMA max_page_count = 1") }
        try ledger.archive([first])
        var large = second
        large.files["large"] = String(repeating: "x", count: 20_000)
        let error = #expect(throws: DunlinError.self) { try ledger.archive([large]) }
        #expect(error?.why == "the disk is full")
    }

    @Test(arguments: ["UPDATE template_text SET text = text || '.'", "DELETE FROM template_text"])
    func aTextThatWasTamperedWithIsFound(_ tampering: String) throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        try ledger.archive([first])
        try ledger.database.write { try $0.execute(sql: tampering) }
        let error = #expect(throws: DunlinError.self) {
            try ledger.archived(message: "payment-overdue", version: "aaaa")
        }
        #expect(error?.why == "its text in the ledger is not the one that was stored")
    }

    @Test func aPlanKeepsNothing() throws {
        let plan = PlanLedger()
        try plan.archive([first])
        #expect(throws: DunlinError.self) { try plan.archived(message: "payment-overdue", version: "aaaa") }
    }

    /// Erased personal data leave the story, and nothing is sent of them.
    @Test func anErasedReminderKeepsItsStory() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        _ = try ledger.store([sample("r-1"), sample("r-2")], at: t0)
        try ledger.database.write { try $0.execute(sql: "DELETE FROM personal WHERE key = 1") }
        let history = try #require(try ledger.histories(of: "r-1", limit: 1).first)
        #expect(history.isErased && history.reminder.id == "r-1" && history.reminder.account.id == "A-1")
        #expect(history.reminder.recipient.name.isEmpty && history.reminder.recipient.phone == nil)
        #expect(try !ledger.histories(of: "r-2", limit: 1)[0].isErased)
        #expect(throws: DunlinError.self) {
            try ledger.write { _ = try $0.reminder(ReminderKey(value: 1)) }
        }
    }
}
