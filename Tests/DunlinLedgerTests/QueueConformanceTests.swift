// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import Testing

/// What every ledger owes its callers: storing and the queue.
@Suite struct QueueConformanceTests {
    let directory = try! TemporaryDirectory()  // A suite without a directory has nothing to say.

    @Test(arguments: LedgerKind.all) func storesEachIDOnce(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        let first = sample("r-1", vars: ["days": "3", "note": "4:x,", "empty": ""])
        #expect(try ledger.store([first, first, sample("r-2")], at: t0) == [.imported, .duplicate, .imported])
        #expect(try ledger.store([sample("r-2"), first], at: t0 + .days(1)) == [.duplicate, .duplicate])
        #expect(try ledger.store([sample("r-2", amount: 1), sample("r-3")], at: t0) == [.conflict, .imported])
        #expect(try ledger.summary().states[.scheduled] == 3)
        let history = try #require(try ledger.histories(of: "r-1", limit: 10).first)
        #expect(history.reminder == first)
        #expect(history.imported == t0)
    }

    @Test(
        arguments: LedgerKind.withPlan,
        [
            sample("x", due: 1), sample("x", lasts: .days(2)), sample("x", channels: [.sms]),
            sample("x", channels: [.email, .sms]), sample("x", person: 2), sample("x", amount: 5),
            sample("x", vars: ["a": ""]), sample("x", vars: ["a": "b"]),
        ])
    func everyFieldCountsAsContent(_ kind: LedgerKind, other: Reminder) throws {
        let ledger = try kind.open(directory)
        #expect(try ledger.store([sample("x"), other], at: t0) == [.imported, .conflict])
    }

    @Test(arguments: LedgerKind.all) func keepsEveryFieldOfAReminder(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        var bare = sample("bare", channels: [.call])
        bare.recipient.zones = []
        bare.recipient.region = nil
        bare.recipient.phone = nil
        bare.recipient.email = "søren@example.com"
        bare.recipient.name = "陈伟 \u{1F409}"
        bare.account.amount = Money(minorUnits: -7, currency: Currency(code: "JPY")!)
        bare.account.dueDate = CivilDate(iso8601: "1969-12-31")!
        bare.vars = ["é": "1:2,", "": "x"]
        _ = try ledger.store([bare], at: t0)
        try ledger.write { transaction in
            let entry = try transaction.takeDue(in: .call, upTo: t0, limit: 1)[0]
            #expect(try transaction.reminder(entry.key) == bare)
            try transaction.enqueue(entry)
        }
    }

    @Test(arguments: LedgerKind.withPlan) func takesTheOldestFirstWithinTheLimit(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        let rows = [30, 10, 20, 10, 40].enumerated().map { sample("r-\($0)", due: $1) }
        _ = try ledger.store(rows + [sample("mail", channels: [.email])], at: t0)
        #expect(try ledger.nextDue(in: .sms) == t0 + .seconds(10))
        #expect(try ledger.nextDue(in: .email) == t0)
        #expect(try ledger.nextDue(in: .call) == nil)
        let taken = try ledger.write { transaction in
            let first = try transaction.takeDue(in: .sms, upTo: t0 + .seconds(30), limit: 3)
            let rest = try transaction.takeDue(in: .sms, upTo: t0 + .seconds(30), limit: 3)
            #expect(try transaction.takeDue(in: .sms, upTo: t0 + .seconds(30), limit: 3) == [])
            for entry in first + rest { try transaction.enqueue(entry) }
            return (first + rest).map { ($0.due - t0).milliseconds / 1000 * 10 + $0.key.value }
        }
        // due * 10 + key: ties go by the order of import.
        #expect(taken == [102, 104, 203, 301])
        #expect(try ledger.nextDue(in: .sms) == t0 + .seconds(10))
    }

    @Test(arguments: LedgerKind.all) func requeuedEntriesKeepWhatTheyCarry(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        _ = try ledger.store([sample("r-1")], at: t0)
        var entry = try ledger.write { transaction in
            var entry = try transaction.takeDue(in: .sms, upTo: t0, limit: 9)[0]
            entry.lane = .call
            entry.due = t0 + .hours(1)
            entry.state = .deferred
            entry.reason = .quietHours
            entry.attempts = 3
            entry.spent = [.sms, .email]
            try transaction.append(
                Fact(.deferred, of: entry.key, at: t0, reason: .quietHours, until: entry.due), from: .scheduled,
                to: .deferred)
            try transaction.enqueue(entry)
            return entry
        }
        let history = try ledger.histories(of: "r-1", limit: 1)[0]
        #expect(history.queued == entry)
        #expect(history.state == .deferred)
        let again = try ledger.write { transaction in
            #expect(try transaction.takeDue(in: .call, upTo: t0 + .minutes(59), limit: 9) == [])
            entry = try transaction.takeDue(in: .call, upTo: t0 + .hours(1), limit: 9)[0]
            try transaction.enqueue(entry)
            return entry
        }
        #expect(again == entry)
    }

    @Test(arguments: LedgerKind.all) func releasesWhatIsHeldAndNothingElse(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        _ = try ledger.store((0..<6).map { sample("r-\($0)") }, at: t0)
        let later = t0 + .hours(5)
        try ledger.write { transaction in
            for (i, taken) in try transaction.takeDue(in: .sms, upTo: t0, limit: 9).enumerated() {
                var entry = taken
                if i < 5 { entry.due = later }
                if i < 4 {
                    (entry.state, entry.reason, entry.lane) = (.held, .unknownZone, i == 0 ? .call : .sms)
                    try transaction.append(
                        Fact(.held, of: entry.key, at: t0, reason: .unknownZone, until: later), from: .scheduled,
                        to: .held)
                }
                try transaction.enqueue(entry)
            }
        }
        let now = t0 + .minutes(1)
        #expect(try ledger.write { [try $0.releaseHeld(at: now), try $0.releaseHeld(at: now)] } == [4, 0])
        // Released without a fact: `why` still finds the place.
        #expect(try ledger.histories(of: "r-1", limit: 1)[0].queued?.due == now)
        #expect(throws: Mishap.self) {
            try ledger.write { transaction in
                let due = try transaction.takeDue(in: .sms, upTo: now, limit: 9)
                #expect(due.map(\.state) == [.scheduled, .held, .held, .held])
                #expect(try transaction.takeDue(in: .call, upTo: now, limit: 9).map(\.state) == [.held])
                throw Mishap()
            }
        }
    }

    @Test(arguments: LedgerKind.withPlan) func findsExpiredEntriesWhereverTheyWait(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        // Every third expires early; number 7 waits beyond its expiry.
        _ = try ledger.store(
            (0..<10).map { sample("r-\($0)", due: Int64($0), lasts: $0 % 3 == 0 ? .minutes(1) : .days(1)) }, at: t0)
        try ledger.write { transaction in
            for var entry in try transaction.takeDue(in: .sms, upTo: t0 + .hours(1), limit: 99) {
                if entry.key.value == 7 { entry.due = t0 + .days(9) }
                try transaction.enqueue(entry)
            }
        }
        func expired(_ now: Instant, _ limit: Int) throws -> [Int64] {
            try ledger.write { try $0.takeExpired(in: .sms, upTo: now, limit: limit).map(\.key.value) }
        }
        #expect(try expired(t0, 99) == [])
        #expect(try expired(t0 + .hours(1), 2).count == 2)
        #expect(try expired(t0 + .hours(1), 99).count == 2)
        #expect(try expired(t0 + .hours(1), 99) == [])
        #expect(try ledger.write { try $0.takeExpired(in: .email, upTo: t0 + .days(30), limit: 9) } == [])
        #expect(Set(try expired(t0 + .days(2), 99)) == [2, 3, 5, 6, 8, 9])
        #expect(try ledger.nextDue(in: .sms) == nil)
    }

    /// A search that stopped at its limit goes on from there, and comes round to what has expired behind it.
    @Test(arguments: LedgerKind.withPlan) func findsWhatExpiresBehindTheSearch(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        _ = try ledger.store(
            [sample("late", lasts: .hours(5)), sample("soon", due: 1, lasts: .hours(1)), sample("never", due: 2)],
            at: t0)
        for (hours, expected) in [(2, [2]), (6, [1]), (7, [])] as [(Int64, [Int64])] {
            let taken = try ledger.write { try $0.takeExpired(in: .sms, upTo: t0 + .hours(hours), limit: 1) }
            #expect(taken.map(\.key.value) == expected)
        }
    }

    @Test(arguments: LedgerKind.all) func aThrownErrorLeavesNothing(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        _ = try ledger.store([sample("r-1"), sample("r-2")], at: t0)
        let before = try ledger.summary()
        #expect(throws: Mishap.self) {
            try ledger.write { transaction in
                let flight = try transaction.launch()
                try transaction.append(Fact(.accepted, of: flight.queued.key, at: t0), from: .sending, to: .accepted)
                throw Mishap()
            }
        }
        #expect(try ledger.summary() == before)
        #expect(try ledger.histories(of: "r-1", limit: 1)[0].facts.isEmpty)
        #expect(throws: Mishap.self) {
            try ledger.write { transaction in
                #expect(try transaction.flights() == [])
                #expect(try transaction.contacts(of: .recipient("P-1"), since: t0 - .days(9)) == [])
                #expect(try transaction.takeDue(in: .sms, upTo: t0, limit: 9).count == 2)
                throw Mishap()
            }
        }
    }
}
