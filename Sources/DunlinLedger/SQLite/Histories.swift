// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB

/// Everything known about some reminders, for `why`. Cold: read with the tables' block filters, not with indexes.
struct Histories {
    let database: Database
    let handle: OpaquePointer

    /// The newest `limit` reminders that `id` names, oldest first: by their own id, their account's or recipient's.
    func histories(of id: String, limit: Int) throws -> [ReminderHistory] {
        try histories(of: try reminderKeys(of: id, limit: limit))
    }

    /// An attempt and its reminder, each by its number.
    func sent(_ attempt: Int64) throws -> SentAttempt? {
        let rows = try Statement(handle, "SELECT \(Histories.columns) FROM fact WHERE n = ? AND event = 'intent'")
        guard let intent = try rows.bind(1, attempt).first({ try $0.fact() }) else { return nil }
        let remains = try ReminderReader(handle).remains(of: intent.reminder).remains
        return SentAttempt(number: attempt, intent: intent, remains: remains)
    }

    fileprivate static let columns = "n, reminder, at, event, channel, gateway, reason, until, attempt, detail"

    private func histories(of keys: [ReminderKey]) throws -> [ReminderHistory] {
        guard !keys.isEmpty else { return [] }
        let reader = try ReminderReader(handle)
        let facts = try facts(of: Set(keys))
        var waiting: [ReminderKey: (State, [Instant])] = [:]
        var found: [ReminderHistory] = []
        for key in keys {
            let (remains, imported) = try reader.remains(of: key)
            let own = facts[key] ?? []
            let state = own.reduce(State.scheduled) { state, fact in state.after(fact.fact.event) ?? state }
            if state.isWaiting { waiting[key] = (state, [remains.reminder.due] + own.compactMap(\.fact.until)) }
            found.append(
                ReminderHistory(
                    key: key, reminder: remains.reminder, imported: imported, state: state, isErased: remains.isErased,
                    queued: nil, facts: own))
        }
        let places = try places(of: waiting.mapValues(\.1))
        for i in found.indices { found[i].queued = places[found[i].key] }
        return found
    }

    private func reminderKeys(of id: String, limit: Int) throws -> [ReminderKey] {
        var keys = try Int64.fetchAll(
            database,
            sql: """
                SELECT key FROM reminder_id WHERE id = :id
                UNION SELECT key FROM reminder WHERE id = :id
                    AND key > coalesce((SELECT value FROM mark WHERE name = 'reminder'), 0)
                """, arguments: ["id": id])
        let hashes = [ContactKey.account(id).value, ContactKey.recipient(id).value]
        for block in try blocks(that: "reminder_filter", mayContain: hashes, newest: "SELECT max(key) FROM reminder") {
            guard keys.count < limit else { break }
            keys += try Int64.fetchAll(
                database,
                sql: """
                    SELECT key FROM reminder WHERE key BETWEEN :first AND :last AND (account = :id OR recipient = :id)
                        AND id <> :id ORDER BY key DESC
                    """,
                arguments: ["id": id, "first": block.lowerBound, "last": block.upperBound])
        }
        return keys.prefix(limit).sorted().map { ReminderKey(value: $0) }
    }

    private func facts(of keys: Set<ReminderKey>) throws -> [ReminderKey: [(number: Int64, fact: Fact)]] {
        var found: [ReminderKey: [(number: Int64, fact: Fact)]] = [:]
        let rows = try Statement(
            handle,
            "SELECT \(Histories.columns) FROM fact WHERE n BETWEEN ? AND ? ORDER BY n")
        let hashes = keys.map(\.value)
        for block in try blocks(that: "fact_filter", mayContain: hashes, newest: "SELECT max(n) FROM fact").reversed() {
            try rows.bind(1, block.lowerBound).bind(2, block.upperBound).forEachRow { row in
                let key = ReminderKey(value: row.int(1))
                guard keys.contains(key) else { return }
                found[key, default: []].append((row.int(0), try row.fact()))
            }
        }
        return found
    }

    /// The newest `limit` events that name `id` or bear an address, oldest first.
    func events(of id: String, addresses: Set<ContactKey>, limit: Int) throws -> [EventRecord] {
        let keys = addresses.map { "\($0.value)" }.joined(separator: ", ")
        let rows = try Statement(
            handle,
            """
            SELECT \(EventColumns.record) FROM event
            WHERE id = ?1 OR reminder = ?1 OR recipient = ?2 OR account = ?3 OR address IN (\(keys))
            ORDER BY at DESC, n DESC LIMIT ?4
            """)
        rows.bind(1, copying: id)
        rows.bind(2, ContactKey.recipient(id))
        rows.bind(3, ContactKey.account(id))
        rows.bind(4, Int64(limit))
        var found: [EventRecord] = []
        try rows.forEachRow { found.append(try $0.eventRecord()) }
        return found.reversed()
    }

    /// Row numbers of the blocks to look at, newest first: the rows that have no filter yet, then each filter that matches.
    private func blocks(that table: String, mayContain keys: [Int64], newest: String) throws -> [ClosedRange<Int64>] {
        var matching: [ClosedRange<Int64>] = []
        var unfiltered: Int64 = 0
        let size = BlockFilters.blockSize
        try Statement(handle, "SELECT block, bits FROM \(table) ORDER BY block").forEachRow { row in
            let block = row.int(0)
            unfiltered = (block + 1) * size
            if keys.contains(where: { BloomFilter.mayContain($0, row.bytes(1)) }) {
                matching.append(block * size...unfiltered - 1)
            }
        }
        let last = try Int64.fetchOne(database, sql: newest) ?? 0
        if last >= unfiltered { matching.append(unfiltered...last) }
        return matching.reversed()
    }

    /// Where reminders wait. The queue is ordered by due instants, so the likely ones are tried first; only a reminder that
    /// waits for an instant its facts do not name (released from a hold) costs a scan.
    private func places(of waiting: [ReminderKey: [Instant]]) throws -> [ReminderKey: QueuedReminder] {
        var places: [ReminderKey: QueuedReminder] = [:]
        let columns = QueueTable.columns
        let one = try Statement(handle, "SELECT \(columns) FROM queue WHERE lane = ? AND due = ? AND key = ?")
        for (key, instants) in waiting {
            for due in Set(instants) {
                for lane in Channel.allCases where places[key] == nil {
                    one.bind(1, lane)
                    one.bind(2, due.milliseconds).bind(3, key.value)
                    places[key] = try one.first { try QueueTable.entry($0, from: 0) }
                }
            }
        }
        guard places.count < waiting.count else { return places }
        try Statement(handle, "SELECT \(columns) FROM queue").forEachRow { row in
            let key = ReminderKey(value: row.int(2))
            if waiting[key] != nil, places[key] == nil { places[key] = try QueueTable.entry(row, from: 0) }
        }
        return places
    }
}

extension Statement {
    /// A fact from `Histories.columns`.
    fileprivate func fact() throws -> Fact {
        Fact(
            try event(3), of: ReminderKey(value: int(1)), at: instant(2), channel: isNull(4) ? nil : try channel(4),
            gateway: optionalText(5), reason: try reason(6), until: isNull(7) ? nil : instant(7),
            attempt: isNull(8) ? nil : int(8), detail: text(9))
    }
}
