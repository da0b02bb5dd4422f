// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB
import GRDBSQLite

/// The queue: narrow rows in the order they fall due, lane by lane, deleted from its front.
final class QueueTable {
    private let insert, selectDue, deleteFront, deleteOne, selectDueBehind, selectLate, release, front: Statement
    private let database: OpaquePointer
    /// Where the search for expired entries goes on, by lane.
    private var walked: [Channel: (due: Int64, key: Int64)] = [:]

    static let columns = "lane, due, key, expires, state, reason, attempts, spent"

    init(_ database: OpaquePointer) throws {
        self.database = database
        let columns = QueueTable.columns
        insert = try Statement(database, "INSERT INTO queue (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        selectDue = try Statement(
            database, "SELECT \(columns) FROM queue WHERE lane = ? AND due <= ? ORDER BY due, key LIMIT ?")
        deleteFront = try Statement(database, "DELETE FROM queue WHERE lane = ? AND (due, key) <= (?, ?)")
        deleteOne = try Statement(database, "DELETE FROM queue WHERE lane = ? AND due = ? AND key = ?")
        selectDueBehind = try Statement(
            database,
            "SELECT \(columns) FROM queue WHERE lane = ? AND (due, key) > (?, ?) AND due < ? ORDER BY due, key")
        selectLate = try Statement(
            database,
            "SELECT \(columns) FROM queue WHERE lane = ? AND expires <= due AND expires <= ? ORDER BY expires LIMIT ?")
        release = try Statement(database, "UPDATE queue SET due = ?1 WHERE state = 'held' AND due > ?1")
        front = try Statement(database, "SELECT due FROM queue WHERE lane = ? ORDER BY due, key LIMIT 1")
    }

    func add(_ entry: QueuedReminder) throws {
        bindEntry(entry, to: insert, from: 1)
        try insert.run()
    }

    /// The oldest entries of a lane that are due, no longer in the queue.
    func takeDue(in lane: Channel, upTo now: Instant, limit: Int) throws -> [QueuedReminder] {
        selectDue.bind(1, lane)
        selectDue.bind(2, now.milliseconds).bind(3, Int64(limit))
        var taken: [QueuedReminder] = []
        taken.reserveCapacity(min(limit, 4096))
        try selectDue.forEachRow { taken.append(try QueueTable.entry($0, from: 0)) }
        if let last = taken.last {
            // Nothing lies before the oldest, so one range holds exactly what was taken.
            deleteFront.bind(1, lane)
            try deleteFront.bind(2, last.due.milliseconds).bind(3, last.key.value).run()
        }
        return taken
    }

    /// How many rows one call of `takeExpired` looks at.
    static let walkLength: Int64 = 10_000

    /// Expired entries of a lane, no longer in the queue. Looks at a bounded number of rows and goes on where it left off,
    /// so that a lane paused with millions due costs each call the same.
    func takeExpired(in lane: Channel, upTo now: Instant, limit: Int) throws -> [QueuedReminder] {
        var taken: [QueuedReminder] = []
        selectLate.bind(1, lane)
        selectLate.bind(2, now.milliseconds).bind(3, Int64(limit))
        try selectLate.forEachRow { taken.append(try QueueTable.entry($0, from: 0)) }

        try delete(taken)

        var rest = QueueTable.walkLength
        let isAtEnd = try walk(lane, upTo: now, limit: limit, rest: &rest, into: &taken)
        // Round once: what lies before the cursor may have expired meanwhile.
        if isAtEnd { _ = try walk(lane, upTo: now, limit: limit, rest: &rest, into: &taken) }
        return taken
    }

    /// Takes what has expired from the lane's cursor on, looking at no more than `rest` rows. True at the lane's end.
    private func walk(
        _ lane: Channel, upTo now: Instant, limit: Int, rest: inout Int64, into taken: inout [QueuedReminder]
    ) throws -> Bool {
        var cursor = walked[lane] ?? (.min, .min)
        let before = taken.count
        var isAtEnd = false
        selectDueBehind.bind(1, lane)
        selectDueBehind.bind(2, cursor.due).bind(3, cursor.key).bind(4, now.milliseconds)
        while taken.count < limit, rest > 0, !isAtEnd {
            guard try selectDueBehind.step() else {
                isAtEnd = true
                break
            }
            rest -= 1
            cursor = (selectDueBehind.int(1), selectDueBehind.int(2))
            // What expires before it is due is in the other index.
            if selectDueBehind.int(3) <= now.milliseconds, selectDueBehind.int(3) > cursor.due {
                taken.append(try QueueTable.entry(selectDueBehind, from: 0))
            }
        }
        selectDueBehind.reset()
        walked[lane] = isAtEnd ? nil : cursor
        try delete(taken[before...])
        return isAtEnd
    }

    private func delete(_ entries: some Sequence<QueuedReminder>) throws {
        for entry in entries {
            deleteOne.bind(1, entry.lane)
            try deleteOne.bind(2, entry.due.milliseconds).bind(3, entry.key.value).run()
        }
    }

    /// Makes what is held and not yet due, due. Returns how many.
    func releaseHeld(at now: Instant) throws -> Int {
        try release.bind(1, now.milliseconds).run()
        return Int(sqlite3_changes(database))
    }

    func nextDue(in lane: Channel) throws -> Instant? {
        front.bind(1, lane)
        return try front.first { $0.instant(0) }
    }

    // MARK: An entry's eight columns, here and in `flight`

    static func entry(_ row: Statement, from first: Int32) throws -> QueuedReminder {
        QueuedReminder(
            key: ReminderKey(value: row.int(first + 2)), lane: try row.channel(first), due: row.instant(first + 1),
            expires: row.instant(first + 3), state: try row.state(first + 4), reason: try row.reason(first + 5),
            attempts: Int(row.int(first + 6)),
            spent: row.isNull(first + 7) ? [] : Set(try row.channels(first + 7)))
    }
}

/// Binds an entry in the order of `QueueTable.columns`.
func bindEntry(_ entry: QueuedReminder, to statement: Statement, from first: Int32) {
    statement.bind(first, entry.lane)
    statement.bind(first + 1, entry.due.milliseconds).bind(first + 2, entry.key.value)
    statement.bind(first + 3, entry.expires.milliseconds)
    statement.bind(first + 4, entry.state)
    statement.bind(first + 5, entry.reason)
    statement.bind(first + 6, Int64(entry.attempts))
    if entry.spent.isEmpty {
        statement.bind(first + 7, nil as Int64?)
    } else {
        let names = Channel.allCases.filter(entry.spent.contains).map(\.rawValue)
        statement.bind(first + 7, copying: names.joined(separator: ","))
    }
}
