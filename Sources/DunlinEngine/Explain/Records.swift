// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

/// An explanation as JSON for programs.
public struct ExplanationRecord: Codable, Sendable {
    public var id: String
    public var reminders: [HistoryRecord]
    public var events: [EventStory]
    public var replies: [ReplyStory]

    public init(_ explanation: Explanation) {
        id = explanation.id
        reminders = explanation.histories.map { HistoryRecord($0, explanation.followUps) }
        let names = KnownNames(of: explanation.histories, asked: id, explanation.replies)
        events = explanation.events.map { EventStory($0, names) }
        replies = explanation.replies.map(ReplyStory.init)
    }
}

/// A reply as JSON for programs; its words are for `dunlin replies`.
public struct ReplyStory: Codable, Sendable {
    public var number: Int64
    public var at, received, gateway, channel, meaning: String

    init(_ reply: StoredReply) {
        number = reply.number
        (at, received) = (reply.at.description, reply.received.description)
        (gateway, channel, meaning) = (reply.gateway, reply.channel.rawValue, reply.meaning)
    }
}

/// A history as JSON for programs.
public struct HistoryRecord: Codable, Sendable {
    public struct Step: Codable, Sendable {
        public var at: String
        public var event: String
        public var number: Int64?
        public var channel: String?
        public var gateway: String?
        public var reason: String?
        public var until: String?
        public var attempt: Int64?
        public var detail: String?
        /// How the request broke off, a ``WireFault``.
        public var fault: String?
        /// The same as a sentence, where the names need one.
        public var words: String?
        public var decision: DecisionTrace?
    }

    /// What is still to be done about an attempt.
    public struct Pending: Codable, Sendable {
        public var at: String
        public var attempt: Int64
        /// `ask` the gateway whether it has it, or the next channel's turn (`fallback`).
        public var kind: String
        public var tries: Int
    }

    public var id: String
    public var state: String
    public var isErased: Bool
    public var message: String
    public var account: String
    public var recipient: String
    public var due: String
    public var expires: String
    public var waitsUntil: String?
    public var waitsBecause: String?
    public var pending: [Pending]
    public var facts: [Step]

    /// - Parameter followUps: of this and other reminders.
    public init(_ history: ReminderHistory, _ followUps: [FollowUp] = []) {
        let reminder = history.reminder
        id = reminder.id
        state = history.state.rawValue
        isErased = history.isErased
        message = reminder.message
        account = reminder.account.id
        recipient = reminder.recipient.id
        due = reminder.due.description
        expires = reminder.expires.description
        waitsUntil = history.queued?.due.description
        waitsBecause = history.queued?.reason?.rawValue
        let attempts = Set(history.facts.map(\.number))
        pending = followUps.filter { attempts.contains($0.attempt) }.map {
            Pending(at: $0.at.description, attempt: $0.attempt, kind: $0.kind.rawValue, tries: $0.tries)
        }
        facts = history.facts.map { number, fact in
            let trace = DecisionTrace(detail: fact.detail)
            return Step(
                at: fact.at.description, event: fact.event.rawValue, number: number, channel: fact.channel?.rawValue,
                gateway: fact.gateway, reason: fact.reason?.rawValue, until: fact.until?.description,
                attempt: fact.attempt, detail: trace == nil && !fact.detail.isEmpty ? fact.detail : nil,
                fault: WireFault(detail: fact.detail)?.rawValue, words: fact.words(in: history, number: number),
                decision: trace)
        }
    }
}

/// An event as JSON for programs.
public struct EventStory: Codable, Sendable {
    public var id: String
    public var kind: String
    public var at: String
    public var until: String?
    public var channel: String?
    public var direction: String
    public var seconds: Int32?
    public var hours: String?
    public var reminder: String?
    /// Whom and what it is about, in words: an event bears hashes.
    public var about: [String]
    /// How we know of it, in words; nil where it was imported.
    public var origin: String?
    public var imported: String

    init(_ record: EventRecord, _ names: KnownNames) {
        let event = record.event
        id = event.id
        kind = event.contact.kind.rawValue
        at = event.contact.at.description
        until = event.until?.description
        channel = event.contact.channel?.rawValue
        direction = event.contact.isInbound ? "inbound" : "outbound"
        seconds = event.seconds
        hours = event.hours
        reminder = event.reminder
        about = names.scope(of: event.contact)
        origin = names.origin(of: event)
        imported = record.imported.description
    }
}
