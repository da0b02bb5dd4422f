// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB
import GRDBSQLite

/// The ledger in one SQLite file (WAL, `synchronous=FULL`). `docs/ledger.md` explains its shape.
///
/// One thread at a time uses an instance. Other threads and processes open their own: one `owner`, any number of
/// importers and readers beside it. Every error is a `DunlinError`; after a failed transaction the ledger goes on as soon
/// as the disk does.
public final class SQLiteLedger: Ledger {
    public enum Role: Sendable {
        /// The daemon: the only one that sends. A second owner is refused.
        case owner
        /// Stores reminders; creates the ledger if there is none.
        case importer
        /// Looks things up; changes nothing and creates nothing.
        case reader
    }

    public let path: String
    public let role: Role
    let database: DatabaseQueue
    /// The connection under `database`, for the hot statements. Safe beside GRDB's queue: one thread uses both in turn.
    private let handle: OpaquePointer
    private let ownership: FileLock?
    private let turnstile: FileLock?
    private let generationSize: Int
    private let strayLimit: Int64
    private var prepared: Prepared?

    /// Opens the ledger at `path`; `owner` and `importer` create it or bring an older one up to date.
    public static func open(path: String, role: Role) throws -> SQLiteLedger {
        try SQLiteLedger(path: path, role: role, generationSize: ContactIndex.generationSize)
    }

    /// Throws what `open` would say of the file at `path`, which has to be there: that it is something else, or was written by a newer
    /// version. Changes nothing and locks nobody out.
    public static func check(path: String) throws {
        try explaining(path) { try Opening(path: path, role: .reader).check() }
    }

    init(
        path: String, role: Role, generationSize: Int = ContactIndex.generationSize,
        strayLimit: Int64 = Retention.strayLimit
    ) throws {
        self.path = path
        self.role = role
        self.generationSize = generationSize
        self.strayLimit = strayLimit
        let opened = try SQLiteLedger.explaining(path) { try Opening(path: path, role: role).run() }
        (database, ownership, turnstile) = (opened.database, opened.ownership, opened.turnstile)
        handle = opened.database.unsafeRead { $0.sqliteConnection! }
    }

    // Statements go before their connection.
    deinit { prepared = nil }

    // MARK: Ledger

    public func store(_ reminders: [Reminder], at now: Instant) throws -> [StoreResult] {
        try transaction { prepared in
            var results: [StoreResult] = []
            results.reserveCapacity(reminders.count)
            var entries: [QueuedReminder] = []
            entries.reserveCapacity(reminders.count)
            try prepared.reminders.store(reminders, at: now) { result, key, reminder in
                results.append(result)
                guard let key else { return }
                entries.append(
                    QueuedReminder(
                        key: key, lane: reminder.channels[0], due: reminder.due, expires: reminder.expires,
                        state: .scheduled))
            }
            // In the queue's own order, many rows to a page.
            entries.sort { ($0.due, $0.key) < ($1.due, $1.key) }
            for entry in entries { try prepared.queue.add(entry) }
            prepared.tally.enter(.scheduled, entries.count)
            try prepared.tally.write()
            try prepared.filters.catchUp()
            return results
        }
    }

    public func store(events: [ContactEvent], at now: Instant) throws -> [StoreResult] {
        try transaction { prepared in
            let writer = try prepared.eventWriter()
            return try events.map { try writer.store($0, at: now) }
        }
    }

    public func store(receipts: [(attempt: Int64, receipt: StrayReceipt)], at now: Instant) throws -> [Bool] {
        try transaction { prepared in
            try receipts.map { attempt, receipt in
                guard let gateway = try prepared.deliveries.gateway(of: attempt) else { return false }
                var receipt = receipt
                receipt.gateway = gateway
                // Where it is kept already, its follow-up is there too.
                if try prepared.deliveries.keep(receipt, for: attempt) {
                    try prepared.deliveries.schedule(FollowUp(.receipt, of: attempt, at: now))
                }
                return true
            }
        }
    }

    public func write<R>(_ body: (any LedgerTransaction) throws -> R) throws -> R {
        try requireOwner()
        return try transaction { prepared in
            let transaction = try prepared.transaction()
            let result = try body(transaction)
            try transaction.finish()
            return result
        }
    }

    public func nextDue(in lane: Channel) throws -> Instant? {
        try SQLiteLedger.explaining(path) { try prepare().queue.nextDue(in: lane) }
    }

    public func nextFollowUp() throws -> Instant? {
        try SQLiteLedger.explaining(path) { try prepare().deliveries.nextFollowUp() }
    }

    public func replies(from first: Int64, limit: Int) throws -> [StoredReply] {
        try read { try Replies(database: $0).all(from: first, limit: limit) }
    }

    public func newestReplies(of meaning: String?, limit: Int) throws -> [StoredReply] {
        try read { try Replies(database: $0).newest(of: meaning, limit: limit) }
    }

    public func replies(from addresses: Set<ContactKey>, limit: Int) throws -> [StoredReply] {
        try read { try Replies(database: $0).all(from: addresses, limit: limit) }
    }

    public func followUps(of attempts: [Int64]) throws -> [FollowUp] {
        try read { try Replies(database: $0).followUps(of: attempts) }
    }

    public func strayCount() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM stray") ?? 0 }
    }

    public func strays(of reference: String, by gateway: String) throws -> [StrayReceipt] {
        try read { try Replies(database: $0).strays(of: reference, by: gateway) }
    }

    public func spending(since day: CivilDate) throws -> [Spending] {
        try read { try Replies(database: $0).spending(since: day) }
    }

    public func summary() throws -> LedgerSummary {
        try read { database in
            var states = Dictionary(uniqueKeysWithValues: State.allCases.map { ($0, 0) })
            for row in try Row.fetchAll(database, sql: "SELECT state, n FROM tally") {
                if let state = State(rawValue: row[0]) { states[state] = row[1] }
            }
            return LedgerSummary(
                states: states,
                oldestDue: try Channel.allCases.compactMap { try prepare().queue.nextDue(in: $0) }.min(),
                inFlight: try Int.fetchOne(database, sql: "SELECT count(*) FROM flight") ?? 0, version: Schema.version)
        }
    }

    public func histories(of id: String, limit: Int) throws -> [ReminderHistory] {
        try read { try Histories(database: $0, handle: handle).histories(of: id, limit: limit) }
    }

    public func sent(_ attempt: Int64) throws -> SentAttempt? {
        try read { try Histories(database: $0, handle: handle).sent(attempt) }
    }

    public func events(of id: String, addresses: Set<ContactKey>, limit: Int) throws -> [EventRecord] {
        try read { try Histories(database: $0, handle: handle).events(of: id, addresses: addresses, limit: limit) }
    }

    public func archive(_ versions: [ArchivedTemplate]) throws {
        try requireOwner()
        let missing = try read { database in try versions.filter { try !TemplateArchive(database: database).holds($0) }
        }
        // As a rule all are there, and a full disk keeps no daemon from starting.
        guard !missing.isEmpty else { return }
        try transaction { (database: Database) in
            for version in missing { try TemplateArchive(database: database).add(version) }
        }
    }

    public func archived(message: String, version: String) throws -> ArchivedTemplate? {
        try read { try TemplateArchive(database: $0).version(version, of: message) }
    }

    // MARK: Transactions

    private func requireOwner() throws {
        guard role == .owner else {
            throw DunlinError(
                .failure, "cannot change \(path)", why: "it was opened as \(role)", remedy: "open it as its owner")
        }
    }

    /// The statements and what is kept in memory. Forgotten after a failure, because it may be ahead of the file.
    private final class Prepared {
        let queue: QueueTable
        let tally: Tally
        let reminders: ReminderWriter
        let filters: BlockFilters
        let deliveries: DeliveryTable
        private let handle: OpaquePointer
        private let generationSize: Int
        private var ownTransaction: SQLiteTransaction?
        private var ownEventWriter: EventWriter?

        init(_ handle: OpaquePointer, generationSize: Int, strayLimit: Int64) throws {
            self.handle = handle
            self.generationSize = generationSize
            queue = try QueueTable(handle)
            tally = try Tally(handle)
            reminders = try ReminderWriter(handle, generationSize: generationSize)
            filters = try BlockFilters.ofReminders(handle)
            deliveries = try DeliveryTable(handle, strayLimit: strayLimit)
        }

        /// Made on first use: it reads the latest contacts.
        func transaction() throws -> SQLiteTransaction {
            if let ownTransaction { return ownTransaction }
            let made = try SQLiteTransaction(
                handle, queue: queue, tally: tally, deliveries: deliveries, eventWriter: try eventWriter(),
                generationSize: generationSize)
            ownTransaction = made
            return made
        }

        /// Made on first use: most processes store no events.
        func eventWriter() throws -> EventWriter {
            if let ownEventWriter { return ownEventWriter }
            let made = try EventWriter(handle)
            ownEventWriter = made
            return made
        }
    }

    private func prepare() throws -> Prepared {
        if let prepared { return prepared }
        let made = try Prepared(handle, generationSize: generationSize, strayLimit: strayLimit)
        prepared = made
        return made
    }

    private func transaction<R>(_ body: (Prepared) throws -> R) throws -> R {
        try transaction { (_: Database) in try body(try prepare()) }
    }

    private func transaction<R>(_ body: (Database) throws -> R) throws -> R {
        try SQLiteLedger.explaining(path) {
            try database.writeWithoutTransaction { database in
                try begin(database)
                do {
                    let result = try body(database)
                    try database.commit()
                    return result
                } catch {
                    prepared = nil
                    if database.isInsideTransaction { try? database.rollback() }
                    throw error
                }
            }
        }
    }

    /// Takes the write lock. SQLite's lock is not fair: who releases it takes it again while the other one sleeps between
    /// two tries. So only who holds the turnstile may try, and the other one queues there.
    private func begin(_ database: Database) throws {
        turnstile?.lock()
        defer { turnstile?.unlock() }
        try database.beginTransaction(.immediate)
    }

    private func read<R>(_ body: (Database) throws -> R) throws -> R {
        try SQLiteLedger.explaining(path) { try database.read(body) }
    }
}
