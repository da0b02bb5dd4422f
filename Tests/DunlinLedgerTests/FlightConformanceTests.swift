// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinTestKit
import Testing

/// What every ledger owes its callers: facts, flights and contacts.
@Suite struct FlightConformanceTests {
    let directory = try! TemporaryDirectory()  // A suite without a directory has nothing to say.

    @Test(arguments: LedgerKind.all) func aFlightLeavesAndLands(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        _ = try ledger.store([sample("r-1"), sample("r-2", person: 2)], at: t0)
        let (one, two) = try ledger.write { (try $0.launch(person: 1), try $0.launch(person: 2)) }
        #expect(one.attempt < two.attempt)
        #expect(try ledger.write { try $0.flights() } == [one, two])
        var summary = try ledger.summary()
        #expect((summary.states[.sending], summary.inFlight, summary.oldestDue) == (2, 2, nil))

        try ledger.write { transaction in
            try transaction.land(one, .accepted)
            try transaction.land(two, .refused, refund: true)
            try transaction.enqueue(two.queued)
        }
        summary = try ledger.summary()
        #expect((summary.states[.accepted], summary.states[.scheduled], summary.inFlight) == (1, 1, 0))
        #expect(summary.oldestDue == t0)
        let history = try ledger.histories(of: "r-1", limit: 1)[0]
        #expect(history.facts.map(\.fact.event) == [.intent, .accepted])
        #expect(history.facts.first?.number == one.attempt)
        #expect(history.facts.first?.fact.detail == "strict/daily")
        #expect(history.facts.last?.fact.attempt == one.attempt)
        #expect(history.state == .accepted)
        #expect(history.queued == nil)
    }

    @Test(arguments: LedgerKind.withPlan) func aFlightEndsOnce(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        _ = try ledger.store([sample("r-1")], at: t0)
        let flight = try ledger.write { try $0.launch() }
        try ledger.write { try $0.land(flight, .accepted) }
        #expect(throws: DunlinError.self) { try ledger.write { try $0.land(flight, .accepted) } }
        #expect(try ledger.summary().states[.accepted] == 1)
    }

    @Test(arguments: LedgerKind.withPlan) func contactsCountAtOnceByEveryKey(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        _ = try ledger.store((0..<3).map { sample("r-\($0)") }, at: t0)
        let keys = [ContactKey.recipient("P-1"), .account("A-1"), .address("+16175551001")]
        let flights = try ledger.write { transaction in
            var flights: [Flight] = []
            for i in 0..<3 {
                flights.append(try transaction.launch(at: t0 + .hours(Int64(i))))
                for key in keys {
                    #expect(try transaction.contacts(of: key, since: t0).map(\.at) == flights.map(\.contact.at))
                }
            }
            #expect(try transaction.contacts(of: keys[0], since: t0 + .hours(1)).count == 2)
            #expect(try transaction.contacts(of: .recipient("P-2"), since: t0).isEmpty)
            return flights
        }
        try ledger.write { transaction in
            try transaction.land(flights[1], .refused, refund: true)
            for key in keys {
                #expect(
                    try transaction.contacts(of: key, since: t0) == [flights[0].contact, flights[2].contact])
            }
        }
    }

    @Test(arguments: LedgerKind.all) func contactsSurviveReopening(_ kind: LedgerKind) throws {
        var expected: [[Contact]] = Array(repeating: [], count: 5)
        var random = SeededRandom(seed: 11)
        _ = try kind.open(directory).store((0..<100).map { sample("r-\($0)") }, at: t0)
        for round in 0..<10 {
            let ledger = try kind.open(directory)
            try ledger.write { transaction in
                for i in 0..<10 {
                    let person = Int.random(in: 0..<5, using: &random)
                    let flight = try transaction.launch(person: person, at: t0 + .minutes(Int64(round * 10 + i)))
                    if i % 4 == 0 {
                        try transaction.land(flight, .withdrawn, refund: true)
                    } else {
                        expected[person].append(flight.contact)
                    }
                }
                for person in 0..<5 {
                    #expect(try transaction.contacts(of: .account("A-\(person)"), since: t0) == expected[person])
                }
            }
        }
    }

    @Test(arguments: LedgerKind.withPlan) func contactsAreInOrderOfTimeThoughTheClockWentBack(_ kind: LedgerKind) throws
    {
        let ledger = try kind.open(directory)
        _ = try ledger.store((0..<9).map { sample("r-\($0)") }, at: t0)
        try ledger.write { transaction in
            for hour in [5, 1, 4, 2, 3] as [Int64] { _ = try transaction.launch(at: t0 + .hours(hour)) }
            let found = try transaction.contacts(of: .recipient("P-1"), since: t0 + .hours(2))
            #expect(found.map(\.at) == [2, 3, 4, 5].map { t0 + .hours($0) })
        }
    }

    @Test(arguments: LedgerKind.all) func historiesByAccountAndRecipient(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        // More than one block of rows, so that filters and the unfiltered tail are both read.
        _ = try ledger.store((0..<9_000).map { sample("r-\($0)", person: $0 % 1_000) }, at: t0)
        for name in ["A-77", "P-77"] {
            let found = try ledger.histories(of: name, limit: 100)
            #expect(found.map(\.reminder.id) == (0..<9).map { "r-\($0 * 1_000 + 77)" })
            #expect(found.allSatisfy { $0.queued?.due == t0 && $0.state == .scheduled })
        }
        #expect(try ledger.histories(of: "A-77", limit: 3).map(\.reminder.id) == ["r-6077", "r-7077", "r-8077"])
        #expect(try ledger.histories(of: "r-5000", limit: 3).map(\.reminder.id) == ["r-5000"])
        #expect(try ledger.histories(of: "nobody", limit: 3).isEmpty)
    }

    @Test(arguments: LedgerKind.all) func historiesFindFactsInEveryBlock(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        _ = try ledger.store([sample("r-1"), sample("r-2", person: 2)], at: t0)
        for round in 0..<3 as Range<Int64> {
            try ledger.write { transaction in
                let entries = try transaction.takeDue(in: .sms, upTo: t0 + .days(9), limit: 2)
                for i in 0..<3_000 as Range<Int64> {
                    let quiet = i == 1_500 ? entries[0].key : entries[1].key
                    let state: State = round == 0 && (i == 0 || i == 1_500) ? .scheduled : .deferred
                    try transaction.append(
                        Fact(.deferred, of: quiet, at: t0 + .minutes(i), until: t0 + .hours(round)), from: state,
                        to: .deferred)
                }
                for var entry in entries {
                    (entry.state, entry.due) = (.deferred, t0 + .hours(round))
                    try transaction.enqueue(entry)
                }
            }
        }
        let history = try ledger.histories(of: "r-1", limit: 1)[0]
        #expect(history.facts.map(\.fact.until) == (0..<3).map { t0 + .hours($0) })
        #expect(history.queued?.due == t0 + .hours(2))
        #expect(try ledger.histories(of: "P-2", limit: 1)[0].facts.count == 8_997)
    }

    @Test(arguments: LedgerKind.all) func aFactKeepsEveryField(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        _ = try ledger.store([sample("r-1")], at: t0)
        let key = try ledger.histories(of: "r-1", limit: 1)[0].key
        let full = Fact(
            .deferred, of: key, at: t0, channel: .email, gateway: "mail", reason: .frequencyCap, until: t0 + .days(1),
            attempt: 4, detail: "3 of 3 in 7 days")
        let bare = Fact(.held, of: key, at: t0 + .seconds(1))
        try ledger.write {
            try $0.append(full, from: .scheduled, to: .deferred)
            try $0.append(bare, from: .deferred, to: .held)
        }
        #expect(try ledger.histories(of: "r-1", limit: 1)[0].facts.map(\.fact) == [full, bare])
    }
}
