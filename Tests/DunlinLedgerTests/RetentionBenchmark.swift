// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import GRDB
import Testing

@testable import DunlinLedger

/// What a ledger of many settled messages costs. Only where `DUNLIN_LEDGER_BENCH` names a file for it, which stays; one that is there
/// is used again. `DUNLIN_LEDGER_ROWS` are its messages, a million where nobody says.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["DUNLIN_LEDGER_BENCH"] != nil))
struct RetentionBenchmark {
    private let path = ProcessInfo.processInfo.environment["DUNLIN_LEDGER_BENCH"] ?? ""
    private let rows = Int(ProcessInfo.processInfo.environment["DUNLIN_LEDGER_ROWS"] ?? "") ?? 1_000_000

    /// Every message was taken under an id of the gateway's; of nine in ten it said that they arrived.
    private func fill(_ ledger: SQLiteLedger) throws {
        var random = SeededRandom(seed: 1)
        for first in stride(from: 0, to: rows, by: 500) {
            _ = try ledger.store((first..<first + 500).map { sample("r-\($0)", person: $0) }, at: t0)
            try ledger.write { transaction in
                for person in first..<first + 500 {
                    let flight = try transaction.launch(person: person)
                    let id = "SM" + String(random.next(), radix: 16) + String(random.next(), radix: 16)
                    try transaction.endFlight(flight, refund: false)
                    let key = flight.queued.key
                    try transaction.append(
                        Fact(.accepted, of: key, at: t0, gateway: "sms-main", attempt: flight.attempt, detail: id),
                        from: .sending, to: .accepted)
                    try transaction.track(
                        Delivery(attempt: flight.attempt, queued: flight.queued, state: .accepted), gateway: "sms-main",
                        id: id)
                    guard person % 10 > 0 else { continue }
                    try transaction.append(
                        Fact(.delivered, of: key, at: t0, gateway: "sms-main", attempt: flight.attempt),
                        from: .accepted, to: .delivered)
                    try transaction.setState(nil, of: flight.attempt)
                }
            }
        }
    }

    private func report(_ what: String, _ times: [Duration]) {
        let sorted = times.sorted()
        func micros(_ share: Double) -> Int64 {
            let time = sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
            return Int64(time / .microseconds(1))
        }
        print(
            "\(what): \(times.count) times, half in \(micros(0.5)) µs, 99 % in \(micros(0.99)) µs, all in \(micros(1)) µs"
        )
    }

    private func open() throws -> SQLiteLedger {
        let isNew = !FileManager.default.fileExists(atPath: path)
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        if isNew { print("filled in \(try ContinuousClock().measure { try fill(ledger) })") }
        return ledger
    }

    @Test func aQuestionInACall() throws {
        let ledger = try open()
        var random = SeededRandom(seed: 2)
        var times: [Duration] = []
        var before: [Duration] = []
        for _ in 0..<50 {
            let person = Int.random(in: 0..<rows, using: &random)
            var history: ReminderHistory?
            before.append(
                try ContinuousClock().measure { history = try ledger.histories(of: "r-\(person)", limit: 1).first })
            let attempt = try #require(history?.facts.first?.number)
            times.append(
                try ContinuousClock().measure {
                    _ = try SQLiteLedger.open(path: path, role: .reader).sent(attempt)
                })
        }
        report("an attempt and its reminder, opening included", times)
        report("the whole reminder by the filters", before)
    }

    /// The last one, because nothing of an attempt is left after it.
    @Test func pruning() throws {
        let ledger = try open()
        func size() throws -> String {
            try ledger.database.read { database in
                let pages = try Int.fetchOne(database, sql: "PRAGMA page_count")!
                let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count")!
                return "\(pages / 256) MB, \(free / 256) MB of them free to be used again"
            }
        }
        print(try size())
        var (inside, whole): ([Duration], [Duration]) = ([], [])
        var hasMore = true
        while hasMore {
            whole.append(
                try ContinuousClock().measure {
                    hasMore = try ledger.write { transaction in
                        var more = false
                        inside.append(
                            try ContinuousClock().measure {
                                more = try transaction.prune(Retention(), at: t0 + .days(46))
                            })
                        return more
                    }
                })
        }
        report("a step", inside)
        report("a step with its commit", whole)
        print(try size())
    }
}
