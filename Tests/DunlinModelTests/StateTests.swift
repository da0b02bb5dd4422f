// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@Suite struct StateTests {
    /// docs/states.md is what people read; the table in State.swift is what runs.
    @Test func documentationShowsTheSameTable() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/states.md"), encoding: .utf8)
        var documented: Set<[String]> = []
        for line in text.split(separator: "\n") where line.hasPrefix("|") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
            guard cells.count >= 3, let from = State(rawValue: cells[0]), let event = Event(rawValue: cells[1]) else {
                continue
            }
            documented.insert([from.rawValue, event.rawValue, cells[2]])
        }
        var coded: Set<[String]> = []
        for state in State.allCases {
            for event in Event.allCases {
                if let next = state.after(event) { coded.insert([state.rawValue, event.rawValue, next.rawValue]) }
            }
        }
        #expect(documented == coded)
    }

    @Test func endsStayEnds() {
        for state in [State.failed, .suppressed, .expired, .cancelled, .undeliverable, .delivered] {
            for event in Event.allCases { #expect(state.after(event) == nil, "\(state) after \(event)") }
        }
    }

    @Test func onlyAnAttemptCanBeAccepted() {
        let before = State.allCases.filter { $0.after(.accepted) != nil }
        #expect(Set(before) == [.sending, .unknown])
        let claimable = State.allCases.filter { $0.after(.intent) != nil }
        #expect(claimable.allSatisfy { $0.isWaiting })
    }

    @Test func namesAreStable() {
        #expect(
            State.allCases.map(\.rawValue) == [
                "scheduled", "deferred", "held", "sending", "accepted", "delivered", "unknown", "failed",
                "undeliverable", "suppressed", "expired", "cancelled",
            ])
        #expect(Set(Reason.allCases.map(\.rawValue)).count == Reason.allCases.count)
    }
}
