// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTemplates
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinEngine

@Suite struct DispatcherTests {
    @Test func whatIsDueGoesOutOnceAndIsExplained() throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()
        #expect(sent.count == 1 && sent[0].scope.gateway == "sms-a")
        #expect(try bench.history("r-1").state == .sending)
        #expect(try bench.turn().isEmpty)
        try bench.turn([sent[0].answered(.accepted(id: "SM1"))])
        let history = try bench.history("r-1")
        #expect(history.state == .accepted)
        #expect(history.facts.map(\.fact.event) == [.intent, .accepted])
        let trace = try #require(DecisionTrace(detail: history.facts[0].fact.detail))
        #expect(trace.template?.hasPrefix("payment-overdue@") == true && trace.template?.hasSuffix("/en") == true)
        #expect(trace.findings.contains { $0.rule.hasPrefix("strict/") && $0.allows })
        #expect(bench.dispatcher.inFlight == 0)
    }

    @Test func notBeforeItIsDue() throws {
        let bench = try DispatchBench()
        var later = bench.reminder("r-1")
        later.due = bench.clock.now + .hours(1)
        try bench.store(later)
        #expect(try bench.turn().isEmpty)
        bench.clock.advance(by: .hours(1))
        #expect(try bench.turn().count == 1)
    }

    @Test func unknownIsNotRepeatedAndCounts() throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1", to: "P"), bench.reminder("r-2", to: "P"))
        let sent = try bench.turn()
        #expect(sent.count == 1)  // the second waits: one contact a day
        try bench.turn([sent[0].answered(.unknown(.timeout, detail: "28"))])
        #expect(try bench.history("r-1").state == .unknown)
        for _ in 0..<30 {
            bench.clock.advance(by: .minutes(10))
            #expect(try bench.turn().isEmpty)
        }
        let second = try bench.history("r-2")
        #expect(second.state == .deferred && second.queued?.reason == .frequencyCap)
    }

    @Test func unknownIsRepeatedOnlyWhereTheConfigurationSaysSo() throws {
        let bench = try DispatchBench(unknown: .resend, attempts: 3)
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()
        try bench.turn([sent[0].answered(.unknown(.timeout, detail: "28"))])
        // It still counts as a contact, so the second copy waits for the cap like any other message.
        #expect(try bench.events("r-1").prefix(3) == [.intent, .unknown, .resent])
        bench.clock.set(Instant(rfc3339: "2026-11-26T14:00:00Z")!)
        #expect(try bench.turn().count == 1)
    }

    @Test func aMessageMaySayOtherwiseAboutUnknown() throws {
        let folder = NSTemporaryDirectory() + "messages-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.copyItem(atPath: DispatchBench.templateFolder.path, toPath: folder)
        let manifest = folder + "/payment-overdue/message.yaml"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        try Data(("unknown: resend\n" + text).utf8).write(to: URL(fileURLWithPath: manifest))
        let bench = try DispatchBench(templates: try TemplateLibrary.load(roots: [folder]))
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()
        try bench.turn([sent[0].answered(.unknown(.timeout, detail: "28"))])
        #expect(try bench.events("r-1").contains(.resent))
    }

    @Test func aLedgerThatFailsStopsSendingAndLosesNothing() throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1"), bench.reminder("r-2"))
        let sent = try bench.turn()
        #expect(sent.count == 2)
        try bench.store(bench.reminder("r-3"))
        bench.ledger.isBroken = true
        #expect(throws: DunlinError.self) { try bench.turn(sent.map { $0.answered(.accepted(id: nil)) }) }
        #expect(throws: DunlinError.self) { try bench.turn() }
        #expect(bench.wire.take().isEmpty)
        bench.ledger.isBroken = false
        let third = try bench.turn()
        #expect(third.count == 1 && bench.dispatcher.inFlight == 1)
        #expect(try bench.history("r-1").state == .accepted && bench.history("r-2").state == .accepted)
        #expect(try bench.events("r-3") == [.intent])
    }

    @Test func aRefusalMovesToTheNextGatewayThenWaits() throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1"))
        let first = try bench.turn()
        let second = try bench.turn([first[0].answered(.refused(.transient))])
        #expect(second.map(\.scope.gateway) == ["sms-b"])
        #expect(try bench.turn([second[0].answered(.refused(.transient))]).isEmpty)
        let waiting = try bench.history("r-1")
        #expect(waiting.state == .deferred && waiting.queued?.reason == .retryBackoff)
        bench.clock.set(try #require(waiting.queued?.due))
        #expect(try bench.turn().map(\.scope.gateway) == ["sms-a"])
    }

    @Test func failsAfterItsAttempts() throws {
        let bench = try DispatchBench(attempts: 2)
        try bench.store(bench.reminder("r-1"))
        let first = try bench.turn()
        let second = try bench.turn([first[0].answered(.refused(.transient))])
        #expect(try bench.turn([second[0].answered(.refused(.transient))]).isEmpty)
        let history = try bench.history("r-1")
        #expect(history.state == .failed && history.facts.last?.fact.reason == .outOfAttempts)
    }

    @Test func anAddressThatIsRefusedGivesWayToTheNextChannel() throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1", channels: [.sms, .email]))
        let sms = try bench.turn()
        let mail = try bench.turn([sms[0].answered(.refused(.recipient))])
        #expect(mail.map(\.scope.channel) == [.email])
        try bench.turn([mail[0].answered(.refused(.recipient))])
        #expect(try bench.history("r-1").state == .undeliverable)
    }

    @Test func aRefusalGivesTheContactBack() throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1", to: "P"))
        let sent = try bench.turn()
        try bench.turn([sent[0].answered(.refused(.recipient))])
        try bench.store(bench.reminder("r-2", to: "P"))
        #expect(try bench.turn().count == 1)
    }

    @Test func quietHoursDeferIntoTheOpeningWindow() throws {
        let bench = try DispatchBench(at: "2026-11-25T22:00:00Z")
        try bench.store(bench.reminder("r-1"), bench.reminder("r-2"))
        #expect(try bench.turn().isEmpty)
        let opening = Instant(rfc3339: "2026-11-26T09:00:00Z")!
        let dues = try ["r-1", "r-2"].map { try #require(try bench.history($0).queued?.due) }
        #expect(dues.allSatisfy { $0 >= opening && $0 < opening + .minutes(15) })
        #expect(dues[0] != dues[1])
        bench.clock.set(opening + .minutes(15))
        let sent = try bench.turn()
        #expect(sent.count == 2)
        #expect(
            sent.allSatisfy { $0.notAfter == Instant(rfc3339: "2026-11-26T20:00:00.001Z")! || $0.notAfter > opening })
    }

    @Test func expiredIsNeverSentAndSaysWhatItWaitedFor() throws {
        let bench = try DispatchBench(at: "2026-11-25T22:00:00Z")
        try bench.store(bench.reminder("r-1", expiresIn: .hours(2)))
        try bench.turn()
        bench.clock.advance(by: .hours(12))
        #expect(try bench.turn().isEmpty)
        let history = try bench.history("r-1")
        #expect(history.state == .expired && history.facts.last?.fact.reason == .quietHours)
    }

    @Test func anUnknownZoneIsHeld() throws {
        let bench = try DispatchBench()
        var nowhere = bench.reminder("r-1", zones: [])
        // A toll-free number tells no place.
        (nowhere.recipient.region, nowhere.recipient.phone) = (nil, "+18005550100")
        try bench.store(nowhere)
        #expect(try bench.turn().isEmpty)
        let history = try bench.history("r-1")
        #expect(history.state == .held && history.queued?.reason == .unknownZone)
        bench.clock.advance(by: .minutes(6))
        try bench.turn()
        #expect(try bench.events("r-1") == [.held])  // asked again, but not written down again
    }

    @Test func nothingIsClaimedWhilePausedAndExpiryGoesOn() throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1"), bench.reminder("r-2", expiresIn: .minutes(5)))
        bench.control = Control(pauses: [Pause()])
        #expect(try bench.turn().isEmpty)
        #expect(try bench.history("r-1").state == .scheduled)
        bench.clock.advance(by: .minutes(6))
        try bench.turn()
        let expired = try bench.history("r-2")
        #expect(expired.state == .expired && expired.facts.last?.fact.reason == .paused)
        bench.control = Control()
        #expect(try bench.turn().count == 1)
    }

    @Test func aScopedPauseHoldsOnlyWhatItNamesUntilItIsLifted() throws {
        let bench = try DispatchBench()
        bench.control = Control(pauses: [Pause(channel: .sms)])
        try bench.store(bench.reminder("r-1", channels: [.sms, .email]), bench.reminder("r-2", channels: [.email]))
        #expect(try bench.turn().map(\.scope.channel) == [.email])
        #expect(try bench.history("r-1").queued?.reason == .paused)
        bench.control = Control()
        #expect(try bench.turn().map(\.scope.channel) == [.sms])
    }

    @Test func aPausedGatewayLeavesItsRouteToTheOthers() throws {
        let bench = try DispatchBench()
        bench.control = Control(pauses: [Pause(gateway: "sms-a")])
        try bench.store(bench.reminder("r-1"))
        #expect(try bench.turn().map(\.scope.gateway) == ["sms-b"])
    }

    @Test func whatIsWithdrawnGoesBackUncounted() throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1", to: "P"))
        let sent = try bench.turn()
        let again = try bench.turn([sent[0].answered(.withdrawn(.paused))])
        #expect(again.count == 1 && again[0].attempt != sent[0].attempt)
        #expect(try bench.events("r-1") == [.intent, .withdrawn, .intent])
    }

    @Test func aThrottledGatewayIsLeftInPeace() throws {
        let bench = try DispatchBench(routes: [.sms: [0]])
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()
        let refusal = Refusal(.throttled, .throttled, detail: "429", retryAfter: .seconds(40))
        try bench.turn([sent[0].answered(.refused(refusal))])
        try bench.store(bench.reminder("r-2"))
        bench.clock.advance(by: .seconds(39))
        #expect(try bench.turn().isEmpty)
        bench.clock.advance(by: .seconds(2))
        #expect(try bench.turn().isEmpty == false)
    }

    @Test func aGatewayGetsNoMoreThanItsRate() throws {
        let slow = DispatchBench.gateway("slow", .sms, rate: 10, concurrency: 50)
        let bench = try DispatchBench(gateways: [slow], routes: [.sms: [0]])
        for n in 0..<60 { try bench.store(bench.reminder("r-\(n)")) }
        var sent = 0
        for _ in 0..<30 {
            let out = try bench.turn()
            sent += out.count
            try bench.turn(out.map { $0.answered(.accepted(id: nil)) })
            sent += bench.wire.take().count
            bench.clock.advance(by: .milliseconds(100))
        }
        #expect((25...33).contains(sent), "\(sent) in three seconds at 10 a second")
    }
}

@Suite struct RecoveryTests {
    @Test func eachTraceHasItsOutcome() throws {
        let bench = try DispatchBench()
        for n in 1...4 { try bench.store(bench.reminder("r-\(n)")) }
        let sent = try bench.turn()
        #expect(sent.count == 4)
        let report = try bench.crash(
            leaving: .sameBoot([
                sent[1].attempt: .onWire, sent[2].attempt: .answered(.accepted(id: "SM3")),
                sent[3].attempt: .answered(.refused(.recipient)),
            ]))
        #expect(report == RecoveryReport(requeued: 1, recorded: 2, unknown: 1))
        let states = try (1...4).map { try bench.history("r-\($0)").state }
        #expect(states == [.scheduled, .unknown, .accepted, .undeliverable])
        #expect(try bench.turn().count == 1)  // only what never left goes out again
    }

    @Test(arguments: [WireJournal.Leftover.none, .otherBoot(why: "a reboot")])
    func withoutAJournalOfThisBootAllIsInDoubt(_ leftover: WireJournal.Leftover) throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1"))
        #expect(try bench.turn().count == 1)
        #expect(try bench.crash(leaving: leftover) == RecoveryReport(requeued: 0, recorded: 0, unknown: 1))
        #expect(try bench.turn().isEmpty)
    }
}
