// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB

/// What came back, for whoever asks: cold reads.
struct Replies {
    let database: Database

    func all(from first: Int64, limit: Int) throws -> [StoredReply] {
        try rows("WHERE n >= ? ORDER BY n LIMIT ?", [first, limit])
    }

    func newest(of meaning: String?, limit: Int) throws -> [StoredReply] {
        try rows("WHERE ?1 IS NULL OR meaning = ?1 ORDER BY n DESC LIMIT ?2", [meaning, limit]).reversed()
    }

    func all(from addresses: Set<ContactKey>, limit: Int) throws -> [StoredReply] {
        let keys = addresses.map { "\($0.value)" }.joined(separator: ", ")
        return try rows("WHERE address IN (\(keys)) ORDER BY n DESC LIMIT ?", [limit]).reversed().map { reply in
            var bare = reply
            (bare.sender, bare.text) = ("", "")
            return bare
        }
    }

    private func rows(_ condition: String, _ arguments: StatementArguments) throws -> [StoredReply] {
        let sql = """
            SELECT n, gateway, id, channel, at, received, meaning, address, coalesce(sender, ''), coalesce(text, '')
            FROM reply LEFT JOIN reply_text USING (n) \(condition)
            """
        return try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
            guard let channel = Channel(rawValue: row[3]) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "reply \(row[0] as Int64) has no channel")
            }
            return StoredReply(
                number: row[0], gateway: row[1], id: row[2], channel: channel, at: Instant(milliseconds: row[4]),
                received: Instant(milliseconds: row[5]), meaning: row[6], address: ContactKey(value: row[7] ?? 0),
                sender: row[8], text: row[9])
        }
    }

    func followUps(of attempts: [Int64]) throws -> [FollowUp] {
        guard !attempts.isEmpty else { return [] }
        let list = attempts.map { "\($0)" }.joined(separator: ", ")
        // Only what is still followed can have any; that is known by index.
        let followed = try Int64.fetchAll(database, sql: "SELECT attempt FROM delivery WHERE attempt IN (\(list))")
        guard !followed.isEmpty else { return [] }
        let sql = """
            SELECT at, attempt, kind, tries FROM follow_up
            WHERE attempt IN (\(followed.map { "\($0)" }.joined(separator: ", "))) ORDER BY at, attempt, kind
            """
        return try Row.fetchAll(database, sql: sql).compactMap { row in
            guard let kind = FollowUp.Kind(rawValue: row[2]) else { return nil }
            return FollowUp(kind, of: row[1], at: Instant(milliseconds: row[0]), tries: row[3])
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
