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
    /// What came back from the addresses, oldest first, without sender and text.
    public var replies: [StoredReply]
    /// What is still to be done about attempts, the soonest first.
    public var followUps: [FollowUp]

    /// Nil where nothing bears the id.
    /// - Parameter limit: how many reminders, events and replies to tell of at most, the newest of each.
    public init?(of id: String, in ledger: any Ledger, limit: Int) throws {
        self.id = id
        histories = try ledger.histories(of: id, limit: limit)
        var addresses: Set<ContactKey> = []
        for reminder in histories.map(\.reminder) {
            let texts = Channel.allCases.compactMap(reminder.recipient.address)
            addresses.formUnion(texts.map(ContactKey.address))
        }
        // What came from the person's addresses is part of a single reminder's story from its beginning on.
        let begin = histories.contains { $0.reminder.id != id } ? nil : histories.first?.imported
        events = try ledger.events(of: id, addresses: addresses, limit: limit).filter { record in
            let event = record.event
            return event.reminder == id || event.id == id || begin.map { event.contact.at >= $0 } ?? true
        }
        replies = try ledger.replies(from: addresses, limit: limit).filter { reply in
            begin.map { reply.received >= $0 } ?? true
        }
        followUps = try ledger.followUps(of: histories.flatMap(\.attempts))
        if histories.isEmpty, events.isEmpty { return nil }
    }

    /// ``text(daemon:at:)`` without what the daemon says of itself.
    public var text: String { text(told: nil) }

    /// For a person: what there is and what is to come, then one time line of all that happened.
    /// - Parameter daemon: what the daemon says of itself; nil where none runs.
    public func text(daemon: RuntimeFile.Content?, at now: Instant) -> String {
        text(told: Outlook(followUps: followUps, daemon: daemon, now: now))
    }

    private func text(told outlook: Outlook?) -> String {
        let isOne = histories.count == 1 && histories[0].reminder.id == id
        let names = KnownNames(of: histories, asked: id, replies)
        let stories = histories.map { $0.steps(subject: isOne ? "" : "\($0.reminder.id) ") }
        let line = TimeLine(
            merging: stories + [replies.map { $0.step(names) }, events.map { $0.event.step(names) }])
        var lines = histories.flatMap { history in
            history.heading + (outlook?.lines(of: history) ?? []).map { "  " + $0 }
        }
        if !isOne { lines = [summary] + lines.map { "  " + $0 } }
        return (lines + line.lines(indent: "  ")).joined(separator: "\n")
    }

    private var summary: String {
        func count(_ n: Int, _ noun: String) -> String { "\(n == 0 ? "no" : "\(n)") \(noun)\(n == 1 ? "" : "s")" }
        let replied = replies.isEmpty ? "" : ", \(replies.count) \(replies.count == 1 ? "reply" : "replies")"
        return "\(id): \(count(histories.count, "reminder")), \(count(events.count, "event"))\(replied)"
    }
}

extension ReminderHistory {
    /// The numbers of its attempts.
    fileprivate var attempts: [Int64] { facts.compactMap { $0.fact.event == .intent ? $0.number : nil } }
}
