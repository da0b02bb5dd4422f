// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinLedger

/// What is the plan's own: it begins where a real ledger stands, and leaves that as it is.
@Suite struct PlanLedgerTests {
    let directory = try! TemporaryDirectory()  // A suite without a directory has nothing to say.

    @Test func beginsWhereTheRealLedgerStands() throws {
        let path = directory.file("ledger.db")
        let real = try SQLiteLedger.open(path: path, role: .owner)
        _ = try real.store((0..<6).map { sample("r-\($0)", due: Int64($0), person: $0) }, at: t0)
        try real.write { transaction in
            try transaction.land(try transaction.launch(person: 0), .accepted)
            _ = try transaction.launch(person: 1, at: t0 + .seconds(5))
            var entry = try transaction.takeDue(in: .sms, upTo: t0 + .seconds(2), limit: 1)[0]
            (entry.due, entry.state, entry.reason, entry.spent) = (t0 + .hours(1), .deferred, .quietHours, [.call])
            try transaction.append(
                Fact(.deferred, of: entry.key, at: t0, reason: .quietHours, until: entry.due), from: .scheduled,
                to: .deferred)
            try transaction.enqueue(entry)
        }
        let before = try real.summary()

        let source = try PlanSource(path: path)
        let plan = PlanLedger(source)
        #expect(plan.count == 4 && source.inFlight == 1)
        #expect(try plan.summary().states[.scheduled] == 3)
        #expect(plan.place(0).state == .deferred && plan.place(0).spent == [.call])
        #expect(try source.id(0) == "r-2" && plan.number(of: plan.key(3)) == 3)
        try plan.write { transaction in
            #expect(try transaction.contacts(of: .recipient("P-1"), since: t0 - .days(1)).count == 1)
            let flight = try transaction.launch(person: 0, at: t0 + .seconds(9))
            #expect(try transaction.reminder(flight.queued.key).id == "r-3")
            // The real contact first, then the planned one.
            let both = try transaction.contacts(of: .account("A-0"), since: t0 - .days(1))
            #expect(both.map(\.at) == [t0, t0 + .seconds(9)])
            try transaction.land(flight, .refused, refund: true)
            #expect(try transaction.contacts(of: .account("A-0"), since: t0 - .days(1)).count == 1)
        }
        #expect(try real.summary() == before)
        // A second plan from the same source knows nothing of the first.
        #expect(PlanLedger(source).count == 4)
        #expect(try PlanLedger(source).summary().states[.scheduled] == 3)
    }

    @Test func aPlanThatFailedIsOver() throws {
        let plan = PlanLedger()
        _ = try plan.store([sample("r-1")], at: t0)
        #expect(throws: Mishap.self) { try plan.write { _ in throw Mishap() } }
        #expect(throws: DunlinError.self) { try plan.write { _ in } }
        #expect(throws: DunlinError.self) { try plan.histories(of: "r-1", limit: 1) }
    }
}
