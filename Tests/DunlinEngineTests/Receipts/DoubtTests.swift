// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinEngine

@Suite struct DoubtTests {
    private func doubtful(_ bench: DispatchBench) throws -> Transfer {
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.unknown(.timeout, detail: "28"))])
        #expect(try bench.history("r-1").state == .unknown)
        return sent
    }

    @Test func aLookUpFindsIt() throws {
        let bench = try DispatchBench.following(lookup: ScriptedLookup())
        let sent = try doubtful(bench)
        #expect(try bench.turn().isEmpty)
        bench.clock.advance(by: .seconds(20))
        let asked = try bench.turn()
        #expect(asked.count == 1 && asked[0].slot == nil && asked[0].attempt == sent.attempt)
        guard case .http(let request) = asked[0].request else { return #expect(Bool(false)) }
        #expect(request.method == "GET" && request.url.hasSuffix(DispatchBench.tokens.token(forAttempt: sent.attempt)))
        try bench.turn([asked[0].answered(.accepted(id: "SM1"))])
        #expect(try bench.events("r-1") == [.intent, .unknown, .accepted])
        #expect(try bench.history("r-1").facts.last?.fact.reason == .lookedUp)
        bench.clock.advance(by: .hours(1))
        #expect(try bench.turn().isEmpty)
    }

    @Test func onlyTheLastAnswerThatDoesNotKnowItSendsItAgain() throws {
        let bench = try DispatchBench.following(lookup: ScriptedLookup())
        let sent = try doubtful(bench)
        let absent = Outcome.refused(Refusal(.transient, .notFound, detail: "http 200"))
        var asked = 0
        for _ in 0..<20 {
            bench.clock.advance(by: .seconds(20))
            for transfer in try bench.turn() where transfer.slot == nil {
                asked += 1
                try bench.turn([transfer.answered(absent)])
                if asked < 3 { #expect(try bench.history("r-1").state == .unknown) }
            }
        }
        #expect(asked == 3)
        #expect(try bench.events("r-1").prefix(3) == [.intent, .unknown, .refused])
        let history = try bench.history("r-1")
        #expect(history.facts[2].fact.reason == .notFound && history.facts[2].fact.attempt == sent.attempt)
        // It counts no longer, so it goes out again today.
        bench.clock.advance(by: .hours(1))
        _ = try bench.turn()
        #expect(try bench.events("r-1").contains(.intent))
        #expect(try bench.history("r-1").state == .sending)
    }

    @Test func absenceThatProvesNothingLeavesItUnknown() throws {
        let bench = try DispatchBench.following(lookup: ScriptedLookup(provesAbsence: false))
        _ = try doubtful(bench)
        let absent = Outcome.refused(Refusal(.transient, .notFound, detail: "http 200"))
        for _ in 0..<30 {
            bench.clock.advance(by: .minutes(5))
            for transfer in try bench.turn() { try bench.turn([transfer.answered(absent)]) }
        }
        #expect(try bench.events("r-1") == [.intent, .unknown])
    }

    @Test func anAnswerThatSaysNothingIsAskedAgainAndThenThePolicyDecides() throws {
        let bench = try DispatchBench.following(lookup: ScriptedLookup(), unknown: .resend)
        _ = try doubtful(bench)
        #expect(try bench.events("r-1") == [.intent, .unknown])
        var asked = 0
        for _ in 0..<20 {
            bench.clock.advance(by: .seconds(20))
            for transfer in try bench.turn() where transfer.slot == nil {
                asked += 1
                try bench.turn([transfer.answered(.unknown(.ambiguousAnswer, detail: "http 500"))])
            }
        }
        #expect(asked == 3)
        #expect(try bench.events("r-1").prefix(3) == [.intent, .unknown, .resent])
    }

    @Test func theSameRequestGoesOutAgainUnderTheSameName() throws {
        let bench = try DispatchBench.following(repeatable: .hours(24))
        let sent = try doubtful(bench)
        bench.clock.advance(by: .seconds(15))
        let again = try bench.turn()
        // The cap of one contact a day does not stand in its way: it is the same contact.
        #expect(again.count == 1 && again[0].attempt == sent.attempt && again[0].slot == nil)
        #expect(again[0].notAfter < .distantFuture)
        // A refusal of the second request says nothing of the first.
        try bench.turn([again[0].answered(.refused(.recipient))])
        #expect(try bench.history("r-1").state == .unknown)
        bench.clock.advance(by: .seconds(30))
        let third = try bench.turn()
        try bench.turn([third[0].answered(.accepted(id: "X"))])
        #expect(try bench.events("r-1") == [.intent, .unknown, .accepted])
    }

    @Test func aRepetitionObeysWhatWasSaidMeanwhile() throws {
        let bench = try DispatchBench.following(repeatable: .hours(24))
        _ = try doubtful(bench)
        let phone = try bench.history("r-1").reminder.recipient.phone!
        try bench.turn(callbacks: [DispatchBench.reply("in-1", from: phone, "STOP", .optOut)])
        for _ in 0..<10 {
            bench.clock.advance(by: .minutes(1))
            #expect(try bench.turn().isEmpty)
        }
        #expect(try bench.history("r-1").state == .unknown)
    }

    @Test func aPauseHoldsQuestionsToo() throws {
        let bench = try DispatchBench.following(lookup: ScriptedLookup())
        _ = try doubtful(bench)
        bench.control = Control(parsing: "pause gateway=sms-a\n")
        for _ in 0..<10 {
            bench.clock.advance(by: .minutes(1))
            #expect(try bench.turn().isEmpty)
        }
        bench.control = Control()
        bench.clock.advance(by: .hours(1))
        #expect(try bench.turn().count == 1)
    }

    @Test func aReceiptEndsTheQuestions() throws {
        let bench = try DispatchBench.following(lookup: ScriptedLookup())
        let sent = try doubtful(bench)
        try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .delivered)])
        bench.clock.advance(by: .hours(1))
        #expect(try bench.turn().isEmpty)
        #expect(try bench.events("r-1") == [.intent, .unknown, .delivered])
    }

    @Test func aCrashForgetsNoQuestion() throws {
        let bench = try DispatchBench.following(lookup: ScriptedLookup())
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        _ = try bench.crash(leaving: .sameBoot([sent.attempt: .onWire]))
        bench.clock.advance(by: .seconds(20))
        #expect(try bench.turn().count == 1)
        // Asked, and crashed before the answer.
        _ = try bench.crash(leaving: .sameBoot([:]))
        bench.clock.advance(by: .minutes(1))
        let again = try bench.turn()
        try bench.turn([again[0].answered(.accepted(id: nil))])
        #expect(try bench.events("r-1") == [.intent, .unknown, .accepted])
    }

    /// The gateway said that it did not have it, and tells later that it does: nothing more goes out, and it counts.
    @Test(arguments: [Receipt.Status.accepted, .delivered, .complained])
    func whatComesToLightAfterARefusalIsNotSentAgain(status: Receipt.Status) throws {
        let bench = try DispatchBench.following(lookup: ScriptedLookup())
        let sent = try doubtful(bench)
        let absent = Outcome.refused(Refusal(.transient, .notFound, detail: "http 200"))
        for _ in 0..<20 where try bench.history("r-1").state == .unknown {
            bench.clock.advance(by: .seconds(20))
            for transfer in try bench.turn() { try bench.turn([transfer.answered(absent)]) }
        }
        try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, status)])
        try bench.store(bench.reminder("r-2", to: "P-r-1"))
        bench.clock.advance(by: .hours(1))
        #expect(try bench.turn().isEmpty)
        #expect(try bench.events("r-1").filter { $0 == .intent }.count == 1)
        #expect(try bench.history("r-1").state == .delivered)
        // `strict` allows one contact a day, and there was one.
        #expect([.deferred, .suppressed].contains(try bench.history("r-2").state))
    }

    /// The receipt overtakes an answer that says no: the receipt knows better.
    @Test(arguments: [true, false]) func aReceiptKnowsBetterThanARefusal(isEarly: Bool) throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        let receipt = DispatchBench.receipt(sent.attempt, .delivered)
        if isEarly { try bench.turn(callbacks: [receipt]) }
        try bench.turn([sent.answered(.refused(Refusal(.throttled, .throttled, detail: "429")))])
        if !isEarly { try bench.turn(callbacks: [receipt, receipt]) }
        bench.clock.advance(by: .hours(2))
        #expect(try bench.turn().isEmpty)
        #expect(try bench.history("r-1").state == .delivered)
    }

    /// The same name in the configuration is not the same gateway: another account knows nothing of our attempts, and would
    /// take a repetition for something new.
    @Test(arguments: [true, false]) func anotherAccountUnderTheSameNameIsNotAsked(repeats: Bool) throws {
        func gateways(_ account: UInt8) -> [Gateway] {
            var gateway = DispatchBench.telling(
                "sms-a", .sms, lookup: repeats ? nil : ScriptedLookup(), repeatable: repeats ? .hours(24) : nil)
            gateway.identity = [account]
            return [gateway]
        }
        let bench = try DispatchBench(gateways: gateways(1), routes: [.sms: [0]])
        _ = try doubtful(bench)
        let old = bench.dispatcher.snapshot
        func reload(_ account: UInt8) throws {
            try bench.dispatcher.adopt(
                Snapshot(
                    gateways: gateways(account), routes: [.sms: [0]], policies: old.policies,
                    templates: old.templates, zones: old.zones, party: old.party))
        }
        try reload(2)
        bench.clock.advance(by: .seconds(20))
        #expect(try bench.turn().isEmpty)
        #expect(try bench.history("r-1").state == .unknown)
        // Back to the old one, it can be asked.
        try reload(1)
        bench.clock.advance(by: .minutes(1))
        #expect(try bench.turn().count == 1)
    }
}
