// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinTestKit
import Testing

/// Thousands of random operations, in transactions that sometimes fail, on a ledger that is sometimes opened anew: it
/// answers like the model at every step, and the tally equals a count of all reminders.
@Suite struct LedgerPropertyTests {
    let directory = try! TemporaryDirectory()  // A suite without a directory has nothing to say.

    @Test(arguments: LedgerKind.withPlan, [1, 2, 3] as [UInt64]) func behavesLikeTheModel(
        _ kind: LedgerKind, seed: UInt64
    )
        throws
    {
        var run = RandomRun(seed: seed, isPlan: kind.isPlan)
        var ledger: (any Ledger)? = try kind.open(directory)
        for round in 0..<60 {
            if round % 10 == 9, !kind.isPlan {
                ledger = nil
                ledger = try kind.open(directory)
            }
            try run.storeSome(in: ledger!)
            try run.transact(in: ledger!, operations: 35)
            try run.check(ledger!)
        }
        #expect(run.operations > 2_000)
        for row in run.model.rows where !kind.isPlan {
            let history = try #require(try ledger!.histories(of: row.reminder.id, limit: 1).first)
            #expect(history.reminder == row.reminder)
            #expect(history.state == row.state)
            #expect(history.facts.map(\.fact) == row.facts)
            #expect(history.queued == row.queued)
        }
    }
}

private struct RandomRun {
    var model = LedgerModel()
    var random: SeededRandom
    var now = t0
    var operations = 0

    /// A plan's ledger takes no events and undoes no transaction.
    let isPlan: Bool

    init(seed: UInt64, isPlan: Bool) {
        random = SeededRandom(seed: seed)
        self.isPlan = isPlan
    }

    mutating func pick(_ n: Int) -> Int { Int.random(in: 0..<n, using: &random) }

    mutating func storeSome(in ledger: any Ledger) throws {
        let batch = (0..<pick(12)).map { _ in
            sample(
                "r-\(pick(400))", due: Int64(pick(4_000)), lasts: .minutes(Int64(1 + pick(90))),
                channels: [[.sms, .email], [.email], [.call, .sms]][pick(3)], person: pick(5))
        }
        let expected = batch.map { model.store($0) }
        #expect(try ledger.store(batch, at: now) == expected)
        if !isPlan { try storeEvents(in: ledger) }
    }

    private mutating func storeEvents(in ledger: any Ledger) throws {
        let batch = (0..<pick(4)).map { _ in
            var event = event("e-\(pick(300))", ContactKind.allCases[pick(4)], person: pick(5), at: Int64(pick(9)))
            if pick(3) == 0 { event.contact.recipient = .any }
            if pick(3) == 0 { event.contact.account = .any }
            if pick(3) == 0 { event.contact.address = .address("+1617555\(1000 + pick(5))") }
            return event
        }
        let expected = batch.map { model.store($0) }
        #expect(try ledger.store(events: batch, at: now) == expected)
    }

    /// One transaction; one in six fails at its end and leaves nothing.
    mutating func transact(in ledger: any Ledger, operations count: Int) throws {
        now = now + .seconds(Int64(pick(120)))
        var attempt = self
        let fails = pick(6) == 0 && !isPlan
        do {
            try ledger.write { transaction in
                for _ in 0..<count { try attempt.operate(transaction) }
                if fails { throw Mishap() }
            }
            self = attempt
        } catch is Mishap {
            random = attempt.random
        }
        operations += count
    }

    mutating func operate(_ transaction: any LedgerTransaction) throws {
        let lane = Channel.allCases[pick(3)], now = now, limit = 1 + pick(4)
        switch pick(10) {
        case 0...3:
            let expected = model.take(limit) { $0.lane == lane && $0.due <= now }
            #expect(try transaction.takeDue(in: lane, upTo: now, limit: limit) == expected)
            for entry in expected { try place(entry, transaction) }
        case 4...7:
            guard !model.flights.isEmpty else { return }
            try land(model.flights.remove(at: pick(model.flights.count)), transaction)
        case 8:
            let expected = model.take(.max) { $0.lane == lane && $0.expires <= now }
            let taken = try transaction.takeExpired(in: lane, upTo: now, limit: .max)
            #expect(Set(taken) == Set(expected))
            for entry in taken { try append(.expired, to: entry, transaction) }
        default:
            let held = model.rows.indices.filter {
                model.rows[$0].queued.map { $0.state == .held && $0.due > now } ?? false
            }
            for i in held { model.rows[i].queued?.due = now }
            #expect(try transaction.releaseHeld(at: now) == held.count)
        }
        let person = pick(5)
        let (recipient, account) = (ContactKey.recipient("P-\(person)"), ContactKey.account("A-\(pick(5))"))
        let address = pick(2) == 0 ? ContactKey.any : .address("+1617555\(1000 + pick(5))")
        #expect(
            try transaction.events(recipient: recipient, account: account, address: address)
                == model.events(recipient: recipient, account: account, address: address))
        for key in [ContactKey.recipient("P-\(person)"), .address("+1617555\(1000 + person)")] {
            let since = now - .minutes(Int64(pick(60)))
            #expect(try transaction.contacts(of: key, since: since) == model.contacts(of: key, since: since))
        }
    }

    /// Into flight, back into the queue, or to its end.
    private mutating func place(_ entry: QueuedReminder, _ transaction: any LedgerTransaction) throws {
        #expect(try transaction.reminder(entry.key) == model[entry.key].reminder)
        var entry = entry
        switch pick(6) {
        case 0:
            try append(.suppressed, to: entry, transaction)
        case 1, 2:
            let event: Event = pick(2) == 0 ? .deferred : .held
            let until = now + .seconds(Int64(pick(4_000)))
            try append(event, to: entry, until: until, transaction)
            (entry.state, entry.due, entry.reason) = (model[entry.key].state, until, .quietHours)
            entry.lane = Channel.allCases[pick(3)]
            model[entry.key].queued = entry
            try transaction.enqueue(entry)
        default:
            let flight = try transaction.beginFlight(
                of: entry, channel: entry.lane, gateway: "g", contact: contact(pick(5), at: now, channel: entry.lane),
                detail: "", at: now)
            model.append(Fact(.intent, of: entry.key, at: now, channel: entry.lane, gateway: "g"))
            model.flights.append(flight)
            model.contacts.append((flight.attempt, flight.contact))
        }
    }

    private mutating func land(_ flight: Flight, _ transaction: any LedgerTransaction) throws {
        let event = [Event.accepted, .refused, .unknown, .withdrawn][pick(4)]
        let isRefund = event == .refused || event == .withdrawn
        try transaction.endFlight(flight, refund: isRefund)
        let fact = Fact(event, of: flight.queued.key, at: now, gateway: "g", attempt: flight.attempt)
        try transaction.append(fact, from: .sending, to: State.sending.after(event)!)
        model.append(fact)
        guard isRefund else { return }
        model.contacts.removeAll { $0.attempt == flight.attempt }
        var entry = flight.queued
        (entry.state, entry.reason, entry.attempts) = (.scheduled, .retryBackoff, entry.attempts + 1)
        model[entry.key].queued = entry
        try transaction.enqueue(entry)
    }

    private mutating func append(
        _ event: Event, to entry: QueuedReminder, until: Instant? = nil, _ transaction: any LedgerTransaction
    ) throws {
        let fact = Fact(event, of: entry.key, at: now, until: until)
        try transaction.append(fact, from: entry.state, to: entry.state.after(event)!)
        model.append(fact)
    }

    func check(_ ledger: any Ledger) throws {
        let summary = try ledger.summary()
        for state in State.allCases { #expect(summary.states[state] == model.count(of: state)) }
        #expect(summary.oldestDue == model.rows.compactMap { $0.queued?.due }.min())
        #expect(summary.inFlight == model.flights.count)
        for lane in Channel.allCases {
            #expect(
                try ledger.nextDue(in: lane)
                    == model.rows.compactMap(\.queued).filter { $0.lane == lane }.map(\.due).min())
        }
        let flights = try ledger.write { try $0.flights() }
        #expect(flights == model.flights.sorted { $0.attempt < $1.attempt })
    }
}
