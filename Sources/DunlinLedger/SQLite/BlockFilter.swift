// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDBSQLite

/// A Bloom filter over the keys of one block of rows: "surely not here" or "probably here".
///
/// Rows of `reminder` and `fact` are only ever appended. One filter for each 4,096 rows costs 2 to 4 bytes a row, written
/// once and in order, where an index on hashes costs a random page a row; `why` reads all filters instead (40 MB, some
/// 50 ms, at ten million reminders) and then the few blocks that may match.
struct BlockFilter {
    static let blockSize: Int64 = 4096
    /// 16 bits for each of two keys a row, or 32 for one: fewer than one false block in 1,000.
    private static let byteCount = 16_384
    private static let probes: UInt64 = 6

    private(set) var bits = [UInt8](repeating: 0, count: byteCount)

    mutating func insert(_ key: Int64) {
        BlockFilter.forEachProbe(key) {
            bits[$0] |= $1; return true
        }
    }

    static func mayContain(_ key: Int64, _ bits: UnsafeRawBufferPointer) -> Bool {
        guard bits.count == byteCount else { return true }
        return forEachProbe(key) { bits[$0] & $1 != 0 }
    }

    /// Double hashing (Kirsch and Mitzenmacher, "Less hashing, same performance"): byte and bit of each probe, while `body`
    /// returns true.
    @discardableResult
    private static func forEachProbe(_ key: Int64, _ body: (Int, UInt8) -> Bool) -> Bool {
        // The finalizer of SplitMix64: row numbers are not hashes yet.
        var z = UInt64(bitPattern: key)
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        z ^= z >> 31
        let first = z & 0xffff_ffff, step = z >> 32 | 1
        for probe in 0..<probes {
            let bit = (first &+ probe &* step) % UInt64(byteCount * 8)
            if !body(Int(bit / 8), 1 << UInt8(bit % 8)) { return false }
        }
        return true
    }
}

/// The filters of one table.
final class BlockFilters {
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
        while (block + 1) * BlockFilter.blockSize <= last {
            var filter = BlockFilter()
            rows.bind(1, block * BlockFilter.blockSize).bind(2, (block + 1) * BlockFilter.blockSize - 1)
            try rows.forEachRow { row in keys(row).forEach { filter.insert($0) } }
            insert.bind(1, block)
            filter.bits.withUnsafeBytes { insert.bind(2, copying: $0) }
            try insert.run()
            block += 1
        }
    }
}
