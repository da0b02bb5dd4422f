// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinLedger
import DunlinModel
import DunlinServer
import DunlinTemplates
import DunlinTime
import Foundation
import Logging

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send the sample reminders to a sandbox on this machine and show what came of each.",
        discussion: examples(
            "dunlin demo", "dunlin demo --stay     # and keep the sandbox's page open in a browser afterwards"))

    @Option(help: "The folder that holds templates/ and deploy/; by default found from here upwards.") var root: String?
    @Flag(help: "Keep the sandbox running until Ctrl-C.") var stay = false

    func run() async throws {
        let root = try root ?? Demo.findRoot()
        let folder = NSTemporaryDirectory() + "dunlin-demo-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }

        let sandbox = Sandbox(clock: SystemClock())
        let ports = try await sandbox.start()
        let configurationPath = try writeConfiguration(folder, root, ports)
        let configuration = try Configuration(path: configurationPath)
        print("importing \(root)/deploy/sample/reminders.ndjson, due now")
        print("  " + (try importSample(root + "/deploy/sample/reminders.ndjson", configuration)).sentence)

        print("sending to a sandbox: http://127.0.0.1:\(ports.http)/")
        let logger = Logger(label: "dunlin") { _ in SwiftLogNoOpLogHandler() }
        let daemon = Daemon(
            configurationPath: configurationPath, clock: SystemClock(), environment: [:], logger: logger)
        async let running: Void = DaemonService(daemon: daemon).run()
        try await watch(configuration)
        daemon.stop()
        try await running

        let ledger = try SQLiteLedger.open(path: configuration.ledgerPath, role: .reader)
        let histories = try sampleIDs(root).flatMap { try ledger.histories(of: $0, limit: 1) }
        print("\n" + summary(histories, sandbox))
        for history in Demo.telling(histories) {
            print("\n$ dunlin why \(history.reminder.id)\n" + history.explanation)
        }
        if stay {
            print("\nwhat arrived: http://127.0.0.1:\(ports.http)/ (Ctrl-C ends it)")
            await untilInterrupted()
        }
        await sandbox.stop()
    }

    /// The nearest folder, from here or from the program upwards, that has the templates and the samples.
    static func findRoot() throws -> String {
        let program = (ProcessInfo.processInfo.arguments[0] as NSString).deletingLastPathComponent
        for start in [FileManager.default.currentDirectoryPath, program] {
            var folder = URL(fileURLWithPath: start).standardizedFileURL
            while true {
                if FileManager.default.fileExists(atPath: folder.path + "/deploy/sample/reminders.ndjson") {
                    return folder.path
                }
                if folder.path == "/" { break }
                folder.deleteLastPathComponent()
            }
        }
        throw DunlinError(
            .usage, "demo", why: "templates/ and deploy/sample/ are not here", remedy: "name their folder with --root")
    }

    private func writeConfiguration(_ folder: String, _ root: String, _ ports: Sandbox.Ports) throws -> String {
        try Data("demo-token".utf8).write(to: URL(fileURLWithPath: folder + "/token"))
        let account = "AC" + String(repeating: "0", count: 32)
        let twilio =
            "account: \(account), token: {file: \(folder)/token}, from: \"+16175550100\", "
            + "base_url: \"http://127.0.0.1:\(ports.http)\""
        let text = """
            ledger: sqlite:\(folder)/dunlin.db
            templates: [\(root)/templates]
            policies: \(root)/deploy/etc/dunlin/policies
            control: \(folder)/control
            spread: 5m
            gateways:
              sms-main: {adapter: twilio-sms, \(twilio), rate: 100/s}
              voice-main: {adapter: twilio-voice, \(twilio), concurrency: 20}
              mail: {adapter: smtp, base_url: "smtp://127.0.0.1:\(ports.smtp)", from: "Harbor Credit <care@example.com>"}
            routes: {sms: [sms-main], email: [mail], call: [voice-main]}
            """
        let path = folder + "/dunlin.yaml"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func sampleRows(_ path: String) throws -> [[String: Any]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    private func sampleIDs(_ root: String) throws -> [String] {
        try sampleRows(root + "/deploy/sample/reminders.ndjson").compactMap { $0["id"] as? String }
    }

    /// Imports the sample rows as if they fell due now.
    private func importSample(_ path: String, _ configuration: Configuration) throws -> ImportTally {
        let now = SystemClock().now
        let lines = try sampleRows(path).map { row in
            var row = row
            row["due"] = now.description
            row["expires"] = (now + .days(3)).description
            if var account = row["account"] as? [String: Any] {
                account["due_date"] = Demo.dueDate(of: row["message"] as? String ?? "", at: now).description
                row["account"] = account
            }
            return try JSONSerialization.data(withJSONObject: row)
        }
        let rows = configuration.ledgerPath + ".ndjson"
        try Data(lines.joined(separator: Data("\n".utf8))).write(to: URL(fileURLWithPath: rows))
        let templates = try TemplateLibrary.load(roots: configuration.templates)
        let ledger = try SQLiteLedger.open(path: configuration.ledgerPath, role: .importer)
        let importer = Importer(
            ledger: ledger, messages: templates, zones: ZoneDatabase(), clock: SystemClock())
        let descriptor = open(rows, O_RDONLY)
        defer { close(descriptor) }
        let rejects = RejectsFile(path: rows + ".rejects", format: .ndjson) { line, errors in
            for error in errors { complain("dunlin: \(path):\(line): \(error)") }
        }
        return try importer.run(descriptor: descriptor, format: .ndjson, rejects: rejects) { _ in }
    }

    /// A date of payment that fits what the message says on the day of the demo.
    private static func dueDate(of message: String, at now: Instant) -> CivilDate {
        let today = CivilDate(daysSince1970: Int(now.seconds / 86400))
        switch message {
        case "payment-due-soon": return today + 4
        case "payment-due-today": return today
        default: return today - 5
        }
    }

    /// Shows progress until nothing is due and nothing is under way, for half a minute at most.
    private func watch(_ configuration: Configuration) async throws {
        let reader = StatusReader(configuration: configuration)
        var calm = 0
        var last = ""
        for _ in 0..<300 where calm < 5 {
            try await Task.sleep(for: .milliseconds(100))
            guard let status = try? reader.status() else { continue }
            let counts = State.allCases.compactMap { state -> String? in
                let count = status.states[state.rawValue] ?? 0
                return count > 0 ? "\(count) \(state.rawValue)" : nil
            }
            let line = "  " + counts.joined(separator: ", ")
            if line != last { print(line) }
            last = line
            calm = (status.states["scheduled"] ?? 0) + (status.states["sending"] ?? 0) == 0 ? calm + 1 : 0
        }
    }

    private func summary(_ histories: [ReminderHistory], _ sandbox: Sandbox) -> String {
        var rows = [["reminder", "message", "to", "state", "because", "asked again (UTC)"]]
        for history in histories {
            let via = history.facts.last { $0.fact.channel != nil }?.fact.channel?.rawValue
            let last = history.facts.last?.fact
            rows.append([
                history.reminder.id, history.reminder.message, via ?? history.reminder.channels[0].rawValue,
                history.state.rawValue, history.state == .accepted ? "" : last?.reason?.rawValue ?? "",
                history.queued.map { "\($0.due)" } ?? "",
            ])
        }
        let received = Channel.allCases.map { "\(sandbox.totals[$0]?.accepted ?? 0) \($0.rawValue)" }.joined(
            separator: ", ")
        return table(rows) + "\n\nthe sandbox received \(received)"
    }

    /// Up to three that tell most: one that went out, one that waits, one that ended or waits otherwise.
    static func telling(_ histories: [ReminderHistory]) -> [ReminderHistory] {
        var chosen: [ReminderHistory] = []
        for state in [State.accepted, .deferred, .held, .undeliverable, .unknown, .accepted] where chosen.count < 3 {
            if let one = histories.first(where: { history in
                history.state == state && !chosen.contains { $0.key == history.key }
            }) {
                chosen.append(one)
            }
        }
        return chosen
    }
}
