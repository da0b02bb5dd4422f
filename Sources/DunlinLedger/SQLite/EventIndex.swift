// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The events of a person, a debt and an address. Hardly anybody has one, so a filter in memory answers first; only when
/// it says "perhaps" is the table asked. The table is always the truth: nothing of it is kept across transactions.
final class EventIndex {
    private let selectNewest, selectKeys, select: Statement
    private var filter = KeyFilter(capacity: 0)
    /// The last event that the filter knows.
    private var newest: Int64 = 0
    private var isCurrent = false

    init(_ database: OpaquePointer) throws {
        selectNewest = try Statement(database, "SELECT max(n) FROM event")
        selectKeys = try Statement(database, "SELECT recipient, account, address FROM event WHERE n > ?")
        select = try Statement(
            database,
            """
            SELECT \(EventColumns.contact) FROM event WHERE recipient = ? OR account = ? OR address = ? ORDER BY at, n
            """)
    }

    /// Oldest first.
    func events(recipient: ContactKey, account: ContactKey, address: ContactKey) throws -> [Contact] {
        if !isCurrent { try catchUp() }
        guard filter.mayContain(recipient) || filter.mayContain(account) || filter.mayContain(address) else {
            return []
        }
        select.bind(1, recipient)
        select.bind(2, account)
        select.bind(3, address)
        var events: [Contact] = []
        try select.forEachRow { events.append(try $0.eventContact()) }
        return events
    }

    /// Other processes may store events from now on.
    func endTransaction() { isCurrent = false }

    /// Takes in the keys of what has been stored since; rebuilds the filter when it becomes too small.
    private func catchUp() throws {
        let last = try selectNewest.first { $0.int(0) } ?? 0
        if 3 * Int(last - newest) > filter.room {
            filter = KeyFilter(capacity: 6 * Int(last))
            newest = 0
        }
        if last > newest {
            try selectKeys.bind(1, newest).forEachRow { row in
                for column in 0..<3 as Range<Int32> where !row.isNull(column) { filter.insert(row.key(column)) }
            }
            newest = last
        }
        isCurrent = true
    }
}
