// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Foundation
import Testing

@testable import DunlinGateways

/// What the tests of adapters and configuration share.
enum AdapterFixture {
    static let secrets = SecretReader(environment: ["TOKEN": "s3cr€t+/=", "TOKEN_ASCII": "plain-token"]) { path in
        guard path == "/etc/dunlin/gateways/example-sms.yaml" else { throw CocoaError(.fileNoSuchFile) }
        return Array(try Data(contentsOf: repository.appending(path: "deploy" + path)))
    }

    /// The root of the source tree.
    static let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func gateways(_ yaml: String, callbacks: String? = nil) throws -> [Gateway] {
        try Gateways.load(
            YAMLValue(text: yaml, file: "dunlin.yaml"), secrets: secrets, directory: "/etc/dunlin", callbacks: callbacks
        )
    }

    static func gateway(_ entry: String, callbacks: String? = nil) throws -> Gateway {
        try #require(try gateways("g: {\(entry)}", callbacks: callbacks).first)
    }

    /// Where gateway `g` reaches us about the message below, if `callbacks` is this.
    static let callbacks = "https://d.example/r"
    static let callback = "https://d.example/r/g?a=tok-0123456789abcdef"

    static let twilio = #"adapter: twilio-sms, account: AC1, token: {env: TOKEN}, from: "+16175550100""#
    static let voice = #"adapter: twilio-voice, account: AC1, token: {env: TOKEN}, from: "+16175550100""#
    static let kannel =
        #"adapter: kannel, base_url: "http://k:13013", username: u, password: {env: TOKEN}, from: Harbor"#
    static let smtp = #"adapter: smtp, from: "Harbor Credit <care@example.com>""#
    static let example =
        "adapter: http, definition: gateways/example-sms.yaml, api_key: {env: TOKEN_ASCII}, sender: Harbor, "
        + "webhook_secret: {env: TOKEN_ASCII}"

    /// An `http` gateway `g` with a definition of its own. `head` and `entry` are whole lines, for the definition and for
    /// dunlin.yaml.
    static func declared(
        channel: String = "sms", settings: String = "{}", head: [String] = [],
        request: String = #"{method: POST, url: "{base_url}/x", form: {to: "{to}"}}"#, entry: [String] = []
    ) -> String {
        let head = head.map { "\n    \($0)" }.joined()
        let entry = entry.map { "\n  \($0)" }.joined()
        return """
            g:
              adapter: http
              base_url: https://h.example
              definition:
                channel: \(channel)
                settings: \(settings)\(head)
                request: \(request)
                response: {parse: json, id: /id, code: /code}
                rules: [{status: 202, is: accepted}, {otherwise: by-status}]\(entry)
            """
    }

    /// What loading says is wrong, without file, line and column.
    static func mistake(_ yaml: String, callbacks: String? = nil) throws -> String {
        let error = #expect(throws: DunlinError.self) { try gateways(yaml, callbacks: callbacks) }
        let text = try #require(error).description
        #expect(error?.kind == .usage && text.hasPrefix("dunlin.yaml:"), "\(text)")
        return text.replacing(#/^dunlin\.yaml(:\d+:\d+)?: /#, with: "")
    }

    static func message(
        _ content: MessageContent, to: String = "+16175550123", name: String = "Alex Kim",
        expiresIn: Duration = .hours(2), message: String = "payment-overdue", language: String = "en-US",
        values: [String: String] = [:]
    ) -> OutboundMessage {
        let at = Instant(rfc3339: "2026-11-21T18:53:00Z")!
        return OutboundMessage(
            attempt: 7, token: "tok-0123456789abcdef", reminderToken: "rem-0123456789abcdef", to: to,
            recipientName: name,
            creditor: "Harbor Credit", name: message, language: language, content: content, values: values, at: at,
            expires: at + expiresIn)
    }

    static func answer(_ status: Int, _ body: String, headers: [String: String] = [:]) -> WireAnswer {
        WireAnswer(phase: .answered, status: status, headers: headers, body: Array(body.utf8))
    }
}

extension Adapter {
    func httpRequest(_ message: OutboundMessage) throws -> HTTPRequest {
        guard case .http(let request) = try request(for: message) else { throw CocoaError(.featureUnsupported) }
        return request
    }

    func mailRequest(_ message: OutboundMessage) throws -> MailRequest {
        guard case .mail(let request) = try request(for: message) else { throw CocoaError(.featureUnsupported) }
        return request
    }
}

/// An outcome in one word, for tables: `accepted X`, `recipient`, `unknown`, …
func verdict(_ outcome: Outcome) -> String {
    switch outcome {
    case .accepted(let id): "accepted" + (id.map { " \($0)" } ?? "")
    case .refused(let refusal): refusal.kind.rawValue
    case .unknown: "unknown"
    case .withdrawn: "withdrawn"
    }
}

/// Runs a Python script over JSON on its standard input; what it prints as JSON.
func python<Answer: Decodable>(_ script: String, _ input: some Encodable, as _: Answer.Type) throws -> Answer {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    let file = FileManager.default.temporaryDirectory.appending(path: "dunlin-test-\(UUID().uuidString).json")
    try JSONEncoder().encode(input).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let output = Pipe()
    process.standardInput = try FileHandle(forReadingFrom: file)
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try JSONDecoder().decode(Answer.self, from: data)
}
