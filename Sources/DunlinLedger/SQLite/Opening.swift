// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB
import Glibc

/// The steps of opening a ledger: whose it is, what it is, and which version it has.
struct Opening {
    let path: String
    let role: SQLiteLedger.Role

    typealias Opened = (database: DatabaseQueue, ownership: FileLock?, turnstile: FileLock?)

    func run() throws -> Opened {
        if role == .reader {
            guard access(path, F_OK) == 0 else {
                throw failure(
                    "there is no such file",
                    "import reminders first, or set 'ledger' in the configuration to the ledger's place")
            }
            let database = try DatabaseQueue(path: path, configuration: configuration())
            guard try database.read(isUpToDate) else {
                throw failure(
                    "it was written by an older version", "start the daemon once; it brings the ledger up to date")
            }
            return (database, nil, nil)
        }
        let lock = try FileLock(path: path + ".lock")
        if role == .owner { try take(lock) }
        try createFile()
        let database = try DatabaseQueue(path: path, configuration: configuration())
        if try !database.read(isUpToDate) {
            // Nobody may be using the ledger while its tables change.
            if role == .importer { try take(lock) }
            try Schema.migrator.migrate(database)
            if role == .importer { lock.unlock() }
        }
        return (database, role == .owner ? lock : nil, try FileLock(path: path + ".turn"))
    }

    /// Throws what `run` would say of the file that is there: that it is something else, or of a newer version. Changes nothing.
    func check() throws {
        _ = try DatabaseQueue(path: path, configuration: configuration()).read(isUpToDate)
    }

    private func take(_ lock: FileLock) throws {
        guard lock.tryLock() else {
            let holder = lock.holder().map { "process \($0)" } ?? "another process"
            throw failure(
                "\(holder) is using it (\(lock.path))",
                "stop that process first (systemctl stop dunlin), or give this one a ledger of its own")
        }
        lock.writeProcessID()
    }

    /// Creates an empty file that only its owner reads: it will hold personal data, and SQLite's other files copy its mode.
    private func createFile() throws {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw failure(
                String(cString: strerror(errno)), "let the user of this process write the file and its directory")
        }
        close(descriptor)
    }

    private func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "dunlin.ledger"
        configuration.foreignKeysEnabled = false
        configuration.readonly = role == .reader
        // Short sleeps, because transactions are short; ten seconds in all.
        configuration.busyMode = .callback { tries in
            usleep(250)
            return tries < 30_000
        }
        guard role != .reader else { return configuration }
        configuration.prepareDatabase { database in
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            try database.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA cache_size = -32768;
                    PRAGMA wal_autocheckpoint = \(Opening.checkpointPages);
                    PRAGMA journal_size_limit = 268435456;
                    PRAGMA temp_store = MEMORY;
                    """)
        }
        return configuration
    }

    /// Pages of 4 KiB in the WAL before they are copied to the file: a page written many times meanwhile is copied once.
    static let checkpointPages = 16_384

    /// False for a ledger that is new or older; throws for what is no ledger of ours or newer than we are.
    private func isUpToDate(_ database: Database) throws -> Bool {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        // A crash in the very first second may have left the migrator's own table and nothing else.
        let tables = try String.fetchAll(database, sql: "SELECT DISTINCT tbl_name FROM sqlite_schema")
        let isEmpty = tables.allSatisfy { $0 == "grdb_migrations" }
        guard application == Schema.applicationID || application == 0 && isEmpty else {
            throw failure("it is a database of something else", "set 'ledger' in the configuration to another place")
        }
        if try Schema.migrator.hasBeenSuperseded(database) {
            throw failure(
                "a newer version of Dunlin wrote it; this one knows schemas up to \(Schema.version)",
                "use that version, or restore the copy made before the upgrade")
        }
        return try Schema.migrator.hasCompletedMigrations(database)
    }

    private func failure(_ why: String, _ remedy: String) -> DunlinError {
        DunlinError(.failure, "cannot open the ledger \(path)", why: why, remedy: remedy)
    }
}
