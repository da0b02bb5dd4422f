// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinLedger
import DunlinModel
import Foundation

struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what happened to a reminder, an account or a recipient, with every decision explained.",
        discussion: examples(
            "dunlin why r-1001", "dunlin why A-77", "dunlin why --json P-5",
            "dunlin why --text r-1001      # the message as it went out; holds personal data"))

    @OptionGroup var config: ConfigurationOption
    @Flag(help: "Write the text of each attempt, the newest last. Exit code 1 where one is not known any more.")
    var text = false
    @Flag(help: "Print JSON.") var json = false
    @Option(help: "How many reminders, and how many events, to tell of at most: the newest.") var limit = 50
    @Argument(help: "The id of a reminder, an account, a recipient or an event.") var id: String

    func run() throws {
        let ledger = try SQLiteLedger.open(path: config.load().ledgerPath, role: .reader)
        guard let explanation = try Explanation(of: id, in: ledger, limit: limit) else {
            throw DunlinError(
                .failure, id, why: "no reminder, account or recipient has this id",
                remedy: "ids are as the imported rows have them")
        }
        if text { return try show(explanation.histories.flatMap { try SentText.all(of: $0, in: ledger) }) }
        if json {
            try printJSON(ExplanationRecord(explanation))
        } else {
            let daemon = try RuntimeFile(ledgerPath: config.load().ledgerPath).read()
            print(explanation.text(daemon: daemon, at: SystemClock().now))
        }
    }

    private func show(_ texts: [SentText]) throws {
        if json {
            try printJSON(texts.map(SentTextRecord.init))
        } else {
            print(texts.isEmpty ? "\(id): nothing was sent" : texts.map(\.text).joined(separator: "\n\n"))
        }
        if texts.contains(where: { if case .failure = $0.result { true } else { false } }) { throw ExitCode(1) }
    }
}
