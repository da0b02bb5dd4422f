// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import DunlinTime
import Foundation
import Testing

@testable import DunlinEngine

/// Days of random gateways, pauses and crashes; what must never happen is counted by looking at the wire alone.
@Suite struct DispatchPropertyTests {
    private struct Sent {
        var reminder: String
        var person: String
        var at: Instant
        var outcome: Outcome
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func nobodyIsReachedTwiceTooOftenOrAtNight(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let bench = try DispatchBench(at: "2026-11-23T05:00:00Z")
        let zones = ["Europe/London", "America/New_York", "Asia/Kathmandu"]
        var owners: [String: (person: String, zone: String)] = [:]
        for n in 0..<60 {
            let person = "P-\(n % 25)"
            let zone = zones[n % 25 % 3]
            owners["r-\(n)"] = (person, zone)
            try bench.store(bench.reminder("r-\(n)", to: person, channels: [.sms, .email], zones: [zone]))
        }
        var log: [Sent] = []
        var open: [(transfer: Transfer, reminder: String)] = []
        for _ in 0..<(4 * 24 * 6) {
            var answers: [Answer] = []
            for (transfer, reminder) in open {
                let outcome = DispatchPropertyTests.randomOutcome(using: &random)
                answers.append(transfer.answered(outcome))
                log.append(
                    Sent(reminder: reminder, person: owners[reminder]!.person, at: bench.clock.now, outcome: outcome))
            }
            open = []
            bench.control = Int.random(in: 0..<10, using: &random) == 0 ? Control(pauses: [Pause()]) : Control()
            for transfer in try bench.turn(answers) { open.append((transfer, try id(of: transfer, bench))) }
            if Int.random(in: 0..<40, using: &random) == 0 {
                // The process dies: some of what was under way had left, some had been answered, some had not left.
                var traces: [Int64: WireJournal.Trace] = [:]
                for (transfer, reminder) in open {
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: continue
                    case 1:
                        traces[transfer.attempt] = .onWire
                        let doubt = Outcome.unknown(.crashed, detail: "")
                        log.append(
                            Sent(
                                reminder: reminder, person: owners[reminder]!.person, at: bench.clock.now,
                                outcome: doubt))
                    default:
                        let outcome = Outcome.accepted(id: "x")
                        traces[transfer.attempt] = .answered(outcome)
                        log.append(
                            Sent(
                                reminder: reminder, person: owners[reminder]!.person, at: bench.clock.now,
                                outcome: outcome))
                    }
                }
                open = []
                _ = try bench.crash(leaving: .sameBoot(traces))
            }
            bench.clock.advance(by: .minutes(10))
        }
        try check(log, owners)
        let total = try bench.ledger.summary().states.values.reduce(0, +)
        #expect(total == 60)
    }

    private func check(_ log: [Sent], _ owners: [String: (person: String, zone: String)]) throws {
        let zones = ZoneDatabase()
        let reached = log.filter { entry in
            switch entry.outcome {
            case .accepted, .unknown: true
            case .refused, .withdrawn: false
            }
        }
        #expect(reached.count > 20)
        #expect(Dictionary(grouping: reached, by: \.reminder).allSatisfy { $1.count == 1 }, "a reminder went out twice")
        var days: [String: Int] = [:]
        for sent in reached {
            let local = try zones.zone(owners[sent.reminder]!.zone).local(at: sent.at)
            // Ten minutes may pass between the decision and the moment the outcome is seen here.
            #expect(local.secondOfDay >= 9 * 3600 && local.secondOfDay <= 20 * 3600 + 600, "\(local)")
            #expect(local.date.weekday != .sunday)
            days["\(sent.person) \(local.date)", default: 0] += 1
        }
        #expect(days.values.allSatisfy { $0 == 1 }, "more than one contact a day")
        for (_, sends) in Dictionary(grouping: reached, by: \.person) { #expect(sends.count <= 3) }
    }

    private static func randomOutcome(using random: inout SeededRandom) -> Outcome {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .unknown(.timeout, detail: "28")
        case 1: .refused(.transient)
        case 2: .refused(.recipient)
        case 3: .withdrawn(.paused)
        case 4: .refused(Refusal(.throttled, .throttled, detail: "429", retryAfter: .seconds(90)))
        default: .accepted(id: "x")
        }
    }

    private func id(of transfer: Transfer, _ bench: DispatchBench) throws -> String {
        try #require(
            bench.dispatcher.airborne[transfer.attempt].map { flown in
                try bench.ledger.write { try $0.reminder(flown.flight.queued.key).id }
            })
    }
}
