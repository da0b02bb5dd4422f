// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc

public enum RowFormat: String, CaseIterable, Sendable {
    case ndjson, csv
}

/// One row of an input: read, or the reason why it could not be, with its text as it stood in the file.
struct ReadRow {
    var line: Int
    var raw: [UInt8]
    var row: Result<RawRow, RowErrors>
}

/// Reads rows off a file descriptor, in constant memory, batch by batch.
struct RowReader {
    /// Longer lines are rejected and passed over.
    static let longestLine = 1 << 20
    /// The column that a rejects file adds to CSV.
    static let errorColumn = "_error"

    private let lines: LineReader
    private let format: RowFormat
    private let schema: RowSchema
    private var header: CSVHeader?
    private(set) var headerText: [UInt8] = []
    private var csv = CSVSplitter()

    init(descriptor: Int32, format: RowFormat, schema: RowSchema) {
        lines = LineReader(descriptor: descriptor)
        self.format = format
        self.schema = schema
    }

    var bytesRead: Int { lines.bytesRead }

    /// Up to `limit` more rows; an empty list is the end. Throws if reading fails or a CSV header is wrong.
    mutating func next(_ limit: Int) throws -> [ReadRow] {
        var rows: [ReadRow] = []
        rows.reserveCapacity(limit)
        while rows.count < limit {
            let more = try lines.next { number, line, isTooLong in
                if isTooLong {
                    let error = RowError("", expected: "a line of at most \(RowReader.longestLine) bytes")
                    rows.append(ReadRow(line: number, raw: [], row: .failure(RowErrors([error]))))
                } else if format == .csv {
                    try takeCSV(line, number, into: &rows)
                } else if !line.isBlankOrComment {
                    let row = Self.result { () throws(RowError) in try RawRow(ndjson: line, schema) }
                    rows.append(ReadRow(line: number, raw: Array(line), row: row))
                }
            }
            if !more {
                if csv.isOpen {
                    let error = RowError("", expected: "a quoted field to be closed before the end of the file")
                    rows.append(ReadRow(line: lines.number, raw: csv.raw, row: .failure(RowErrors([error]))))
                    csv.reset()
                }
                break
            }
        }
        return rows
    }

    private mutating func takeCSV(
        _ line: UnsafeBufferPointer<UInt8>, _ number: Int, into rows: inout [ReadRow]
    ) throws {
        if line.isEmpty, !csv.isOpen { return }
        do {
            guard let record = try csv.take(line: line) else { return }
            if let header {
                let row = Self.result { () throws(RowError) in try header.row(record) }
                rows.append(ReadRow(line: number, raw: header.withoutErrors(record, raw: csv.raw), row: row))
            } else {
                let read = try CSVHeader(record, schema)
                headerText = read.withoutErrors(record, raw: csv.raw)
                header = read
            }
        } catch {
            guard header != nil else {
                throw DunlinError(
                    .usage, "line \(number)", why: "the CSV header is wrong: \(error)",
                    remedy: "the columns are \(schema.paths.joined(separator: ", "))"
                        + (schema.takesVariables ? " and vars.NAME" : ""))
            }
            rows.append(ReadRow(line: number, raw: csv.raw, row: .failure(RowErrors([error]))))
            csv.reset()
        }
    }

    private static func result(_ body: () throws(RowError) -> RawRow) -> Result<RawRow, RowErrors> {
        do { return .success(try body()) } catch { return .failure(RowErrors([error])) }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// NDJSON lets blank lines pass, and Dunlin's own rejects files carry their errors as `#` lines.
    fileprivate var isBlankOrComment: Bool {
        guard let first = first(where: { $0 != 0x20 && $0 != 0x09 }) else { return true }
        return first == UInt8(ascii: "#")
    }
}

/// Cuts what comes off a file descriptor into lines (LF or CRLF; a byte order mark at the start is passed over).
final class LineReader {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var start = 0
    private var end = 0
    private var isSkipping = false
    private(set) var bytesRead = 0
    /// The number of the line last given, from 1.
    private(set) var number = 0

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Gives the next line to `body`; false at the end of the input.
    func next(_ body: (Int, UnsafeBufferPointer<UInt8>, _ isTooLong: Bool) throws -> Void) throws -> Bool {
        var searched = start
        while true {
            if let newline = buffer[searched..<end].firstIndex(of: 0x0a) {
                defer { start = newline + 1 }
                return try give(upTo: newline, body)
            }
            searched = end
            if end - start > RowReader.longestLine {
                (isSkipping, start, end, searched) = (true, 0, 0, 0)
            }
            let before = start
            guard try fill() else {
                guard start < end || isSkipping else { return false }
                defer { start = end }
                return try give(upTo: end, body)
            }
            searched -= before - start
        }
    }

    private func give(
        upTo end: Int, _ body: (Int, UnsafeBufferPointer<UInt8>, Bool) throws -> Void
    ) throws -> Bool {
        number += 1
        let isTooLong = isSkipping || end - start > RowReader.longestLine
        isSkipping = false
        var from = start
        if number == 1, end - from >= 3, buffer[from] == 0xef, buffer[from + 1] == 0xbb, buffer[from + 2] == 0xbf {
            from += 3
        }
        let to = end > from && buffer[end - 1] == 0x0d ? end - 1 : end
        let line = number
        try buffer.withUnsafeBufferPointer { try body(line, UnsafeBufferPointer(rebasing: $0[from..<to]), isTooLong) }
        return true
    }

    /// Reads more behind what is there; false at the end of the input.
    private func fill() throws -> Bool {
        if start > 0 {
            buffer.withUnsafeMutableBytes { _ = memmove($0.baseAddress!, $0.baseAddress! + start, end - start) }
            end -= start
            start = 0
        }
        if end == buffer.count { buffer.append(contentsOf: repeatElement(0, count: buffer.count)) }
        while true {
            let room = buffer.count - end
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + end, room) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw DunlinError(
                    .failure, "reading", why: String(cString: strerror(errno)), remedy: "check the file and try again")
            }
            bytesRead += count
            end += count
            return count > 0
        }
    }
}
