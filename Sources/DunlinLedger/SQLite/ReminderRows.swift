// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB

/// Writes reminders into their two tables, each id once.
final class ReminderWriter {
    private let index: ReminderIndex
    private let insertReminder, insertPersonal, select: Statement
    private var row = RowBytes()

    init(_ database: OpaquePointer, generationSize: Int) throws {
        index = try ReminderIndex(database, generationSize: generationSize)
        insertReminder = try Statement(
            database,
            """
            INSERT INTO reminder (id, message, channels, account, creditor, recipient, due, expires, imported, digest, key,
                party, product, role) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insertPersonal = try Statement(
            database,
            """
            INSERT INTO personal (name, phone, email, locale, zones, region, currency, vars, amount, due_day, key, chat)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        select = try Statement(database, "SELECT id, digest FROM reminder WHERE key = ?")
    }

    /// Calls `body` with each result, and with the key of what is new.
    func store(_ reminders: [Reminder], at now: Instant, _ body: (StoreResult, ReminderKey?, Reminder) throws -> Void)
        throws
    {
        try index.refresh()
        let settled = try index.settledKeys(of: reminders)
        for (reminder, settled) in zip(reminders, settled) {
            let digest = append(reminder)
            if let key = settled ?? index.recentKey(of: reminder.id) {
                try body(try compare(reminder, digest, with: key), nil, reminder)
            } else {
                let key = index.newest + 1
                try insert(reminder, digest, key: key, at: now)
                index.add(reminder.id, key: key)
                try body(.imported, ReminderKey(value: key), reminder)
            }
        }
        try index.settle()
    }

    /// Puts the reminder's fields into `row`, texts in the order of the statements' parameters, and digests them.
    private func append(_ reminder: Reminder) -> SipHash128 {
        let (account, person) = (reminder.account, reminder.recipient)
        row.removeAll()
        row.append(reminder.id)
        row.append(reminder.message)
        row.append(reminder.channels.map(\.rawValue), separator: ",")
        row.append(account.id)
        row.append(account.creditor)
        row.append(person.id)
        row.append(person.name)
        row.append(person.phone)
        row.append(person.email)
        row.append(person.locale)
        row.append(person.zones, separator: " ")
        row.append(person.region)
        row.append(account.amount.currency.code)
        row.append(reminder.vars)
        row.append(account.amount.minorUnits)
        row.append(Int64(account.dueDate.daysSince1970))
        row.append(reminder.due.milliseconds)
        row.append(reminder.expires.milliseconds)
        // Absent, they leave the digest as version 1 of the schema had it.
        if account.party != nil || account.product != nil || person.role != .borrower {
            row.append(account.party?.rawValue)
            row.append(account.product)
            row.append(person.role.rawValue)
        }
        // One text here and three above, so that it is clear which are there.
        if let chat = person.chat { row.append(chat) }
        return SipHash128(of: row.bytes)
    }

    private func insert(_ reminder: Reminder, _ digest: SipHash128, key: Int64, at now: Instant) throws {
        insertReminder.bind(7, reminder.due.milliseconds).bind(8, reminder.expires.milliseconds)
        insertReminder.bind(9, now.milliseconds).bind(11, key)
        withUnsafeBytes(of: digest) { insertReminder.bind(10, copying: $0) }
        insertReminder.bind(12, reminder.account.party)
        insertReminder.bind(13, copying: reminder.account.product)
        insertReminder.bind(14, reminder.recipient.role)
        try row.run(insertReminder, binding: 0..<6)
        insertPersonal.bind(9, reminder.account.amount.minorUnits)
        insertPersonal.bind(10, Int64(reminder.account.dueDate.daysSince1970)).bind(11, key)
        insertPersonal.bind(12, copying: reminder.recipient.chat)
        try row.run(insertPersonal, binding: 6..<14)
    }

    private func compare(_ reminder: Reminder, _ digest: SipHash128, with key: Int64) throws -> StoreResult {
        // Another id with the same hash would be refused like a conflict, which the caller can see and mend.
        let isSame = try select.bind(1, key).first { row in
            row.text(0) == reminder.id && withUnsafeBytes(of: digest) { $0.elementsEqual(row.bytes(1)) }
        }
        return isSame == true ? .duplicate : .conflict
    }
}

/// Reads a reminder back.
final class ReminderReader {
    private let select: Statement

    init(_ database: OpaquePointer) throws {
        select = try Statement(
            database,
            """
            SELECT id, message, due, expires, channels, account, creditor, recipient, imported,
                name, phone, email, locale, zones, region, amount, currency, due_day, vars,
                party, product, role, chat
            FROM reminder LEFT JOIN personal USING (key) WHERE key = ?
            """)
    }

    /// The reminder, for whoever sends; throws if there is none or its personal data are erased.
    func read(_ key: ReminderKey) throws -> Reminder {
        let found = try remains(of: key).remains
        guard !found.isErased else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "reminder \(key.value) has no personal data")
        }
        return found.reminder
    }

    /// What there is of the reminder, and when it was imported; throws if there is none.
    func remains(of key: ReminderKey) throws -> (remains: ReminderRemains, imported: Instant) {
        let found = try select.bind(1, key.value).first { row in
            (ReminderRemains(reminder: try reminder(row), isErased: row.isNull(9)), row.instant(8))
        }
        guard let found else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "reminder \(key.value) is not there")
        }
        return found
    }

    private func reminder(_ row: Statement) throws -> Reminder {
        guard let currency = Currency(code: row.optionalText(16) ?? "USD"),
            let vars = row.isNull(18) ? [:] : [String: String](netstrings: row.bytes(18))
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a reminder's row cannot be read") }
        return Reminder(
            id: row.text(0), message: row.text(1), due: row.instant(2), expires: row.instant(3),
            channels: try row.channels(4),
            account: Account(
                id: row.text(5), creditor: row.text(6), amount: Money(minorUnits: row.int(15), currency: currency),
                dueDate: CivilDate(daysSince1970: Int(row.int(17))), party: try row.party(19),
                product: row.optionalText(20)),
            recipient: Recipient(
                id: row.text(7), name: row.text(9), locale: row.text(12), zones: zones(row.bytes(13)),
                region: row.optionalText(14), phone: row.optionalText(10), email: row.optionalText(11),
                chat: row.optionalText(22), role: try row.role(21)),
            vars: vars)
    }

    private func zones(_ bytes: UnsafeRawBufferPointer) -> [String] {
        bytes.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    }
}
