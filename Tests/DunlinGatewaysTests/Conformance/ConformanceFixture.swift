// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Foundation
import Synchronization

@testable import DunlinGateways

/// What one gateway has to do, as Fixtures/NAME.yaml tells it: requests as they must go out, answers and callbacks with what
/// they mean. A key that nobody reads is an error.
struct Fixture: Sendable {
    /// An answer and its meaning, in words: `accepted SM1`, `recipient`, `throttled 5s`, …
    struct Row: Sendable {
        /// `file:line:column`.
        let place: String
        let answer: WireAnswer
        let meaning: String
    }

    /// A request of its own with the answers to it: the access token's, the look-up's.
    struct Exchange: Sendable {
        let place: String
        let request: String
        let answers: [Row]
    }

    let name: String
    /// The `adapter:` of dunlin.yaml; `http` for one that does not ship.
    let adapter: String
    /// The `gateways:` of dunlin.yaml, with this one as `g`.
    let configuration: String
    /// What the entry points to with `{env: NAME}`.
    let secrets: [String]
    let message: OutboundMessage
    let request: String
    let answers: [Row]
    let access: Exchange?
    let lookup: Exchange?
    let callbacks: [CallbackRow]

    static let keys = ["adapter", "gateway", "message", "request", "answers", "access", "lookup", "callbacks"]
    /// When requests are made.
    static let at = Instant(rfc3339: "2026-11-21T18:53:00Z")!
    static let token = "tok-0123456789abcdef"
    static let callbacks = "https://dunlin.example.com/callbacks"
    static let folder = AdapterFixture.repository.appending(path: "Tests/DunlinGatewaysTests/Fixtures")

    /// The names of the fixtures that can be read; a test of its own tells of the others.
    static let names = files.filter { (try? named($0)) != nil }

    /// The names of all files.
    static let files: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()

    private static let loaded = Mutex<[String: Result<Fixture, any Error>]>([:])

    static func named(_ name: String) throws -> Fixture {
        if let known = loaded.withLock({ $0[name] }) { return try known.get() }
        let result = Result { try Fixture(name: name) }
        loaded.withLock { $0[name] = result }
        return try result.get()
    }

    private init(name: String) throws {
        let keys = try Fixture.file(name).mapping(keys: Fixture.keys)
        self.name = name
        adapter = try keys.required("adapter").string()
        let entry = try keys.required("gateway")
        configuration = try #"{"g": {"adapter": "\#(adapter)", \#(entry.flow().dropFirst())}"#
        secrets = try entry.secretNames().map { name in
            guard let secret = FixtureSecrets.environment[name] else {
                throw entry.error(expected: "an {env: NAME} that FixtureSecrets.swift has; it has no \(name)")
            }
            return secret
        }
        let gateway = try Fixture.gateway(configuration)
        message = try OutboundMessage(fixture: keys["message"], channel: gateway.channel)
        request = try keys.required("request").string()
        answers = try Fixture.rows(keys.required("answers"))
        access = try keys["access"].map(Fixture.exchange)
        lookup = try keys["lookup"].map(Fixture.exchange)
        callbacks = try keys["callbacks"]?.list().map(CallbackRow.init) ?? []
    }

    private static func file(_ name: String) throws -> YAMLValue {
        let text = try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8)
        return try YAMLValue(text: text, file: "\(name).yaml")
    }

    private static func exchange(_ value: YAMLValue) throws -> Exchange {
        let keys = try value.mapping(keys: ["request", "answers"])
        return Exchange(
            place: value.place, request: try keys.required("request").string(),
            answers: try rows(keys.required("answers")))
    }

    /// `[201, '{"sid":"SM1"}', accepted SM1, {x-message-id: SM1}]`, headers only where there are any.
    private static func rows(_ value: YAMLValue) throws -> [Row] {
        try value.list().map { row in
            let cells = row.list()
            guard (3...4).contains(cells.count) else {
                throw row.error(expected: "[status, body, meaning] or [status, body, meaning, {header: value}]")
            }
            var headers: [String: String] = [:]
            if cells.count == 4 {
                for (name, value) in try cells[3].anyMapping().entries {
                    headers[name.lowercased()] = try value.string()
                }
            }
            let answer = WireAnswer(
                phase: .answered, status: try cells[0].int(in: 100...599), headers: headers,
                body: Array(try cells[1].string().utf8))
            return Row(place: row.place, answer: answer, meaning: try cells[2].string())
        }
    }

    // MARK: The gateway

    /// A fresh gateway, as the daemon would have it; with an access token in hand where it needs one.
    func gateway() throws -> Gateway {
        let gateway = try Fixture.gateway(configuration)
        if let access = gateway.access, let first = self.access?.answers.first {
            _ = access.reader(at: Fixture.at).outcome(of: first.answer)
        }
        return gateway
    }

    private static func gateway(_ configuration: String) throws -> Gateway {
        try Gateways.load(
            YAMLValue(text: configuration, file: "dunlin.yaml"), secrets: FixtureSecrets.reader,
            directory: "/etc/dunlin", callbacks: callbacks)[0]
    }

    /// The definition that the adapter is made of, as it is written.
    func definition() throws -> YAMLMapping {
        var path = "Sources/DunlinGateways/Adapters/Definitions/\(adapter).yaml"
        if adapter == "http" {
            let own = try Fixture.file(name).anyMapping().required("gateway").anyMapping().required("definition")
            if own.isMapping { return try own.anyMapping() }
            path = "deploy/etc/dunlin/\(try own.string())"
        }
        let url = AdapterFixture.repository.appending(path: path)
        let text = try String(contentsOf: url, encoding: .utf8)
        return try YAMLValue(text: text, file: url.lastPathComponent).anyMapping()
    }
}

extension YAMLValue {
    /// The value on one line.
    func flow() throws -> String {
        if isMapping {
            return try "{"
                + anyMapping().entries.map { try "\(quoted($0.key)): \($0.value.flow())" }.joined(separator: ", ") + "}"
        }
        if isList { return try "[" + list().map { try $0.flow() }.joined(separator: ", ") + "]" }
        return isNull ? "null" : quoted(try string())
    }

    private func quoted(_ text: String) -> String { String(decoding: try! JSONEncoder().encode(text), as: UTF8.self) }

    fileprivate func secretNames() throws -> [String] {
        if isList { return try list().flatMap { try $0.secretNames() } }
        guard isMapping else { return [] }
        return try anyMapping().entries.flatMap {
            $0.key == "env" ? [try $0.value.string()] : try $0.value.secretNames()
        }
    }
}

extension OutboundMessage {
    /// The message of a fixture: what it does not say is as good as anything.
    fileprivate init(fixture value: YAMLValue?, channel: Channel) throws {
        let keys = try value?.mapping(keys: [
            "to", "recipient", "account", "text", "subject", "html", "name", "language", "values",
        ])
        let text = try keys?["text"]?.string() ?? "Alex, your payment of $120.00 was due on Nov 20. Harbor Credit"
        let content: MessageContent =
            switch channel {
            case .sms: .sms(text)
            case .chat: .chat(text)
            case .task: .task(text)
            case .email:
                .email(
                    Email(
                        subject: try keys?["subject"]?.string() ?? "Your payment", preheader: "", text: text,
                        html: try keys?["html"]?.string() ?? "<p>Your payment was due on Nov 20.</p>"))
            case .call: .call(OutboundMessage.script)
            }
        var values: [String: String] = [:]
        for (name, value) in try keys?["values"]?.anyMapping().entries ?? [] { values[name] = try value.string() }
        self.init(
            attempt: 7, token: Fixture.token, reminderToken: "rem-0123456789abcdef",
            to: try keys?["to"]?.string() ?? (channel == .email ? "alex@example.com" : "+16175550123"),
            recipientName: try keys?["recipient"]?.string() ?? "Alex Kim",
            account: try keys?["account"]?.string() ?? "", creditor: "Harbor Credit",
            name: try keys?["name"]?.string() ?? "payment-overdue",
            language: try keys?["language"]?.string() ?? "en-US",
            content: content, values: values, at: Fixture.at, expires: Fixture.at + .hours(2))
    }

    private static let script = CallScript(
        language: "en-US",
        steps: [
            .say("Hello, this is Harbor Credit."),
            .gather(prompt: "If you are Alex, press 1.", keys: ["1": "continue"], timeoutSeconds: 8),
            .say("Your payment was due on November 20."),
        ], voicemail: "Please call Harbor Credit back.")
}
