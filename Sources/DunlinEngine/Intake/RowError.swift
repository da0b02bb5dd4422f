// SPDX-License-Identifier: Apache-2.0

/// One thing that is wrong with a row.
public struct RowError: Error, Hashable, Sendable {
    /// `recipient.phone`; empty where the whole row is meant.
    public var field: String
    /// What stands there, shortened.
    public var value: String
    public var expected: String

    init(_ field: String, value: String = "", expected: String) {
        self.field = field
        self.value = value.count > 80 ? value.prefix(77) + "..." : value
        self.expected = expected
    }
}

extension RowError: CustomStringConvertible {
    public var description: String {
        let shown = value.isEmpty ? "" : " is '\(value)'"
        return field.isEmpty ? "the row\(shown): expected \(expected)" : "\(field)\(shown): expected \(expected)"
    }
}

/// Everything that is wrong with one row.
struct RowErrors: Error {
    var errors: [RowError]
    init(_ errors: [RowError]) { self.errors = errors }
}
