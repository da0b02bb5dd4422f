// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// What came of writing mails and calls, for whoever only wants to know whether they can be written: a plan asks a million
/// times, and two reminders with the same language, variables and signs of their days fare the same. An SMS is no part of
/// this: its length hangs on every name and figure.
final class Rehearsal: Sendable {
    private struct Key: Hashable {
        var choice: ObjectIdentifier
        var currency: Currency
        var vars: [String: String]
        var variant: String?
        var notices: [String]
        /// -1 before, 0 on and 1 after the day the payment is due.
        var side: Int
        /// Which of name, creditor and account are blank.
        var blanks: Int
    }

    private struct Entry {
        /// Kept, so that no other choice takes its place in memory.
        var choice: LanguageChoice
        var result: Result<RenderedMessage, RenderError>
    }

    private let known = Mutex<[Key: Entry]>([:])
    /// Variables come from outside: what is remembered has a bound.
    private static let most = 4000

    /// The message as it came out for the first reminder of this kind, which `render` writes.
    func message(
        for reminder: Reminder, as choice: LanguageChoice, _ variant: String?, today: CivilDate, _ notices: [String],
        render: () throws(RenderError) -> RenderedMessage
    ) throws(RenderError) -> RenderedMessage {
        let texts = [reminder.recipient.name, reminder.account.creditor, reminder.account.id]
        let key = Key(
            choice: ObjectIdentifier(choice), currency: reminder.account.amount.currency, vars: reminder.vars,
            variant: variant, notices: notices,
            side: (today.daysSince1970 - reminder.account.dueDate.daysSince1970).signum(),
            blanks: texts.reduce(0) { $0 * 2 + ($1.trimmed.isEmpty ? 1 : 0) })
        if let entry = known.withLock({ $0[key] }) { return try entry.result.get() }
        let result: Result<RenderedMessage, RenderError>
        do throws(RenderError) { result = .success(try render()) } catch { result = .failure(error) }
        known.withLock { known in
            if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
            known[key] = Entry(choice: choice, result: result)
        }
        return try result.get()
    }
}
