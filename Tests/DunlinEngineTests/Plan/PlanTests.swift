// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinPolicy
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinEngine

@Suite struct PlanTests {
    /// One send, as the wire or the report has it.
    struct Sent: Hashable, Comparable {
        var at: Instant
        var reminder: String
        var channel: Channel
        static func < (a: Sent, b: Sent) -> Bool { (a.at, a.reminder) < (b.at, b.reminder) }
    }

    static let pause = Pause(channel: .email, until: PlanBench.start + .hours(6))

    /// A rule for collectors binds a collector's plan.
    @Test func aPlanKnowsWhoWeAre() throws {
        let bench = try PlanBench()
        let ours = bench.snapshot
        let collector = Snapshot(
            gateways: ours.gateways, routes: ours.routes, policies: ours.policies, templates: ours.templates,
            zones: ours.zones, party: .collector)
        #expect(try collector.replacing(policies: nil, templates: nil).party == .collector)
    }

    /// The dispatcher with the real ledger, looking every five seconds without a jump, against the plan of the same ledger.
    @Test(arguments: [Control(), Control(pauses: [pause])])
    func aPlanIsWhatTheDaemonThenDoes(_ control: Control) throws {
        let bench = try PlanBench()
        try bench.store(PlanBench.reminders(200, seed: 7))
        let end = PlanBench.start + .hours(9)
        let source = try PlanSource(path: bench.path)
        let ledger = PlanLedger(source)
        let tally = PlanTally(ledger, zones: bench.snapshot.zones, from: PlanBench.start, until: end)
        ledger.observer = tally
        try VirtualRun(
            ledger, snapshot: bench.snapshot, control: control, from: PlanBench.start, answerTime: .milliseconds(1500),
            step: .seconds(5)
        ).play(until: end)
        let planned = try tally.fates.enumerated().compactMap { number, fate in
            try fate.channel.map { Sent(at: fate.at, reminder: try source.id(number), channel: $0) }
        }

        let real = try SQLiteLedger.open(path: bench.path, role: .owner)
        try playStepByStep(real, bench.snapshot, control, until: end)
        var happened: [Sent] = []
        var causes: [PlanReport.Cause: Int] = [:]
        for (number, fate) in tally.fates.enumerated() {
            let history = try #require(try real.histories(of: source.id(number), limit: 1).first)
            #expect(history.state == fate.state, "\(history.reminder.id)")
            for (_, fact) in history.facts {
                guard let reason = fact.reason, fact.event != .expired else { continue }
                let rules = DecisionTrace.forbiddingRules(in: fact.detail)
                causes[PlanReport.Cause(event: fact.event, reason: reason, rules: rules), default: 0] += 1
            }
            for (_, fact) in history.facts where fact.event == .accepted {
                let intent = history.facts.first { $0.number == fact.attempt }!.fact
                happened.append(Sent(at: intent.at, reminder: history.reminder.id, channel: intent.channel!))
            }
        }
        #expect(happened.count > 25)
        #expect(Set(planned).symmetricDifference(happened).sorted() == [])
        #expect(planned.count == happened.count)
        // A contact may turn what a pause holds into a deferral: the daemon notes it minutes later, a plan when a window
        // opens or closes, and by then another rule may say no as well.
        if control.pauses.isEmpty { #expect(tally.finish().causes.filter { $0.key.event != .expired } == causes) }
    }

    private func playStepByStep(
        _ ledger: SQLiteLedger, _ snapshot: Snapshot, _ control: Control, until end: Instant
    ) throws {
        let mailbox = Mailbox<Answer>()
        let clock = VirtualClock(PlanBench.start)
        let journal = try WireJournal(inMemorySlots: 64)
        let gate = DispatchGuard(clock: clock, journal: journal, mailbox: mailbox)
        gate.setControl(control)
        let wire = PlanWire(answerTime: .milliseconds(1500), clock: clock, gate: gate)
        let dispatcher = try Dispatcher(
            ledger: ledger, wire: wire, journal: journal, slots: 64, snapshot: snapshot,
            tokens: AttemptTokens(secret: [1]), random: SeededRandom(seed: 1))
        var now = PlanBench.start
        while now < end {
            wire.advance(to: now)
            while try dispatcher.turn(mailbox.take(), control: control, admits: true, at: now).hasMore {}
            now = now + .seconds(5)
        }
        for _ in 0..<5 where dispatcher.inFlight > 0 {
            wire.advance(to: now)
            _ = try dispatcher.turn(mailbox.take(), control: control, admits: false, at: now)
            now = now + .seconds(5)
        }
    }

    @Test func aPlanChangesNothingAndAddsUp() throws {
        let bench = try PlanBench()
        try bench.store(PlanBench.reminders(100, seed: 3))
        let before = try Data(contentsOf: URL(fileURLWithPath: bench.path))
        let report = try bench.planner().plan(with: bench.snapshot).report
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.path)) == before)
        #expect(report.reminders == 100)
        #expect(report.ends.values.reduce(0, +) == 100)
        #expect(report.sends.total == report.ends[.accepted] && report.sends.total > 20)
        #expect(report.calendar.reduce(0) { $0 + report.sends(on: $1).total } == report.sends.total)
        #expect((0..<24).reduce(0) { $0 + report.sends(hour: $1).total } == report.sends.total)
        #expect(report.regions.values.reduce(0) { $0 + $1.total } == report.sends.total)
        #expect(report.regions[PlanReport.unknownRegion] != nil)
        // `strict` closes at 20:00 wherever somebody is and all of Sunday.
        #expect((0..<9).allSatisfy { report.sends(hour: $0).total == 0 })
        #expect((20..<24).allSatisfy { report.sends(hour: $0).total == 0 })
        let held = report.causes.filter { $0.key.event == .held }
        #expect(held.keys.allSatisfy { $0.reason == .unknownZone && $0.rules == "zone" } && !held.isEmpty)
        #expect(report.causes.keys.contains { $0.event == .deferred && $0.rules == "strict/hours" })
    }

    @Test func aPauseOfEverythingSendsNothingUntilItEnds() throws {
        let bench = try PlanBench()
        try bench.store(PlanBench.reminders(60, seed: 5))
        let until = PlanBench.start + .hours(7)
        let report = try bench.planner(control: Control(pauses: [Pause(until: until)])).plan(with: bench.snapshot)
            .report
        #expect(try #require(report.firstSend) >= until)
        #expect(report.causes.keys.contains { $0.event == .expired && $0.reason == .paused })
        let never = try bench.planner(control: Control(fault: "line 1: what")).plan(with: bench.snapshot).report
        #expect(never.sends.total == 0 && never.controlFault != nil)
    }

    @Test func aTighterWindowShowsInTheDifference() throws {
        let bench = try PlanBench()
        try bench.store(PlanBench.reminders(100, seed: 4))
        let company = """
            pack: company
            title: Afternoons only
            applies: always
            reviewed: 2026-11-21
            rules:
              - id: afternoon
                cite: Company policy
                confidence: source
                window: {days: {mon-sun: "15:00-16:00"}}
            """
        let tight = try PlanBench(policies: company)
        let planner = try bench.planner()
        let plain = try planner.plan(with: bench.snapshot)
        let difference = try planner.difference(plain, planner.plan(with: tight.snapshot), examples: 4)
        #expect((0..<24).allSatisfy { $0 == 15 || difference.after.sends(hour: $0).total == 0 })
        #expect(difference.changed == difference.changes.reduce(0) { $0 + $1.count } && difference.changed > 20)
        #expect(difference.changes.reduce(0) { $0 + $1.examples.count } == 4)
        #expect(difference.changes.contains { $0.before == "sent by sms" && $0.after == "sent by sms later" })
        #expect(difference.after.causes.keys.contains { $0.rules.contains("company/afternoon") })
        #expect(try planner.difference(plain, plain, examples: 4).changed == 0)
        for text in [difference.text, plain.report.text] {
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
        }
    }

    @Test func rulesAreReadOffADetail() throws {
        func finding(_ rule: String, _ allows: Bool, _ figures: String = "x") -> DecisionTrace.Line {
            .init(rule: rule, cite: "\"allows\":false,\"rule\":\"no/no\"", figures: figures, allows: allows)
        }
        let trace = DecisionTrace(
            policy: "1",
            lines: [
                finding("a/one", true), finding("b/two", false, "\"rule\":\"c\\\""), finding("ü/drei", false),
            ])
        #expect(DecisionTrace.forbiddingRules(in: trace.detail) == "b/two + ü/drei")
        #expect(DecisionTrace.forbiddingRules(in: "") == "")
        #expect(DecisionTrace.forbiddingRules(in: "SM123 \"rule\":\"") == "")
    }

    @Test(arguments: [(1, 1), (5, 1), (6, 2), (24, 5), (60_623, 20_000)])
    func ticksAreRound(_ most: Int, _ tick: Int) { #expect(PlanChart.tick(for: most) == tick) }

    @Test func thePictureHoldsEveryDayAndNoScript() throws {
        let bench = try PlanBench()
        try bench.store(PlanBench.reminders(40, seed: 6))
        let report = try bench.planner().plan(with: bench.snapshot).report
        let svg = PlanChart(report, before: report).svg
        for day in report.calendar { #expect(svg.contains("<title>\(day.weekday.shortName) \(day): ")) }
        #expect(svg.contains("<desc id=") && !svg.contains("<script") && !svg.contains("http://gateway"))
        let nothing = PlanReport(from: PlanBench.start, until: PlanBench.start + .days(1))
        #expect(PlanChart(nothing).svg.contains("Nothing would be sent"))
    }
}
