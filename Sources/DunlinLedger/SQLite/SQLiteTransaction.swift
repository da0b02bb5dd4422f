// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB
import GRDBSQLite

/// What the daemon does in one transaction. One object serves all of them, so that statements stay prepared and contacts
/// stay in memory; `SQLiteLedger` makes a new one after a failure.
final class SQLiteTransaction: LedgerTransaction {
    private let database: OpaquePointer
    private let queue: QueueTable
    private let reminders: ReminderReader
    private let contactIndex: ContactIndex
    private let eventIndex: EventIndex
    private let filters: BlockFilters
    private let tally: Tally
    private let deliveries: DeliveryTable
    private let eventWriter: EventWriter
    private let selectIntent, selectRefund: Statement
    private let insertFact, insertFlight, deleteFlight, selectFlights, insertRefund: Statement

    init(
        _ database: OpaquePointer, queue: QueueTable, tally: Tally, deliveries: DeliveryTable, eventWriter: EventWriter,
        generationSize: Int
    ) throws {
        self.database = database
        self.queue = queue
        self.tally = tally
        self.deliveries = deliveries
        self.eventWriter = eventWriter
        selectIntent = try Statement(
            database,
            """
            SELECT reminder, at, gateway, detail, at, \(ContactColumns.others) FROM fact WHERE n = ? AND event = 'intent'
            """)
        reminders = try ReminderReader(database)
        contactIndex = try ContactIndex(database, generationSize: generationSize)
        eventIndex = try EventIndex(database)
        filters = try BlockFilters.ofFacts(database)
        insertFact = try Statement(
            database,
            """
            INSERT INTO fact (reminder, at, event, channel, gateway, reason, until, attempt, detail,
                recipient, account, address, creditor, purpose) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insertFlight = try Statement(
            database, "INSERT INTO flight (attempt, \(QueueTable.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        deleteFlight = try Statement(database, "DELETE FROM flight WHERE attempt = ?")
        selectFlights = try Statement(
            database,
            """
            SELECT \(QueueTable.columns), n, gateway, at, \(ContactColumns.others)
            FROM (SELECT attempt AS n, \(QueueTable.columns) FROM flight)
            JOIN (SELECT n, gateway, at, \(ContactColumns.others) FROM fact) USING (n) ORDER BY n
            """)
        insertRefund = try Statement(database, "INSERT INTO refund VALUES (?)")
        selectRefund = try Statement(database, "SELECT 1 FROM refund WHERE attempt = ?")
    }

    /// What every transaction does last.
    func finish() throws {
        try tally.write()
        try contactIndex.settle()
        try filters.catchUp()
        eventIndex.endTransaction()
    }

    // MARK: The queue

    func takeDue(in lane: Channel, upTo now: Instant, limit: Int) throws -> [QueuedReminder] {
        try queue.takeDue(in: lane, upTo: now, limit: limit)
    }

    func takeExpired(in lane: Channel, upTo now: Instant, limit: Int) throws -> [QueuedReminder] {
        try queue.takeExpired(in: lane, upTo: now, limit: limit)
    }

    func enqueue(_ queued: QueuedReminder) throws { try queue.add(queued) }

    func releaseHeld(at now: Instant) throws -> Int { try queue.releaseHeld(at: now) }

    func reminder(_ key: ReminderKey) throws -> Reminder { try reminders.read(key) }

    // MARK: Facts

    func append(_ fact: Fact, from: State, to: State) throws -> Int64 {
        tally.move(from: from, to: to)
        return try append(fact, contact: nil)
    }

    private func append(_ fact: Fact, contact: Contact?) throws -> Int64 {
        insertFact.bind(1, fact.reminder.value).bind(2, fact.at.milliseconds)
        insertFact.bind(3, fact.event)
        insertFact.bind(4, fact.channel)
        insertFact.bind(5, copying: fact.gateway)
        insertFact.bind(6, fact.reason)
        insertFact.bind(7, fact.until?.milliseconds)
        insertFact.bind(8, fact.attempt)
        insertFact.bind(9, copying: fact.detail.isEmpty ? nil : fact.detail)
        insertFact.bind(10, contact?.recipient.value)
        insertFact.bind(11, contact?.account.value)
        insertFact.bind(12, contact?.address.value)
        insertFact.bind(13, contact?.creditor ?? .any)
        insertFact.bind(14, contact?.purpose ?? .reminder)
        try insertFact.run()
        return sqlite3_last_insert_rowid(database)
    }

    // MARK: Flights and contacts

    func beginFlight(
        of queued: QueuedReminder, channel: Channel, gateway: String, contact: Contact, detail: String, at now: Instant
    ) throws -> Flight {
        // The contact is read back from its intent, so it is what the intent says.
        let contact = Contact(
            at: now, channel: channel, recipient: contact.recipient, account: contact.account,
            address: contact.address, creditor: contact.creditor, purpose: contact.purpose)
        let intent = Fact(.intent, of: queued.key, at: now, channel: channel, gateway: gateway, detail: detail)
        let attempt = try append(intent, contact: contact)
        tally.move(from: queued.state, to: .sending)
        insertFlight.bind(1, attempt)
        bindEntry(queued, to: insertFlight, from: 2)
        try insertFlight.run()
        contactIndex.add(contact, attempt: attempt)
        return Flight(attempt: attempt, queued: queued, channel: channel, gateway: gateway, contact: contact)
    }

    func endFlight(_ flight: Flight, refund: Bool) throws {
        try deleteFlight.bind(1, flight.attempt).run()
        guard sqlite3_changes(database) == 1 else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "attempt \(flight.attempt) is not in flight")
        }
        guard refund else { return }
        try insertRefund.bind(1, flight.attempt).run()
        try contactIndex.refund(flight.contact, attempt: flight.attempt)
    }

    func flights() throws -> [Flight] {
        var flights: [Flight] = []
        try selectFlights.forEachRow { row in
            flights.append(
                Flight(
                    attempt: row.int(8), queued: try QueueTable.entry(row, from: 0), channel: try row.channel(11),
                    gateway: row.text(9), contact: try row.contact(from: 10)))
        }
        return flights
    }

    func contacts(of key: ContactKey, since: Instant) throws -> [Contact] {
        try contactIndex.contacts(of: key, since: since)
    }

    func events(recipient: ContactKey, account: ContactKey, address: ContactKey) throws -> [Contact] {
        try eventIndex.events(recipient: recipient, account: account, address: address)
    }
}

extension SQLiteTransaction {
    func track(_ delivery: Delivery, gateway: String, id: String?) throws {
        try deliveries.track(delivery, gateway: gateway, id: id)
    }

    func name(_ attempt: Int64, _ id: String, by gateway: String) throws {
        try deliveries.name(attempt, id, by: gateway)
    }

    func delivery(of attempt: Int64) throws -> Delivery? { try deliveries.delivery(of: attempt) }

    func attempt(named id: String, by gateway: String) throws -> Int64? {
        try deliveries.attempt(named: id, by: gateway)
    }

    func setState(_ state: State?, of attempt: Int64) throws { try deliveries.setState(state, of: attempt) }

    func markArrived(_ reminder: ReminderKey) throws { try deliveries.markArrived(reminder) }

    func hasArrived(_ reminder: ReminderKey) throws -> Bool { try deliveries.hasArrived(reminder) }

    func intent(of attempt: Int64) throws -> Intent? {
        try selectIntent.bind(1, attempt).first { row in
            let contact = try row.contact(from: 4)
            let fact = Fact(
                .intent, of: ReminderKey(value: row.int(0)), at: row.instant(1), channel: contact.channel,
                gateway: row.text(2), detail: row.text(3))
            return Intent(fact: fact, contact: contact)
        }
    }

    func refund(_ attempt: Int64, _ contact: Contact) throws {
        try insertRefund.bind(1, attempt).run()
        try contactIndex.refund(contact, attempt: attempt)
    }

    func isRefunded(_ attempt: Int64) throws -> Bool {
        try selectRefund.bind(1, attempt).first { _ in true } ?? false
    }

    func schedule(_ followUp: FollowUp) throws { try deliveries.schedule(followUp) }

    func takeFollowUps(upTo now: Instant, limit: Int) throws -> [FollowUp] {
        try deliveries.takeFollowUps(upTo: now, limit: limit)
    }

    func keep(_ receipt: StrayReceipt) throws { try deliveries.keep(receipt) }

    func takeStrays(of reference: String, by gateway: String) throws -> [StrayReceipt] {
        try deliveries.takeStrays(of: reference, by: gateway)
    }

    func store(_ event: ContactEvent, at now: Instant) throws -> StoreResult {
        let result = try eventWriter.store(event, at: now)
        // What this very transaction decides next must heed it.
        if result == .imported { eventIndex.endTransaction() }
        return result
    }

    func store(_ reply: StoredReply) throws -> Bool { try deliveries.store(reply) }

    func setSpending(_ spending: Spending) throws { try deliveries.set(spending) }
}
