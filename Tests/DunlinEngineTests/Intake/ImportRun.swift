// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import Foundation
import Testing

@testable import DunlinEngine

/// A ledger that only stores, for tests of intake.
final class StoringLedger: Ledger {
    private(set) var stored: [String: Reminder] = [:]
    private(set) var events: [String: ContactEvent] = [:]

    func store(_ reminders: [Reminder], at now: Instant) throws -> [StoreResult] {
        reminders.map { reminder in
            if let known = stored[reminder.id] { return known == reminder ? .duplicate : .conflict }
            stored[reminder.id] = reminder
            return .imported
        }
    }
    func store(events new: [ContactEvent], at now: Instant) throws -> [StoreResult] {
        new.map { event in
            if let known = events[event.id] { return known == event ? .duplicate : .conflict }
            events[event.id] = event
            return .imported
        }
    }
    func write<R>(_ body: (any LedgerTransaction) throws -> R) throws -> R { throw CancellationError() }
    func nextDue(in lane: Channel) throws -> Instant? { nil }
    func summary() throws -> LedgerSummary { LedgerSummary(states: [:], oldestDue: nil, inFlight: 0, version: 0) }
    func histories(of id: String, limit: Int) throws -> [ReminderHistory] { [] }
    func store(receipts: [(attempt: Int64, receipt: StrayReceipt)], at now: Instant) throws -> [Bool] {
        receipts.map { _ in false }
    }
    func nextFollowUp() throws -> Instant? { nil }
    func replies(from first: Int64, limit: Int) throws -> [StoredReply] { [] }
    func newestReplies(of meaning: String?, limit: Int) throws -> [StoredReply] { [] }
    func replies(from addresses: Set<ContactKey>, limit: Int) throws -> [StoredReply] { [] }
    func followUps(of attempts: [Int64]) throws -> [FollowUp] { [] }
    func strayCount() throws -> Int { 0 }
    func strays(of reference: String, by gateway: String) throws -> [StrayReceipt] { [] }
    func spending(since day: CivilDate) throws -> [Spending] { [] }
    func sent(_ attempt: Int64) throws -> SentAttempt? { nil }
    func archive(_ versions: [ArchivedTemplate]) throws {}
    func archived(message: String, version: String) throws -> ArchivedTemplate? { nil }
    func events(of id: String, addresses: Set<ContactKey>, limit: Int) throws -> [EventRecord] { [] }
}

/// What came of one input, read through a pipe.
struct ImportRun {
    var tally: ImportTally
    var reminders: [String: Reminder]
    var events: [String: ContactEvent]
    var errors: [Int: [String]] = [:]
    var rejects: String

    init(_ input: String, _ format: RowFormat, _ importer: Importer, _ ledger: StoringLedger) throws {
        var pipe: [Int32] = [0, 0]
        #expect(Glibc.pipe(&pipe) == 0)
        let (reading, writing) = (pipe[0], pipe[1])
        let bytes = Array(input.utf8)
        let writer = Thread {
            bytes.withUnsafeBytes { buffer in
                var sent = 0
                while sent < buffer.count {
                    let count = write(writing, buffer.baseAddress! + sent, buffer.count - sent)
                    if count <= 0 { break }
                    sent += count
                }
            }
            close(writing)
        }
        writer.start()
        defer { close(reading) }
        let path = NSTemporaryDirectory() + "rejects-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var errors: [Int: [String]] = [:]
        let file = RejectsFile(path: path, format: format) { errors[$0] = $1.map(\.description) }
        tally = try importer.run(descriptor: reading, format: format, rejects: file) { _ in }
        rejects = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        self.errors = errors
        (reminders, events) = (ledger.stored, ledger.events)
    }
}
