// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinGateways
import DunlinLedger
import DunlinModel
import Foundation
import Logging

struct BenchDispatch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispatch",
        abstract: "The whole daemon: due reminders to a local nginx, decided, rendered, sent and recorded durably.")

    @Option(help: "Reminders that are due.") var due = 1_000_000
    @Option(help: "Further reminders that are not due.") var pending = 0
    @Option(help: "Requests at once.") var concurrency = 64
    @Option(help: "The folder that holds templates/.") var root: String?
    @Flag(help: "Print JSON.") var json = false

    /// A Wednesday noon in London: every window of the built-in pack is open.
    static let start = Instant(rfc3339: "2026-11-25T12:00:00Z")!

    func run() throws {
        try withTemporaryFolder { folder in
            let nginx = try Nginx(folder: folder)
            defer { nginx.stop() }
            let reference = try TransportBenchmark.bareLoop(
                url: nginx.url, requests: min(due, 500_000), concurrency: concurrency)
            let configuration = try writeConfiguration(folder, nginx.url)
            try fill(configuration)
            let clock = ShiftedClock(showing: BenchDispatch.start)
            let daemon = Daemon(
                configurationPath: configuration.path, clock: clock, environment: [:],
                logger: Logger(label: "dunlin") { StreamLogHandler.standardError(label: $0) })
            resetPeakMemory()
            let seconds = try measured { try send(with: daemon, configuration) }
            try BenchReport(
                "dispatch", count: due, seconds: seconds, reference: "a bare libcurl loop to the same nginx",
                referencePerSecond: reference.perSecond,
                peakMemory: peakMemoryMegabytes(),
                settings: [
                    "due": "\(due)", "pending": "\(pending)", "concurrency": "\(concurrency)", "adapter": "twilio-sms",
                    "ledger": "sqlite, WAL, synchronous=FULL",
                ]
            ).show(json: json)
        }
    }

    private func writeConfiguration(_ folder: String, _ url: String) throws -> Configuration {
        let root = try root ?? Demo.findRoot()
        try Data("token".utf8).write(to: URL(fileURLWithPath: folder + "/token"))
        let text = """
            ledger: sqlite:\(folder)/dunlin.db
            templates: [\(root)/templates]
            control: \(folder)/control
            gateways:
              sms: {adapter: twilio-sms, account: AC0, token: {file: \(folder)/token}, from: "+16175550100",
                    base_url: "\(url)", concurrency: \(concurrency)}
            routes: {sms: [sms]}
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/dunlin.yaml"))
        return try Configuration(path: folder + "/dunlin.yaml")
    }

    private func fill(_ configuration: Configuration) throws {
        let ledger = try SQLiteLedger.open(path: configuration.ledgerPath, role: .importer)
        let later = BenchDispatch.start + .days(30)
        for (count, prefix, at) in [(pending, "later", later), (due, "now", BenchDispatch.start)] {
            for first in stride(from: 0, to: count, by: 10_000) {
                let batch = (first..<min(first + 10_000, count)).map { benchReminder($0, prefix, due: at) }
                _ = try ledger.store(batch, at: BenchDispatch.start - .days(1))
            }
        }
    }

    /// Runs the daemon until the last reminder is accepted.
    private func send(with daemon: Daemon, _ configuration: Configuration) throws {
        let failure = FailureBox()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            do { try daemon.run() } catch { failure.set(error) }
            done.signal()
        }
        thread.stackSize = 8 << 20
        thread.start()
        let reader = try SQLiteLedger.open(path: configuration.ledgerPath, role: .reader)
        var last = (count: -1, since: ContinuousClock.now)
        while failure.error == nil {
            let accepted = try reader.summary().states[.accepted] ?? 0
            if accepted >= due { break }
            if accepted != last.count { last = (accepted, .now) }
            guard ContinuousClock.now - last.since < .seconds(30) else {
                throw DunlinError(
                    .failure, "bench", why: "nothing moved for 30 s, \(accepted) of \(due) accepted", remedy: "")
            }
            usleep(20_000)
        }
        daemon.stop()
        done.wait()
        if let error = failure.error { throw error }
    }
}

/// The n-th of many different people with a reminder each.
func benchReminder(_ n: Int, _ prefix: String, due: Instant) -> Reminder {
    Reminder(
        id: "\(prefix)-\(n)", message: "payment-overdue", due: due, expires: due + .days(3), channels: [.sms],
        account: Account(
            id: "A-\(prefix)-\(n)", creditor: "Harbor Credit",
            amount: Money(minorUnits: Int64(1000 + n % 900_000), currency: Currency(code: "GBP")!),
            dueDate: CivilDate(year: 2026, month: 11, day: 20)!),
        recipient: Recipient(
            id: "P-\(prefix)-\(n)", name: "Alex Kim", locale: "en-GB", zones: ["Europe/London"], region: "GB",
            phone: "+4470\(10_000_000 + n % 90_000_000)"))
}

/// An error that one thread leaves for another.
final class FailureBox: @unchecked Sendable {  // guarded by `lock`
    private let lock = NSLock()
    private var stored: (any Error)?
    var error: (any Error)? { lock.withLock { stored } }
    func set(_ error: any Error) { lock.withLock { stored = error } }
}
