// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDBSQLite

/// A Bloom filter for each block of 4,096 rows of one table: which blocks may hold an account, a recipient, a reminder's
/// facts.
///
/// Rows of `reminder` and `fact` are only ever appended. A filter costs 4 bytes a row, written once and in order, where an
/// index on hashes costs a random page a row; `why` reads all filters instead (40 MB, some 50 ms, at ten million reminders)
/// and then the few blocks that may match.
final class BlockFilters {
    static let blockSize: Int64 = 4096
    /// 16 bits for each of two keys a row, or 32 for one.
    private static let byteCount = 16_384

    private let lastBlock, newest, rows, insert: Statement
    private let keys: (Statement) -> [Int64]

    /// - Parameters:
    ///   - source: what reads the rows from one number to another; `keys` takes a row's keys from its columns.
    init(
        _ database: OpaquePointer, table: String, newest: String, rows: String, keys: @escaping (Statement) -> [Int64]
    ) throws {
        lastBlock = try Statement(database, "SELECT max(block) FROM \(table)")
        self.newest = try Statement(database, newest)
        self.rows = try Statement(database, rows)
        insert = try Statement(database, "INSERT INTO \(table) VALUES (?, ?)")
        self.keys = keys
    }

    static func ofReminders(_ database: OpaquePointer) throws -> BlockFilters {
        try BlockFilters(
            database, table: "reminder_filter", newest: "SELECT max(key) FROM reminder",
            rows: "SELECT account, recipient FROM reminder WHERE key BETWEEN ? AND ?",
            keys: { [ContactKey.account($0.text(0)).value, ContactKey.recipient($0.text(1)).value] })
    }

    static func ofFacts(_ database: OpaquePointer) throws -> BlockFilters {
        try BlockFilters(
            database, table: "fact_filter", newest: "SELECT max(n) FROM fact",
            rows: "SELECT reminder FROM fact WHERE n BETWEEN ? AND ?", keys: { [$0.int(0)] })
    }

    /// Makes the filters of blocks that have become full. Cheap when none has.
    func catchUp() throws {
        let last = try newest.first { $0.int(0) } ?? 0
        var block = try lastBlock.first { $0.isNull(0) ? 0 : $0.int(0) + 1 } ?? 0
        while (block + 1) * BlockFilters.blockSize <= last {
            var filter = BloomFilter(byteCount: BlockFilters.byteCount)
            rows.bind(1, block * BlockFilters.blockSize).bind(2, (block + 1) * BlockFilters.blockSize - 1)
            try rows.forEachRow { row in keys(row).forEach { filter.insert($0) } }
            insert.bind(1, block)
            filter.bits.withUnsafeBytes { insert.bind(2, copying: $0) }
            try insert.run()
            block += 1
        }
    }
}
