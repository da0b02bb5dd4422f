// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB
import Testing

@testable import DunlinLedger

/// What can no longer matter goes, in small steps, and nothing else does.
@Suite struct RetentionTests {
    let directory = try! TemporaryDirectory()  // A suite without a directory has nothing to say.
    var path: String { directory.file("ledger.db") }
    let old = t0 + .days(46)

    private func count(_ table: String, _ ledger: SQLiteLedger) throws -> Int {
        try ledger.database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    /// Steps until nothing is left to do; how many there were.
    @discardableResult
    private func prune(_ ledger: SQLiteLedger, at now: Instant, _ retention: Retention = Retention()) throws -> Int {
        var steps = 1
        while try ledger.write({ try $0.prune(retention, at: now) }) { steps += 1 }
        return steps
    }

    /// An attempt that its gateway took under an id of its own.
    @discardableResult
    private func send(_ id: String, _ ledger: SQLiteLedger, at now: Instant, person: Int = 1) throws -> Int64 {
        _ = try ledger.store([sample(id, due: (now - t0).milliseconds / 1000, person: person)], at: now)
        return try ledger.write { transaction in
            let flight = try transaction.launch(person: person, at: now)
            try transaction.endFlight(flight, refund: false)
            try transaction.append(
                Fact(
                    .accepted, of: flight.queued.key, at: now, gateway: "a", attempt: flight.attempt, detail: "g-\(id)"),
                from: .sending, to: .accepted)
            try transaction.track(
                Delivery(attempt: flight.attempt, queued: flight.queued, state: .accepted), gateway: "a", id: "g-\(id)")
            return flight.attempt
        }
    }

    private func arrived(_ keys: [ReminderKey], _ ledger: SQLiteLedger) throws -> [Bool] {
        try ledger.write { transaction in try keys.map { try transaction.hasArrived($0) } }
    }

    private func stray(_ reference: String, _ status: String = "delivered", code: String? = nil, at: Instant = t0)
        -> StrayReceipt
    {
        StrayReceipt(gateway: "a", reference: reference, status: status, code: code, received: at)
    }

    private func reply(_ id: String, at instant: Instant) -> StoredReply {
        StoredReply(
            gateway: "a", id: id, channel: .sms, at: instant, received: instant, meaning: "other",
            address: .address("+16175551001"), sender: "+16175551001", text: "hello")
    }

    @Test func anAttemptIsForgottenWhenNothingCanComeAnyMore() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        let early = try send("r-1", ledger, at: t0)
        let late = try send("r-2", ledger, at: t0 + .days(10), person: 2)
        try prune(ledger, at: t0 + .days(45))
        #expect(try ledger.write { try $0.delivery(of: early) } != nil)
        try prune(ledger, at: old)
        try ledger.write { (transaction) throws in
            #expect(try transaction.delivery(of: early) == nil)
            #expect(try transaction.attempt(named: "g-r-1", by: "a") == nil)
            #expect(try transaction.delivery(of: late) != nil)
            #expect(try transaction.attempt(named: "g-r-2", by: "a") == late)
        }
        #expect(try ledger.histories(of: "r-1", limit: 1)[0].facts.count == 2)
    }

    /// The gateway gives a name a second time: it belongs to the newer attempt.
    @Test func aNameThatWasGivenAgainStays() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        try send("r-1", ledger, at: t0)
        let late = try send("r-2", ledger, at: t0 + .days(10), person: 2)
        try ledger.write { try $0.name(late, "g-r-1", by: "a") }
        try prune(ledger, at: old)
        #expect(try ledger.write { try $0.attempt(named: "g-r-1", by: "a") } == late)
    }

    @Test func aStepIsSmallAndWhatFailsIsDoneAgain() throws {
        var ledger: SQLiteLedger? = try SQLiteLedger.open(path: path, role: .owner)
        for number in 0..<300 { try send("r-\(number)", ledger!, at: t0, person: number) }
        #expect(throws: Mishap.self) {
            try ledger!.write {
                _ = try $0.prune(Retention(), at: old)
                throw Mishap()
            }
        }
        #expect(try count("delivery", ledger!) == 300)
        // 600 facts in steps of 256, opened anew in between.
        #expect(try ledger!.write { try $0.prune(Retention(), at: old) })
        #expect(try count("delivery", ledger!) == 172 && count("gateway_id", ledger!) == 172)
        ledger = nil
        ledger = try SQLiteLedger.open(path: path, role: .owner)
        #expect(try prune(ledger!, at: old) == 2)
        #expect(try count("delivery", ledger!) == 0 && count("gateway_id", ledger!) == 0)
        #expect(try count("fact", ledger!) == 600)
    }

    /// Where the clock was ahead, rows stay longer and never go earlier.
    @Test func aFactOfTheFutureIsNoneOfThePast() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        try send("r-1", ledger, at: t0 + .days(1000))
        try send("r-2", ledger, at: t0)
        try prune(ledger, at: old)
        #expect(try count("delivery", ledger) == 2)
        try prune(ledger, at: t0 + .days(1100))
        #expect(try count("delivery", ledger) == 0)
    }

    @Test func whatArrivedMattersUntilTheReminderHasEnded() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        _ = try ledger.store([sample("r-1", lasts: .days(2)), sample("r-2", lasts: .days(90))], at: t0)
        let keys = [ReminderKey(value: 1), ReminderKey(value: 2)]
        try ledger.write { transaction in for key in keys { try transaction.markArrived(key) } }
        try prune(ledger, at: old)
        #expect(try arrived(keys, ledger) == [true, true])
        try prune(ledger, at: t0 + .days(48))
        #expect(try arrived(keys, ledger) == [false, true])
        try prune(ledger, at: t0 + .days(140))
        #expect(try arrived(keys, ledger) == [false, false])
    }

    @Test func repliesAreKeptForYearsAndNumbersAreNeverGivenAgain() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        try ledger.write { transaction in
            for day in 0..<3 as Range<Int64> {
                _ = try transaction.store(reply("in-\(day)", at: t0 + .days(day)))
            }
        }
        try prune(ledger, at: t0 + .days(5 * 365))
        #expect(try ledger.replies(from: 1, limit: 9).map(\.number) == [1, 2, 3])
        try prune(ledger, at: t0 + .days(6 * 365 + 2))
        #expect(try ledger.replies(from: 1, limit: 9).map(\.id) == ["in-2"])
        let late = t0 + .days(7 * 365)
        try prune(ledger, at: late)
        // The newest keeps its place, without who and what.
        #expect(try ledger.replies(from: 1, limit: 9).map(\.text) == [""])
        #expect(try count("reply_text", ledger) == 0)
        try ledger.write { _ = try $0.store(reply("in-9", at: late)) }
        #expect(try ledger.replies(from: 4, limit: 9).map(\.id) == ["in-9"])
    }

    // MARK: Strays

    @Test func aReceiptIsKeptOnce() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        try ledger.write { transaction in
            for number in 0..<100 {
                try transaction.keep(stray("x", "failed", code: "\(number)"), for: nil)
                try transaction.keep(stray("x", "delivered"), for: nil)
            }
        }
        #expect(try ledger.strays(of: "x", by: "a").map(\.status) == ["failed", "delivered"])
        #expect(try ledger.strays(of: "x", by: "a")[0].code == "0")
    }

    /// Reading a mailbox again while no daemon runs leaves no more than reading it once.
    @Test func anImportLeavesAReceiptOnce() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        let attempt = try send("r-1", ledger, at: t0)
        for day in 0..<10 as Range<Int64> {
            #expect(try ledger.store(receipts: [(attempt, stray("x"))], at: t0 + .days(day)) == [true])
        }
        #expect(try count("stray", ledger) == 1 && count("follow_up", ledger) == 1)
    }

    /// A gateway that tells of others' messages pushes out nothing of ours.
    @Test func ofStrangersTheNewestStay() throws {
        let ledger = try SQLiteLedger(path: path, role: .owner, strayLimit: 50)
        try ledger.write { transaction in
            try transaction.keep(stray("ours"), for: 7)
            for number in 0..<500 { try transaction.keep(stray("other-\(number)"), for: nil) }
        }
        #expect(try ledger.strayCount() == 51)
        #expect(try ledger.strays(of: "ours", by: "a").count == 1)
        #expect(try ledger.strays(of: "other-449", by: "a").isEmpty)
        #expect(try ledger.strays(of: "other-450", by: "a").count == 1)
        #expect(try ledger.write { try $0.takeStrays(of: "other-499", by: "a").count } == 1)
        try ledger.write { _ = try $0.keep(stray("other-500"), for: nil) }
        #expect(try ledger.strayCount() == 51)
    }

    @Test func straysGoWithTime() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        try ledger.write { transaction in
            for number in 0..<600 {
                try transaction.keep(
                    stray("x-\(number)", at: t0 + .hours(Int64(number))), for: number % 2 == 0 ? 7 : nil)
            }
        }
        #expect(try prune(ledger, at: t0 + .days(45) + .hours(400)) == 2)
        #expect(try ledger.strayCount() == 200)
    }

    // MARK: Questions

    @Test func anAttemptIsFoundByItsNumber() throws {
        let ledger = try SQLiteLedger.open(path: path, role: .owner)
        let attempt = try send("r-1", ledger, at: t0)
        let sent = try #require(try ledger.sent(attempt))
        #expect(sent.number == attempt && sent.intent.event == .intent && sent.intent.detail == "strict/daily")
        #expect(sent.remains == ReminderRemains(reminder: sample("r-1")))
        #expect(try ledger.sent(attempt + 1) == nil)
        try ledger.database.write { try $0.execute(sql: "DELETE FROM personal") }
        let erased = try #require(try ledger.sent(attempt)).remains
        #expect(erased.isErased && erased.reminder.id == "r-1" && erased.reminder.recipient.name.isEmpty)
        #expect(try ledger.write { try $0.remains(of: sent.intent.reminder) } == erased)
    }
}
