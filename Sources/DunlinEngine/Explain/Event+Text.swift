// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

/// The names that an answer's events may show: an event bears hashes, and the reminders beside it the words.
struct KnownNames {
    private var names: [ContactKey: String] = [:]
    /// Where no reminder lends words, there is nothing that another one would be other than.
    private let article: String

    init(of histories: [ReminderHistory], asked id: String) {
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
    /// `event e-1: conversation by call, begun by the person, 120 seconds; account A-77`.
    func step(_ names: KnownNames) -> TimeLine.Step {
        var what = "event \(id): \(contact.kind.rawValue)"
        if let channel = contact.channel { what += " by \(channel.rawValue)" }
        if contact.isInbound { what += ", begun by the person" }
        if let seconds { what += ", \(seconds) seconds" }
        if let hours { what += ", \(hours)" }
        if let until { what += ", until \(until)" }
        if let reminder { what += ", about reminder \(reminder)" }
        let scope = names.scope(of: contact)
        if !scope.isEmpty { what += "; \(scope.joined(separator: ", "))" }
        return TimeLine.Step(at: contact.at, what: what)
    }

    /// Nil where nobody said.
    var until: Instant? { contact.until == .distantFuture ? nil : contact.until }
    /// Of talk; nil if unknown.
    var seconds: Int32? { contact.kind == .blocked || contact.figure == 0 ? nil : contact.figure }
    /// Of `blocked`.
    var hours: String? { contact.kind == .blocked ? BlockedHours(figure: contact.figure).text : nil }
}
