// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Collects the errors of one row, so that its owner mends it once.
struct RowCheck<Field: RowField> {
    private let row: RawRow
    var errors: [RowError] = []

    init(_ row: RawRow) { self.row = row }

    /// Nil where the row says nothing, or empty text.
    subscript(field: Field) -> String? {
        if case .text(let text)? = row.values[field.rawValue], !text.isEmpty { text } else { nil }
    }

    func list(_ field: Field) -> [String] {
        if case .list(let list)? = row.values[field.rawValue] { list } else { [] }
    }

    mutating func add(_ field: Field, _ expected: String) {
        errors.append(RowError(field.path, value: self[field] ?? "", expected: expected))
    }

    mutating func required<Value>(_ field: Field, _ expected: @autoclosure () -> String, read: (String) -> Value?)
        -> Value?
    {
        if let text = self[field], let value = read(text) { return value }
        add(field, expected())
        return nil
    }

    mutating func optional<Value>(_ field: Field, _ expected: @autoclosure () -> String, read: (String) -> Value?)
        -> Value?
    {
        guard let text = self[field] else { return nil }
        if let value = read(text) { return value }
        add(field, expected())
        return nil
    }

    /// One name of a closed list, with a near miss where there is one.
    mutating func optional<Name: RawRepresentable<String> & CaseIterable>(_ field: Field, oneOf: Name.Type) -> Name? {
        guard let text = self[field] else { return nil }
        return name(text, field)
    }

    mutating func required<Name: RawRepresentable<String> & CaseIterable>(_ field: Field, oneOf: Name.Type) -> Name? {
        name(self[field] ?? "", field)
    }

    private mutating func name<Name: RawRepresentable<String> & CaseIterable>(_ text: String, _ field: Field) -> Name? {
        if let name = Name(rawValue: text) { return name }
        let all = Name.allCases.map(\.rawValue)
        let near = text.isEmpty ? nil : nearMiss(text, among: all).map { "; did you mean '\($0)'?" }
        add(field, "one of \(all.joined(separator: ", "))\(near ?? "")")
        return nil
    }
}
