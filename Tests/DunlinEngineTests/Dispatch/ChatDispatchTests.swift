// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinPolicy
import DunlinTestKit
import DunlinTime
import DunlinYAML
import Foundation
import Testing

@testable import DunlinEngine

/// Chats and tasks from the imported row to the wire.
@Suite struct ChatDispatchTests {
    /// Two messaging apps and a folder, as dunlin.yaml has them.
    static func gateways(_ folder: String = "tasks") throws -> [Gateway] {
        func app(_ name: String, _ service: String) -> String {
            """
            \(name):
              adapter: http
              base_url: https://chat.example
              concurrency: 1
              definition:
                channel: chat
                service: \(service)
                request: {method: POST, url: "{base_url}/send", json: {to: "{to|digits}", text: "{text}"}}
                response: {parse: json, id: /id}
                rules: [{status: 201, has: id, is: accepted}, {otherwise: by-status}]

            """
        }
        let yaml =
            app("wa", "whatsapp") + app("wa-2", "whatsapp") + app("line", "line")
            + "handoff: {adapter: file, folder: \(folder)}\n"
        let secrets = SecretReader(environment: [:]) { _ in [] }
        return try Gateways.load(YAMLValue(text: yaml, file: "dunlin.yaml"), secrets: secrets, directory: "/var/lib/x")
    }

    static let routes: [Channel: Routes] = [.chat: [0, 1, 2], .task: [3]]

    private func bench() throws -> DispatchBench {
        try DispatchBench(gateways: ChatDispatchTests.gateways(), routes: ChatDispatchTests.routes)
    }

    private func reminder(_ bench: DispatchBench, _ id: String, chat: String?, _ channels: [Channel] = [.chat])
        -> Reminder
    {
        var reminder = bench.reminder(id, channels: channels)
        reminder.recipient.chat = chat
        return reminder
    }

    private func body(_ transfer: Transfer) throws -> [String: String] {
        guard case .http(let request) = transfer.request else { throw CocoaError(.featureUnsupported) }
        return try JSONDecoder().decode([String: String].self, from: Data(request.body))
    }

    /// A row is imported, planned and sent; the ledger tells afterwards what went out.
    @Test func fromTheRowToTheWire() throws {
        let bench = try bench()
        let row = sampleRow.replacing("[\"sms\",\"email\"]", with: "[\"chat\",\"sms\"]")
            .replacing("\"region\"", with: "\"chat\":\"whatsapp:+8613800138000\",\"region\"")
            .replacing("\"id\":\"r-1001\"", with: "\"id\":\"r-1\"")
        let importer = Importer(
            ledger: bench.ledger, messages: try DispatchBench.templates(), zones: ZoneDatabase(), clock: bench.clock)
        var pipe: [Int32] = [0, 0]
        #expect(Glibc.pipe(&pipe) == 0)
        #expect(Glibc.write(pipe[1], row + "\n", row.utf8.count + 1) == row.utf8.count + 1)
        close(pipe[1])
        defer { close(pipe[0]) }
        let rejects = RejectsFile(path: bench.folder + "/rejects", format: .ndjson) { _, _ in }
        let tally = try importer.run(descriptor: pipe[0], format: .ndjson, rejects: rejects) { _ in }
        #expect(tally.imported == 1)

        bench.clock.set(Instant(rfc3339: "2026-11-25T15:00:00Z")!)
        let planner = Planner(
            source: try PlanSource(path: bench.folder + "/dunlin.db"), control: Control(), from: bench.clock.now,
            until: bench.clock.now + .hours(1), answerTime: .seconds(1))
        let report = try planner.plan(with: bench.dispatcher.snapshot).report
        #expect(report.sends[.chat] == 1 && report.sends.total == 1)

        let sent = try bench.turn()
        #expect(sent.map(\.scope.channel) == [.chat] && sent.map(\.scope.gateway) == ["wa"])
        let body = try body(sent[0])
        #expect(body["to"] == "8613800138000")
        #expect(body["text"]?.contains("Harbor Credit") == true && body["text"]?.contains("$1,234.50") == true)
        let answer = WireAnswer(phase: .answered, status: 201, body: Array(#"{"id":"m-1"}"#.utf8))
        try bench.turn([sent[0].answered(sent[0].reader.outcome(of: answer))])
        let history = try bench.history("r-1")
        #expect(history.state == .accepted && history.facts[0].fact.channel == .chat)
        let texts = try SentText.all(of: history, in: bench.ledger)
        let writing = try #require(try texts.first?.result.get())
        #expect(writing.difference == nil && writing.content == .chat(body["text"] ?? ""))
        #expect(texts[0].text.contains("chat by wa"))
        #expect(SentTextRecord(texts[0]).chat == body["text"])
    }

    @Test func eachAppHasItsGateways() throws {
        let bench = try bench()
        try bench.store(
            reminder(bench, "r-1", chat: "line:U1"), reminder(bench, "r-2", chat: "whatsapp:+447000000001"),
            reminder(bench, "r-3", chat: "wecom:zhang"))
        let sent = try bench.turn()
        #expect(Set(sent.map(\.scope.gateway)) == ["wa", "line"])
        let held = try bench.history("r-3")
        #expect(held.state == .held && held.queued?.reason == .noRoute)
        // What one of an app's gateways does not take, the other does; the app's route is as long as its own gateways.
        let first = try #require(sent.first { $0.scope.gateway == "wa" })
        let second = try bench.turn([first.answered(.refused(.transient))])
        #expect(second.map(\.scope.gateway) == ["wa-2"])
        #expect(try bench.turn([second[0].answered(.refused(.transient))]).isEmpty)
        #expect(try bench.history("r-2").queued?.reason == .retryBackoff)
    }

    /// What waits for one app stands in nobody's way.
    @Test func aFullAppHoldsUpNoOther() throws {
        let bench = try bench()
        for n in 0..<40 { try bench.store(reminder(bench, "w-\(n)", chat: "whatsapp:+4470000000\(n + 10)")) }
        try bench.store(reminder(bench, "l-1", chat: "line:U1"))
        var gateways: [String] = []
        for _ in 0..<20 {
            gateways += try bench.turn().map(\.scope.gateway)
            bench.clock.advance(by: .milliseconds(10))
        }
        #expect(gateways.contains("line"))
        #expect(gateways.count { $0 != "line" } < 40)
        // None is lost: all go as soon as there is room.
        var done: Set<Int64> = []
        var answers: [Answer] = bench.dispatcher.airborne.keys.map { Answer(attempt: $0, outcome: .accepted(id: nil)) }
        for _ in 0..<60 {
            bench.clock.advance(by: .seconds(1))
            let sent = try bench.turn(answers)
            answers = sent.map { $0.answered(.accepted(id: nil)) }
            done.formUnion(sent.map(\.attempt))
        }
        #expect(done.count + gateways.count == 41)
    }

    @Test func aTaskIsHandedOver() throws {
        let bench = try bench()
        try bench.store(bench.reminder("r-1", to: "P", channels: [.task]))
        let sent = try bench.turn()
        guard case .file(let file)? = sent.first?.request else {
            Issue.record("no file")
            return
        }
        #expect(file.folder == "/var/lib/x/tasks" && file.name.hasSuffix(".json"))
        let document = try JSONDecoder().decode([String: String].self, from: Data(file.content))
        #expect(document["to"] == "P" && document["account"] == "A-P" && document["channel"] == "task")
        #expect(document["name"] == "Alex Kim" && document["text"]?.contains("Harbor Credit") == true)
        try bench.turn([sent[0].answered(sent[0].reader.outcome(of: WireAnswer(phase: .answered)))])
        #expect(try bench.history("r-1").state == .accepted)
        // A contact like any other for a rule that names no channels: `strict` allows one a day.
        try bench.store(bench.reminder("r-2", to: "P"))
        bench.clock.advance(by: .minutes(1))
        #expect(try bench.turn().isEmpty)
    }
}
