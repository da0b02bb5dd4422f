// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import Foundation
import Testing

@Suite struct WireJournalTests {
    let directory = try! TemporaryDirectory()  // A suite without a directory has nothing to say.
    var path: String { directory.file("wire") }

    private static let longText = String(repeating: "ü", count: 200)

    @Test(arguments: [
        Outcome.accepted(id: "SM0123456789abcdef0123456789abcdef"), .accepted(id: nil), .accepted(id: ""),
        .refused(Refusal(.recipient, .recipientRefused, detail: "550 5.1.1")),
        .refused(Refusal(.configuration, .configurationRefused, detail: "")),
        .refused(Refusal(.throttled, .throttled, detail: "429", retryAfter: .seconds(30))),
        .refused(Refusal(.transient, .notConnected, detail: "curl 7", retryAfter: .zero)),
        .unknown(.timeout, detail: "curl 28"), .withdrawn(.windowClosed),
    ])
    func anOutcomeComesBack(_ outcome: Outcome) throws {
        let journal = try WireJournal(path: path, slots: 4)
        journal.markOnWire(slot: 2, attempt: 77)
        journal.markAnswered(slot: 2, attempt: 77, outcome: outcome)
        #expect(try WireJournal.read(path: path) == .sameBoot([77: .answered(outcome)]))
    }

    @Test func everyReasonComesBack() throws {
        let journal = try WireJournal(path: path, slots: Reason.allCases.count)
        var expected: [Int64: WireJournal.Trace] = [:]
        for (slot, reason) in Reason.allCases.enumerated() {
            expected[Int64(slot) + 1] = .answered(.unknown(reason, detail: "d"))
            journal.markAnswered(slot: slot, attempt: Int64(slot) + 1, outcome: .unknown(reason, detail: "d"))
        }
        #expect(try WireJournal.read(path: path) == .sameBoot(expected))
    }

    /// What a killed process leaves is the file as it is while the mapping stands: nothing is flushed at an end.
    @Test func holdsEachSlotsLastMark() throws {
        let journal = try WireJournal(path: path, slots: 100)
        #expect(try WireJournal.read(path: path) == .sameBoot([:]))
        journal.markOnWire(slot: 0, attempt: 1)
        journal.markOnWire(slot: 99, attempt: 1 << 53)
        journal.markOnWire(slot: 7, attempt: 3)
        journal.markAnswered(slot: 7, attempt: 3, outcome: .accepted(id: "x"))
        journal.clear(slot: 7)
        journal.markOnWire(slot: 7, attempt: 4)
        #expect(try WireJournal.read(path: path) == .sameBoot([1: .onWire, 4: .onWire, 1 << 53: .onWire]))
    }

    @Test func aDetailIsCutAtACharacterAndAnIDIsNot() throws {
        let journal = try WireJournal(path: path, slots: 2)
        journal.markAnswered(
            slot: 0, attempt: 1, outcome: .unknown(.ambiguousAnswer, detail: WireJournalTests.longText))
        journal.markAnswered(slot: 1, attempt: 2, outcome: .accepted(id: WireJournalTests.longText))
        let left = try WireJournal.read(path: path)
        guard case .sameBoot(let traces) = left, case .answered(.unknown(_, let detail)) = traces[1] else {
            Issue.record("\(left)")
            return
        }
        #expect(detail.count > 30 && WireJournalTests.longText.hasPrefix(detail))
        #expect(traces[2] == .answered(.accepted(id: nil)))
    }

    @Test func aNewJournalKeepsWhatItIsGiven() throws {
        do {
            let old = try WireJournal(path: path, slots: 9)
            old.markOnWire(slot: 5, attempt: 50)
        }
        let kept: [Int64: WireJournal.Trace] = [50: .onWire, 40: .answered(.accepted(id: "a"))]
        let journal = try WireJournal(path: path, slots: 3, keeping: kept)
        #expect(try WireJournal.read(path: path) == .sameBoot(kept))
        journal.clear(slot: 0)
        #expect(try WireJournal.read(path: path) == .sameBoot([50: .onWire]))
        #expect(FileManager.default.fileExists(atPath: path + ".new") == false)
    }

    @Test func noFileIsNoJournal() throws {
        #expect(try WireJournal.read(path: path) == .none)
    }

    @Test func whatAnotherBootLeftSaysNothing() throws {
        _ = try WireJournal(path: path, slots: 3)
        try overwrite(at: 16, with: Array("01234567".utf8))
        #expect(try WireJournal.read(path: path) == .otherBoot(why: "the machine was restarted"))
    }

    @Test(arguments: [0, 8, 12]) func aDamagedHeaderMeansDoubt(at offset: UInt64) throws {
        _ = try WireJournal(path: path, slots: 3)
        try overwrite(at: offset, with: [0, 0, 0, 0])
        #expect(try isDoubtful())
    }

    @Test(arguments: [0, 1, 127, 128, 300, 511]) func aShortFileMeansDoubt(_ count: Int) throws {
        _ = try WireJournal(path: path, slots: 3)
        try Data(contentsOf: URL(filePath: path)).prefix(count).write(to: URL(filePath: path))
        #expect(try isDoubtful())
    }

    /// A slot that makes no sense is one attempt in doubt, whatever its bytes are.
    @Test(arguments: [8, 9, 10, 11, 24] as [UInt64]) func aDamagedOutcomeMeansDoubtAboutThatAttempt(at offset: UInt64)
        throws
    {
        let journal = try WireJournal(path: path, slots: 1)
        journal.markAnswered(
            slot: 0, attempt: 5, outcome: .refused(Refusal(.transient, .transientFailure, detail: "503")))
        try overwrite(at: 128 + offset, with: [0xf0])
        #expect(try WireJournal.read(path: path) == .sameBoot([5: .onWire]))
    }

    @Test func aSlotPoolHandsOutEachSlotOnce() {
        var pool = SlotPool(count: 5, used: 2)
        #expect([pool.take(), pool.take(), pool.take(), pool.take()] == [2, 3, 4, nil])
        pool.giveBack(3)
        #expect(pool.available == 1)
        #expect(pool.take() == 3)
    }

    private func isDoubtful() throws -> Bool {
        if case .otherBoot = try WireJournal.read(path: path) { true } else { false }
    }

    private func overwrite(at offset: UInt64, with bytes: [UInt8]) throws {
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }
}
