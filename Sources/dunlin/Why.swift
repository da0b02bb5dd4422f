// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinLedger
import DunlinModel
import Foundation

struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what happened to a reminder, an account or a recipient, with every decision explained.",
        discussion: examples("dunlin why r-1001", "dunlin why A-77", "dunlin why --json P-5"))

    @OptionGroup var config: ConfigurationOption
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
        if json {
            try printJSON(ExplanationRecord(explanation))
        } else {
            print(explanation.text)
        }
    }
}
