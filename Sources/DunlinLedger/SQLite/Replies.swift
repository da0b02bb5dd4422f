// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB

/// What came back, for whoever asks: cold reads.
struct Replies {
    let database: Database

    func all(from first: Int64, limit: Int) throws -> [StoredReply] {
        let sql = """
            SELECT n, gateway, id, channel, at, received, meaning, address, coalesce(sender, ''), coalesce(text, '')
            FROM reply LEFT JOIN reply_text USING (n) WHERE n >= ? ORDER BY n LIMIT ?
            """
        return try Row.fetchAll(database, sql: sql, arguments: [first, limit]).map { row in
            guard let channel = Channel(rawValue: row[3]) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "reply \(row[0] as Int64) has no channel")
            }
            return StoredReply(
                number: row[0], gateway: row[1], id: row[2], channel: channel, at: Instant(milliseconds: row[4]),
                received: Instant(milliseconds: row[5]), meaning: row[6], address: ContactKey(value: row[7] ?? 0),
                sender: row[8], text: row[9])
        }
    }

    func strays(of reference: String, by gateway: String) throws -> [StrayReceipt] {
        let sql = "SELECT status, reason, code, at, received FROM stray WHERE gateway = ? AND reference = ? ORDER BY n"
        return try Row.fetchAll(database, sql: sql, arguments: [gateway, reference]).map { row in
            StrayReceipt(
                gateway: gateway, reference: reference, status: row[0],
                reason: (row[1] as String?).flatMap(Reason.init(rawValue:)), code: row[2],
                at: (row[3] as Int64?).map(Instant.init(milliseconds:)), received: Instant(milliseconds: row[4]))
        }
    }

    func spending(since day: CivilDate) throws -> [Spending] {
        let sql = "SELECT gateway, day, micros, currency FROM spending WHERE day >= ? ORDER BY gateway, day"
        return try Row.fetchAll(database, sql: sql, arguments: [day.daysSince1970]).map { row in
            Spending(gateway: row[0], day: CivilDate(daysSince1970: row[1]), micros: row[2], currency: row[3])
        }
    }
}
