// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinEngine

/// Who asked to be left alone is left alone, in whatever order and by whichever gateway it comes to light.
@Suite struct StopTests {
    private func phone(_ bench: DispatchBench) -> String { bench.reminder("r-1").recipient.phone! }

    private func said(
        _ id: String, from sender: String, _ text: String, at: Instant? = nil, by gateway: String = "sms-a"
    ) -> CallbackBatch {
        CallbackBatch(
            gateway: gateway, channel: .sms, entries: [.reply(Reply(id: id, from: sender, text: text, at: at))],
            done: { _ in })
    }

    private func isSent(_ bench: DispatchBench, _ id: String = "r-1") throws -> Bool {
        try bench.store(bench.reminder(id, to: "P-r-1"))
        _ = try bench.turn()
        return try bench.history(id).state == .sending
    }

    /// A gateway that was cut off hands over what it has in one callback: all of it arrives at one instant.
    @Test func aStopAfterAStartInOneCallbackHolds() throws {
        let bench = try DispatchBench.following()
        let replies = ["START", "STOP"].enumerated().map { number, text in
            CallbackBatch.Entry.reply(Reply(id: "in-\(number)", from: phone(bench), text: text))
        }
        try bench.turn(callbacks: [CallbackBatch(gateway: "sms-a", channel: .sms, entries: replies, done: { _ in })])
        #expect(try !isSent(bench))
    }

    /// A START that was written before the STOP and is handed over after it takes nothing back.
    @Test func aStartThatWasOnItsWayForLongLiftsNothing() throws {
        let bench = try DispatchBench.following()
        let written = bench.clock.now
        bench.clock.advance(by: .minutes(1))
        try bench.turn(callbacks: [said("in-2", from: phone(bench), "STOP", at: bench.clock.now)])
        bench.clock.advance(by: .minutes(5))
        try bench.turn(callbacks: [said("in-1", from: phone(bench), "START", at: written)])
        #expect(try !isSent(bench))
    }

    @Test(arguments: [true, false]) func aLaterStartLiftsAStop(saysWhen: Bool) throws {
        let bench = try DispatchBench.following()
        for (id, text) in [("in-1", "STOP"), ("in-2", "START")] {
            try bench.turn(callbacks: [said(id, from: phone(bench), text, at: saysWhen ? bench.clock.now : nil)])
            bench.clock.advance(by: .minutes(1))
        }
        #expect(try isSent(bench))
    }

    /// A clock that ran ahead when the START came must not make it later than a STOP of today.
    @Test func aStopHoldsWhateverTheClockWasBefore() throws {
        let bench = try DispatchBench.following()
        let today = bench.clock.now
        bench.clock.advance(by: .days(300))
        try bench.turn(callbacks: [said("in-1", from: phone(bench), "START")])
        bench.clock.set(today)
        try bench.turn(callbacks: [said("in-2", from: phone(bench), "STOP")])
        #expect(try !isSent(bench))
    }

    /// What the first gateway refuses because the person said STOP to it must not go by the second one next time.
    @Test func anOptOutThatAGatewayKnowsBindsAllOfThem() throws {
        let bench = try DispatchBench()
        #expect(try isSent(bench))
        let refusal = Refusal(.recipient, .optedOut, detail: "21610")
        let attempt = try bench.history("r-1").facts[0].number
        try bench.turn([Answer(attempt: attempt, outcome: .refused(refusal))])
        bench.clock.advance(by: .hours(26))
        #expect(try !isSent(bench, "r-2"))
        #expect(try bench.history("r-2").state == .suppressed)
        let events = try bench.ledger.events(of: "r-1", addresses: [], limit: 10).map(\.event.contact)
        #expect(events.map(\.kind) == [.optOut] && events[0].channel == .sms)
    }

    /// A refusal of the second request says nothing of the first, but of the person.
    @Test func anOptOutThatARepetitionTellsBinds() throws {
        let bench = try DispatchBench.following(repeatable: .hours(24))
        #expect(try isSent(bench))
        let attempt = try bench.history("r-1").facts[0].number
        try bench.turn([Answer(attempt: attempt, outcome: .unknown(.timeout, detail: "28"))])
        bench.clock.advance(by: .seconds(15))
        let again = try bench.turn()
        try bench.turn(again.map { $0.answered(.refused(Refusal(.recipient, .optedOut, detail: "21610"))) })
        #expect(try again.count == 1 && bench.history("r-1").state == .unknown)
        bench.clock.advance(by: .hours(26))
        #expect(try !isSent(bench, "r-2"))
    }

    /// After a crash too, where only the wire journal knows the answer.
    @Test func anOptOutThatACrashLeftBinds() throws {
        let bench = try DispatchBench()
        #expect(try isSent(bench))
        let attempt = try bench.history("r-1").facts[0].number
        let refusal = Refusal(.recipient, .optedOut, detail: "21610")
        _ = try bench.crash(leaving: .sameBoot([attempt: .answered(.refused(refusal))]))
        bench.clock.advance(by: .hours(26))
        #expect(try !isSent(bench, "r-2"))
    }

    /// Ids that a gateway gives twice, and names that run into each other, hide no STOP.
    @Test func noStopIsTakenForAnother() throws {
        let bench = try DispatchBench.following()
        try bench.turn(callbacks: [said("7", from: "+447000000009", "STOP")])
        try bench.turn(callbacks: [said("7", from: phone(bench), "STOP")])
        #expect(try !isSent(bench))

        let other = try DispatchBench.following()
        try other.turn(callbacks: [said("b-1", from: "+447000000009", "STOP", by: "a")])
        try other.turn(callbacks: [said("1", from: phone(other), "STOP", by: "a-b")])
        #expect(try !isSent(other))
    }

    /// Told again after a START, an old STOP is still the old one.
    @Test func aRepetitionStopsNobodyAnew() throws {
        let bench = try DispatchBench.following()
        let stop = said("in-1", from: phone(bench), "STOP")
        try bench.turn(callbacks: [stop])
        bench.clock.advance(by: .minutes(1))
        try bench.turn(callbacks: [said("in-2", from: phone(bench), "START")])
        bench.clock.advance(by: .minutes(1))
        try bench.turn(callbacks: [stop])
        #expect(try isSent(bench))
    }

    /// Whoever holds the telephone can take back a STOP from it, and not what a person said for every channel: a written demand,
    /// or that this number is somebody else's.
    @Test(arguments: [ContactKind.cease, .optOut, .deadAddress]) func aStartLiftsNoMoreThanAStop(kind: ContactKind)
        throws
    {
        let bench = try DispatchBench.following()
        let reminder = bench.reminder("r-1")
        let contact = Contact(
            kind, at: bench.clock.now, channel: nil, recipient: .recipient(reminder.recipient.id),
            address: kind == .deadAddress ? .address(reminder.recipient.phone!) : .any)
        _ = try bench.ledger.store(events: [ContactEvent(id: "e-1", contact: contact)], at: bench.clock.now)
        bench.clock.advance(by: .minutes(1))
        try bench.turn(callbacks: [said("in-1", from: phone(bench), "START")])
        #expect(try !isSent(bench))
    }
}
