// SPDX-License-Identifier: Apache-2.0

/// The fields of a reminder row (design section 9). The number is a field's place in a row's table of values.
enum RowField: Int, CaseIterable {
    case id, message, due, expires, channels
    case accountID, creditor, amount, currency, dueDate
    case recipientID, name, locale, zones, region, phone, email

    /// As CSV writes it in its header and errors name it; NDJSON nests at the dot.
    var path: String { RowField.paths[rawValue] }

    static let paths = [
        "id", "message", "due", "expires", "channels", "account.id", "account.creditor", "account.amount",
        "account.currency", "account.due_date", "recipient.id", "recipient.name", "recipient.locale",
        "recipient.zones", "recipient.region", "recipient.phone", "recipient.email",
    ]

    static let named = Dictionary(uniqueKeysWithValues: zip(paths, allCases))
    static let atTopLevel = named.filter { !$0.key.contains(".") }
    static let inAccount = nested(in: "account.")
    static let inRecipient = nested(in: "recipient.")

    private static func nested(in prefix: String) -> [String: RowField] {
        let fields = allCases.filter { $0.path.hasPrefix(prefix) }
        return Dictionary(uniqueKeysWithValues: fields.map { (String($0.path.dropFirst(prefix.count)), $0) })
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

    subscript(field: RowField) -> String? { texts[field.rawValue] }
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
