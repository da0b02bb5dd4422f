// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Whoever watches a plan.
public protocol PlanObserver: AnyObject {
    /// Told of every fact that a plan's engine appends, with its number; `reminder` is the one it is about.
    func observe(_ fact: Fact, number: Int64, from: State, to: State, reminder: () throws -> Reminder) throws
}

/// A ledger for `dunlin plan`: begins where a real one stands, lives in memory, and leaves nothing behind.
///
/// It keeps the queue, the flights and the contacts, which decide what happens next, and hands the facts to an observer
/// instead of keeping them: so it knows no histories, and nothing undoes a transaction that throws (the plan is over then).
public final class PlanLedger: Ledger {
    /// Gets every fact.
    public weak var observer: (any PlanObserver)?
    private let source: PlanSource?
    private var queue: PlanQueue
    private var contacts: RecentContacts
    private var airborne: [Int64: Flight] = [:]
    private var states: [State: Int] = [:]
    private var newest: Int64 = 0
    private var hasFailed = false
    /// What `store` brought, beyond the source.
    private var stored: [Int64: Reminder] = [:]
    private var ids: [String: Int64] = [:]
    /// The reminder read last: it is asked for again when its fact is observed.
    private var lastRead: (key: ReminderKey, reminder: Reminder)?

    /// Begins where `source` stands; empty without one.
    public init(_ source: PlanSource? = nil) {
        self.source = source
        queue = source?.queue ?? PlanQueue()
        contacts = RecentContacts(capacity: queue.count)
        for number in 0..<queue.count { states[queue.state(number), default: 0] += 1 }
    }

    /// How many reminders it plans.
    public var count: Int { queue.count }

    /// The reminder's number in the plan, 0 ..< `count` in the order of keys.
    public func number(of key: ReminderKey) -> Int? { queue.number(of: key) }

    public func key(_ number: Int) -> ReminderKey { ReminderKey(value: queue.keys[number]) }

    /// Where the reminder with this number stands in the queue.
    public func place(_ number: Int) -> QueuedReminder { queue.entry(number) }

    // MARK: Ledger

    /// In memory, for a plan of what is not imported yet; ids are compared with those that came this way only.
    public func store(_ reminders: [Reminder], at now: Instant) throws -> [StoreResult] {
        reminders.map { reminder in
            if let known = ids[reminder.id] { return stored[known] == reminder ? .duplicate : .conflict }
            let key = (queue.keys.last ?? 0) + 1
            ids[reminder.id] = key
            stored[key] = reminder
            queue.append(
                QueuedReminder(
                    key: ReminderKey(value: key), lane: reminder.channels[0], due: reminder.due,
                    expires: reminder.expires, state: .scheduled))
            states[.scheduled, default: 0] += 1
            return .imported
        }
    }

    public func store(events: [ContactEvent], at now: Instant) throws -> [StoreResult] {
        throw DunlinError(
            .failure, "plan", why: "a plan takes no events", remedy: "'dunlin import' brings them into the real ledger")
    }

    public func write<R>(_ body: (any LedgerTransaction) throws -> R) throws -> R {
        guard !hasFailed else {
            throw DunlinError(.failure, "plan", why: "an earlier step of it failed", remedy: "plan again")
        }
        hasFailed = true
        let result = try body(self)
        hasFailed = false
        return result
    }

    public func nextDue(in lane: Channel) throws -> Instant? { queue.nextDue(in: lane) }

    public func store(receipts: [(attempt: Int64, receipt: StrayReceipt)], at now: Instant) throws -> [Bool] {
        throw DunlinError(
            .failure, "plan", why: "a plan takes no receipts",
            remedy: "'dunlin import' brings them into the real ledger")
    }

    public func nextFollowUp() throws -> Instant? { nil }

    public func replies(from first: Int64, limit: Int) throws -> [StoredReply] { [] }

    public func strayCount() throws -> Int { 0 }

    public func strays(of reference: String, by gateway: String) throws -> [StrayReceipt] { [] }

    public func spending(since day: CivilDate) throws -> [Spending] { [] }

    /// Of the reminders of the plan; how many the real ledger has in other states does not matter to it.
    public func summary() throws -> LedgerSummary {
        LedgerSummary(
            states: Dictionary(uniqueKeysWithValues: State.allCases.map { ($0, states[$0] ?? 0) }),
            oldestDue: Channel.allCases.compactMap { queue.nextDue(in: $0) }.min(), inFlight: airborne.count,
            version: Schema.version)
    }

    public func histories(of id: String, limit: Int) throws -> [ReminderHistory] {
        throw DunlinError(.failure, id, why: "a plan keeps no histories", remedy: "'dunlin why' asks the real ledger")
    }

    public func history(ofAttempt attempt: Int64) throws -> ReminderHistory? { nil }

    /// Nothing that a plan does outlives it.
    public func archive(_ versions: [ArchivedTemplate]) throws {}

    public func archived(message: String, version: String) throws -> ArchivedTemplate? {
        throw DunlinError(.failure, message, why: "a plan keeps no texts", remedy: "'dunlin why' asks the real ledger")
    }

    public func events(of id: String, addresses: Set<ContactKey>, limit: Int) throws -> [EventRecord] {
        throw DunlinError(.failure, id, why: "a plan keeps no histories", remedy: "'dunlin why' asks the real ledger")
    }
}

extension PlanLedger: LedgerTransaction {
    public func takeDue(in lane: Channel, upTo now: Instant, limit: Int) throws -> [QueuedReminder] {
        queue.takeDue(in: lane, upTo: now, limit: limit)
    }

    public func takeExpired(in lane: Channel, upTo now: Instant, limit: Int) throws -> [QueuedReminder] {
        queue.takeExpired(in: lane, upTo: now, limit: limit)
    }

    public func enqueue(_ queued: QueuedReminder) throws { queue.enqueue(queued) }

    public func releaseHeld(at now: Instant) throws -> Int { queue.releaseHeld(at: now) }

    public func reminder(_ key: ReminderKey) throws -> Reminder {
        if let lastRead, lastRead.key == key { return lastRead.reminder }
        guard let reminder = try stored[key.value] ?? source?.reminder(key) else {
            throw DunlinError(.failure, "reminder \(key.value)", why: "it is not there", remedy: "plan again")
        }
        lastRead = (key, reminder)
        return reminder
    }

    @discardableResult
    public func append(_ fact: Fact, from: State, to: State) throws -> Int64 {
        newest += 1
        states[from, default: 0] -= 1
        states[to, default: 0] += 1
        try observer?.observe(fact, number: newest, from: from, to: to) { try self.reminder(fact.reminder) }
        return newest
    }

    public func beginFlight(
        of queued: QueuedReminder, channel: Channel, gateway: String, contact: Contact, detail: String, at now: Instant
    ) throws -> Flight {
        let contact = Contact(
            at: now, channel: channel, recipient: contact.recipient, account: contact.account,
            address: contact.address, creditor: contact.creditor, purpose: contact.purpose)
        let intent = Fact(.intent, of: queued.key, at: now, channel: channel, gateway: gateway, detail: detail)
        let attempt = try append(intent, from: queued.state, to: .sending)
        let flight = Flight(attempt: attempt, queued: queued, channel: channel, gateway: gateway, contact: contact)
        airborne[attempt] = flight
        contacts.append(contact, attempt: attempt)
        return flight
    }

    public func endFlight(_ flight: Flight, refund: Bool) throws {
        guard airborne.removeValue(forKey: flight.attempt) != nil else {
            throw DunlinError(
                .failure, "attempt \(flight.attempt)", why: "it is not in flight", remedy: "report this as a defect")
        }
        if refund { _ = contacts.refund(flight.attempt) }
    }

    public func flights() throws -> [Flight] { airborne.values.sorted { $0.attempt < $1.attempt } }

    /// The planned contacts on top of the real ones.
    public func contacts(of key: ContactKey, since: Instant) throws -> [Contact] {
        var result = try source?.contacts(of: key, since: since) ?? []
        contacts.collect(key, since: since, into: &result)
        // A plan that begins in the past may have planned contacts before real ones.
        for i in result.indices.dropFirst() where result[i].at < result[i - 1].at {
            return result.sorted { $0.at < $1.at }
        }
        return result
    }

    /// Those of the real ledger: a plan takes it that nobody answers.
    public func events(recipient: ContactKey, account: ContactKey, address: ContactKey) throws -> [Contact] {
        try source?.events(recipient: recipient, account: account, address: address) ?? []
    }
}

/// A plan takes it that everything arrives and nobody answers, so nothing is heard of an attempt after it was taken.
extension PlanLedger {
    public func track(_ delivery: Delivery, gateway: String, id: String?) throws {}
    public func name(_ attempt: Int64, _ id: String, by gateway: String) throws {}
    public func delivery(of attempt: Int64) throws -> Delivery? { nil }
    public func attempt(named id: String, by gateway: String) throws -> Int64? { nil }
    public func setState(_ state: State?, of attempt: Int64) throws {}
    public func markArrived(_ reminder: ReminderKey) throws {}
    public func hasArrived(_ reminder: ReminderKey) throws -> Bool { false }
    public func intent(of attempt: Int64) throws -> Intent? { nil }
    public func refund(_ attempt: Int64, _ contact: Contact) throws { _ = contacts.refund(attempt) }
    public func isRefunded(_ attempt: Int64) throws -> Bool { false }
    public func schedule(_ followUp: FollowUp) throws {}
    public func takeFollowUps(upTo now: Instant, limit: Int) throws -> [FollowUp] { [] }
    public func keep(_ receipt: StrayReceipt) throws {}
    public func takeStrays(of reference: String, by gateway: String) throws -> [StrayReceipt] { [] }
    public func store(_ event: ContactEvent, at now: Instant) throws -> StoreResult { .imported }
    public func store(_ reply: StoredReply) throws -> Bool { true }
    public func setSpending(_ spending: Spending) throws {}
}
