// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTime
import Foundation

struct BenchReceipts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipts",
        abstract:
            "Receipts a second on one thread, from a gateway's bytes to the disk, while messages go out on it too.")

    @Option(help: "Receipts.") var count = 100_000
    @Option(help: "Receipts for each commit: 200 are what comes within 20 ms at 10,000 a second.") var batch = 200
    @Option(help: "New messages for each commit, beside them.") var beside = 100
    @Option(help: "The folder that holds templates/.") var root: String?
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        try withTemporaryFolder { folder in
            let root = try root ?? Demo.findRoot()
            let text = """
                ledger: sqlite:\(folder)/dunlin.db
                templates: [\(root)/templates]
                control: \(folder)/control
                callbacks: {listen: "127.0.0.1:0", url: "https://dunlin.example.com/callbacks"}
                gateways:
                  gateway:
                    adapter: http
                    base_url: http://127.0.0.1:9
                    concurrency: 2000
                    definition:
                      channel: sms
                      request: {method: POST, url: "{base_url}/", json: {to: "{to}", text: "{text}", report: "{callback}"}}
                      response: {parse: json, id: /id}
                      rules: [{status: 202, has: id, is: accepted}, {otherwise: by-status}]
                      callbacks:
                        verify: {token: {}}
                        events: [{kind: receipt, attempt: query a, status: /status, is: {delivered: [delivered]}}]
                routes: {sms: [gateway]}
                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/dunlin.yaml"))
            let configuration = try Configuration(path: folder + "/dunlin.yaml")
            let ledger = try SQLiteLedger.open(path: configuration.ledgerPath, role: .owner)
            let due = count + (count / batch + 2) * beside + 2000
            for first in stride(from: 0, to: due, by: 10_000) {
                let batch = (first..<min(first + 10_000, due)).map {
                    benchReminder($0, "now", due: BenchDispatch.start)
                }
                _ = try ledger.store(batch, at: BenchDispatch.start - .days(1))
            }
            let slots = 4096
            var random = SystemRandomNumberGenerator()
            resetPeakMemory()
            let figures = try ReceiptBenchmark.run(
                ledger, snapshot: try Snapshot(configuration, secrets: .system, zones: ZoneDatabase()),
                gateway: "gateway",
                journal: try WireJournal(path: folder + "/wire", slots: slots), slots: slots, receipts: count,
                batch: batch,
                beside: beside, clock: ShiftedClock(showing: BenchDispatch.start), random: &random)
            let delivered = try ledger.summary().states[.delivered] ?? 0
            try BenchReport(
                "receipts", count: figures.receipts, seconds: figures.seconds,
                reference: "the same receipts proven and read, and not recorded",
                referencePerSecond: figures.readPerSecond,
                peakMemory: peakMemoryMegabytes(),
                settings: [
                    "receipts": "\(count)", "batch": "\(batch)", "delivered": "\(delivered)",
                    "dispatched meanwhile": "\(figures.dispatched)", "threads": "1",
                    "ledger": "sqlite, WAL, synchronous=FULL",
                ]
            ).show(json: json)
        }
    }
}
