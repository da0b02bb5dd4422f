// SPDX-License-Identifier: Apache-2.0

/// The fields of a reminder row (design section 9); CSV writes them in its header as they stand here.
enum RowField: String, CaseIterable {
    case id, message, due, expires, channels
    case accountID = "account.id"
    case creditor = "account.creditor"
    case amount = "account.amount"
    case currency = "account.currency"
    case dueDate = "account.due_date"
    case recipientID = "recipient.id"
    case name = "recipient.name"
    case locale = "recipient.locale"
    case zones = "recipient.zones"
    case region = "recipient.region"
    case phone = "recipient.phone"
    case email = "recipient.email"

    /// Its place in a row's table of values.
    var index: Int { RowField.indices[self]! }
    private static let indices = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

    static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
    static let names = allCases.map(\.rawValue)
    static let inAccount = Dictionary(uniqueKeysWithValues: nested(in: "account."))
    static let inRecipient = Dictionary(uniqueKeysWithValues: nested(in: "recipient."))

    private static func nested(in prefix: String) -> [(String, RowField)] {
        allCases.filter { $0.rawValue.hasPrefix(prefix) }.map { (String($0.rawValue.dropFirst(prefix.count)), $0) }
    }
}

/// A row as it was read: texts in their places, not yet checked.
struct RawRow {
    /// One place a `RowField`; nil where the row says nothing.
    var texts = [String?](repeating: nil, count: RowField.allCases.count)
    /// `channels` and `zones` as lists.
    var channels: [String]?
    var zones: [String]?
    var vars: [String: String] = [:]

    subscript(field: RowField) -> String? { texts[field.index] }
}

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
