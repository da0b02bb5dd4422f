// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinEngine

@Suite struct MetricsTests {
    private func status(_ bench: DispatchBench) throws -> Status {
        var counts = CallbackDesk.Counts()
        (counts.taken, counts.forged) = (7, 1)
        let content = RuntimeFile.Content(
            daemon: Status.Daemon(pid: 1, started: "", updated: "", condition: "sending"),
            gateways: bench.dispatcher.gatewayStatus(at: bench.clock.now), versions: [:], callbacks: ["sms-a": counts])
        return Status(
            ledger: try bench.ledger.summary(), control: Control(), runtime: content, gateways: [], versions: [:],
            strays: 3, at: bench.clock.now)
    }

    @Test func doubtsHealthAndMoneyAreCounted() throws {
        var gateways = [DispatchBench.gateway("sms-a", .sms), DispatchBench.gateway("sms-\"b\"", .sms)]
        gateways[0].price = PriceList(standard: Price("0.02 USD")!)
        gateways[0].dailyLimit = DailyLimit(amount: Price("0.05 USD")!)
        let bench = try DispatchBench(gateways: gateways, routes: [.sms: [0, 1]])
        try bench.store(bench.reminder("r-1"), bench.reminder("r-2"))
        let sent = try bench.turn()
        try bench.turn([
            sent[0].answered(.unknown(.timeout, detail: "answer-timeout [curl 28]")),
            sent[1].answered(.accepted(id: nil)),
        ])
        let text = try status(bench).metrics
        let lines = text.split(separator: "\n").map(String.init)
        for line in [
            "dunlin_up 1.0", "dunlin_healthy 1.0", "dunlin_stray_receipts 3.0",
            #"dunlin_reminders{state="unknown"} 1.0"#, #"dunlin_reminders{state="accepted"} 1.0"#,
            #"dunlin_gateway_state{gateway="sms-a",channel="sms",state="closed"} 1.0"#,
            #"dunlin_gateway_outcomes_total{gateway="sms-a",channel="sms",outcome="unknown"} 1.0"#,
            #"dunlin_gateway_reasons_total{gateway="sms-a",channel="sms",reason="timeout"} 1.0"#,
            #"dunlin_gateway_faults_total{gateway="sms-a",channel="sms",fault="answer-timeout"} 1.0"#,
            #"dunlin_gateway_spent_today{gateway="sms-a",channel="sms",currency="USD"} 0.04"#,
            #"dunlin_gateway_budget{gateway="sms-a",channel="sms",currency="USD"} 0.05"#,
            #"dunlin_gateway_budget_spent{gateway="sms-a",channel="sms"} 1.0"#,
            #"dunlin_gateway_state{gateway="sms-\"b\"",channel="sms",state="closed"} 1.0"#,
            #"dunlin_callbacks_total{gateway="sms-a",result="forged"} 1.0"#,
        ] { #expect(lines.contains(line), "\(line)\n\(text)") }
        // Each name is told of once, before its samples.
        let names = lines.filter { $0.hasPrefix("# TYPE ") }
        #expect(Set(names).count == names.count && names.count >= 14)
    }

    /// docs/operations.md lists what monitoring may rely on.
    @Test func documentationHasThemAll() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/operations.md"), encoding: .utf8)
        let bench = try DispatchBench()
        for line in try status(bench).metrics.split(separator: "\n") where line.hasPrefix("# TYPE ") {
            #expect(text.contains("`\(line.split(separator: " ")[2])"), "\(line)")
        }
        let routing = try String(contentsOf: root.appendingPathComponent("docs/routing.md"), encoding: .utf8)
        for obstacle in GatewayObstacle.allCases { #expect(routing.contains("| `\(obstacle.rawValue)` |")) }
    }
}
