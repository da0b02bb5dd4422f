// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinGateways

@Suite struct BounceMailboxTests {
    /// The messages of a file that comes in pieces of `size` bytes.
    private static func split(_ file: [UInt8], by size: Int, limit: Int = 1000) -> [String] {
        var splitter = MailboxSplitter(limit: limit)
        var messages: [String] = []
        let collect = { (message: [UInt8]) in messages.append(String(decoding: message, as: UTF8.self)) }
        for start in stride(from: 0, to: file.count, by: size) {
            splitter.take(file[start..<min(start + size, file.count)], collect)
        }
        splitter.finish(collect)
        return messages
    }

    @Test(arguments: [
        ("", []), ("A: b\n\nx", ["A: b\n\nx"]), ("A: b\n\nFrom x\n\nFrom y", ["A: b\n\nFrom x\n\nFrom y"]),
        ("From x\nA: b\n\nc\n\nFrom y\nD: e\n", ["A: b\n\nc\n", "D: e\n"]),
        ("From x\r\nA: b\r\n\r\nc\r\n\r\nFrom y\r\nD: e", ["A: b\r\n\r\nc\r\n", "D: e"]),
        ("From x\nA: b\n\nc\nFrom d\n", ["A: b\n\nc\nFrom d\n"]), ("From x\n\nFrom y\n", ["", ""]),
        ("From x\nA: b\n\n>From c\n>>From d\n>e\n", ["A: b\n\nFrom c\n>From d\n>e\n"]),
        (">From x\n", [">From x\n"]),
    ])
    func splitting(file: String, expected: [String]) {
        for size in [1, 2, 3, 7, 1000] { #expect(BounceMailboxTests.split(Array(file.utf8), by: size) == expected) }
    }

    /// What is written as mboxrd reads as it was.
    @Test func roundTrip() {
        var random = SeededRandom(seed: 1)
        let pieces = ["From ", ">From ", ">>From x", "\n", "\n\n", "x", "A: b", "\r\n", " ", ">"]
        for _ in 0..<300 {
            let messages = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                (0..<Int.random(in: 0...12, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
                    + "\n"
            }
            let file = messages.map { "From a@b Sat Nov 21 18:53:00 2026\n\(quoted($0))\n" }.joined()
            let size = Int.random(in: 1...40, using: &random)
            #expect(BounceMailboxTests.split(Array(file.utf8), by: size) == messages)
        }
    }

    private func quoted(_ message: String) -> String {
        message.replacing(/(?m)^(>*From )/) { ">\($0.output.1)" }
    }

    @Test func longMessagesAreCut() {
        let file =
            "From x\n" + String(repeating: "a", count: 500) + "\n" + String(repeating: "b", count: 500)
            + "\n\nFrom y\nc\n"
        let cut = BounceMailboxTests.split(Array(file.utf8), by: 64, limit: 100)
        #expect(cut == [String(repeating: "a", count: 100), "c\n"])
    }

    @Test func filesAndFolders() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "dunlin-test-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["new", "cur", "tmp"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: "box/\(name)"), withIntermediateDirectories: true)
        }
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        try write("box/new/2.x", "N: 2\n")
        try write("box/new/1.x", "N: 1\n")
        try write("box/cur/1.x:2,S", "C: 1\n")
        try write("box/cur/.hidden", "no")
        try write("box/tmp/3.x", "no")
        try write("mbox", "From x\nA: 1\n\nFrom y\nA: 2\n")
        func messages(_ name: String) throws -> [String] {
            var messages: [String] = []
            try BounceMailbox.forEachMessage(in: folder.appending(path: name).path) {
                messages.append(String(decoding: $0, as: UTF8.self))
            }
            return messages
        }
        #expect(try messages("box") == ["N: 1\n", "N: 2\n", "C: 1\n"])
        #expect(try messages("mbox") == ["A: 1\n", "A: 2\n"])
        #expect(try messages("box/new/1.x") == ["N: 1\n"])
        let missing = #expect(throws: DunlinError.self) { try messages("nothing") }
        #expect(missing?.why.contains("No such file") == true)
        let noMaildir = #expect(throws: DunlinError.self) { try messages("") }
        #expect(noMaildir?.kind == .usage)
    }

    /// For Tests/acceptance/bounce_check.py: DUNLIN_BOUNCES is the path of a JSON document, `mailboxes` (paths), `address` (the
    /// setting `bounces`) and `tokens`; what is read is written beside it, with `.read` behind its name.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["DUNLIN_BOUNCES"] != nil))
    func acceptance() throws {
        struct Task: Decodable {
            var mailboxes: [String]
            var address: String
            var tokens: Set<String>
        }
        struct Reading: Encodable {
            var mailbox: String
            var name: String
            var token, code, reason: String?
            var at: Int64?
        }
        let path = try #require(ProcessInfo.processInfo.environment["DUNLIN_BOUNCES"])
        let task = try JSONDecoder().decode(Task.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        let tokens = task.tokens
        let reader = BounceReader(addresses: [try #require(BounceAddress(task.address))]) { tokens.contains($0) }
        var readings: [Reading] = []
        for mailbox in task.mailboxes {
            try BounceMailbox.forEachMessage(in: mailbox) { message in
                let reading = reader.read(message)
                var entry = Reading(mailbox: mailbox, name: reading.name)
                if let receipt = reading.receipt, case .token(let token) = receipt.attempt {
                    (entry.token, entry.code, entry.reason) = (token, receipt.code, receipt.reason?.rawValue)
                    entry.at = receipt.at?.seconds
                }
                readings.append(entry)
            }
        }
        try JSONEncoder().encode(readings).write(to: URL(fileURLWithPath: path + ".read"))
    }
}
