// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

@testable import DunlinGateways

/// A callback of a fixture, what it gives, and what the gateway hears.
struct CallbackRow: Sendable {
    enum Part: String, CaseIterable, Sendable { case body, url }

    /// `file:line:column`.
    let place: String
    let request: CallbackRequest
    /// One line an event, `nothing`, `handshake` or `refused …`.
    let gives: [String]
    let answer: String?
    /// What the gateway's signature does not cover; nil: what is usual for its scheme.
    let unsigned: Set<Part>?

    init(_ value: YAMLValue) throws {
        let keys = try value.mapping(keys: ["at", "request", "gives", "answer", "unsigned"])
        place = value.place
        var at = Fixture.at
        if let text = keys["at"] {
            guard let instant = Instant(rfc3339: try text.string()) else {
                throw text.error(expected: "an RFC 3339 time")
            }
            at = instant
        }
        let text = try keys.required("request")
        guard var request = CallbackRequest(text: try text.string(), at: at) else {
            throw text.error(expected: "'METHOD URL', lines 'Name: value', an empty line and the body")
        }
        request.certificates = FixtureSecrets.certificates
        self.request = request
        gives = try keys.required("gives").list().map { try $0.string() }
        answer = try keys["answer"]?.string()
        unsigned = try keys["unsigned"].map { Set(try $0.list().map { try $0.oneOf(Part.self) }) }
    }
}

extension CallbackRequest {
    fileprivate init?(text: String, at: Instant) {
        let text = text.withoutLastLineEnd
        let end = text.firstRange(of: "\n\n")
        let head = text[..<(end?.lowerBound ?? text.endIndex)].split(separator: "\n")
        let first = head.first?.split(separator: " ") ?? []
        guard first.count == 2 else { return nil }
        var headers: [(name: String, value: String)] = []
        for line in head.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            headers.append((line[..<colon].lowercased(), String(line[colon...].dropFirst().drop { $0 == " " })))
        }
        self.init(
            method: String(first[0]), url: String(first[1]), headers: headers,
            body: end.map { Array(text[$0.upperBound...].utf8) } ?? [], at: at)
    }
}

extension CallbackReading {
    /// As a fixture writes it, one line an event.
    var lines: [String] {
        switch self {
        case .refused(let fault): ["refused \(fault.rawValue)"]
        case .handshake: ["handshake"]
        case .needs: ["needs certificate"]
        case .notice(let notice): ["notice \(notice.word)"]
        case .events(let events, _, _): events.isEmpty ? ["nothing"] : events.map { $0.line(mentioning: ["at", "to"]) }
        }
    }

    /// Whether it gives just what a fixture says, which may leave out when a thing was and our own number.
    func gives(_ expected: [String]) -> Bool {
        guard case .events(let events, _, _) = self, !events.isEmpty else { return lines == expected }
        return events.count == expected.count
            && zip(events, expected).allSatisfy { event, line in
                [["at", "to"], ["at"], ["to"], []].contains { event.line(mentioning: $0) == line }
            }
    }

    /// Empty for a handshake and what is refused.
    var events: [CallbackEvent] { if case .events(let events, _, _) = self { events } else { [] } }

    var reply: CallbackReply? {
        switch self {
        case .events(_, let reply, _), .handshake(let reply): reply
        case .refused, .needs, .notice: nil
        }
    }
}

extension CallbackNotice {
    var word: String {
        switch self {
        case .subscribed: "subscribed"
        case .unsubscribed: "unsubscribed"
        case .weaklySigned: "weakly-signed"
        case .remark: "remark"
        }
    }
}

extension CallbackReply {
    /// `200 text/xml <Response/>`.
    var line: String { "\(status) \(contentType)" + (body.isEmpty ? "" : " \(body)") }
}

extension CallbackEvent {
    /// `receipt token tok-1 failed recipient-refused code 30005`, `reply SM1 from +1617… "STOP" opt-out`, `question tok-1 key 1`.
    /// When it was and our own number only if `parts` has `at` and `to`.
    fileprivate func line(mentioning parts: Set<String>) -> String {
        func at(_ instant: Instant?) -> String? { parts.contains("at") ? instant.map { "at \($0)" } : nil }
        let words: [String?] =
            switch self {
            case .receipt(let receipt):
                [
                    "receipt", receipt.attempt.words, receipt.status.rawValue, receipt.reason?.rawValue,
                    receipt.code.map { "code \($0)" }, receipt.answeredBy.map { "by \($0.rawValue)" },
                    receipt.seconds.map { "\($0)s" }, at(receipt.at),
                ]
            case .reply(let reply):
                [
                    "reply \(reply.id) from \(reply.from)", parts.contains("to") ? reply.to.map { "to \($0)" } : nil,
                    "\"\(reply.text)\"", reply.understood?.rawValue, at(reply.at),
                ]
            case .question(let question):
                ["question \(question.token)", question.key.map { "key \($0)" }, question.isMachine ? "machine" : nil]
            }
        return words.compactMap { $0 }.joined(separator: " ")
    }
}

extension AttemptReference {
    fileprivate var words: String {
        switch self {
        case .token(let token): "token \(token)"
        case .id(let id): "id \(id)"
        }
    }
}
