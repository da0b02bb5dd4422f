// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinPolicy
import DunlinTemplates
import DunlinTestKit
import DunlinTime
import Testing

@testable import DunlinEngine

@Suite struct FailoverTests {
    /// Of two gateways at 5,000 a second the preferred one turns bad for twenty seconds. Here at a fifth of that rate,
    /// see ``FailoverSimulation/perSecond``.
    @Test(arguments: FailoverSimulation.Fault.allCases)
    func trafficMovesReturnsAndIsNotDoubled(_ fault: FailoverSimulation.Fault) throws {
        let snapshot = try LaneBench.snapshot([
            DispatchBench.gateway("sms-a", .sms, concurrency: 400),
            DispatchBench.gateway("sms-b", .sms, concurrency: 400),
        ])
        var simulation = FailoverSimulation(snapshot, seed: 1)
        let report = simulation.run(fault, good: 6, bad: 20, end: 60)
        print(
            """
            \(fault.rawValue): moved after \(report.moved?.milliseconds ?? -1) ms, back \(report.returned?.milliseconds ?? -1) ms \
            after it was mended; \(report.accepted) accepted, \(report.inDoubt) in doubt, \(report.waiting) waiting, \
            \(report.duplicates) doubled; \(report.atBad) went to the bad one; longest wait \
            \(report.longestWait.milliseconds) ms
            """)
        #expect(report.duplicates == 0)
        #expect(report.moved! <= .seconds(5))
        #expect(report.returned! <= .seconds(45))
        let all = FailoverSimulation.perSecond * 60
        #expect(report.accepted + report.inDoubt > all - FailoverSimulation.perSecond && report.inDoubt * 100 < all)
        #expect(report.waiting <= FailoverSimulation.perTurn * 5)
        #expect(report.longestWait <= .seconds(3))
    }

    /// A gateway that hangs for longer than its time-out: only what was on the wire, and its trials, end in doubt. What waited
    /// behind that would follow it into the hang, were it not recalled.
    @Test(arguments: [true, false]) func whatWaitsBehindAHangMovesOn(_ recalls: Bool) throws {
        let snapshot = try LaneBench.snapshot([
            DispatchBench.gateway("sms-a", .sms, concurrency: 40),
            DispatchBench.gateway("sms-b", .sms, concurrency: 400),
        ])
        var simulation = FailoverSimulation(snapshot, seed: 1, recalls: recalls)
        let report = simulation.run(.hangs, good: 6, bad: 60, end: 80)
        print(
            """
            hangs for a minute, \(recalls ? "recalled" : "left"): \(report.inDoubt) in doubt, longest wait \
            \(report.longestWait.milliseconds) ms, \(report.duplicates) doubled
            """)
        #expect(report.duplicates == 0)
        #expect((report.inDoubt <= 40 + 5) == recalls)
        #expect((report.longestWait <= .seconds(3)) == recalls)
    }
}

enum LaneBench {
    static func snapshot(_ gateways: [Gateway], routes: Routes? = nil) throws -> Snapshot {
        let all = Routes([Route(gateways: Array(gateways.indices))])
        return Snapshot(
            gateways: gateways, routes: [gateways[0].channel: routes ?? all],
            policies: try PolicySet.load(directory: nil),
            templates: try DispatchBench.templates(), zones: ZoneDatabase(), party: nil)
    }
}
