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
                [["gateway", "channel", "state", "in flight", "accepted", "refused", "unknown", ""]]
                    + gateways.map {
                        [
                            $0.name, $0.channel, $0.state, String($0.inFlight), String($0.accepted),
                            String($0.refused),
                            String($0.unknown), $0.lastError ?? "",
                        ]
                    }))
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
        let all = [
            (taken, "taken"), (forged, "forged"), (stale, "stale"), (malformed, "malformed"),
            (unknown, "of unknown attempts"),
            (failed, "failed"),
        ]
        return all.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
