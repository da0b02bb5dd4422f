// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import GRDB
import Logging
import Testing

@testable import DunlinEngine

/// A reminder whose personal data are gone: what is told of it is recorded without them, and nothing is written from it.
@Suite struct ErasureTests {
    private func erase(_ bench: DispatchBench) throws {
        try DatabaseQueue(path: bench.folder + "/dunlin.db").write { try $0.execute(sql: "DELETE FROM personal") }
    }

    /// One message in this outcome, erased.
    private func erased(_ bench: DispatchBench, channels: [Channel] = [.sms, .email, .task], _ outcome: Outcome?) throws
        -> Transfer
    {
        try bench.store(bench.reminder("r-1", channels: channels))
        let sent = try bench.turn()[0]
        if let outcome { try bench.turn([sent.answered(outcome)]) }
        try erase(bench)
        return sent
    }

    @Test(arguments: [
        (Receipt.Status.delivered, Reason?.none, State.delivered, ContactKind?.none),
        (.complained, nil, .delivered, .optOut), (.unsubscribed, nil, .delivered, .optOut),
        (.failed, .recipientRefused, .undeliverable, .deadAddress),
        (.failed, nil, .undeliverable, nil),
    ])
    func aReceiptIsRecorded(_ status: Receipt.Status, _ reason: Reason?, _ state: State, _ kind: ContactKind?) throws {
        let bench = try DispatchBench.following()
        let sent = try erased(bench, .accepted(id: "SM1"))
        for _ in 0..<2 { try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, status, reason: reason)]) }
        #expect(try bench.history("r-1").state == state)
        let events = try bench.ledger.events(of: "r-1", addresses: [], limit: 9)
        #expect(events.map(\.event.contact.kind) == (kind.map { [$0] } ?? []))
        #expect(events.allSatisfy { $0.event.contact.address != .any })
    }

    @Test func soIsOneThatOvertookTheAnswer() throws {
        let bench = try DispatchBench.following()
        let sent = try erased(bench, nil)
        try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .failed, reason: .recipientRefused)])
        try bench.turn([sent.answered(.accepted(id: nil))])
        #expect(try bench.history("r-1").state == .undeliverable)
    }

    @Test func whatACrashLeftIsSettled() throws {
        let bench = try DispatchBench.following(unknown: .resend, fallback: [.sms: .hours(2)])
        let sent = try erased(bench, nil)
        _ = try bench.crash(leaving: .sameBoot([sent.attempt: .onWire]))
        bench.clock.advance(by: .hours(5))
        #expect(try bench.turn().isEmpty)
        #expect(try bench.history("r-1").state == .unknown)
    }

    /// A question is written from the message.
    @Test(arguments: [true, false]) func aDoubtWaitsForAReceipt(looksUp: Bool) throws {
        let bench = try DispatchBench.following(
            lookup: looksUp ? ScriptedLookup() : nil, repeatable: .hours(24), unknown: .resend)
        let sent = try erased(bench, .unknown(.timeout, detail: "28"))
        for _ in 0..<20 {
            bench.clock.advance(by: .minutes(10))
            #expect(try bench.turn().isEmpty)
        }
        #expect(try bench.history("r-1").state == .unknown)
        try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .delivered)])
        #expect(try bench.history("r-1").state == .delivered)
    }

    @Test func anAnswerToAQuestionIsRecorded() throws {
        let bench = try DispatchBench.following(lookup: ScriptedLookup())
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.unknown(.timeout, detail: "28"))])
        bench.clock.advance(by: .seconds(20))
        let asked = try bench.turn()[0]
        try erase(bench)
        try bench.turn([asked.answered(.accepted(id: "SM1"))])
        #expect(try bench.history("r-1").state == .accepted)
    }

    /// Also not to a channel that needs no number: the person of a visit is known by the id.
    @Test func noOtherChannelHasItsTurn() throws {
        for outcome in [Outcome.refused(.recipient), .accepted(id: nil)] {
            let bench = try DispatchBench.following(fallback: [.sms: .hours(2)])
            try bench.store(bench.reminder("r-1", channels: [.sms, .task]))
            let sent = try bench.turn()[0]
            try erase(bench)
            try bench.turn([sent.answered(outcome)])
            bench.clock.advance(by: .hours(30))
            #expect(try bench.turn().isEmpty)
            #expect([.undeliverable, .accepted].contains(try bench.history("r-1").state))
        }
    }

    /// What waits ends, and holds up nobody else.
    @Test func theQueueGoesOn() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1", channels: [.sms, .task]))
        try erase(bench)
        try bench.store(bench.reminder("r-2"))
        #expect(try bench.turn().count == 1)
        let history = try bench.history("r-1")
        #expect(history.state == .undeliverable && history.facts.last?.fact.reason == .noAddress)
        #expect(history.explanation.hasPrefix("reminder r-1: undeliverable, personal data erased\n"))
    }

    @Test func aReplyIsTaken() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.accepted(id: nil))])
        let phone = try bench.history("r-1").reminder.recipient.phone!
        try erase(bench)
        try bench.turn(callbacks: [DispatchBench.reply("in-1", from: phone, "STOP")])
        #expect(try bench.ledger.replies(from: 1, limit: 9).map(\.meaning) == ["opt-out"])
        #expect(try bench.ledger.events(of: "", addresses: [.address(phone)], limit: 9).count == 1)
    }

    @Test func aCallFallsSilentAndItsKeysAreTaken() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1", channels: [.call]))
        let call = try bench.turn()[0]
        let path = bench.folder + "/dunlin.db"
        let desk = CallDesk(
            open: { try SQLiteLedger.open(path: path, role: .reader) }, logger: Logger(label: "test"))
        var gateway = DispatchBench.telling("voice", .call)
        gateway.callFormat = .twiml
        func ask() -> CallbackReply {
            desk.answer(CallQuestion(token: ""), attempt: call.attempt, by: gateway, at: "https://example.com/").reply
        }
        #expect(ask().body.contains("Harbor Credit"))
        try erase(bench)
        #expect(ask() == CallFormat.twiml.silence)
        let pressed = CallbackBatch(
            gateway: "voice", channel: .call, entries: [.pressed("opt-out", attempt: call.attempt)], done: { _ in })
        try bench.turn(callbacks: [pressed])
        let events = try bench.ledger.events(of: "r-1", addresses: [], limit: 9)
        #expect(events.map(\.event.contact.kind) == [.optOut])
    }

    /// What went out counts for the person also where the addresses are gone.
    @Test func itsAttemptsStillCount() throws {
        let bench = try DispatchBench.following()
        _ = try erased(bench, .accepted(id: nil))
        let known = try KnownPerson(id: "r-1", ledger: bench.ledger)
        #expect(known.history.contacts(of: .recipient("P-r-1"), since: bench.clock.now - .days(1)).count == 1)
    }
}
