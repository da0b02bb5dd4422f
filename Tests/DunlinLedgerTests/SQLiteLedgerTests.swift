// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import GRDB
import Testing

@testable import DunlinLedger

/// What is SQLite's own: files, processes, and a disk that fails.
@Suite struct SQLiteLedgerTests {
    let directory = try! TemporaryDirectory()  // A suite without a directory has nothing to say.
    var path: String { directory.file("ledger.db") }

    private func open(_ role: SQLiteLedger.Role) throws -> SQLiteLedger { try .open(path: path, role: role) }

    private func copy(to name: String) throws -> String {
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: directory.file(name) + suffix)
        }
        return directory.file(name)
    }

    // MARK: Opening

    @Test func aSecondOwnerIsRefusedByNumber() throws {
        let first = try open(.owner)
        let error = #expect(throws: DunlinError.self) { try open(.owner) }
        #expect(error?.description.contains("process \(getpid()) is using it") == true)
        #expect(try open(.importer).store([sample("r-1")], at: t0) == [.imported])
        #expect(try first.summary().states[.scheduled] == 1)
    }

    @Test func ownershipEndsWithTheOwner() throws {
        do { _ = try open(.owner) }
        _ = try open(.owner)
    }

    @Test func aReaderCreatesNothing() throws {
        #expect(throws: DunlinError.self) { try open(.reader) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
    }

    @Test func aReaderReadsAndCannotWrite() throws {
        #expect(try open(.importer).store([sample("r-1")], at: t0) == [.imported])
        let reader = try open(.reader)
        #expect(try reader.summary().states[.scheduled] == 1)
        #expect(try reader.histories(of: "P-1", limit: 9).count == 1)
        #expect(throws: DunlinError.self) { try reader.write { _ in } }
        let error = #expect(throws: DunlinError.self) { try reader.store([sample("r-2")], at: t0) }
        #expect(error?.why == "it is read-only")
    }

    @Test func onlyItsUserMayReadTheFile() throws {
        _ = try open(.owner).store([sample("r-1")], at: t0)
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            let mode = try FileManager.default.attributesOfItem(atPath: directory.file(name))[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
    }

    @Test(arguments: SQLiteLedger.Role.all) func aNewerLedgerIsRefused(_ role: SQLiteLedger.Role) throws {
        try open(.owner).database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')") }
        let error = #expect(throws: DunlinError.self) { try open(role) }
        #expect(error?.why.contains("newer version") == true)
    }

    @Test(arguments: SQLiteLedger.Role.all) func aForeignDatabaseIsRefused(_ role: SQLiteLedger.Role) throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE theirs (x)") }
        let error = #expect(throws: DunlinError.self) { try open(role) }
        #expect(error?.why.contains("something else") == true)
    }

    @Test(arguments: SQLiteLedger.Role.all) func aFileThatIsNoDatabaseIsRefused(_ role: SQLiteLedger.Role) throws {
        try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: path))
        let error = #expect(throws: DunlinError.self) { try open(role) }
        #expect(error?.why.contains("damaged") == true)
    }

    // MARK: Bounded work

    /// A paused lane with more due than one call looks at: each call is bounded, and the calls together see everything.
    @Test func theSearchForExpiredEntriesGoesRoundInSteps() throws {
        let ledger = try open(.owner)
        let count = Int(QueueTable.walkLength) + 50
        _ = try ledger.store(
            (0..<count).map { sample("r-\($0)", lasts: $0 == count - 1 || $0 == 3 ? .hours(1) : .days(1)) }, at: t0)
        func expired() throws -> [Int64] {
            try ledger.write { try $0.takeExpired(in: .sms, upTo: t0 + .hours(2), limit: 9).map(\.key.value) }
        }
        #expect(try expired() == [4])
        #expect(try expired() == [Int64(count)])
        #expect(try expired() == [])
    }

    // MARK: A disk that fails

    @Test func afterAFullDiskItGoesOn() throws {
        let ledger = try open(.owner)
        let rows = (0..<3_000).map { sample("r-\($0)") }
        _ = try ledger.store(Array(rows[..<100]), at: t0)
        let flight = try ledger.write { try $0.launch() }
        try ledger.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1") }
        let error = #expect(throws: DunlinError.self) { try ledger.store(rows, at: t0) }
        #expect(error?.why == "the disk is full")
        #expect(throws: DunlinError.self) {
            try ledger.write { transaction in
                for i in 0..<2_000 {
                    try transaction.append(
                        Fact(.deferred, of: flight.queued.key, at: t0, detail: "\(i)"), from: .deferred, to: .deferred)
                }
            }
        }
        #expect(try ledger.summary().states[.scheduled] == 99)

        try ledger.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        #expect(try ledger.write { try $0.flights() } == [flight])
        #expect(try ledger.write { try $0.contacts(of: .recipient("P-1"), since: t0) } == [flight.contact])
        #expect(try ledger.store(rows, at: t0).count { $0 == .imported } == 2_900)
        #expect(try ledger.summary().states[.scheduled] == 2_999)
    }

    /// A run half written when the process ended holds nothing back that is refunded afterwards.
    @Test func aRefundAfterARunWasCutShortCounts() throws {
        func reopened() throws -> SQLiteLedger { try SQLiteLedger(path: path, role: .owner, generationSize: 4) }
        let keys = [ContactKey.recipient("P-1"), .account("A-1"), .address("+16175551001")]
        func counts(_ ledger: SQLiteLedger) throws -> [Int] {
            try ledger.write { transaction in try keys.map { try transaction.contacts(of: $0, since: t0).count } }
        }
        var ledger: SQLiteLedger? = try reopened()
        _ = try ledger!.store((0..<20).map { sample("r-\($0)") }, at: t0)
        // A full generation, then a transaction that writes half of it to the table.
        let flights = try ledger!.write { transaction in try (0..<4).map { _ in try transaction.launch() } }
        _ = try ledger!.write { try $0.launch() }
        try ledger!.write { transaction in
            for flight in flights[..<2] { try transaction.land(flight, .refused, refund: true) }
        }
        ledger = nil
        ledger = try reopened()
        try ledger!.write { try $0.land(flights[2], .refused, refund: true) }
        #expect(try counts(ledger!) == [2, 2, 2])
        for _ in 0..<8 { _ = try ledger!.write { try $0.launch() } }
        #expect(try counts(ledger!) == [10, 10, 10])
    }

    @Test func aDamagedPageIsReported() throws {
        do {
            let ledger = try open(.owner)
            _ = try ledger.store((0..<2_000).map { sample("r-\($0)") }, at: t0)
        }
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: 4096)
        try file.write(contentsOf: Data(repeating: 0xee, count: 400_000))
        try file.close()
        let error = #expect(throws: DunlinError.self) {
            let ledger = try open(.owner)
            _ = try ledger.histories(of: "A-1", limit: 9)
        }
        #expect(error?.why.contains("damaged") == true)
    }

    @Test func aCopyInTheMiddleHoldsWhatWasCommitted() throws {
        let ledger = try open(.owner)
        _ = try ledger.store((0..<50).map { sample("r-\($0)") }, at: t0)
        let flight = try ledger.write { try $0.launch() }
        var before = ""
        try ledger.write { transaction in
            try transaction.land(flight, .accepted)
            before = try copy(to: "before.db")
        }
        let after = try copy(to: "after.db")

        let old = try SQLiteLedger.open(path: before, role: .owner)
        #expect(try old.write { try $0.flights() } == [flight])
        #expect(try old.summary().states[.sending] == 1)
        let new = try SQLiteLedger.open(path: after, role: .owner)
        #expect(try new.write { try $0.flights() } == [])
        #expect(try new.summary().states[.accepted] == 1)
        #expect(try new.write { try $0.contacts(of: .account("A-1"), since: t0) } == [flight.contact])
    }

    @Test func aWriteAheadLogCutAnywhereIsAPrefixOfTheCommits() throws {
        let ledger = try open(.owner)
        for i in 0..<20 { _ = try ledger.store([sample("r-\(i)")], at: t0) }
        let whole = try copy(to: "whole.db")
        let wal = try Data(contentsOf: URL(filePath: whole + "-wal"))
        var counts: [Int] = []
        for part in 0...10 {
            let cut = directory.file("cut-\(part).db")
            try FileManager.default.copyItem(atPath: whole, toPath: cut)
            try wal.prefix(wal.count * part / 10).write(to: URL(filePath: cut + "-wal"))
            // Too early a cut leaves no tables at all: the owner makes them.
            let copy = try SQLiteLedger.open(path: cut, role: .owner)
            let count = try copy.summary().states[.scheduled] ?? -1
            #expect(try (0..<20).count { try !copy.histories(of: "r-\($0)", limit: 1).isEmpty } == count)
            counts.append(count)
        }
        #expect(counts == counts.sorted() && counts.last == 20)
    }
}

extension SQLiteLedger.Role {
    static let all: [SQLiteLedger.Role] = [.owner, .importer, .reader]
}
