// SPDX-License-Identifier: Apache-2.0

@testable import DunlinLedger
import DunlinModel
import Foundation
import Synchronization
import Testing

/// A daemon and an import on one file.
@Suite struct SharingTests {
    let directory = try! TemporaryDirectory()  // A suite without a directory has nothing to say.

    /// Both write without a pause; each gets its turn.
    @Test func nobodyStarves() throws {
        let path = directory.file("ledger.db")
        _ = try SQLiteLedger.open(path: path, role: .importer)
        let turns = Atomic(0), isOver = Atomic(false), waits = Mutex<[Int]>([])
        DispatchQueue.concurrentPerform(iterations: 2) { thread in
            do {
                if thread == 0 {
                    let owner = try SQLiteLedger.open(path: path, role: .owner)
                    while !isOver.load(ordering: .acquiring) {
                        try owner.write { try $0.enqueue(QueuedReminder(filler: turns.load(ordering: .relaxed))) }
                        turns.add(1, ordering: .relaxed)
                    }
                } else {
                    defer { isOver.store(true, ordering: .releasing) }
                    let importer = try SQLiteLedger.open(path: path, role: .importer)
                    while turns.load(ordering: .relaxed) < 5 { sched_yield() }
                    for i in 0..<40 {
                        let before = turns.load(ordering: .relaxed)
                        #expect(try importer.store([sample("r-\(i)")], at: t0) == [.imported])
                        waits.withLock { $0.append(turns.load(ordering: .relaxed) - before) }
                    }
                }
            } catch {
                isOver.store(true, ordering: .releasing)
                Issue.record(error)
            }
        }
        // They take turns. Without the turnstile one of them runs on alone for dozens of transactions.
        let counts = waits.withLock { $0 }
        #expect(counts.count == 40)
        #expect(counts.count { $0 >= 1 } >= 20, "the owner's turns while the importer waited: \(counts)")
        #expect(counts.allSatisfy { $0 <= 20 }, "the owner's turns while the importer waited: \(counts)")
    }

    /// An opt-out that another process stores between two transactions binds in the second one.
    @Test func anEventBindsFromTheNextTransactionOn() throws {
        let path = directory.file("ledger.db")
        let owner = try SQLiteLedger.open(path: path, role: .owner)
        let importer = try SQLiteLedger.open(path: path, role: .importer)
        for person in 0..<50 {
            func found() throws -> [Contact] {
                try owner.write {
                    try $0.events(recipient: .recipient("P-\(person)"), account: .any, address: .any)
                }
            }
            #expect(try found() == [])
            let told = event("e-\(person)", .optOut, person: person)
            #expect(try importer.store(events: [told], at: t0) == [.imported])
            #expect(try found() == [told.contact])
        }
        #expect(try SQLiteLedger.open(path: path, role: .reader).events(of: "P-7", addresses: [], limit: 9).count == 1)
    }

    /// Two importers store the same ids: each is stored once, whoever comes first.
    @Test func twoImportersStoreEachIDOnce() throws {
        let path = directory.file("ledger.db")
        let one = try SQLiteLedger(path: path, role: .importer, generationSize: 30)
        let two = try SQLiteLedger(path: path, role: .importer, generationSize: 50)
        for round in 0..<20 {
            let rows = (0..<20).map { sample("r-\(round * 10 + $0)") }
            let first = try one.store(rows, at: t0)
            #expect(try two.store(rows.reversed(), at: t0).allSatisfy { $0 == .duplicate })
            #expect(
                first == Array(repeating: .duplicate, count: round == 0 ? 0 : 10)
                    + Array(repeating: .imported, count: round == 0 ? 20 : 10))
            #expect(try two.store([sample("two-\(round)")], at: t0) == [.imported])
            #expect(try one.store([sample("two-\(round)", amount: 3)], at: t0) == [.conflict])
        }
        #expect(try one.summary().states[.scheduled] == 210 + 20)
    }
}

extension QueuedReminder {
    fileprivate init(filler n: Int) {
        self.init(
            key: ReminderKey(value: Int64(1_000_000 + n)), lane: .call, due: t0, expires: t0 + .days(1),
            state: .scheduled)
    }
}
