// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB

extension SQLiteLedger {
    /// Runs `body`; what SQLite reports becomes an error for the operator. Other errors pass unchanged.
    static func explaining<R>(_ path: String, _ body: () throws -> R) throws -> R {
        do { return try body() } catch let error as DatabaseError { throw explain(error, path) }
    }

    /// Never has the statement's values in it: they may be personal.
    private static func explain(_ error: DatabaseError, _ path: String) -> DunlinError {
        let (why, remedy) =
            switch error.resultCode {
            case .SQLITE_FULL:
                ("the disk is full", "make room; nothing that was recorded is lost, and sending goes on by itself")
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
                ("it is read-only", "let the user of this process write the file and its directory")
            case .SQLITE_CANTOPEN:
                ("the file or its directory cannot be opened", "check that both are there and whose they are")
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                (
                    "another process has been writing to it for ten seconds",
                    "find out which (fuser \(path)) and let it finish"
                )
            case .SQLITE_IOERR:
                (
                    "the disk reports an error (\(error.extendedResultCode.rawValue))",
                    "check the disk and the kernel's log"
                )
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                (
                    "the file is damaged or no ledger (\(error.message ?? "no detail"))",
                    "stop the daemon, keep a copy of the file, and restore a backup"
                )
            default:
                (
                    error.message ?? "SQLite reports \(error.extendedResultCode.rawValue)",
                    "this is a defect: please report it"
                )
            }
        return DunlinError(.failure, "the ledger \(path) cannot be used", why: why, remedy: remedy)
    }
}
