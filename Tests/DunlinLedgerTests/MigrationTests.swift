// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import GRDB
import Testing

@testable import DunlinLedger

/// A ledger of an older version is brought up to date when it is opened, with everything in it.
@Suite struct MigrationTests {
    let directory = try! TemporaryDirectory()  // A suite without a directory has nothing to say.
    var path: String { directory.file("ledger.db") }

    /// A ledger as version 1 left it: one reminder accepted, one in flight.
    private func writeVersion1() throws {
        let recipient = ContactKey.recipient("P-1").value, account = ContactKey.account("A-1").value
        let address = ContactKey.address("+16175551001").value
        let (due, expires) = (t0.milliseconds, (t0 + .days(1)).milliseconds)
        let personal = "'Alex Kim', '+16175551001', NULL, 'en-US', 'America/New_York America/Chicago', 'US-MA', 'USD'"
        let database = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(database, upTo: "1")
        try database.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    INSERT INTO reminder VALUES
                        (1, 'r-1', 'payment-overdue', 'sms,email', 'A-1', 'Harbor Credit', 'P-1', \(due), \(expires), \(due),
                            x'F4802A760F71ADF60C9F5D0656B07128'),
                        (2, 'r-2', 'payment-overdue', 'sms,email', 'A-1', 'Harbor Credit', 'P-1', \(due), \(expires), \(due),
                            x'00000000000000000000000000000000');
                    INSERT INTO personal VALUES
                        (1, \(personal), '4:days,1:3,', 123450, 20777), (2, \(personal), NULL, 123450, 20777);
                    INSERT INTO fact VALUES
                        (1, 1, \(due), 'intent', 'sms', 'main', NULL, NULL, NULL, 'why', \(recipient), \(account), \(address)),
                        (2, 1, \(due), 'accepted', 'sms', 'main', NULL, NULL, 1, 'id-1', NULL, NULL, NULL),
                        (3, 2, \(due), 'intent', 'email', 'mail', NULL, NULL, NULL, NULL, \(recipient), \(account), 7);
                    INSERT INTO flight VALUES (3, 'sms', \(due), 2, \(expires), 'scheduled', NULL, 0, NULL);
                    INSERT INTO tally VALUES ('accepted', 1), ('sending', 1);
                    """)
        }
    }

    /// A ledger as version 2 left it: one reminder accepted, one event.
    private func writeVersion2() throws {
        let due = t0.milliseconds
        let database = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(database, upTo: "2")
        try database.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    INSERT INTO reminder VALUES
                        (1, 'r-1', 'payment-overdue', 'sms,email', 'A-1', 'Harbor Credit', 'P-1', \(due), \(due + 86_400_000),
                            \(due), x'F4802A760F71ADF60C9F5D0656B07128', 'bank', NULL, NULL);
                    INSERT INTO personal VALUES
                        (1, 'Alex Kim', '+16175551001', NULL, 'en-US', 'America/New_York America/Chicago', 'US-MA', 'USD',
                            NULL, 123450, 20777);
                    INSERT INTO fact VALUES
                        (1, 1, \(due), 'intent', 'sms', 'main', NULL, NULL, NULL, '{"policy":"p","findings":[]}', 1, 2, 3, 4,
                            NULL),
                        (2, 1, \(due), 'accepted', 'sms', 'main', NULL, NULL, 1, 'id-1', NULL, NULL, NULL, NULL, NULL);
                    INSERT INTO event VALUES
                        (1, 'e-1', 'conversation', \(due), NULL, 'call', 5, NULL, NULL, NULL, NULL, 0, 1, 60, 'r-1', \(due),
                            x'00');
                    INSERT INTO tally VALUES ('accepted', 1);
                    """)
        }
    }

    @Test func version2IsUpgraded() throws {
        try writeVersion2()
        #expect(throws: DunlinError.self) { try SQLiteLedger.open(path: path, role: .reader) }
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        #expect(try ledger.summary().version == Schema.version)
        let history = try #require(try ledger.histories(of: "r-1", limit: 1).first)
        #expect((history.state, history.reminder.account.party) == (.accepted, .bank))
        #expect(history.facts.map(\.fact.detail) == [#"{"policy":"p","findings":[]}"#, "id-1"])
        #expect(try ledger.events(of: "r-1", addresses: [], limit: 9).map(\.event.id) == ["e-1"])
        let texts = ArchivedTemplate(message: "payment-overdue", version: "v", files: ["a": "b"])
        try ledger.archive([texts])
        #expect(try ledger.archived(message: "payment-overdue", version: "v") == texts)
    }

    /// What version 3 knew has the same digest; what came with version 4 is part of it.
    @Test func version3IsUpgraded() throws {
        let known = sample("r-1")
        do {
            let database = try DatabaseQueue(path: path)
            try Schema.migrator.migrate(database, upTo: "3")
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        }
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        var other = known
        other.recipient.chat = "whatsapp:+8613800138000"
        other.id = "r-2"
        other.channels = [.chat, .task]
        #expect(try ledger.store([known, other], at: t0) == [.imported, .imported])
        #expect(try ledger.histories(of: "r-2", limit: 1).first?.reminder == other)
        #expect(try ledger.histories(of: "r-1", limit: 1).first?.reminder == known)
        var third = other
        third.recipient.chat = "line:U1"
        #expect(try ledger.store([third, other], at: t0) == [.conflict, .duplicate])
        third.recipient.chat = nil
        third.recipient.role = .guarantor
        #expect(try ledger.store([third], at: t0) == [.conflict])
    }

    /// Replies of version 4 are found by address, and what receipts say is remembered.
    @Test func version4IsUpgraded() throws {
        let address = ContactKey.address("+16175551001")
        do {
            let database = try DatabaseQueue(path: path)
            try Schema.migrator.migrate(database, upTo: "4")
            try database.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        PRAGMA journal_mode = WAL;
                        INSERT INTO reply VALUES (1, 'sms', 'in-1', 'sms', 5, 6, 'other', \(address.value));
                        INSERT INTO reply_text VALUES (1, '+16175551001', 'I paid');
                        """)
            }
        }
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        let replies = try ledger.replies(from: [address], limit: 9)
        #expect(replies.map(\.number) == [1] && replies[0].text.isEmpty && replies[0].sender.isEmpty)
        #expect(try ledger.newestReplies(of: "other", limit: 1).map(\.text) == ["I paid"])
        #expect(try ledger.newestReplies(of: "help", limit: 1).isEmpty)
        try ledger.write { tx in
            let isNew = try tx.markTold("failed", of: 7)
            let isNewAgain = try tx.markTold("failed", of: 7)
            #expect(isNew && !isNewAgain)
            #expect(try tx.isTold("failed", of: 7))
            #expect(try !tx.isTold("delivered", of: 7))
            #expect(try !tx.isRefunded(7))
        }
    }

    /// What version 5 kept of attempts is known, and goes in its time.
    @Test func version5IsUpgraded() throws {
        let (due, expires) = (t0.milliseconds, (t0 + .days(1)).milliseconds)
        do {
            let database = try DatabaseQueue(path: path)
            try Schema.migrator.migrate(database, upTo: "5")
            try database.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        PRAGMA journal_mode = WAL;
                        INSERT INTO fact VALUES
                            (1, 1, \(due), 'intent', 'sms', 'main', NULL, NULL, NULL, 'why', 1, 2, 3, NULL, NULL),
                            (2, 1, \(due), 'accepted', 'sms', 'main', NULL, NULL, 1, 'SM1', NULL, NULL, NULL, NULL, NULL);
                        INSERT INTO delivery VALUES (1, 'accepted', 'sms', \(due), 1, \(expires), 'scheduled', NULL, 0, NULL);
                        INSERT INTO gateway_id VALUES ('main', 'SM1', 1);
                        INSERT INTO stray VALUES (1, 'main', 'SM2', 'failed', NULL, '7', NULL, \(due));
                        """)
            }
        }
        #expect(throws: DunlinError.self) { try SQLiteLedger.open(path: path, role: .reader) }
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        #expect(try ledger.summary().version == Schema.version)
        let kept = StrayReceipt(gateway: "main", reference: "SM2", status: "failed", code: "7", received: t0)
        try ledger.write { transaction in
            try transaction.keep(kept, for: 1)
            #expect(try transaction.takeStrays(of: "SM2", by: "main") == [kept])
            #expect(try transaction.attempt(named: "SM1", by: "main") == 1)
            #expect(try !transaction.prune(Retention(), at: t0 + .days(46)))
            #expect(try transaction.attempt(named: "SM1", by: "main") == nil && transaction.delivery(of: 1) == nil)
        }
    }

    @Test(arguments: [SQLiteLedger.Role.owner, .importer]) func version1IsUpgraded(_ role: SQLiteLedger.Role) throws {
        try writeVersion1()
        let first = try SQLiteLedger.open(path: path, role: role)
        #expect(try first.summary().version == Schema.version)
        let known = sample("r-1", vars: ["days": "3"])
        let history = try #require(try first.histories(of: "r-1", limit: 1).first)
        #expect(history.reminder == known)
        #expect(history.state == .accepted)
        #expect(history.facts.map(\.fact.detail) == ["why", "id-1"])
        // The same content has the same digest as in version 1.
        var other = known
        other.account.party = .bank
        #expect(try first.store([known, other, sample("r-3")], at: t0) == [.duplicate, .conflict, .imported])
        #expect(try first.store(events: [event("e-1")], at: t0) == [.imported])
    }

    @Test func itsContactsStillCount() throws {
        try writeVersion1()
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        let sms = Contact(
            at: t0, channel: .sms, recipient: .recipient("P-1"), account: .account("A-1"),
            address: .address("+16175551001"))
        let mail = Contact(
            at: t0, channel: .email, recipient: .recipient("P-1"), account: .account("A-1"),
            address: ContactKey(value: 7))
        try ledger.write { transaction in
            #expect(try transaction.contacts(of: .recipient("P-1"), since: t0) == [sms, mail])
            let flight = try #require(try transaction.flights().first)
            #expect((flight.attempt, flight.contact, flight.gateway) == (3, mail, "mail"))
            try transaction.land(flight, .refused, refund: true)
            try transaction.enqueue(flight.queued)
            #expect(try transaction.contacts(of: .recipient("P-1"), since: t0) == [sms])
            #expect(try transaction.events(recipient: .recipient("P-1"), account: .any, address: .any) == [])
        }
    }

    @Test func aReaderLeavesItAlone() throws {
        try writeVersion1()
        let error = #expect(throws: DunlinError.self) { try SQLiteLedger.open(path: path, role: .reader) }
        #expect(error?.why == "it was written by an older version")
    }

    /// The daemon of the older version still runs.
    @Test func anImporterUpgradesNothingUnderADaemon() throws {
        try writeVersion1()
        let lock = try FileLock(path: path + ".lock")
        #expect(lock.tryLock())
        #expect(throws: DunlinError.self) { try SQLiteLedger.open(path: path, role: .importer) }
        lock.unlock()
        _ = try SQLiteLedger.open(path: path, role: .importer)
    }

    /// The three keys are asked together; each has its index.
    @Test func eventsAreFoundByIndex() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        let plan = try ledger.database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    EXPLAIN QUERY PLAN SELECT \(EventColumns.record) FROM event
                    WHERE id = 'x' OR reminder = 'x' OR recipient = 1 OR account = 2 OR address IN (3, 4)
                    """
            ).map { $0["detail"] as String }
        }
        #expect(plan.allSatisfy { !$0.hasPrefix("SCAN") }, "\(plan)")
        #expect(plan.count { $0.hasPrefix("SEARCH event USING INDEX") } == 5, "\(plan)")
    }
}
