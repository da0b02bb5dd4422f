// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Which reminder has an id: the older ones in a table, the latest in memory.
///
/// An index that follows every row writes one random page for each as soon as ids are random. Here ids gather in memory and
/// go to the table in their own order, many to a page, when there are enough of them; `settled` says up to which reminder
/// the table is complete. Other processes store too, so the memory is brought up to date in each transaction.
final class ReminderIndex {
    /// How many ids gather in memory: about 5 MB of it, and 0.1 to 0.2 s to settle them.
    static let generationSize = 131_072

    private let selectMark, selectTail, probe, insert, mark: Statement
    private let generationSize: Int
    private var settled: Int64 = 0
    private(set) var newest: Int64 = 0
    /// By a hash of the id; whoever looks a key up compares the ids themselves.
    private var recent: [Int64: Int64] = [:]

    init(_ database: OpaquePointer, generationSize: Int) throws {
        self.generationSize = generationSize
        selectMark = try Statement(database, "SELECT value FROM mark WHERE name = 'reminder'")
        selectTail = try Statement(database, "SELECT key, id FROM reminder WHERE key > ? ORDER BY key")
        probe = try Statement(database, "SELECT key FROM reminder_id WHERE id = ?")
        insert = try Statement(
            database, "INSERT OR IGNORE INTO reminder_id SELECT id, key FROM reminder WHERE key > ? ORDER BY id")
        mark = try Statement(database, "INSERT OR REPLACE INTO mark VALUES ('reminder', ?)")
    }

    /// Takes in what other processes stored and settled since the last transaction of this one.
    func refresh() throws {
        let mark = try selectMark.first { $0.int(0) } ?? 0
        if mark != settled {
            settled = mark
            newest = max(newest, mark)
            recent = recent.filter { $0.value > mark }
        }
        try selectTail.bind(1, newest).forEachRow { add($0.text(1), key: $0.int(0)) }
    }

    /// The settled key of each id, looked up in the table's own order.
    func settledKeys(of reminders: [Reminder]) throws -> [Int64?] {
        var keys = [Int64?](repeating: nil, count: reminders.count)
        guard settled > 0 else { return keys }
        for i in reminders.indices.sorted(by: { reminders[$0].id < reminders[$1].id }) {
            var id = reminders[i].id
            keys[i] = try id.withUTF8 {
                probe.bind(1, borrowing: $0)
                return try probe.first { $0.int(0) }
            }
        }
        return keys
    }

    /// The key that was added under this id, or (one in 10^14) under another with the same hash.
    func recentKey(of id: String) -> Int64? { recent[ReminderIndex.hash(id)] }

    func add(_ id: String, key: Int64) {
        recent[ReminderIndex.hash(id)] = key
        newest = max(newest, key)
    }

    /// Moves the ids to the table when there are enough; call it at the end of a transaction.
    func settle() throws {
        guard recent.count >= generationSize else { return }
        try insert.bind(1, settled).run()
        settled = newest
        try mark.bind(1, settled).run()
        recent.removeAll(keepingCapacity: true)
    }

    private static func hash(_ id: String) -> Int64 { Int64(bitPattern: SipHash128(of: id.utf8).low) }
}
