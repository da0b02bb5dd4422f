// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A reminder's values as one text needs them: by number, checked, and written for the locale.
struct ReminderValues {
    let message: String
    let variables: VariableTable
    let reminder: Reminder
    /// The day it is for the recipient.
    let today: CivilDate
    let formats: ValueFormats
    /// How the text around the values runs; nil for speech, which has no direction.
    var isRightToLeft: Bool? = nil

    /// Whether a section of this variable is shown: it has a value, and as a number not zero.
    func isShown(_ number: Int) -> Bool {
        switch variables[number].builtIn {
        case .name: !reminder.recipient.name.trimmed.isEmpty
        case .daysOverdue: today > reminder.account.dueDate
        case .daysUntilDue: today < reminder.account.dueDate
        case .creditor, .amount, .dueDate, .accountID: true
        case nil: given(variables[number]).map { variables[number].type != .number || !isZero($0) } ?? false
        }
    }

    /// The value, written for the locale and the channel.
    func text(_ number: Int) throws(RenderError) -> String {
        let variable = variables[number]
        let account = reminder.account
        switch variable.builtIn {
        case .amount: return formats.money(account.amount)
        case .dueDate: return formats.date(account.dueDate)
        case .daysOverdue: return formats.number(max(0, today.daysSince1970 - account.dueDate.daysSince1970))
        case .daysUntilDue: return formats.number(max(0, account.dueDate.daysSince1970 - today.daysSince1970))
        case .name: return try write(reminder.recipient.name.trimmed, of: variable)
        case .creditor: return try write(account.creditor.trimmed, of: variable)
        case .accountID:
            guard let id = formats.reference(account.id.trimmed), !id.isEmpty else {
                throw .invalidValue(message: message, variable: variable.name, expected: variable.type.expectation)
            }
            return id
        case nil: return try write(given(variable), of: variable)
        }
    }

    /// What decides about a number's plural category: its digits as they are written, without zeros at the fraction's end.
    func operands(_ number: Int) throws(RenderError) -> PluralOperands {
        let variable = variables[number]
        let days = today.daysSince1970 - reminder.account.dueDate.daysSince1970
        switch variable.builtIn {
        case .daysOverdue: return PluralOperands(max(0, days))
        case .daysUntilDue: return PluralOperands(max(0, -days))
        default:
            guard var text = given(variable) else {
                throw .missingVariable(message: message, variable: variable.name)
            }
            if text.contains(".") {
                while text.hasSuffix("0") { text.removeLast() }
                if text.hasSuffix(".") { text.removeLast() }
            }
            guard let operands = PluralOperands(text) else {
                throw .invalidValue(message: message, variable: variable.name, expected: variable.type.expectation)
            }
            return operands
        }
    }

    /// Whether a value must keep to itself: where its direction may be another than the text's. A link is left alone,
    /// because phones take the marks for a part of it.
    func isolates(_ number: Int, _ text: String) -> Bool {
        guard let isRightToLeft, variables[number].type != .link else { return false }
        return isRightToLeft || hasRightToLeftLetters(text)
    }

    /// What the reminder gives for one of the message's own variables, else its default; nil for nothing or blanks.
    private func given(_ variable: Variable) -> Substring? {
        guard let text = reminder.vars[variable.name]?.trimmed, !text.isEmpty else { return variable.fallback?[...] }
        return text
    }

    private func write(_ text: Substring?, of variable: Variable) throws(RenderError) -> String {
        guard let text, !text.isEmpty else { throw .missingVariable(message: message, variable: variable.name) }
        guard let written = formats.write(text, as: variable.type, currency: reminder.account.amount.currency) else {
            throw .invalidValue(message: message, variable: variable.name, expected: variable.type.expectation)
        }
        return written
    }
}

extension Money {
    /// `1234.50` in `currency`, or with a currency of its own, `1234.50 USD`.
    init?(_ text: Substring, assuming currency: Currency?) {
        let words = text.split(separator: " ")
        guard let amount = words.first, words.count <= 2 else { return nil }
        guard let currency = words.count == 2 ? Currency(code: String(words[1])) : currency else { return nil }
        self.init(decimal: String(amount), currency: currency)
    }
}

private func isZero(_ number: Substring) -> Bool { number.allSatisfy { "0.-".contains($0) } }
