// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel
import FoundationEssentials
import GRDB

/// The texts of message versions, for `why --text`. Cold: written at start and reload, read by hand.
struct TemplateArchive {
    let database: Database

    func holds(_ version: ArchivedTemplate) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM template_file WHERE message = ? AND version = ?)",
            arguments: [version.message, version.version]) ?? false
    }

    /// Only within a transaction: a version is there as a whole or not at all.
    func add(_ version: ArchivedTemplate) throws {
        guard try !holds(version) else { return }
        for (path, text) in version.files.sorted(by: { $0.key < $1.key }) {
            let hash = TemplateArchive.hash(of: text)
            try database.execute(
                sql: "INSERT INTO template_text VALUES (?, ?) ON CONFLICT DO NOTHING", arguments: [hash, text])
            try database.execute(
                sql: "INSERT INTO template_file VALUES (?, ?, ?, ?)",
                arguments: [version.message, version.version, path, hash])
        }
    }

    func version(_ version: String, of message: String) throws -> ArchivedTemplate? {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT path, file.hash, text FROM template_file AS file LEFT JOIN template_text USING (hash)
                WHERE message = ? AND version = ?
                """, arguments: [message, version])
        guard !rows.isEmpty else { return nil }
        var files: [String: String] = [:]
        for row in rows {
            let path: String = row[0]
            let hash: Data = row[1]
            guard let text: String = row[2], TemplateArchive.hash(of: text) == hash else {
                throw DunlinError(
                    .failure, "\(message)@\(version): \(path)",
                    why: "its text in the ledger is not the one that was stored",
                    remedy: "somebody changed the ledger's file: compare it with a backup")
            }
            files[path] = text
        }
        return ArchivedTemplate(message: message, version: version, files: files)
    }

    private static func hash(of text: String) -> Data { Data(SHA256.hash(data: Array(text.utf8))) }
}
