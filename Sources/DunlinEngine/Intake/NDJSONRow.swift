// SPDX-License-Identifier: Apache-2.0

extension RawRow {
    /// Reads one line of NDJSON. Keys that no field has are errors: a mistyped `expires` must not pass unseen.
    init(ndjson line: UnsafeBufferPointer<UInt8>, _ schema: RowSchema) throws(RowError) {
        guard line.isUTF8 else { throw RowError("", expected: "UTF-8 text") }
        var cursor = JSONCursor(line)
        var row = RawRow(schema)
        var seen: Set<Int> = []
        try cursor.object { key, cursor throws(RowError) in
            switch schema.members[key] {
            case .field(let place): try row.readField(place, schema, from: &cursor)
            case .object(let number, let members):
                try RawRow.expectObject(key, isFirst: seen.insert(number).inserted, &cursor)
                try cursor.object { inner, cursor throws(RowError) in
                    guard let place = members[inner] else { throw schema.unknownField("\(key).\(inner)") }
                    try row.readField(place, schema, from: &cursor)
                }
            case .variables:
                try RawRow.expectObject(key, isFirst: seen.insert(-1).inserted, &cursor)
                try cursor.object { name, cursor throws(RowError) in try row.readVariable(name, from: &cursor) }
            case nil: throw schema.unknownField(key)
            }
        }
        try cursor.expectEnd()
        self = row
    }

    private static func expectObject(_ key: String, isFirst: Bool, _ cursor: inout JSONCursor) throws(RowError) {
        guard isFirst else { throw RowError(key, expected: "the key only once") }
        guard cursor.isAtObject else { throw RowError(key, expected: "an object") }
    }

    private mutating func readVariable(_ name: String, from cursor: inout JSONCursor) throws(RowError) {
        guard vars[name] == nil else { throw RowError("vars.\(name)", expected: "the key only once") }
        guard !cursor.isAtObject, !cursor.isAtArray else {
            throw RowError("vars.\(name)", expected: "text, a number, true or false")
        }
        vars[name] = try cursor.scalar()
    }

    private mutating func readField(_ place: Int, _ schema: RowSchema, from cursor: inout JSONCursor) throws(RowError) {
        guard values[place] == nil else { throw RowError(schema.paths[place], expected: "the key only once") }
        if schema.isList[place] {
            values[place] = .list(try RawRow.readList(schema.paths[place], from: &cursor))
        } else {
            guard !cursor.isAtObject, !cursor.isAtArray else { throw RowError(schema.paths[place], expected: "text") }
            values[place] = try cursor.scalar().map { .text($0) }
        }
    }

    private static func readList(_ path: String, from cursor: inout JSONCursor) throws(RowError) -> [String] {
        guard cursor.isAtArray else { throw RowError(path, expected: "a list of texts") }
        var list: [String] = []
        try cursor.array { cursor throws(RowError) in
            guard !cursor.isAtObject, !cursor.isAtArray, let text = try cursor.scalar() else {
                throw RowError(path, expected: "a list of texts")
            }
            list.append(text)
        }
        return list
    }
}
