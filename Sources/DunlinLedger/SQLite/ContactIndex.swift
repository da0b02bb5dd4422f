// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB
import GRDBSQLite

/// Contacts by key: the latest in memory, the older ones in sorted runs (a log-structured merge tree that need not merge,
/// because old runs leave every window by themselves).
///
/// Keys are hashes, so one tree of all contacts would be written at three random pages for each: 9,000 dispatches/s on
/// a disk that carries 60,000 this way. Here contacts gather in memory (`active`); a full generation (`settling`) is
/// appended to the table in order of keys, a slice with each commit, and becomes a run. A Bloom filter for each run says
/// which runs to look into. The facts are the durable form: what is in no run yet is read back from them at start.
final class ContactIndex {
    /// How many contacts a generation and a run hold: 10 MB of memory as a generation, 0.25 MB as a run's filter.
    static let generationSize = 65_536
    /// Filters in memory; older runs are looked into without one. 17 million contacts.
    private static let filterLimit = 256

    private let select, insert, delete, insertRun: Statement
    private let generationSize: Int
    private var runs: [ContactRun] = []
    private var settling: SettlingContacts?
    private var active: RecentContacts

    init(_ database: OpaquePointer, generationSize: Int = ContactIndex.generationSize) throws {
        self.generationSize = generationSize
        active = RecentContacts(capacity: 0)
        select = try Statement(
            database,
            """
            SELECT fact.at, \(ContactColumns.others) FROM contact JOIN fact ON fact.n = contact.attempt
            WHERE run = ? AND key = ? AND contact.at >= ? ORDER BY contact.at, contact.attempt
            """)
        insert = try Statement(database, "INSERT INTO contact VALUES (?, ?, ?, ?)")
        delete = try Statement(database, "DELETE FROM contact WHERE run = ? AND key = ? AND at = ? AND attempt = ?")
        insertRun = try Statement(database, "INSERT INTO contact_run VALUES (?, ?, ?, ?, ?)")
        try load(from: database)
    }

    /// Reads the runs, and what is in none of them from the facts.
    private func load(from database: OpaquePointer) throws {
        let stored = try Statement(database, "SELECT run, first, last, latest, keys FROM contact_run ORDER BY run DESC")
        try stored.forEachRow { row in
            runs.append(
                ContactRun(
                    number: row.int(0), attempts: row.int(1)...row.int(2), latest: row.instant(3),
                    filter: runs.count < ContactIndex.filterLimit ? BloomFilter(row.bytes(4)) : nil))
        }
        runs.reverse()
        // A run that a crash cut short is written again from its beginning; its contacts may be refunded before that.
        // Who only reads (a plan) never asks for it.
        if sqlite3_db_readonly(database, "main") == 0 {
            try Statement(database, "DELETE FROM contact WHERE run > ?").bind(1, runs.last?.number ?? 0).run()
        }
        let tail = try Statement(
            database,
            """
            SELECT at, \(ContactColumns.others), n FROM fact
            WHERE n > ? AND recipient IS NOT NULL AND n NOT IN (SELECT attempt FROM refund) ORDER BY n
            """)
        try tail.bind(1, runs.last?.attempts.upperBound ?? 0).forEachRow { row in
            active.append(try row.contact(from: 0), attempt: row.int(7))
            rotateIfFull()
        }
    }

    // MARK: In a transaction

    func add(_ contact: Contact, attempt: Int64) { active.append(contact, attempt: attempt) }

    func contacts(of key: ContactKey, since: Instant) throws -> [Contact] {
        var result: [Contact] = []
        for run in runs where run.latest >= since && run.filter?.mayContain(key.value) ?? true {
            select.bind(1, run.number).bind(2, key.value).bind(3, since.milliseconds)
            try select.forEachRow { result.append(try $0.contact(from: 0)) }
        }
        settling?.contacts.collect(key, since: since, into: &result)
        active.collect(key, since: since, into: &result)
        // In order of attempts by now, which differs from the order of time only where the clock was set back.
        for i in result.indices.dropFirst() where result[i].at < result[i - 1].at {
            return result.sorted { $0.at < $1.at }
        }
        return result
    }

    /// The contact does not count any more.
    func refund(_ contact: Contact, attempt: Int64) throws {
        if active.refund(attempt) { return }
        _ = settling?.contacts.refund(attempt)
        let run = runs.last { $0.attempts.contains(attempt) }?.number ?? nextRun
        for key in [contact.recipient, contact.account, contact.address] {
            try delete.bind(1, run).bind(2, key.value).bind(3, contact.at.milliseconds).bind(4, attempt).run()
        }
    }

    /// Moves contacts to the table, as many as this transaction's share; call it at the end of each.
    func settle() throws {
        rotateIfFull()
        // In step with the growth of `active`, and done when it is half full.
        let target = 2 * SettlingContacts.slices * active.entries.count / generationSize
        while let slice = settling?.nextSlice, slice < target {
            for row in settling!.takeSlice() {
                try insert.bind(1, nextRun).bind(2, row.key).bind(3, row.at).bind(4, row.attempt).run()
            }
            if settling!.nextSlice == SettlingContacts.slices { try finish(settling!) }
        }
    }

    private var nextRun: Int64 { (runs.last?.number ?? 0) + 1 }

    private func finish(_ settled: SettlingContacts) throws {
        let entries = settled.contacts.entries
        let run = ContactRun(
            number: nextRun, attempts: entries.first!.attempt...entries.last!.attempt,
            latest: entries.map(\.contact.at).max()!, filter: settled.filter)
        insertRun.bind(1, run.number).bind(2, run.attempts.lowerBound).bind(3, run.attempts.upperBound)
        insertRun.bind(4, run.latest.milliseconds)
        settled.filter.bits.withUnsafeBytes { insertRun.bind(5, copying: $0) }
        try insertRun.run()
        runs.append(run)
        if runs.count > ContactIndex.filterLimit { runs[runs.count - 1 - ContactIndex.filterLimit].filter = nil }
        settling = nil
    }

    private func rotateIfFull() {
        guard active.entries.count >= generationSize, settling == nil else { return }
        settling = SettlingContacts(active)
        active = RecentContacts(capacity: generationSize)
    }
}

/// The columns of an intent that make its contact, after `at`.
enum ContactColumns {
    static let others = "channel, recipient, account, address, creditor, purpose"
}

extension Statement {
    /// The contact of an intent from `at` and `ContactColumns.others`.
    func contact(from first: Int32) throws -> Contact {
        Contact(
            at: instant(first), channel: try channel(first + 1), recipient: key(first + 2), account: key(first + 3),
            address: key(first + 4), creditor: key(first + 5), purpose: try purpose(first + 6))
    }
}

/// A generation that is in the table.
private struct ContactRun {
    let number: Int64
    /// The first and the last; between two runs' attempts lie only facts of other kinds.
    let attempts: ClosedRange<Int64>
    let latest: Instant
    var filter: BloomFilter?
}
