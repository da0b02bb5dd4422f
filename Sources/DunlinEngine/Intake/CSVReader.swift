// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Cuts CSV (RFC 4180) into records, one piece of input after the other. Our own because the library at hand reads whole
/// files into memory, and a million rows must pass in constant memory.
struct CSVSplitter {
    private var fields: [String] = []
    private var field: [UInt8] = []
    private var inQuotes = false
    private var afterQuote = false
    /// The record as it stood in the file, for the rejects file.
    private(set) var raw: [UInt8] = []

    /// Whether a quoted field is still open: the record goes on in the next line.
    var isOpen: Bool { inQuotes }

    /// Takes one line without its line end; returns the record when it is complete.
    mutating func take(line: UnsafeBufferPointer<UInt8>) throws(RowError) -> [String]? {
        if inQuotes {
            field.append(UInt8(ascii: "\n"))
            raw.append(UInt8(ascii: "\n"))
        } else {
            raw.removeAll(keepingCapacity: true)
            fields.removeAll(keepingCapacity: true)
        }
        raw.append(contentsOf: line)
        for byte in line {
            switch byte {
            case UInt8(ascii: "\"") where inQuotes: (inQuotes, afterQuote) = (false, true)
            case UInt8(ascii: "\"") where afterQuote:
                field.append(byte)
                (inQuotes, afterQuote) = (true, false)
            case UInt8(ascii: "\"") where field.isEmpty: inQuotes = true
            case UInt8(ascii: ",") where !inQuotes: try endField()
            default:
                if afterQuote { throw RowError("", expected: "a comma after a closing quotation mark") }
                field.append(byte)
            }
        }
        if inQuotes {
            if raw.count > RowReader.longestLine { throw RowError("", expected: "a quoted field to be closed") }
            return nil
        }
        try endField()
        return fields
    }

    /// Forgets an unfinished record.
    mutating func reset() { self = CSVSplitter() }

    private mutating func endField() throws(RowError) {
        guard let text = String(validating: field, as: UTF8.self) else { throw RowError("", expected: "UTF-8 text") }
        fields.append(text)
        field.removeAll(keepingCapacity: true)
        afterQuote = false
    }
}

/// What each column of a CSV file is, from its header.
struct CSVHeader {
    private enum Column {
        case field(Int)
        /// A field whose texts are separated by `;`.
        case list(Int)
        case variable(String)
        /// The column that a rejects file adds; skipped when it is imported again.
        case errors
    }
    private let schema: RowSchema
    private var columns: [Column] = []

    init(_ names: [String], _ schema: RowSchema) throws(RowError) {
        self.schema = schema
        var seen: Set<String> = []
        for name in names.map({ $0.trimmingSpaces }) {
            guard seen.insert(name).inserted else { throw RowError(name, expected: "a column only once") }
            if let place = schema.named[name] {
                columns.append(schema.isList[place] ? .list(place) : .field(place))
            } else if schema.takesVariables, name.hasPrefix("vars."), name.count > 5 {
                columns.append(.variable(String(name.dropFirst(5))))
            } else if name == RowReader.errorColumn {
                columns.append(.errors)
            } else {
                throw schema.unknownField(name)
            }
        }
    }

    /// The row of one record; empty fields count as absent, lists are separated by `;`.
    func row(_ record: [String]) throws(RowError) -> RawRow {
        guard record.count == columns.count else {
            throw RowError("", value: "\(record.count) fields", expected: "\(columns.count), as the header has")
        }
        var row = RawRow(schema)
        for (column, text) in zip(columns, record) where !text.isEmpty {
            switch column {
            case .field(let place): row.values[place] = .text(text)
            case .list(let place):
                row.values[place] = .list(text.split(separator: ";").map { String($0).trimmingSpaces })
            case .variable(let name): row.vars[name] = text
            case .errors: break
            }
        }
        return row
    }
}

extension CSVHeader {
    /// A record as text without the column of errors, if the file has one: that column is written anew.
    func withoutErrors(_ record: [String], raw: [UInt8]) -> [UInt8] {
        let isError = columns.map { if case .errors = $0 { true } else { false } }
        guard isError.contains(true), record.count == columns.count else { return raw }
        let kept = zip(record, isError).filter { !$1 }.map { text, _ in
            text.utf8.contains { $0 == 0x22 || $0 == 0x2c || $0 == 0x0a }
                ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
        }
        return Array(kept.joined(separator: ",").utf8)
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        guard utf8.first == 0x20 || utf8.last == 0x20 else { return self }
        return String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
