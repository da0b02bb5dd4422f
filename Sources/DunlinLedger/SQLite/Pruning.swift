// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDBSQLite

/// Deletes working state that can no longer matter, a small step at a time.
///
/// What an attempt left in `delivery`, `told` and `gateway_id` its own facts name, so a walk along the facts, each visited once, finds the rows
/// without an index that every attempt would pay for. `mark` says how far it has come.
final class Pruning {
    private let selectMark, setMark, selectFacts: Statement
    private let deleteDelivery, deleteTold, deleteID: Statement
    private let deleteStrays, deleteTexts, deleteReplies: Statement
    private let selectArrived, deleteArrived: Statement
    private let database: OpaquePointer
    /// Where the walk round `arrived` goes on; it is small and begins anew with each process.
    private var lastArrived: Int64 = 0

    init(_ database: OpaquePointer) throws {
        self.database = database
        func statement(_ sql: String) throws -> Statement { try Statement(database, sql) }
        selectMark = try statement("SELECT value FROM mark WHERE name = 'pruned'")
        setMark = try statement("INSERT OR REPLACE INTO mark VALUES ('pruned', ?)")
        selectFacts = try statement(
            "SELECT n, at, event, gateway, attempt, detail FROM fact WHERE n > ? ORDER BY n LIMIT \(Retention.step)")
        deleteDelivery = try statement("DELETE FROM delivery WHERE attempt = ?")
        deleteTold = try statement("DELETE FROM told WHERE attempt = ?")
        deleteID = try statement("DELETE FROM gateway_id WHERE gateway = ? AND id = ? AND attempt = ?")
        deleteStrays = try statement(
            "DELETE FROM stray WHERE n IN (SELECT n FROM stray ORDER BY n LIMIT \(Retention.step)) AND received < ?")
        deleteTexts = try statement(
            """
            DELETE FROM reply_text WHERE n IN (
                SELECT n FROM (SELECT n, received FROM reply ORDER BY n LIMIT \(Retention.step)) WHERE received < ?)
            """)
        // The newest keeps its number from being given again: whoever reads on from a number would miss the next one.
        deleteReplies = try statement(
            """
            DELETE FROM reply WHERE n IN (SELECT n FROM reply ORDER BY n LIMIT \(Retention.step)) AND received < ?
                AND n < (SELECT max(n) FROM reply)
            """)
        selectArrived = try statement(
            """
            SELECT reminder, coalesce(expires, 0) FROM arrived LEFT JOIN reminder ON key = reminder
            WHERE reminder > ? ORDER BY reminder LIMIT \(Retention.step)
            """)
        deleteArrived = try statement("DELETE FROM arrived WHERE reminder = ?")
    }

    /// One step; true if another one would find more.
    func step(_ retention: Retention, at now: Instant) throws -> Bool {
        let facts = try walkFacts(outcomesBefore: now - retention.attempts)
        let strays = try delete(deleteStrays, before: now - retention.attempts)
        let arrived = try walkArrived(expiredBefore: now - retention.attempts)
        _ = try delete(deleteTexts, before: now - retention.replies)
        let replies = try delete(deleteReplies, before: now - retention.replies)
        return facts || strays || arrived || replies
    }

    /// Stops at the first fact that is too young, whatever follows it: where the clock was wrong, rows stay longer.
    private func walkFacts(outcomesBefore limit: Instant) throws -> Bool {
        let mark = try selectMark.first { $0.int(0) } ?? 0
        var last = mark
        var count = 0
        selectFacts.bind(1, mark)
        defer { selectFacts.reset() }
        while try selectFacts.step() {
            guard selectFacts.instant(1) < limit else { break }
            last = selectFacts.int(0)
            count += 1
            try forget(selectFacts)
        }
        guard last > mark else { return false }
        try setMark.bind(1, last).run()
        return count == Retention.step
    }

    /// An attempt is tracked when its outcome is known, and named by its gateway when that takes it.
    private func forget(_ fact: Statement) throws {
        let event = try fact.event(2)
        guard event == .accepted || event == .unknown, !fact.isNull(4) else { return }
        try deleteDelivery.bind(1, fact.int(4)).run()
        try deleteTold.bind(1, fact.int(4)).run()
        guard event == .accepted, !fact.isNull(3), !fact.isNull(5) else { return }
        deleteID.bind(1, copying: fact.text(3))
        deleteID.bind(2, copying: fact.text(5))
        try deleteID.bind(3, fact.int(4)).run()
    }

    /// That a message arrived matters until its reminder has ended and nothing is heard of its attempts any more.
    private func walkArrived(expiredBefore limit: Instant) throws -> Bool {
        var over: [Int64] = []
        var count = 0
        try selectArrived.bind(1, lastArrived).forEachRow { row in
            lastArrived = row.int(0)
            count += 1
            if row.instant(1) < limit { over.append(row.int(0)) }
        }
        for reminder in over { try deleteArrived.bind(1, reminder).run() }
        if count < Retention.step { lastArrived = 0 }
        return count == Retention.step
    }

    private func delete(_ statement: Statement, before limit: Instant) throws -> Bool {
        try statement.bind(1, limit.milliseconds).run()
        return sqlite3_changes(database) == Retention.step
    }
}
