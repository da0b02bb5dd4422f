// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

/// What a ledger should hold, as plainly as it can be said: the oracle of the property test.
struct LedgerModel {
    struct Row {
        var reminder: Reminder
        var state = State.scheduled
        var facts: [Fact] = []
        var queued: QueuedReminder?
    }

    /// In order of keys, which begin at 1.
    var rows: [Row] = []
    var flights: [Flight] = []
    var events: [ContactEvent] = []
    var contacts: [(attempt: Int64, contact: Contact)] = []

    mutating func store(_ reminder: Reminder) -> StoreResult {
        if let known = rows.first(where: { $0.reminder.id == reminder.id }) {
            return known.reminder == reminder ? .duplicate : .conflict
        }
        let key = ReminderKey(value: Int64(rows.count + 1))
        rows.append(
            Row(
                reminder: reminder,
                queued: QueuedReminder(
                    key: key, lane: reminder.channels[0], due: reminder.due, expires: reminder.expires,
                    state: .scheduled)))
        return .imported
    }

    mutating func store(_ event: ContactEvent) -> StoreResult {
        if let known = events.first(where: { $0.id == event.id }) { return known == event ? .duplicate : .conflict }
        events.append(event)
        return .imported
    }

    func events(recipient: ContactKey, account: ContactKey, address: ContactKey) -> [Contact] {
        func isKnown(_ key: ContactKey, _ own: ContactKey) -> Bool { key == own && key != .any }
        return events.map(\.contact)
            .filter {
                isKnown(recipient, $0.recipient) || isKnown(account, $0.account) || isKnown(address, $0.address)
            }
            .enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    mutating func take(_ limit: Int, where isWanted: (QueuedReminder) -> Bool) -> [QueuedReminder] {
        let entries = rows.compactMap(\.queued).filter(isWanted).sorted { ($0.due, $0.key) < ($1.due, $1.key) }
        for entry in entries.prefix(limit) { self[entry.key].queued = nil }
        return Array(entries.prefix(limit))
    }

    mutating func append(_ fact: Fact) {
        self[fact.reminder].facts.append(fact)
        self[fact.reminder].state = self[fact.reminder].state.after(fact.event)!
    }

    func contacts(of key: ContactKey, since: Instant) -> [Contact] {
        contacts.map(\.contact)
            .filter { $0.at >= since && [$0.recipient, $0.account, $0.address].contains(key) }
            .enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    func count(of state: State) -> Int { rows.count { $0.state == state } }

    subscript(key: ReminderKey) -> Row {
        get { rows[Int(key.value) - 1] }
        set { rows[Int(key.value) - 1] = newValue }
    }
}
