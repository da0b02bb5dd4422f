// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension RawRow {
    /// Reads one line of NDJSON. Keys that no field has are errors: a mistyped `expires` must not pass unseen.
    init(ndjson line: UnsafeBufferPointer<UInt8>) throws(RowError) {
        guard line.isUTF8 else { throw RowError("", expected: "UTF-8 text") }
        self.init()
        var cursor = JSONCursor(line)
        var row = RawRow()
        var nested: Set<String> = []
        try cursor.object { key, cursor throws(RowError) in
            switch key {
            case "account", "recipient", "vars":
                guard nested.insert(key).inserted else { throw RowError(key, expected: "the key only once") }
                try row.readObject(key, from: &cursor)
            default: try row.readField(RowField.atTopLevel[key], key, "", from: &cursor)
            }
        }
        try cursor.expectEnd()
        self = row
    }

    private mutating func readObject(_ name: String, from cursor: inout JSONCursor) throws(RowError) {
        guard cursor.isAtObject else { throw RowError(name, expected: "an object") }
        try cursor.object { key, cursor throws(RowError) in
            switch name {
            case "account": try readField(RowField.inAccount[key], key, "account.", from: &cursor)
            case "recipient": try readField(RowField.inRecipient[key], key, "recipient.", from: &cursor)
            default:
                guard vars[key] == nil else { throw RowError("vars.\(key)", expected: "the key only once") }
                guard !cursor.isAtObject, !cursor.isAtArray else {
                    throw RowError("vars.\(key)", expected: "text, a number, true or false")
                }
                vars[key] = try cursor.scalar()
            }
        }
    }

    private mutating func readField(
        _ field: RowField?, _ key: String, _ prefix: String, from cursor: inout JSONCursor
    ) throws(RowError) {
        guard let field else { throw RowError.unknownField(prefix + key) }
        switch field {
        case .channels:
            guard channels == nil else { throw RowError(field.path, expected: "the key only once") }
            channels = try readList(field, from: &cursor)
        case .zones:
            guard zones == nil else { throw RowError(field.path, expected: "the key only once") }
            zones = try readList(field, from: &cursor)
        default:
            guard texts[field.rawValue] == nil else { throw RowError(field.path, expected: "the key only once") }
            guard !cursor.isAtObject, !cursor.isAtArray else { throw RowError(field.path, expected: "text") }
            texts[field.rawValue] = try cursor.scalar()
        }
    }

    private func readList(_ field: RowField, from cursor: inout JSONCursor) throws(RowError) -> [String] {
        guard cursor.isAtArray else { throw RowError(field.path, expected: "a list of texts") }
        var list: [String] = []
        try cursor.array { cursor throws(RowError) in
            guard !cursor.isAtObject, !cursor.isAtArray, let text = try cursor.scalar() else {
                throw RowError(field.path, expected: "a list of texts")
            }
            list.append(text)
        }
        return list
    }
}

extension RowError {
    static func unknownField(_ name: String) -> RowError {
        let near = nearMiss(name, among: RowField.paths)
        return RowError(name, expected: near.map { "a known field; did you mean '\($0)'?" } ?? "a known field")
    }
}
