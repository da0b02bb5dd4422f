// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

/// The names that an answer's events may show: an event bears hashes, and the reminders beside it the words.
struct KnownNames {
    private var names: [ContactKey: String] = [:]
    /// Where no reminder lends words, there is nothing that another one would be other than.
    private let article: String
    /// The gateway of each attempt.
    private var gateways: [Int64: String] = [:]
    /// Replies by the ids of the events that they became.
    private var replies: [String: StoredReply] = [:]

    init(of histories: [ReminderHistory], asked id: String, _ stored: [StoredReply] = []) {
        for (number, fact) in histories.flatMap(\.facts) where fact.event == .intent { gateways[number] = fact.gateway }
        for reply in stored {
            replies[EventOrigin.reply(gateway: reply.gateway, id: reply.id, reply.address).id(.optOut)] = reply
        }
        article = histories.isEmpty ? "one" : "another"
        names = [.recipient(id): "recipient \(id)", .account(id): "account \(id)"]
        for reminder in histories.map(\.reminder) {
            let person = reminder.recipient
            names[.recipient(person.id)] = "recipient \(person.id)"
            names[.account(reminder.account.id)] = "account \(reminder.account.id)"
            names[.creditor(reminder.account.creditor)] = "creditor \(reminder.account.creditor)"
            if let phone = person.phone { names[.address(phone)] = "the phone number of \(person.id)" }
            if let email = person.email { names[.address(email)] = "the mail address of \(person.id)" }
            if let chat = person.chat { names[.address(chat)] = "the chat of \(person.id)" }
        }
    }

    /// How we know of an event that nobody imported: `a key in the call, attempt 12 by voice`; nil for the integrator's.
    func origin(of event: ContactEvent) -> String? {
        if let reply = replies[event.id] { return "reply \(reply.number) by \(reply.gateway)" }
        guard case .attempt(let attempt, let source)? = EventOrigin(event) else { return nil }
        let by = gateways[attempt].map { " by \($0)" } ?? ""
        let way: String
        switch source {
        case .receipt where event.contact.kind == .deadAddress && event.contact.channel == .email: way = "a bounce"
        case .receipt: way = "a receipt"
        case .complaint: way = "a complaint"
        case .unsubscription: way = "the link for no more mails"
        case .key: way = "a key in the call"
        }
        return "\(way)\(by) (attempt \(attempt))"
    }

    /// Whom an address belongs to.
    func owner(of address: ContactKey) -> String { names[address] ?? "\(article) address" }

    /// Whom and what an event is about.
    func scope(of contact: Contact) -> [String] {
        let keys = [
            (contact.recipient, "recipient"), (contact.account, "account"), (contact.creditor, "creditor"),
            (contact.address, "address"),
        ]
        return keys.compactMap { key, dimension in
            key == .any ? nil : names[key] ?? "\(article) \(dimension)"
        }
    }
}

extension ContactEvent {
    /// `event e-1: conversation by call, begun by the person, 120 seconds; account A-77`; of what Dunlin learnt by itself
    /// `opt-out by sms, from reply 17 by sms-main`, and what it binds below.
    func step(_ names: KnownNames) -> TimeLine.Step {
        let scope = names.scope(of: contact).joined(separator: ", ")
        var said = contact.kind.rawValue
        if let channel = contact.channel { said += " by \(channel.rawValue)" }
        if let origin = names.origin(of: self) {
            if let seconds { said += ", \(seconds) seconds" }
            return TimeLine.Step(
                at: contact.at, what: "\(said), from \(origin)",
                details: ["event \(id)\(reminder.map { ", about reminder \($0)" } ?? ""): \(scope)"])
        }
        var what = "event \(id): \(said)"
        if contact.isInbound { what += ", begun by the person" }
        if let seconds { what += ", \(seconds) seconds" }
        if let hours { what += ", \(hours)" }
        if let until { what += ", until \(until)" }
        if let reminder { what += ", about reminder \(reminder)" }
        if !scope.isEmpty { what += "; \(scope)" }
        return TimeLine.Step(at: contact.at, what: what)
    }

    /// Nil where nobody said.
    var until: Instant? { contact.until == .distantFuture ? nil : contact.until }
    /// Of talk; nil if unknown.
    var seconds: Int32? { contact.kind == .blocked || contact.figure == 0 ? nil : contact.figure }
    /// Of `blocked`.
    var hours: String? { contact.kind == .blocked ? BlockedHours(figure: contact.figure).text : nil }
}

extension StoredReply {
    /// `reply 17 sms by sms-main: perhaps-opt-out; from the phone number of P-5`. Never its words.
    func step(_ names: KnownNames) -> TimeLine.Step {
        TimeLine.Step(
            at: at,
            what: "reply \(number) \(channel.rawValue) by \(gateway): \(meaning); from \(names.owner(of: address))",
            details: ["its words: dunlin replies --from \(number) --limit 1"])
    }
}
