// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinEngine

/// Receipts of attempts that their reminders have gone on without: what they stop, and what they leave in the record.
@Suite struct LateReceiptTests {
    /// An SMS whose arrival nobody told in time, so that the mail has its turn; within the cap a day later.
    private func goneOn() throws -> (bench: DispatchBench, sms: Int64) {
        let bench = try DispatchBench.following(fallback: [.sms: .hours(2)])
        try bench.store(bench.reminder("r-1", channels: [.sms, .email]))
        let sms = try bench.turn()[0]
        try bench.turn([sms.answered(.accepted(id: nil))])
        bench.clock.advance(by: .hours(2))
        #expect(try bench.turn().isEmpty)
        #expect(try bench.events("r-1").dropFirst(2).first == .nextChannel)
        return (bench, sms.attempt)
    }

    private func words(_ bench: DispatchBench) throws -> [String] {
        let history = try bench.history("r-1")
        return history.facts.compactMap {
            $0.fact.event == .receipt ? $0.fact.words(in: history, number: $0.number) : nil
        }
    }

    @Test func theMailThatWaitsIsStopped() throws {
        let (bench, sms) = try goneOn()
        for _ in 0..<3 { try bench.turn(callbacks: [DispatchBench.receipt(sms, .delivered, code: "7")]) }
        #expect(try bench.events("r-1").suffix(2) == [.deferred, .receipt])
        #expect(
            try words(bench) == ["it comes after 'next-channel'; nothing else had gone out, and nothing more is sent"])
        let text = try #require(try Explanation(of: "r-1", in: bench.ledger, limit: 9)).text(
            daemon: nil, at: bench.clock.now)
        #expect(text.contains("  a message of it has arrived: nothing more is sent, and its next turn ends it\n"))
        #expect(text.contains("receipt sms by sms-a (attempt \(sms)), delivered code 7\n"))
        bench.clock.advance(by: .hours(26))
        #expect(try bench.turn().isEmpty)
        #expect(try bench.history("r-1").state == .delivered)
        #expect(try bench.ledger.summary().states[.delivered] == 1)
    }

    @Test func afterTheMailItIsRecordedAndMovesNothing() throws {
        let (bench, sms) = try goneOn()
        bench.clock.advance(by: .hours(26))
        let mail = try bench.turn()[0]
        try bench.turn([mail.answered(.accepted(id: nil))])
        for _ in 0..<2 { try bench.turn(callbacks: [DispatchBench.receipt(sms, .delivered)]) }
        #expect(try bench.events("r-1").suffix(2) == [.accepted, .receipt])
        #expect(try bench.history("r-1").state == .accepted)
        #expect(
            try words(bench)
                == ["it comes after 'next-channel'; meanwhile email by mail had gone out (attempt \(mail.attempt))"])
        #expect(try bench.ledger.summary().states[.accepted] == 1)
    }

    /// What was reached by SMS is not undeliverable because the mail came back.
    @Test func theMailMayComeBackThen() throws {
        let (bench, sms) = try goneOn()
        bench.clock.advance(by: .hours(26))
        let mail = try bench.turn()[0]
        try bench.turn([mail.answered(.accepted(id: nil))])
        try bench.turn(callbacks: [DispatchBench.receipt(sms, .delivered)])
        for _ in 0..<2 {
            try bench.turn(callbacks: [
                DispatchBench.receipt(mail.attempt, .failed, code: "5.2.2", from: "mail", channel: .email)
            ])
        }
        #expect(try bench.events("r-1").suffix(3) == [.receipt, .receipt, .delivered])
        #expect(try bench.history("r-1").state == .delivered)
        #expect(try bench.ledger.summary().states[.delivered] == 1)
    }

    /// The news that it failed adds to the silence, once.
    @Test func afterTheSilenceAFailureIsKept() throws {
        let (bench, sms) = try goneOn()
        for _ in 0..<2 { try bench.turn(callbacks: [DispatchBench.receipt(sms, .failed, code: "30003")]) }
        #expect(try bench.events("r-1").count { $0 == .receipt } == 1)
        // And then it arrived after all, which is told once as well.
        for _ in 0..<3 { try bench.turn(callbacks: [DispatchBench.receipt(sms, .delivered)]) }
        #expect(try bench.events("r-1").count { $0 == .receipt } == 2)
        #expect(try bench.history("r-1").state == .deferred)
    }

    @Test func whatEndedUndeliverableMayHaveArrived() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"))
        let sms = try bench.turn()[0]
        try bench.turn([sms.answered(.accepted(id: nil))])
        for status in [Receipt.Status.failed, .failed, .delivered, .delivered, .failed] {
            try bench.turn(callbacks: [DispatchBench.receipt(sms.attempt, status)])
        }
        #expect(try bench.events("r-1") == [.intent, .accepted, .bounced, .receipt])
        #expect(try bench.history("r-1").state == .undeliverable)
    }

    /// The gateway refused it, or said that it never had it, and it arrived: the person is not written to again, and rules count it.
    @Test func whatWasRefusedMayHaveArrived() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"), bench.reminder("r-2", to: "P-r-1"))
        let sent = try bench.turn()
        #expect(sent.count == 1, "strict allows one a day")
        try bench.turn([sent[0].answered(.refused(.transient))])
        let first = try bench.history("r-1")
        #expect(first.state != .delivered)
        for _ in 0..<2 { try bench.turn(callbacks: [DispatchBench.receipt(sent[0].attempt, .delivered)]) }
        #expect(try bench.events("r-1").count { $0 == .receipt } == 1)
        let counted = try bench.ledger.events(of: "r-1", addresses: [], limit: 9).map(\.event.contact)
        #expect(counted.map(\.kind) == [.attempt] && counted.allSatisfy { !$0.isOwn })
        for _ in 0..<20 {
            bench.clock.advance(by: .hours(1))
            #expect(try bench.turn().isEmpty, "at \(bench.clock.now)")
            if try bench.history("r-1").state == .delivered { break }
        }
        #expect(try bench.history("r-1").state == .delivered)
    }

    @Test func keysStandInTheStory() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1", channels: [.call]))
        let call = try bench.turn()[0]
        try bench.turn([call.answered(.accepted(id: "CA1"))])
        // Gateways repeat their questions where our answer is lost.
        for key in ["continue", "continue", "repeat", "promise", "opt-out", "repeat", "opt-out"] {
            try bench.turn(callbacks: [
                CallbackBatch(
                    gateway: "voice", channel: .call, entries: [.pressed(key, attempt: call.attempt)], done: { _ in })
            ])
        }
        let facts = try bench.history("r-1").facts.map(\.fact).filter { $0.event == .pressed }
        #expect(facts.map(\.detail) == ["continue", "repeat", "promise", "opt-out"])
        #expect(facts.allSatisfy { $0.gateway == "voice" && $0.channel == .call && $0.attempt == call.attempt })
        let story = try #require(try Explanation(of: "r-1", in: bench.ledger, limit: 9))
        #expect(story.events.map(\.event.contact.kind) == [.promise, .optOut])
        #expect(story.text.contains("opt-out by call, from a key in the call by voice (attempt \(call.attempt))\n"))
    }

    /// A complaint after a START binds, though the person had opted out by the same message before.
    @Test func twoRefusalsOfOneAttemptAreTwo() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"))
        let sms = try bench.turn()[0]
        try bench.turn([sms.answered(.accepted(id: nil))])
        try bench.turn(callbacks: [DispatchBench.receipt(sms.attempt, .failed, reason: .optedOut)])
        try bench.turn(callbacks: [DispatchBench.receipt(sms.attempt, .complained)])
        let events = try bench.ledger.events(of: "r-1", addresses: [], limit: 9).map(\.event)
        #expect(events.map(\.contact.kind) == [.optOut, .optOut])
        #expect(
            Set(events.map { EventOrigin($0) }) == [.attempt(sms.attempt, .receipt), .attempt(sms.attempt, .complaint)])
    }
}
