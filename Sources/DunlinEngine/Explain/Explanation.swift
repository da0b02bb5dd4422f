// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

/// The answer to "why": what happened to a reminder, or to all of an account or a recipient, and what was known of them.
public struct Explanation: Sendable {
    /// The id that was asked for: of a reminder, an account, a recipient or an event.
    public var id: String
    public var histories: [ReminderHistory]
    /// Oldest first.
    public var events: [EventRecord]

    /// Nil where nothing bears the id.
    /// - Parameter limit: how many reminders, and how many events, to tell of at most, the newest.
    public init?(of id: String, in ledger: any Ledger, limit: Int) throws {
        self.id = id
        histories = try ledger.histories(of: id, limit: limit)
        var addresses: Set<ContactKey> = []
        for reminder in histories.map(\.reminder) where reminder.id != id {
            let texts = Channel.allCases.compactMap(reminder.recipient.address)
            addresses.formUnion(texts.map(ContactKey.address))
        }
        events = try ledger.events(of: id, addresses: addresses, limit: limit)
        if histories.isEmpty, events.isEmpty { return nil }
    }

    /// For a person: what there is, then one time line of all that happened.
    public var text: String {
        let isOne = histories.count == 1 && histories[0].reminder.id == id
        let names = KnownNames(of: histories, asked: id)
        let stories = histories.map { $0.steps(subject: isOne ? "" : "\($0.reminder.id) ") }
        let line = TimeLine(merging: [events.map { $0.event.step(names) }] + stories)
        var lines = histories.flatMap(\.heading)
        if !isOne { lines = [summary] + lines.map { "  " + $0 } }
        return (lines + line.lines(indent: "  ")).joined(separator: "\n")
    }

    private var summary: String {
        func count(_ n: Int, _ noun: String) -> String { "\(n == 0 ? "no" : "\(n)") \(noun)\(n == 1 ? "" : "s")" }
        return "\(id): \(count(histories.count, "reminder")), \(count(events.count, "event"))"
    }
}
