// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB
import GRDBSQLite

/// A statement prepared once and run very often. Parameters count from 1 and columns from 0, as in SQLite.
final class Statement {
    private let pointer: OpaquePointer
    private let database: OpaquePointer
    /// The first binding that failed (out of memory); the next step reports it.
    private var bindFailure = SQLITE_OK

    init(_ database: OpaquePointer, _ sql: String) throws {
        var pointer: OpaquePointer?
        let code = sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
        guard code == SQLITE_OK, let pointer else { throw Statement.failure(database, sql) }
        self.pointer = pointer
        self.database = database
    }

    deinit { sqlite3_finalize(pointer) }

    /// Runs to the end; for statements that return no rows.
    func run() throws {
        while try step() {}
    }

    /// True with a row to read; false at the end, when the statement is ready for its next run.
    func step() throws -> Bool {
        guard bindFailure == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: bindFailure)) }
        switch sqlite3_step(pointer) {
        case SQLITE_ROW:
            return true
        case SQLITE_DONE:
            sqlite3_reset(pointer)
            return false
        default:
            let error = Statement.failure(database, String(cString: sqlite3_sql(pointer)))
            sqlite3_reset(pointer)
            throw error
        }
    }

    /// Runs, hands every row to `body`, and is ready again whatever happens.
    func forEachRow(_ body: (Statement) throws -> Void) throws {
        defer { reset() }
        while try step() { try body(self) }
    }

    /// The first row as `body` reads it, or nil.
    func first<R>(_ body: (Statement) throws -> R) throws -> R? {
        defer { reset() }
        return try step() ? try body(self) : nil
    }

    func reset() { sqlite3_reset(pointer) }

    // MARK: Parameters

    @discardableResult
    func bind(_ index: Int32, _ value: Int64) -> Statement {
        note(sqlite3_bind_int64(pointer, index, value))
        return self
    }

    func bind(_ index: Int32, _ value: Int64?) {
        if let value { bind(index, value) } else { note(sqlite3_bind_null(pointer, index)) }
    }

    /// Copies the text; nil binds NULL.
    func bind(_ index: Int32, copying text: String?) {
        guard var text else { return bind(index, nil as Int64?) }
        text.withUTF8 { note(sqlite3_bind_text(pointer, index, $0.chars, Int32($0.count), Statement.transient)) }
    }

    /// Does not copy: `text` must stay where it is until the statement has run. Nil binds NULL.
    func bind(_ index: Int32, borrowing text: UnsafeBufferPointer<UInt8>?) {
        note(
            text.map { sqlite3_bind_text(pointer, index, $0.chars, Int32($0.count), nil) }
                ?? sqlite3_bind_null(pointer, index))
    }

    /// Copies the bytes.
    func bind(_ index: Int32, copying blob: UnsafeRawBufferPointer) {
        note(sqlite3_bind_blob(pointer, index, blob.baseAddress, Int32(blob.count), Statement.transient))
    }

    private func note(_ code: Int32) { if code != SQLITE_OK { bindFailure = code } }

    // MARK: Columns of the present row

    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }
    func instant(_ column: Int32) -> Instant { Instant(milliseconds: int(column)) }
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }

    /// Valid until the next step.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(pointer, column)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column)))
    }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    // MARK: Failures

    /// SQLITE_TRANSIENT, a cast that Swift does not import: SQLite makes its own copy at once.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private static func failure(_ database: OpaquePointer, _ sql: String) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(database)),
            message: String(cString: sqlite3_errmsg(database)), sql: sql)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The same bytes as C wants them; never nil, so that empty text is bound as text and not as NULL.
    fileprivate var chars: UnsafePointer<CChar> {
        UnsafeRawPointer(baseAddress ?? Statement.nothing).assumingMemoryBound(to: CChar.self)
    }
}

extension Statement {
    /// One byte to point at when there is none. Never written, never freed.
    nonisolated(unsafe) fileprivate static let nothing: UnsafePointer<UInt8> = {
        let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
        byte.initialize(to: 0)
        return UnsafePointer(byte)
    }()
}
