// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinLedger
import DunlinModel
import DunlinTemplates
import DunlinTime
import Foundation

struct BenchImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "NDJSON rows, fully checked and stored durably, beside Foundation's JSONDecoder on the same rows.")

    @Option(help: "Rows.") var rows = 1_000_000
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let library = try TemplateLibrary.load(roots: ["\(Demo.findRoot())/templates"])
        try withTemporaryFolder { folder in
            let path = folder + "/rows.ndjson"
            try write(rows, to: path)
            let ledger = try SQLiteLedger.open(path: folder + "/dunlin.db", role: .importer)
            let importer = Importer(
                ledger: ledger, messages: library, zones: ZoneDatabase(), clock: SystemClock())
            let descriptor = open(path, O_RDONLY)
            defer { close(descriptor) }
            resetPeakMemory()
            let rejects = RejectsFile(path: folder + "/rejects", format: .ndjson) { complain("\($0): \($1)") }
            var tally = ImportTally()
            let seconds = try measured {
                tally = try importer.run(descriptor: descriptor, format: .ndjson, rejects: rejects) { _ in }
            }
            let memory = peakMemoryMegabytes()
            guard tally.imported == rows else {
                throw DunlinError(.failure, "bench import", why: tally.sentence, remedy: "")
            }
            try BenchReport(
                "import", count: rows, seconds: seconds,
                reference: "JSONDecoder on the same rows, nothing checked and nothing stored",
                referencePerSecond: try decodeWithFoundation(path), peakMemory: memory,
                settings: ["rows": "\(rows)"]
            ).show(json: json)
        }
    }

    private func write(_ rows: Int, to path: String) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        for first in stride(from: 0, to: rows, by: 10_000) {
            let lines = (first..<min(first + 10_000, rows)).map { n in
                """
                {"id":"r-\(n &* 7919 % 1_000_000_007)","message":"payment-overdue","due":"2026-11-25T09:00:00Z",\
                "expires":"2026-11-28T00:00:00Z","channels":["sms","email"],"account":{"id":"A-\(n)",\
                "creditor":"Harbor Credit","amount":"1234.50","currency":"USD","due_date":"2026-11-20"},\
                "recipient":{"id":"P-\(n)","name":"Alex Kim","locale":"en-US","zones":["America/New_York"],\
                "region":"US-MA","phone":"+1617\(5_550_000 + n % 9999)","email":"alex\(n)@example.com"},"vars":{}}

                """
            }
            try handle.write(contentsOf: Data(lines.joined().utf8))
        }
        try handle.close()
    }

    private struct Row: Decodable {
        struct Account: Decodable {
            enum CodingKeys: String, CodingKey { case id, creditor, amount, currency, dueDate = "due_date" }
            var id, creditor, amount, currency, dueDate: String
        }
        struct Recipient: Decodable { var id, name, locale, region, phone, email: String; var zones: [String] }
        var id, message, due, expires: String
        var channels: [String]
        var account: Account
        var recipient: Recipient
        var vars: [String: String]
    }

    private func decodeWithFoundation(_ path: String) throws -> Double {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").prefix(100_000)
        let decoder = JSONDecoder()
        let seconds = try measured {
            for line in lines { _ = try decoder.decode(Row.self, from: Data(line.utf8)) }
        }
        return Double(lines.count) / seconds
    }
}
