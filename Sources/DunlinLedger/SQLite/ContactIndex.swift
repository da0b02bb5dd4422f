// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB

/// Contacts by key: the older ones in a table, the latest in memory.
///
/// Keys are hashes, so putting every contact into the table at once would touch three random pages for each: 9,000
/// dispatches/s on a disk that carries 60,000 this way. Instead contacts gather in memory (`active`); a full generation
/// becomes `settling` and moves to the table in order of keys, a slice with each commit, many rows to a page. The facts
/// are the durable form: `settled` says up to which of them the table is complete, and the rest is read back at start.
final class ContactIndex {
    /// How many contacts a generation holds: about 15 MB of memory.
    static let generationSize = 131_072

    private let select, insert, delete, mark: Statement
    private let generationSize: Int
    /// The table holds every contact up to this fact. Rows beyond it are half of a slice run and do not count.
    private var settled: Int64 = 0
    private var settling: SettlingContacts?
    private var active: RecentContacts

    init(_ database: OpaquePointer, generationSize: Int = ContactIndex.generationSize) throws {
        self.generationSize = generationSize
        active = RecentContacts(capacity: 0)
        select = try Statement(
            database,
            """
            SELECT event, fact.at, channel, recipient, account, address FROM contact JOIN fact ON fact.n = contact.attempt
            WHERE contact.key = ? AND contact.at >= ? AND contact.attempt <= ? ORDER BY contact.at, contact.attempt
            """)
        insert = try Statement(database, "INSERT OR IGNORE INTO contact VALUES (?, ?, ?)")
        delete = try Statement(database, "DELETE FROM contact WHERE key = ? AND at = ? AND attempt = ?")
        mark = try Statement(database, "INSERT OR REPLACE INTO mark VALUES ('contact', ?)")
        try load(from: database)
    }

    /// Reads what the table does not have from the facts.
    private func load(from database: OpaquePointer) throws {
        settled = try Statement(database, "SELECT value FROM mark WHERE name = 'contact'").first { $0.int(0) } ?? 0
        let tail = try Statement(
            database,
            """
            SELECT event, at, channel, recipient, account, address, n FROM fact
            WHERE n > ? AND recipient IS NOT NULL AND n NOT IN (SELECT attempt FROM refund) ORDER BY n
            """)
        try tail.bind(1, settled).forEachRow { row in
            active.append(try ContactIndex.contact(row), attempt: row.int(6))
            rotateIfFull()
        }
    }

    private static func contact(_ row: Statement) throws -> Contact {
        Contact(
            try row.event(0) == .intent ? .attempt : .conversation, at: row.instant(1), channel: try row.channel(2),
            recipient: ContactKey(value: row.int(3)), account: ContactKey(value: row.int(4)),
            address: ContactKey(value: row.int(5)))
    }

    // MARK: In a transaction

    func add(_ contact: Contact, attempt: Int64) { active.append(contact, attempt: attempt) }

    func contacts(of key: ContactKey, since: Instant) throws -> [Contact] {
        var result: [Contact] = []
        select.bind(1, key.value).bind(2, since.milliseconds).bind(3, settled)
        try select.forEachRow { result.append(try ContactIndex.contact($0)) }
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
        for key in [contact.recipient, contact.account, contact.address] {
            try delete.bind(1, key.value).bind(2, contact.at.milliseconds).bind(3, attempt).run()
        }
    }

    /// Moves contacts to the table, as many as this transaction's share; call it at the end of each.
    func settle() throws {
        rotateIfFull()
        // In step with the growth of `active`, and done when it is half full.
        let target = 2 * SettlingContacts.slices * active.entries.count / generationSize
        while let slice = settling?.nextSlice, slice < target {
            for row in settling!.takeSlice() {
                try insert.bind(1, row.key).bind(2, row.at).bind(3, row.attempt).run()
            }
            if settling!.nextSlice == SettlingContacts.slices { try finish() }
        }
    }

    private func finish() throws {
        settled = settling!.contacts.entries.last!.attempt
        try mark.bind(1, settled).run()
        settling = nil
    }

    private func rotateIfFull() {
        guard active.entries.count >= generationSize, settling == nil else { return }
        settling = SettlingContacts(active)
        active = RecentContacts(capacity: generationSize)
    }
}
