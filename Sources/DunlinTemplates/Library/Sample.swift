// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// An example of a reminder, to try and to preview a message with.
public struct Sample: Sendable {
    public var reminder: Reminder
    public var today: CivilDate

    /// What an example may give beside the values of declared variables.
    static let keys = ["name", "creditor", "amount", "due_date", "account_id", "today"]

    /// - Parameters:
    ///   - values: as they stand in message.yaml and library.yaml.
    ///   - variables: the declared ones.
    ///   - file: where a missing value is to be added.
    init(_ values: [String: YAMLValue], variables: [Variable], file: String) throws {
        func required(_ name: String) throws -> YAMLValue {
            if let value = values[name] { return value }
            throw DunlinError(
                .usage, file, why: "sample.\(name) is missing", remedy: "add an example of it under 'sample'")
        }
        func date(_ value: YAMLValue) throws -> CivilDate {
            guard let date = CivilDate(iso8601: try value.string()) else {
                throw value.error(expected: "a day such as 2026-11-20")
            }
            return date
        }
        let amount = try required("amount")
        guard let money = Money(try amount.string()[...], assuming: nil) else {
            throw amount.error(expected: "an amount with its currency, such as 1234.50 USD")
        }
        let due = try date(required("due_date"))
        let vars = try variables.map { variable in
            if values[variable.name] == nil, let fallback = variable.fallback { return (variable.name, fallback) }
            let value = try required(variable.name)
            let text = try value.string()
            guard variable.type.accepts(text) else { throw value.error(expected: variable.type.expectation) }
            return (variable.name, text)
        }
        today = try values["today"].map(date) ?? due
        let account = Account(
            id: try values["account_id"]?.string() ?? "A-1", creditor: try required("creditor").string(),
            amount: money, dueDate: due)
        let recipient = Recipient(id: "sample", name: try required("name").string(), locale: "en")
        reminder = Reminder(
            id: "sample", message: "", due: Instant(seconds: 0), expires: Instant(seconds: 1),
            channels: Channel.allCases, account: account, recipient: recipient,
            vars: Dictionary(vars, uniquingKeysWith: { $1 }))
    }
}

extension VariableType {
    /// Whether `text` is a value of this type.
    /// - Parameter currency: of an amount that names none.
    func accepts(_ text: String, currency: Currency = Currency(code: "USD")!) -> Bool {
        !text.trimmed.isEmpty && Self.formats.write(text.trimmed, as: self, currency: currency) != nil
    }

    private static let formats = ValueFormats(locale: "en", channel: .sms)
}
