// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Something that a text can insert.
public struct Variable: Hashable, Sendable {
    /// Small letters, digits and underscores, as in `{{pay_link}}`.
    public var name: String
    public var type: VariableType
    /// A reminder without a value for it is not sent.
    public var isRequired: Bool
    /// What stands in for a missing value, written as an integrator would write it.
    public var fallback: String?
    /// For the author: what it is.
    public var description: String
    /// Where the value comes from; nil for the message's own, which come from the reminder's `vars`.
    var builtIn: BuiltIn?

    /// Whether it comes from the reminder's own fields.
    public var isBuiltIn: Bool { builtIn != nil }
    /// Whether a text has to be prepared for its absence.
    var mayBeMissing: Bool { !isRequired && fallback == nil }
    /// Whether it tells somebody who overhears it that there is a debt.
    var revealsDebt: Bool { builtIn?.revealsDebt ?? [.money, .date, .number].contains(type) }
}

/// What kind of value a variable has; decides how it is checked and how it is written in each language.
public enum VariableType: String, CaseIterable, Sendable {
    /// `1234.50` in the account's currency, or `1234.50 USD`.
    case money
    /// `2026-11-20`.
    case date
    /// `3` or `2.5`.
    case number
    /// E.164: `+16175550100`. Written with the country's grouping where known; spoken digit by digit.
    case phone
    /// An `https://` address.
    case link
    /// A person or a company, as it is written.
    case name
    /// Anything else, in one line.
    case text
    /// A file to attach to a mail: its name in the folder of attachments.
    case file

    var expectation: String {
        switch self {
        case .money: "an amount such as 1234.50 or 1234.50 USD"
        case .date: "a day such as 2026-11-20"
        case .number: "a number such as 3 or 2.5"
        case .phone: "a phone number such as +16175550100"
        case .link: "an https:// address"
        case .name, .text: "one line of text without control characters"
        case .file:
            "the name of a file such as statement.pdf, without a folder, at most \(Attachment.longestName) bytes"
        }
    }
}

/// What every message can use without declaring it, taken from the reminder's own fields.
enum BuiltIn: String, CaseIterable, Sendable {
    case name
    case creditor
    case amount
    case dueDate = "due_date"
    case daysOverdue = "days_overdue"
    case daysUntilDue = "days_until_due"
    case accountID = "account_id"

    var variable: Variable {
        let type: VariableType =
            switch self {
            case .name, .creditor: .name
            case .amount: .money
            case .dueDate: .date
            case .daysOverdue, .daysUntilDue: .number
            case .accountID: .text
            }
        // A record may have no name, and a text must be prepared for it; all else is always there.
        return Variable(
            name: rawValue, type: type, isRequired: self != .name, fallback: nil, description: about, builtIn: self)
    }

    private var about: String {
        switch self {
        case .name: "the recipient's name; may be missing"
        case .creditor: "whom the money is owed to"
        case .amount: "the account's amount"
        case .dueDate: "the day on which it is or was due"
        case .daysOverdue: "whole days since the due date; shown as a section only from 1 on"
        case .daysUntilDue: "whole days until the due date; shown as a section only from 1 on"
        case .accountID: "the account's id, as a reference"
        }
    }

    var revealsDebt: Bool { self != .name && self != .creditor }
}

/// The variables of one message by number: the built-in ones, then its own.
struct VariableTable: Sendable {
    let all: [Variable]
    private let numbers: [String: Int]

    init(declared: [Variable]) {
        all = BuiltIn.allCases.map(\.variable) + declared
        numbers = Dictionary(all.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    subscript(number: Int) -> Variable { all[number] }
    func number(of name: String) -> Int? { numbers[name] }
}
