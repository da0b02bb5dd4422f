// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Which reminder has an id. A hash of each id, the older ones in a table and the latest in memory.
///
/// An index that follows every row writes one random page for each as soon as ids are random. Here ids gather in memory
/// and go to the table in order of their hashes, many to a page, when there are enough of them; `settled` says up to which
/// reminder the table is complete. Other processes store too, so the memory is brought up to date in each transaction.
///
/// Two ids with one hash (three in a million for one pair among ten million ids) are told apart by the caller.
final class ReminderIndex {
    /// How many ids gather in memory: about 5 MB of it, and some 0.1 s to settle them.
    static let generationSize = 131_072

    private let selectMark, selectTail, probe, insert, mark: Statement
    private let generationSize: Int
    private var settled: Int64 = 0
    private(set) var newest: Int64 = 0
    private var recent: [Int64: Int64] = [:]

    init(_ database: OpaquePointer, generationSize: Int) throws {
        self.generationSize = generationSize
        selectMark = try Statement(database, "SELECT value FROM mark WHERE name = 'reminder'")
        selectTail = try Statement(database, "SELECT key, id FROM reminder WHERE key > ? ORDER BY key")
        probe = try Statement(database, "SELECT key FROM reminder_id WHERE hash = ? LIMIT 1")
        insert = try Statement(database, "INSERT OR IGNORE INTO reminder_id VALUES (?, ?)")
        mark = try Statement(database, "INSERT OR REPLACE INTO mark VALUES ('reminder', ?)")
    }

    static func hash(_ id: String) -> Int64 { Int64(bitPattern: SipHash128(of: id.utf8).low) }

    /// Takes in what other processes stored and settled since the last transaction of this one.
    func refresh() throws {
        let mark = try selectMark.first { $0.int(0) } ?? 0
        if mark != settled {
            settled = mark
            newest = max(newest, mark)
            recent = recent.filter { $0.value > mark }
        }
        try selectTail.bind(1, newest).forEachRow { row in
            add(ReminderIndex.hash(row.text(1)), key: row.int(0))
        }
    }

    /// The settled key for each hash, looked up in the table's own order.
    func settledKeys(of hashes: [Int64]) throws -> [Int64?] {
        var keys = [Int64?](repeating: nil, count: hashes.count)
        guard settled > 0 else { return keys }
        for i in hashes.indices.sorted(by: { hashes[$0] < hashes[$1] }) {
            keys[i] = try probe.bind(1, hashes[i]).first { $0.int(0) }
        }
        return keys
    }

    func recentKey(of hash: Int64) -> Int64? { recent[hash] }

    func add(_ hash: Int64, key: Int64) {
        recent[hash] = key
        newest = max(newest, key)
    }

    /// Moves the ids to the table when there are enough; call it at the end of a transaction.
    func settle() throws {
        guard recent.count >= generationSize else { return }
        for (hash, key) in recent.sorted(by: { $0.key < $1.key }) { try insert.bind(1, hash).bind(2, key).run() }
        settled = newest
        try mark.bind(1, settled).run()
        recent.removeAll(keepingCapacity: true)
    }
}
