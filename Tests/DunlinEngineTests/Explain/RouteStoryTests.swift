// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinEngine

/// How channel and gateway were found, as `why` tells it.
@Suite struct RouteStoryTests {
    private func trace(_ bench: DispatchBench, _ id: String = "r-1") throws -> DecisionTrace {
        let last = try #require(bench.history(id).facts.last)
        return try #require(DecisionTrace(detail: last.fact.detail))
    }

    @Test func theFirstGatewayNeedsNoWords() throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1"))
        #expect(try bench.turn().count == 1)
        let trace = try trace(bench)
        #expect(trace.passed == nil && trace.entry == nil && trace.over == nil)
    }

    @Test func aChannelThatIsNotUsedSaysWhichRuleForbidsIt() throws {
        let bench = try DispatchBench(routes: [.sms: [0, 1], .email: [2]])
        let reminder = {
            var reminder = bench.reminder("r-1", channels: [.task, .chat, .sms, .call, .email])
            reminder.recipient.chat = "line:U1"
            return reminder
        }()
        _ = try bench.ledger.store(
            events: [
                ContactEvent(
                    id: "stop",
                    contact: Contact(
                        .optOut, at: bench.clock.now - .days(3), channel: .sms, recipient: .any,
                        address: .address(reminder.recipient.phone!)))
            ], at: bench.clock.now)
        try bench.store(reminder)
        #expect(try bench.turn().map(\.scope.channel) == [.email])
        let trace = try trace(bench)
        let passed = try #require(trace.passed)
        #expect(passed.map(\.channel) == ["task", "chat", "sms", "call"])
        #expect(passed.map(\.reason) == ["no-route", "no-route", "opted-out", "no-route"])
        let rules = passed[2].findings
        #expect(rules.count == 1 && rules.allSatisfy { !$0.allows && $0.rule.hasPrefix("floor/") }, "\(rules)")
        // The same by hand and by JSONEncoder's rules.
        #expect(DecisionTrace(detail: trace.detail) == trace)
        // Nothing forbade what was sent.
        #expect(DecisionTrace.forbiddingRules(in: trace.detail).isEmpty)
        let story = try bench.history("r-1").explanation
        #expect(story.contains("\n      not by sms: opted-out\n        forbids  floor/"), "\(story)")
        #expect(story.contains("\n      not by call: no-route\n"))
    }

    @Test func aChannelWithoutAnAddressSaysSo() throws {
        let bench = try DispatchBench()
        var reminder = bench.reminder("r-1", channels: [.sms, .email])
        reminder.recipient.phone = nil
        try bench.store(reminder)
        #expect(try bench.turn().map(\.scope.channel) == [.email])
        #expect(try trace(bench).passed?.map { "\($0.channel) \($0.reason)" } == ["sms no-address"])
        var lost = bench.reminder("r-2", channels: [.call, .sms])
        lost.recipient.phone = nil
        try bench.store(lost)
        try bench.turn()
        #expect(try bench.history("r-2").state == .undeliverable)
        #expect(try trace(bench, "r-2").passed?.map(\.channel) == ["call", "sms"])
    }

    @Test func whatWaitsSaysWhatForbidsItsOtherChannels() throws {
        let bench = try DispatchBench(at: "2026-11-25T23:30:00Z")
        try bench.store(bench.reminder("r-1", channels: [.sms, .chat]))
        #expect(try bench.turn().isEmpty)
        let history = try bench.history("r-1")
        #expect(history.state == .deferred)
        #expect(try trace(bench).passed?.map { "\($0.channel) \($0.reason)" } == ["chat no-address"])
        // The channel that the decision is about is not among them.
        #expect(try trace(bench).findings.contains { !$0.allows })
    }

    @Test func aGatewayThatIsPassedOverSaysWhy() throws {
        let bench = try DispatchBench()
        bench.control = Control(pauses: [Pause(gateway: "sms-a")])
        try bench.store(bench.reminder("r-1"))
        #expect(try bench.turn().map(\.scope.gateway) == ["sms-b"])
        #expect(try trace(bench).over?.map { "\($0.gateway) \($0.because)" } == ["sms-a paused"])
        bench.control = Control()
        try bench.store(bench.reminder("r-2"))
        let first = try bench.turn()[0]
        #expect(first.scope.gateway == "sms-a")
        #expect(try bench.turn([first.answered(.refused(.transient))]).map(\.scope.gateway) == ["sms-b"])
        #expect(try trace(bench, "r-2").over?.map { "\($0.gateway) \($0.because)" } == ["sms-a tried-before"])
        // Refused by its set-up, a gateway rests, and says until when.
        try bench.store(bench.reminder("r-3"))
        let third = try bench.turn()[0]
        #expect(third.scope.gateway == "sms-a")
        try bench.turn([
            third.answered(.refused(Refusal(.configuration, .configurationRefused, detail: "http 401")))
        ])
        try bench.store(bench.reminder("r-4"))
        #expect(try bench.turn().map(\.scope.gateway) == ["sms-b"])
        let over = try #require(try trace(bench, "r-4").over?.first)
        #expect((over.gateway, over.because, over.until) == ("sms-a", "resting", "2026-11-25T12:00:05Z"))
        #expect(
            try bench.history("r-4").explanation.contains(
                "\n      not by sms-a: it is ill, and rests or is being tried (resting), until 2026-11-25T12:00:05Z\n"))
    }

    @Test func whatIsSpentOrFullSaysSo() throws {
        var gateways = ["a", "b", "c"].map { DispatchBench.gateway("sms-\($0)", .sms, concurrency: 1) }
        gateways[0].price = PriceList(standard: Price("0.02 USD")!)
        gateways[0].dailyLimit = DailyLimit(amount: Price("0.01 USD")!)
        let routes = Routes([
            Route(gateways: [2], destinations: [.region("CN")]), Route(gateways: [0, 1, 2]),
        ])
        let bench = try DispatchBench(gateways: gateways, routes: [.sms: routes])
        try bench.store(bench.reminder("r-1"), bench.reminder("r-2"), bench.reminder("r-3"))
        #expect(try bench.turn().map(\.scope.gateway) == ["sms-b", "sms-b", "sms-c"])
        let trace = try trace(bench, "r-3")
        #expect(trace.entry == 2)
        #expect(trace.over?.map { "\($0.gateway) \($0.because)" } == ["sms-a budget-spent", "sms-b busy"])
        #expect(trace.over?.first?.until == "2026-11-26T00:00:00Z")
    }

    /// Where nobody fits, what is missing is told.
    @Test func aHoldWithoutARouteSaysWhatIsMissing() throws {
        let cn = Routes([Route(gateways: [0], destinations: [.region("CN")])])
        let bench = try DispatchBench(routes: [.sms: cn])
        try bench.store(bench.reminder("r-1"), bench.reminder("r-2", channels: [.email]))
        try bench.turn()
        #expect(try trace(bench).fault == "no entry of the routes of sms fits the address and the purpose")
        #expect(try trace(bench, "r-2").fault == "'routes' names no gateway for email")
        #expect(try bench.history("r-2").state == .held)
    }
}

/// What is told of outcomes, and what is still to come.
@Suite struct OutcomeStoryTests {
    private func text(_ bench: DispatchBench, _ id: String = "r-1", daemon: RuntimeFile.Content? = nil) throws -> String
    {
        try #require(try Explanation(of: id, in: bench.ledger, limit: 9)).text(daemon: daemon, at: bench.clock.now)
    }

    @Test func aDoubtIsToldInWords() throws {
        let bench = try DispatchBench.following(lookup: ScriptedLookup(), fallback: [.sms: .hours(2)])
        try bench.store(bench.reminder("r-1", channels: [.sms, .email]))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.unknown(.connectionLost, detail: "no-answer [curl 52]"))])
        let told = try text(bench)
        #expect(
            told.contains(
                """
                  2026-11-25T12:00:00Z  unknown sms by sms-a: connection-lost (attempt \(sent.attempt)), no-answer [curl 52]
                      the gateway closed the connection after the whole request had left, without an answer: it may have been \
                sent; it counts as sent
                """), "\(told)")
        #expect(told.contains("\n  in doubt: the gateway is asked at 2026-11-25T12:00:20Z, 0 times so far\n"))
        #expect(
            told.contains(
                "\n  email has its turn at 2026-11-25T14:00:00Z, unless it is told before that this arrived\n"))
        let record = ExplanationRecord(try #require(try Explanation(of: "r-1", in: bench.ledger, limit: 9)))
        #expect(record.reminders[0].pending.map(\.kind) == ["ask", "fallback"])
        #expect(record.reminders[0].facts.last?.fault == "no-answer")
    }

    @Test func whoCannotBeAskedIsNot() throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.unknown(.ambiguousAnswer, detail: "http 500"))])
        let told = try text(bench)
        #expect(told.contains("\n  in doubt: nobody can be asked; only a receipt may still settle it\n"))
        #expect(told.contains("the gateway's answer fits no rule: it may have been sent; it counts as sent"))
    }

    @Test func whatWaitsForAGatewayNamesIt() throws {
        let bench = try DispatchBench(routes: [.sms: [0]])
        try bench.store(bench.reminder("r-1"), bench.reminder("r-2"))
        let sent = try bench.turn()
        try bench.turn(
            sent.map { $0.answered(.refused(Refusal(.configuration, .configurationRefused, detail: "http 401"))) })
        try bench.store(bench.reminder("r-3"))
        try bench.turn()
        #expect(try text(bench, "r-3").contains("\n  its turn came at 2026-11-25T12:00:00Z, and no daemon runs\n"))
        let daemon = RuntimeFile.Content(
            daemon: Status.Daemon(pid: 1, started: "", updated: "", condition: "sending"),
            gateways: bench.dispatcher.gatewayStatus(at: bench.clock.now), versions: [:])
        #expect(
            try text(bench, "r-3", daemon: daemon).contains(
                "; sms-a is open, tried again at 2026-11-25T12:00:05Z, because of configuration-refused http 401\n"))
        let gateway = daemon.gateways[0]
        #expect(gateway.reasons == ["configuration-refused": 2] && gateway.faults == nil)
        #expect(gateway.lastErrorAt == "2026-11-25T12:00:00Z")
    }

    /// A reply stands in the story of its person and of what it answers, without its words.
    @Test func repliesStandInTheStory() throws {
        let bench = try DispatchBench.following()
        let reminder = bench.reminder("r-1")
        let phone = reminder.recipient.phone!
        try bench.turn(callbacks: [DispatchBench.reply("in-0", from: phone, "hello?")])
        bench.clock.advance(by: .hours(1))
        try bench.store(reminder)
        let sent = try bench.turn()
        try bench.turn(sent.map { $0.answered(.accepted(id: nil)) })
        bench.clock.advance(by: .minutes(1))
        try bench.turn(callbacks: [
            DispatchBench.reply("in-1", from: phone, "I paid on Friday"),
            DispatchBench.reply("in-2", from: phone, "STOP"),
        ])
        let told = try text(bench)
        #expect(told.contains("reply 2 sms by sms-a: other; from the phone number of P-r-1\n"), "\(told)")
        #expect(told.contains("opt-out by sms, from reply 3 by sms-a\n"))
        #expect(!told.contains("reply 1 ") && !told.contains("Friday") && !told.contains(phone))
        #expect(try text(bench, "P-r-1").contains("reply 1 sms by sms-a: other"))
        #expect(try bench.ledger.newestReplies(of: "opt-out", limit: 9).map(\.number) == [3])
        #expect(try bench.ledger.newestReplies(of: nil, limit: 2).map(\.number) == [2, 3])
        let record = ExplanationRecord(try #require(try Explanation(of: "P-r-1", in: bench.ledger, limit: 9)))
        #expect(record.replies.map(\.meaning) == ["other", "other", "opt-out"])
    }
}
