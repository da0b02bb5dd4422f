// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Writes events into their table, each id once. Events are few beside reminders, so an ordinary index knows their ids.
final class EventWriter {
    private let select, insert: Statement
    private var row = RowBytes()

    init(_ database: OpaquePointer) throws {
        select = try Statement(database, "SELECT digest FROM event WHERE id = ?")
        insert = try Statement(
            database,
            """
            INSERT INTO event (id, reminder, kind, at, until, channel, recipient, account, address, creditor, purpose,
                is_own, is_inbound, figure, imported, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
    }

    func store(_ event: ContactEvent, at now: Instant) throws -> StoreResult {
        let digest = append(event)
        select.bind(1, copying: event.id)
        let isSame = try select.first { row in withUnsafeBytes(of: digest) { $0.elementsEqual(row.bytes(0)) } }
        if let isSame { return isSame ? .duplicate : .conflict }
        try insert(event, digest, at: now)
        return .imported
    }

    /// Puts the event's fields into `row` and digests them.
    private func append(_ event: ContactEvent) -> SipHash128 {
        let contact = event.contact
        row.removeAll()
        row.append(event.id)
        row.append(event.reminder)
        row.append(contact.kind.rawValue)
        row.append(contact.channel?.rawValue)
        row.append(contact.purpose.rawValue)
        row.append(contact.at.milliseconds)
        row.append(contact.until.milliseconds)
        for key in [contact.recipient, contact.account, contact.address, contact.creditor] { row.append(key.value) }
        row.append(contact.isOwn ? 1 : 0)
        row.append(contact.isInbound ? 1 : 0)
        row.append(Int64(contact.figure))
        return SipHash128(of: row.bytes)
    }

    private func insert(_ event: ContactEvent, _ digest: SipHash128, at now: Instant) throws {
        let contact = event.contact
        insert.bind(3, contact.kind)
        insert.bind(4, contact.at.milliseconds)
        insert.bind(5, contact.until == .distantFuture ? nil : contact.until.milliseconds)
        insert.bind(6, contact.channel)
        insert.bind(7, contact.recipient)
        insert.bind(8, contact.account)
        insert.bind(9, contact.address)
        insert.bind(10, contact.creditor)
        insert.bind(11, contact.purpose)
        insert.bind(12, contact.isOwn ? 1 : 0).bind(13, contact.isInbound ? 1 : 0).bind(14, Int64(contact.figure))
        insert.bind(15, now.milliseconds)
        withUnsafeBytes(of: digest) { insert.bind(16, copying: $0) }
        try row.run(insert, binding: 0..<2)
    }
}

/// The columns of `event` that make its contact, as `Statement.event` reads them.
enum EventColumns {
    static let contact =
        "kind, at, until, channel, recipient, account, address, creditor, purpose, is_own, is_inbound, figure"
    static let record = "\(contact), n, id, reminder, imported"
}

extension Statement {
    /// A contact from `EventColumns.contact`.
    func eventContact() throws -> Contact {
        Contact(
            try kind(0), at: instant(1), until: isNull(2) ? .distantFuture : instant(2),
            channel: isNull(3) ? nil : try channel(3), recipient: key(4), account: key(5), address: key(6),
            creditor: key(7), purpose: try purpose(8), isOwn: int(9) != 0, isInbound: int(10) != 0,
            figure: Int32(truncatingIfNeeded: int(11)))
    }

    /// An event from `EventColumns.record`.
    func eventRecord() throws -> EventRecord {
        EventRecord(
            number: int(12),
            event: ContactEvent(id: text(13), contact: try eventContact(), reminder: optionalText(14)),
            imported: instant(15))
    }
}
