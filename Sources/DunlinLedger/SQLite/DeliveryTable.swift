// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDBSQLite

/// Attempts that a gateway took, in the order they left: rows go when nothing more is expected of them, so that receipts find a
/// small table however many reminders there are.
final class DeliveryTable {
    private let insert, select, update, delete, insertID, selectID: Statement
    private let markArrived, selectArrived, selectGateway: Statement
    private let insertTold, selectTold, selectRefund: Statement
    private let insertFollowUp, selectFollowUps, deleteFollowUps, front: Statement
    private let insertStray, selectStrays, deleteStrays, deleteOldStray: Statement
    private let insertReply, insertReplyText, setSpending: Statement
    private let database: OpaquePointer
    private let strayLimit: Int64

    init(_ database: OpaquePointer, strayLimit: Int64) throws {
        self.database = database
        self.strayLimit = strayLimit
        func statement(_ sql: String) throws -> Statement { try Statement(database, sql) }
        let columns = QueueTable.columns
        insert = try statement(
            "INSERT INTO delivery (attempt, current, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        select = try statement("SELECT \(columns), current FROM delivery WHERE attempt = ?")
        update = try statement("UPDATE delivery SET current = ? WHERE attempt = ?")
        delete = try statement("DELETE FROM delivery WHERE attempt = ?")
        insertID = try statement("INSERT OR REPLACE INTO gateway_id (gateway, id, attempt) VALUES (?, ?, ?)")
        selectID = try statement("SELECT attempt FROM gateway_id WHERE gateway = ? AND id = ?")
        markArrived = try statement("INSERT OR IGNORE INTO arrived (reminder) VALUES (?)")
        selectArrived = try statement("SELECT 1 FROM arrived WHERE reminder = ?")
        selectGateway = try statement("SELECT gateway FROM fact WHERE n = ? AND event = 'intent'")
        insertTold = try statement("INSERT OR IGNORE INTO told (attempt, status) VALUES (?, ?)")
        selectTold = try statement("SELECT 1 FROM told WHERE attempt = ? AND status = ?")
        selectRefund = try statement("SELECT 1 FROM refund WHERE attempt = ?")
        insertFollowUp = try statement(
            "INSERT OR REPLACE INTO follow_up (at, attempt, kind, tries) VALUES (?, ?, ?, ?)")
        selectFollowUps = try statement(
            "SELECT at, attempt, kind, tries FROM follow_up WHERE at <= ? ORDER BY at, attempt, kind LIMIT ?")
        deleteFollowUps = try statement("DELETE FROM follow_up WHERE at = ? AND attempt = ? AND kind = ?")
        front = try statement("SELECT at FROM follow_up ORDER BY at LIMIT 1")
        insertStray = try statement(
            """
            INSERT INTO stray (gateway, reference, status, reason, code, at, received, attempt)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (
                SELECT 1 FROM stray WHERE gateway = ?1 AND reference = ?2 AND status = ?3 AND reason IS ?4)
            """)
        selectStrays = try statement(
            """
            SELECT status, reason, code, at, received FROM stray WHERE gateway = ? AND reference = ? ORDER BY n
            """)
        deleteStrays = try statement("DELETE FROM stray WHERE gateway = ? AND reference = ?")
        deleteOldStray = try statement("DELETE FROM stray WHERE n = ? AND attempt IS NULL")
        insertReply = try statement(
            """
            INSERT OR IGNORE INTO reply (gateway, id, channel, at, received, meaning, address)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        insertReplyText = try statement("INSERT INTO reply_text (n, sender, text) VALUES (?, ?, ?)")
        setSpending = try statement(
            "INSERT OR REPLACE INTO spending (gateway, day, micros, currency) VALUES (?, ?, ?, ?)")
    }

    func nextFollowUp() throws -> Instant? { try front.first { $0.instant(0) } }

    func track(_ delivery: Delivery, gateway: String, id: String?) throws {
        insert.bind(1, delivery.attempt)
        insert.bind(2, delivery.state)
        bindEntry(delivery.queued, to: insert, from: 3)
        try insert.run()
        if let id { try name(delivery.attempt, id, by: gateway) }
    }

    func name(_ attempt: Int64, _ id: String, by gateway: String) throws {
        insertID.bind(1, copying: gateway)
        insertID.bind(2, copying: id)
        try insertID.bind(3, attempt).run()
    }

    func delivery(of attempt: Int64) throws -> Delivery? {
        try select.bind(1, attempt).first { row in
            Delivery(attempt: attempt, queued: try QueueTable.entry(row, from: 0), state: try row.state(8))
        }
    }

    func attempt(named id: String, by gateway: String) throws -> Int64? {
        selectID.bind(1, copying: gateway)
        selectID.bind(2, copying: id)
        return try selectID.first { $0.int(0) }
    }

    func setState(_ state: State?, of attempt: Int64) throws {
        guard let state else { return try delete.bind(1, attempt).run() }
        update.bind(1, state)
        try update.bind(2, attempt).run()
    }

    func markArrived(_ reminder: ReminderKey) throws { try markArrived.bind(1, reminder.value).run() }

    func hasArrived(_ reminder: ReminderKey) throws -> Bool {
        try selectArrived.bind(1, reminder.value).first { _ in true } ?? false
    }

    /// False where it is known already.
    func markTold(_ status: String, of attempt: Int64) throws -> Bool {
        insertTold.bind(1, attempt)
        insertTold.bind(2, copying: status)
        try insertTold.run()
        return sqlite3_changes(database) == 1
    }

    func isTold(_ status: String, of attempt: Int64) throws -> Bool {
        selectTold.bind(1, attempt)
        selectTold.bind(2, copying: status)
        return try selectTold.first { _ in true } ?? false
    }

    func isRefunded(_ attempt: Int64) throws -> Bool {
        try selectRefund.bind(1, attempt).first { _ in true } ?? false
    }

    /// The gateway that an attempt went to; nil where there is no such attempt.
    func gateway(of attempt: Int64) throws -> String? {
        try selectGateway.bind(1, attempt).first { $0.text(0) }
    }

    // MARK: Follow-ups

    func schedule(_ followUp: FollowUp) throws {
        insertFollowUp.bind(1, followUp.at.milliseconds).bind(2, followUp.attempt)
        insertFollowUp.bind(3, copying: followUp.kind.rawValue)
        try insertFollowUp.bind(4, Int64(followUp.tries)).run()
    }

    func takeFollowUps(upTo now: Instant, limit: Int) throws -> [FollowUp] {
        selectFollowUps.bind(1, now.milliseconds).bind(2, Int64(limit))
        var taken: [FollowUp] = []
        try selectFollowUps.forEachRow { row in
            // A kind of a later version is none of ours.
            guard let kind = FollowUp.Kind(rawValue: row.text(2)) else { return }
            taken.append(FollowUp(kind, of: row.int(1), at: row.instant(0), tries: Int(row.int(3))))
        }
        for followUp in taken {
            deleteFollowUps.bind(1, followUp.at.milliseconds).bind(2, followUp.attempt)
            deleteFollowUps.bind(3, copying: followUp.kind.rawValue)
            try deleteFollowUps.run()
        }
        return taken
    }

    // MARK: Strays and replies

    func keep(_ receipt: StrayReceipt, for attempt: Int64?) throws -> Bool {
        insertStray.bind(1, copying: receipt.gateway)
        insertStray.bind(2, copying: receipt.reference)
        insertStray.bind(3, copying: receipt.status)
        insertStray.bind(4, receipt.reason)
        insertStray.bind(5, copying: receipt.code)
        insertStray.bind(6, receipt.at?.milliseconds)
        insertStray.bind(7, receipt.received.milliseconds)
        insertStray.bind(8, attempt)
        try insertStray.run()
        guard sqlite3_changes(database) == 1 else { return false }
        // Numbers go up one by one, so each that is added pushes out the one that is too old.
        try deleteOldStray.bind(1, sqlite3_last_insert_rowid(database) - strayLimit).run()
        return true
    }

    func takeStrays(of reference: String, by gateway: String) throws -> [StrayReceipt] {
        selectStrays.bind(1, copying: gateway)
        selectStrays.bind(2, copying: reference)
        var found: [StrayReceipt] = []
        try selectStrays.forEachRow { row in
            found.append(
                StrayReceipt(
                    gateway: gateway, reference: reference, status: row.text(0), reason: try row.reason(1),
                    code: row.optionalText(2), at: row.isNull(3) ? nil : row.instant(3), received: row.instant(4)))
        }
        guard !found.isEmpty else { return [] }
        deleteStrays.bind(1, copying: gateway)
        deleteStrays.bind(2, copying: reference)
        try deleteStrays.run()
        return found
    }

    func store(_ reply: StoredReply) throws -> Bool {
        insertReply.bind(1, copying: reply.gateway)
        insertReply.bind(2, copying: reply.id)
        insertReply.bind(3, reply.channel)
        insertReply.bind(4, reply.at.milliseconds).bind(5, reply.received.milliseconds)
        insertReply.bind(6, copying: reply.meaning)
        insertReply.bind(7, reply.address)
        try insertReply.run()
        guard sqlite3_changes(database) == 1 else { return false }
        insertReplyText.bind(1, sqlite3_last_insert_rowid(database))
        insertReplyText.bind(2, copying: reply.sender)
        insertReplyText.bind(3, copying: reply.text)
        try insertReplyText.run()
        return true
    }

    func set(_ spending: Spending) throws {
        setSpending.bind(1, copying: spending.gateway)
        setSpending.bind(2, Int64(spending.day.daysSince1970)).bind(3, spending.micros)
        setSpending.bind(4, copying: spending.currency)
        try setSpending.run()
    }
}
