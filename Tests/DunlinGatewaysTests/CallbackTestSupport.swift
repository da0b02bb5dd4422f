// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Testing

@testable import DunlinGateways

/// What the tests of callbacks share.
enum CallbackFixture {
    /// Finds every request what it is told to.
    struct Verifier: CallbackVerifier {
        var result = CallbackProof.proven(payload: nil)
        func proof(of request: CallbackRequest) -> CallbackProof { result }
    }

    static func reader(
        _ yaml: String, channel: Channel = .sms, proof: CallbackProof = .proven(payload: nil),
        settings: [String: String?] = [:]
    ) throws -> DeclaredCallbacks {
        let definition = try CallbackDefinition(YAMLValue(text: yaml, file: "callbacks.yaml"), channel: channel)
        let compiler = TemplateCompiler(channel: channel, baseURL: "https://h.example", settings: settings)
        return try #require(try definition.reader(compiler: compiler) { _, _ in Verifier(result: proof) })
    }

    static func post(
        _ body: String, _ type: String = "application/x-www-form-urlencoded", query: String = ""
    ) -> CallbackRequest {
        CallbackRequest(
            method: "POST", url: "https://dunlin.example.com/callbacks/g" + query,
            headers: [("content-type", type)], body: Array(body.utf8), at: Instant(rfc3339: "2026-11-21T18:53:00Z")!)
    }

    static func json(_ body: String, query: String = "") -> CallbackRequest {
        post(body, "application/json; charset=utf-8", query: query)
    }

    static func get(_ query: String) -> CallbackRequest {
        CallbackRequest(
            method: "GET", url: "https://dunlin.example.com/callbacks/g" + query,
            at: Instant(rfc3339: "2026-11-21T18:53:00Z")!)
    }

    /// What the events of each request come to, with `yaml` but for its `verify`.
    static func check(
        _ yaml: String, channel: Channel = .sms, _ cases: [(CallbackRequest, [String])],
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let reader = try reader("verify: {test: {}}\n" + yaml, channel: channel)
        for (request, expected) in cases {
            #expect(lines(reader.read(request)) == expected, sourceLocation: location)
        }
    }

    /// One line an event, for tables.
    static func lines(_ reading: CallbackReading) -> [String] {
        switch reading {
        case .refused(let fault): return [fault.rawValue]
        case .handshake(let reply): return ["handshake \(reply.body)"]
        case .needs(let address): return ["needs \(address)"]
        case .notice(let notice): return [notice.word]
        case .events(let events, _, _): return events.map(line)
        }
    }

    static func line(_ event: CallbackEvent) -> String {
        switch event {
        case .receipt(let receipt):
            let reference =
                switch receipt.attempt {
                case .token(let token): "a=\(token)"
                case .id(let id): "id=\(id)"
                }
            return [
                reference, receipt.status.rawValue, receipt.reason?.rawValue, receipt.code.map { "code=\($0)" },
                receipt.at?.description, receipt.answeredBy?.rawValue, receipt.seconds.map { "\($0)s" },
            ].compactMap { $0 }.joined(separator: " ")
        case .reply(let reply):
            return [
                "reply \(reply.id)", reply.from, reply.to.map { "to=\($0)" }, reply.at?.description,
                reply.understood?.rawValue, "'\(reply.text)'",
            ].compactMap { $0 }.joined(separator: " ")
        case .question(let question):
            return "question \(question.token) key=\(question.key ?? "-")" + (question.isMachine ? " machine" : "")
        }
    }
}
