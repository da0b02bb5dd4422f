// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinGateways
import DunlinLedger
import DunlinModel
import Foundation

struct Replies: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand on what people wrote back. Holds personal data.",
        discussion: examples(
            "dunlin replies                       # the newest last",
            "dunlin replies --meaning perhaps-opt-out   # taken for an opt-out until somebody has read them",
            "dunlin replies --json --from 1201    # for another system: every reply from number 1201 on, one a line"))

    @OptionGroup var config: ConfigurationOption
    @Option(help: "Those from this number on, the oldest first; without it the newest.") var from: Int64?
    @Option(help: "At most so many.") var limit = 1000
    @Option(help: "Only those taken for this: opt-out, opt-in, help, perhaps-opt-out, unplaced or other.") var meaning:
        String?
    @Flag(help: "Print one JSON object a line.") var json = false

    func run() throws {
        let known = ReplyMeaning.allCases.map(\.rawValue)
        if let meaning, !known.contains(meaning) {
            throw DunlinError(
                .usage, "--meaning \(meaning)", why: "nothing is taken for that",
                remedy: nearMiss(meaning, among: known).map { "did you mean '\($0)'?" }
                    ?? "write one of \(known.joined(separator: ", "))")
        }
        let ledger = try SQLiteLedger.open(path: config.load().ledgerPath, role: .reader)
        let replies =
            try from.map { first in
                try ledger.replies(from: first, limit: limit).filter { meaning == nil || $0.meaning == meaning }
            } ?? ledger.newestReplies(of: meaning, limit: limit)
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            for reply in replies { print(String(decoding: try encoder.encode(Record(reply)), as: UTF8.self)) }
            return
        }
        let rows = replies.map {
            [
                String($0.number), $0.at.description, $0.gateway, $0.meaning, $0.sender,
                $0.text.replacing("\n", with: " "),
            ]
        }
        print(rows.isEmpty ? "no replies" : table([["number", "at", "gateway", "taken for", "from", "text"]] + rows))
    }

    private struct Record: Encodable {
        var number: Int64
        var at, received, gateway, channel, meaning, from, text: String

        init(_ reply: StoredReply) {
            number = reply.number
            (at, received) = (reply.at.description, reply.received.description)
            (gateway, channel, meaning) = (reply.gateway, reply.channel.rawValue, reply.meaning)
            (from, text) = (reply.sender, reply.text)
        }
    }
}
