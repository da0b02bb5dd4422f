// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

/// What the ledger knows of a person, as far as contact rules ask for it; read once, without the daemon's lock.
public struct KnownPerson: Sendable {
    /// The newest reminder of the id that was named.
    public let reminder: Reminder
    public let history: KnownHistory

    /// - Parameter id: of a reminder, an account or a recipient. Throws a ``DunlinError`` if there is none.
    public init(id: String, ledger: any Ledger) throws {
        guard let newest = try ledger.histories(of: id, limit: 1).last else {
            throw DunlinError(
                .failure, id, why: "no reminder, account or recipient has this id",
                remedy: "ids are as the imported rows have them")
        }
        reminder = newest.reminder
        let (recipient, account) = (newest.reminder.recipient, newest.reminder.account)
        var attempts: [Int64: Contact] = [:]
        for name in Set([recipient.id, account.id]) {
            for history in try ledger.histories(of: name, limit: 10_000) { attempts.merge(history.attempts) { $1 } }
        }
        let addresses = Set(Channel.allCases.compactMap { recipient.address(for: $0) }.map(ContactKey.address))
        var events: [String: Contact] = [:]
        for name in Set([recipient.id, account.id]) {
            for record in try ledger.events(of: name, addresses: addresses, limit: 10_000) {
                events[record.event.id] = record.event.contact
            }
        }
        history = KnownHistory(
            attempts: attempts.values.sorted { $0.at < $1.at }, events: events.values.sorted { $0.at < $1.at })
    }
}

/// A history that was read before.
public struct KnownHistory: ContactHistory, Sendable {
    let attempts, events: [Contact]

    public func contacts(of key: ContactKey, since: Instant) -> [Contact] {
        attempts.filter { $0.at >= since && [$0.recipient, $0.account, $0.address].contains(key) }
    }

    public func events(recipient: ContactKey, account: ContactKey, address: ContactKey) -> [Contact] {
        events.filter { $0.recipient == recipient || $0.account == account || $0.address == address }
    }
}

extension ReminderHistory {
    /// The attempts that count, by number: intents that were neither refused nor withdrawn.
    fileprivate var attempts: [Int64: Contact] {
        var attempts: [Int64: Contact] = [:]
        for (number, fact) in facts {
            switch fact.event {
            case .intent:
                guard let channel = fact.channel else { continue }
                // An attempt counts for the person and the debt also where the address is erased.
                let address = reminder.recipient.address(for: channel).map(ContactKey.address) ?? .any
                attempts[number] = Contact(
                    at: fact.at, channel: channel, recipient: .recipient(reminder.recipient.id),
                    account: .account(reminder.account.id), address: address,
                    creditor: .creditor(reminder.account.creditor))
            case .refused, .withdrawn: if let attempt = fact.attempt { attempts[attempt] = nil }
            default: break
            }
        }
        return attempts
    }
}
