// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Glibc
import Testing

@testable import DunlinGateways

/// A folder that is there as long as the test.
private final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "dunlin-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit {
        chmod(path, 0o700)
        try? FileManager.default.removeItem(atPath: path)
    }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
    func text(_ name: String) -> String? { try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }
}

@Suite struct HandoffFileTests {
    private func adapter(_ folder: String, _ more: String = "") throws -> Gateway {
        try AdapterFixture.gateway("adapter: file, folder: \"\(folder)\"\(more)")
    }

    private func file(_ gateway: Gateway, _ content: MessageContent) throws -> FileRequest {
        guard case .file(let file) = try gateway.adapter.request(for: AdapterFixture.message(content, to: "P-1")) else {
            throw CocoaError(.featureUnsupported)
        }
        return file
    }

    @Test func oneFileOfTheTokensName() throws {
        let folder = try Folder()
        let gateway = try adapter(folder.path)
        #expect(gateway.channel == .task && gateway.repeatable == nil && gateway.concurrency == 1)
        let file = try file(gateway, .task("Visit \"Alex\"\n\u{1}today"))
        for _ in 0..<2 {
            let answer = file.write()
            #expect(verdict(gateway.adapter.outcome(of: answer)) == "accepted")
            #expect(folder.names == ["tok-0123456789abcdef.json"])
        }
        let document = try JSONDecoder().decode(
            [String: String].self, from: Data((folder.text("tok-0123456789abcdef.json") ?? "").utf8))
        #expect(
            document == [
                "token": "tok-0123456789abcdef", "reminder": "rem-0123456789abcdef", "channel": "task", "to": "P-1",
                "at": "2026-11-21T18:53:00Z", "expires": "2026-11-21T20:53:00Z", "name": "Alex Kim", "account": "",
                "creditor": "Harbor Credit", "message": "payment-overdue", "language": "en-US",
                "text": "Visit \"Alex\"\n\u{1}today",
            ])
        var status = stat()
        #expect(stat("\(folder.path)/tok-0123456789abcdef.json", &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    /// What a crash left behind, or somebody put there, is not written into.
    @Test func aLeftoverIsReplacedNotFollowed() throws {
        let folder = try Folder()
        let file = try file(adapter(folder.path), .task("x"))
        let (leftover, other) = ("\(folder.path)/.tok-0123456789abcdef.json.part", "\(folder.path)/other")
        #expect(FileManager.default.createFile(atPath: other, contents: Data("mine".utf8)))
        #expect(symlink(other, leftover) == 0)
        #expect(file.write().phase == .answered)
        #expect(folder.text("other") == "mine" && folder.names == ["other", "tok-0123456789abcdef.json"])
    }

    @Test func whatIsInTheWayIsTheConfigurationsFault() throws {
        let folder = try Folder()
        let missing = try adapter(folder.path + "/missing")
        let answer = try file(missing, .task("x")).write()
        #expect(answer.phase == .notSent && answer.status == Int(ENOENT))
        #expect(verdict(missing.adapter.outcome(of: answer)) == "configuration")
        // A name that a folder has already taken.
        try FileManager.default.createDirectory(
            atPath: folder.path + "/tok-0123456789abcdef.json", withIntermediateDirectories: true)
        let gateway = try adapter(folder.path)
        let blocked = try file(gateway, .task("x")).write()
        #expect(blocked.phase == .notSent && verdict(gateway.adapter.outcome(of: blocked)) == "configuration")
        #expect(folder.names == ["tok-0123456789abcdef.json"])
    }

    @Test(arguments: [
        (WireAnswer.Phase.notSent, ENOSPC, "transient"), (.notSent, EDQUOT, "transient"), (.notSent, EIO, "transient"),
        (.notSent, EACCES, "configuration"), (.notSent, EROFS, "configuration"), (.notSent, ENOENT, "configuration"),
        (.interrupted, EIO, "unknown"), (.answered, 0, "accepted"),
    ])
    func outcomes(_ phase: WireAnswer.Phase, _ code: Int32, _ expected: String) throws {
        let adapter = try adapter("/x").adapter
        #expect(verdict(adapter.outcome(of: WireAnswer(phase: phase, status: Int(code)))) == expected)
    }

    /// No room at all on the device.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func aFullDiskPasses() throws {
        let fault = [UInt8](repeating: 1, count: 10).withUnsafeBytes { bytes -> Int32 in
            let full = open("/dev/full", O_WRONLY)
            defer { close(full) }
            return Glibc.write(full, bytes.baseAddress, bytes.count) < 0 ? errno : 0
        }
        #expect(fault == ENOSPC)
        let answer = WireAnswer(phase: .notSent, status: Int(fault))
        #expect(try verdict(adapter("/x").adapter.outcome(of: answer)) == "transient")
    }

    @Test func everyChannel() throws {
        let mail = Email(subject: "S", preheader: "", text: "T", html: "<p>T")
        let script = CallScript(
            language: "en", steps: [.say("Hello."), .gather(prompt: "Press 1.", keys: [:], timeoutSeconds: 5)],
            voicemail: "Bye.")
        let cases: [(String, MessageContent, [String: String])] = [
            ("channel: sms", .sms("x"), ["text": "x"]),
            ("channel: email", .email(mail), ["subject": "S", "text": "T", "html": "<p>T"]),
            ("channel: call", .call(script), ["text": "Hello.\nPress 1.", "voicemail": "Bye."]),
            ("channel: chat, service: line", .chat("x"), ["text": "x"]), ("channel: task", .task("x"), ["text": "x"]),
        ]
        for (channel, content, expected) in cases {
            let gateway = try adapter("/x", ", \(channel)")
            let bytes = try file(gateway, content).content
            let document = try JSONDecoder().decode([String: String].self, from: Data(bytes))
            #expect(expected.allSatisfy { document[$0.key] == $0.value }, "\(channel)")
            #expect(throws: DunlinError.self) {
                try gateway.adapter.check(AdapterFixture.message(content.channel == .sms ? .task("x") : .sms("x")))
            }
        }
        #expect(try adapter("/x", ", channel: chat, service: line").service == .line)
        #expect(try adapter("tasks").adapter.channel == .task)
        #expect(try file(adapter("tasks"), .task("x")).folder == "/etc/dunlin/tasks")
        #expect(try adapter("/x", ", repeatable: 24h").repeatable == .hours(24))
    }

    @Test(arguments: [
        ("adapter: file", "g.folder is missing"), ("adapter: file, folder: /x, channel: chat", "g.service is missing"),
        ("adapter: file, folder: /x, service: line", "only 'channel: chat' has a service"),
        ("adapter: file, folder: /x, channel: chat, service: telegram", "one of whatsapp, wechat, wecom, line"),
        ("adapter: file, folder: /x, base_url: /y", "base_url"), ("adapter: fil, folder: /x", "did you mean 'file'"),
    ])
    func mistakes(_ entry: String, _ expected: String) throws {
        let error = try #require(#expect(throws: DunlinError.self) { try AdapterFixture.gateway(entry) })
        #expect(error.description.contains(expected), "\(error)")
    }

    @Test func nothingPersonalInDescriptions() throws {
        let file = try file(adapter("/x"), .task("secret"))
        #expect(!"\(file)\(String(reflecting: WireRequest.file(file)))".contains("secret"))
    }
}

extension TransportTests {
    /// Files and requests side by side: each asks the guard first, and what it withholds is not written.
    @Test func filesAreDropped() async throws {
        let folder = try Folder()
        let gate = RecordingGuard { $0.attempt == 2 ? .paused : nil }
        let adapter = FileDropAdapter(gateway: "g", channel: .task, folder: folder.path)
        let transport = try Transport(guard: gate, lanes: [1])
        defer { transport.shutdown(grace: .zero) }
        transport.submit(
            (Int64(1)...5).map { n in
                let request = FileRequest(folder: folder.path, name: "t-\(n).json", content: Array("{}".utf8))
                return transfer(n, .file(request), adapter: adapter)
            })
        let results = await gate.results.wait(for: 5)
        #expect(results.map(\.transfer.attempt) == [1, 2, 3, 4, 5] && gate.asked.all == [1, 2, 3, 4, 5])
        #expect(results.map { verdict($0.outcome) } == ["accepted", "withdrawn", "accepted", "accepted", "accepted"])
        #expect(folder.names == ["t-1.json", "t-3.json", "t-4.json", "t-5.json"])
    }
}
