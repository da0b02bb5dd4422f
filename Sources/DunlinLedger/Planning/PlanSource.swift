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
    private let reminders: ReminderReader
    private let history: ContactIndex
    private let begin, end: Statement
    private var reads = 0

    /// Opens the ledger at `path`. Throws a `DunlinError` where there is none, or where it cannot be read.
    public init(path: String) throws {
        let ledger = try SQLiteLedger.open(path: path, role: .reader)
        self.ledger = ledger
        // One transaction, so that queue, flights and contacts are of the same moment.
        (queue, inFlight, reminders, history, begin, end) = try SQLiteLedger.explaining(path) {
            try ledger.database.read { database in
                // Reminders are read in the order they fall due, all over the file.
                try database.execute(sql: "PRAGMA cache_size = -32768")
                let handle = database.sqliteConnection!
                var waiting: [QueuedReminder] = []
                waiting.reserveCapacity(try Int.fetchOne(database, sql: "SELECT count(*) FROM queue") ?? 0)
                try Statement(handle, "SELECT \(QueueTable.columns) FROM queue").forEachRow { row in
                    waiting.append(try QueueTable.entry(row, from: 0))
                }
                let inFlight = try Int.fetchOne(database, sql: "SELECT count(*) FROM flight") ?? 0
                return (
                    PlanQueue(waiting), inFlight, try ReminderReader(handle), try ContactIndex(handle),
                    try Statement(handle, "BEGIN"), try Statement(handle, "COMMIT")
                )
            }
        }
    }

    /// How many reminders waited.
    public var count: Int { queue.count }

    /// The id of the reminder with this number in the plan, 0 ..< `count`.
    public func id(_ number: Int) throws -> String { try reminder(ReminderKey(value: queue.keys[number])).id }

    func reminder(_ key: ReminderKey) throws -> Reminder {
        try SQLiteLedger.explaining(ledger.path) {
            try renewTransaction()
            return try reminders.read(key).reminder
        }
    }

    /// One read transaction for many reads, because each has a price of its own; a new one soon enough that the daemon's
    /// checkpoints never wait for us. What is read is written once, so it does not matter which one sees it.
    private func renewTransaction() throws {
        if reads % PlanSource.readsPerTransaction == 0 {
            if reads > 0 { try end.run() }
            try begin.run()
        }
        reads += 1
    }

    private static let readsPerTransaction = 5_000

    func contacts(of key: ContactKey, since: Instant) throws -> [Contact] {
        try SQLiteLedger.explaining(ledger.path) { try history.contacts(of: key, since: since) }
    }
}
