// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinLedger
import DunlinModel
import Foundation

struct ShowStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the queue, the gateways, the pauses and the versions.",
        discussion: examples("dunlin status", "dunlin status --json | jq .states"))

    @OptionGroup var config: ConfigurationOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let status = try StatusReader(configuration: config.load()).status()
        print(json ? status.json : status.text)
    }
}

extension Status {
    /// The same for a person.
    var text: String {
        var lines = [daemon.map { "daemon \($0.condition), pid \($0.pid), since \($0.started)" } ?? "no daemon runs"]
        if let error = daemon?.lastError { lines.append("error: \(error)") }
        if let refused = daemon?.refusedReload {
            lines.append("the last reload was refused, what was in force still is: \(refused)")
        }
        if let controlFault { lines.append("paused: the control file cannot be understood: \(controlFault)") }
        lines += pauses.map { "in force: \($0.directive)" }
        lines.append("")
        lines.append(table(State.allCases.map { [$0.rawValue, String(states[$0.rawValue] ?? 0)] }))
        lines.append("oldest due: \(oldestDue ?? "nothing waits")")
        lines.append("")
        lines.append(
            table(
                [
                    [
                        "gateway", "channel", "state", "in flight", "accepted", "refused", "unknown", "good",
                        "delivered",
                        "half within", "99 % within", "today", "",
                    ]
                ] + gateways.map(\.cells)))
        lines += gateways.compactMap(\.failures)
        lines += callbacks.sorted { $0.key < $1.key }.map { "callbacks of \($0): \($1.words)" }
        if strays > 0 { lines.append("receipts that belong to no attempt we know: \(strays)") }
        lines.append("")
        lines.append(versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        return lines.joined(separator: "\n")
    }
}

extension CallbackDesk.Counts {
    /// `120 taken, 3 forged`: what is not zero.
    fileprivate var words: String {
        named.filter { $0.count > 0 }.map { "\($0.count) \($0.name == "unknown" ? "of unknown attempts" : $0.name)" }
            .joined(separator: ", ")
    }
}

extension Status.Gateway {
    /// What was refused or ended in doubt, and why; nil for nothing.
    fileprivate var failures: String? {
        guard let reasons else { return nil }
        func list(_ counts: [String: Int]) -> String {
            counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
                .joined(separator: ", ")
        }
        return "\(name) since the daemon started: \(list(reasons))\(faults.map { "; of these \(list($0))" } ?? "")"
    }

    /// Its line in the table.
    fileprivate var cells: [String] {
        func percent(_ share: Double?) -> String { share.map { "\(Int(($0 * 100).rounded())) %" } ?? "" }
        func time(_ milliseconds: Int64?) -> String { milliseconds.map { "\($0) ms" } ?? "" }
        let money = [spentToday, budget.map { "of \($0)" }, isBudgetSpent == true ? "(spent)" : nil].compactMap(\.self)
        return [
            name, channel, state, String(inFlight), String(accepted), String(refused), String(unknown),
            percent(acceptance), percent(delivery), time(latencyP50), time(latencyP99), money.joined(separator: " "),
            [
                retryAt.map { "tried again at \($0)" },
                lastError.map { "last error\(lastErrorAt.map { " at \($0)" } ?? ""): \($0)" },
            ]
            .compactMap(\.self).joined(separator: ", "),
        ]
    }
}
