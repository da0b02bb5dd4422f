// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB
import GRDBSQLite

/// What a plan takes from a real ledger, read only: the queue as it stands at one moment, and the reminders and past
/// contacts, of which each is read when it is asked for. Works beside a running daemon and holds up neither it nor an
/// import. One thread at a time uses it.
public final class PlanSource {
    /// What waited when this was opened.
    let queue: PlanQueue
    /// How many attempts had no outcome at that moment. They are not part of a plan; their contacts count.
    public let inFlight: Int
    private let ledger: SQLiteLedger
    private var statements: Statements?
    private var reads = 0

    private struct Statements {
        let reminders: ReminderReader
        let history: ContactIndex
        let events: EventIndex
        let begin, end: Statement

        init(_ handle: OpaquePointer) throws {
            reminders = try ReminderReader(handle)
            history = try ContactIndex(handle)
            events = try EventIndex(handle)
            begin = try Statement(handle, "BEGIN")
            end = try Statement(handle, "COMMIT")
        }
    }

    /// Opens the ledger at `path`. Throws a `DunlinError` where there is none, or where it cannot be read.
    public init(path: String) throws {
        let ledger = try SQLiteLedger.open(path: path, role: .reader)
        self.ledger = ledger
        // One transaction, so that queue, flights and contacts are of the same moment.
        (queue, inFlight, statements) = try SQLiteLedger.explaining(path) {
            // Reminders are read in the order they fall due, all over the file.
            try ledger.database.inDatabase { try $0.execute(sql: "PRAGMA cache_size = -98304") }
            return try ledger.database.read { database in
                let handle = database.sqliteConnection!
                var waiting: [QueuedReminder] = []
                waiting.reserveCapacity(try Int.fetchOne(database, sql: "SELECT count(*) FROM queue") ?? 0)
                try Statement(handle, "SELECT \(QueueTable.columns) FROM queue").forEachRow { row in
                    waiting.append(try QueueTable.entry(row, from: 0))
                }
                let inFlight = try Int.fetchOne(database, sql: "SELECT count(*) FROM flight") ?? 0
                return (PlanQueue(waiting), inFlight, try Statements(handle))
            }
        }
    }

    // Statements go before their connection, and what is open ends before.
    deinit {
        if reads > 0 { try? statements?.end.run() }
        statements = nil
    }

    /// How many reminders waited.
    public var count: Int { queue.count }

    /// The id of the reminder with this number in the plan, 0 ..< `count`.
    public func id(_ number: Int) throws -> String {
        try remains(of: ReminderKey(value: queue.keys[number])).reminder.id
    }

    func remains(of key: ReminderKey) throws -> ReminderRemains {
        try reading { try $0.reminders.remains(of: key).remains }
    }

    func contacts(of key: ContactKey, since: Instant) throws -> [Contact] {
        try reading { try $0.history.contacts(of: key, since: since) }
    }

    func events(recipient: ContactKey, account: ContactKey, address: ContactKey) throws -> [Contact] {
        try reading { try $0.events.events(recipient: recipient, account: account, address: address) }
    }

    /// One read transaction for many reads, because each has a price of its own; a new one soon enough that the daemon's
    /// checkpoints never wait for us. Nothing that is read here changes, so it does not matter which one sees it.
    private func reading<R>(_ body: (Statements) throws -> R) throws -> R {
        try SQLiteLedger.explaining(ledger.path) {
            guard let statements else { preconditionFailure("the statements go last") }
            if reads % PlanSource.readsPerTransaction == 0 {
                if reads > 0 { try statements.end.run() }
                try statements.begin.run()
            }
            reads += 1
            return try body(statements)
        }
    }

    private static let readsPerTransaction = 5_000
}
