// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// One rule: conditions that must all hold, and what the answer then means.
///
///     - {status: 201, has: id, is: accepted}
///     - {code: [21610], is: recipient, reason: opted-out}
///     - {status: 503, contains: "Temporal failure", is: transient}
struct AnswerRule: Sendable {
    private enum Meaning: String, CaseIterable, Sendable {
        case accepted, recipient, configuration, throttled, transient, unknown
        case accessExpired = "access-expired"
    }

    /// An error code, or with `*` at its end what codes begin with.
    private struct Code: Sendable {
        let text: String
        let isBeginning: Bool

        init(_ value: YAMLValue) throws {
            let written = try value.string()
            isBeginning = written.hasSuffix("*")
            text = isBeginning ? String(written.dropLast()) : written
            guard !written.isEmpty, !text.contains("*") else {
                throw value.error(expected: "an error code, with '*' at most at its end")
            }
        }

        func fits(_ code: String) -> Bool { isBeginning ? code.hasPrefix(text) : code == text }
    }

    private let statuses: [ClosedRange<Int>]
    private let codes: [Code]
    private let needsID: Bool
    /// Something other than an empty text stands there.
    private let held: String?
    /// One of these stands somewhere in the body.
    private let excerpts: [[UInt8]]
    private let meaning: Meaning
    private let reason: Reason
    private let wait: Duration?

    /// `isIDKnown` and `isCodeKnown`: whether `response` says where to find them.
    init(_ value: YAMLValue, isIDKnown: Bool, isCodeKnown: Bool) throws {
        let keys = try value.mapping(keys: ["status", "code", "has", "contains", "is", "reason", "after"])
        statuses = try AnswerRule.list(keys["status"]).map(AnswerRule.status)
        codes = try AnswerRule.list(keys["code"]).map(Code.init)
        excerpts = try AnswerRule.list(keys["contains"]).map(AnswerRule.excerpt)
        held = try AnswerRule.held(value)
        enum Part: String, CaseIterable { case id }
        needsID = try held == nil && keys["has"]?.oneOf(Part.self) == .id
        if let key = isIDKnown || held != nil ? nil : keys["has"] {
            throw key.error(expected: "an 'id' under 'response' first")
        }
        if let key = isCodeKnown ? nil : keys["code"] { throw key.error(expected: "a 'code' under 'response' first") }
        meaning = try keys.required("is").oneOf(Meaning.self)
        wait = try keys["after"]?.duration()
        enum Special: String, CaseIterable { case optedOut = "opted-out" }
        if let special = keys["reason"] {
            _ = try special.oneOf(Special.self)
            guard meaning == .recipient else {
                throw special.error(expected: "nothing, unless the rule is 'recipient'")
            }
            reason = .optedOut
        } else {
            reason = AnswerRule.reason(meaning)
        }
        if wait != nil, meaning != .throttled {
            throw value.error(expected: "'after' only where the rule is 'throttled'")
        }
        try check(value)
    }

    var namesExpiredAccess: Bool { meaning == .accessExpired }

    func fits(_ answer: WireAnswer, _ reading: AnswerReading) -> Bool {
        if !statuses.isEmpty, !statuses.contains(where: { $0.contains(answer.status) }) { return false }
        if needsID, reading.id == nil { return false }
        if let held, !reading.held.contains(held) { return false }
        if !codes.isEmpty {
            guard let code = reading.code, codes.contains(where: { $0.fits(code) }) else { return false }
        }
        return excerpts.isEmpty || excerpts.contains { reading.body.end(of: $0) != nil }
    }

    func outcome(_ answer: WireAnswer, _ reading: AnswerReading, detail: String) -> Outcome {
        switch meaning {
        case .accepted: .accepted(id: reading.id)
        case .unknown: .unknown(reason, detail: detail)
        case .recipient: .refused(Refusal(.recipient, reason, detail: detail))
        case .configuration: .refused(Refusal(.configuration, reason, detail: detail))
        case .transient, .accessExpired: .refused(Refusal(.transient, reason, detail: detail))
        case .throttled:
            .refused(Refusal(.throttled, reason, detail: detail, retryAfter: HTTPRules.retryAfter(answer) ?? wait))
        }
    }

    // MARK: Loading

    /// The JSON Pointer of `has: /POINTER`; nil for a rule without.
    static func held(_ value: YAMLValue) throws -> String? {
        guard value.isMapping, let text = try value.anyMapping()["has"]?.string(), text.hasPrefix("/") else {
            return nil
        }
        return text
    }

    /// The entries of a condition. An empty one would hold for every answer.
    private static func list(_ value: YAMLValue?) throws -> [YAMLValue] {
        guard let value else { return [] }
        let list = value.list()
        guard !list.isEmpty else { throw value.error(expected: "at least one entry") }
        return list
    }

    private static func excerpt(_ value: YAMLValue) throws -> [UInt8] {
        let text = try value.string()
        guard !text.isEmpty else { throw value.error(expected: "a text that stands in the answer") }
        return Array(text.utf8)
    }

    /// `201`, or `4xx` for the whole class.
    private static func status(_ value: YAMLValue) throws -> ClosedRange<Int> {
        let text = try value.string()
        if text.hasSuffix("xx"), let hundreds = Int(text.dropLast(2)), (2...5).contains(hundreds) {
            return hundreds * 100...hundreds * 100 + 99
        }
        guard let status = Int(text), (200...599).contains(status) else {
            throw value.error(expected: "an HTTP status such as 201, or 4xx")
        }
        return status...status
    }

    private static func reason(_ meaning: Meaning) -> Reason {
        switch meaning {
        case .accepted, .unknown: .ambiguousAnswer
        case .recipient: .recipientRefused
        case .configuration: .configurationRefused
        case .throttled: .throttled
        case .transient: .transientFailure
        case .accessExpired: .accessExpired
        }
    }

    /// Refuses rules that would guess: a status that a proxy on the way may give as well proves nothing by itself.
    private func check(_ value: YAMLValue) throws {
        // Words of the gateway's own. That an answer names an id says nothing about a no.
        let hasWords = !codes.isEmpty || !excerpts.isEmpty
        func refuse(_ why: String, _ remedy: String) -> DunlinError {
            DunlinError(.usage, value.place, why: why, remedy: remedy)
        }
        switch meaning {
        case .unknown: break
        case .accepted:
            // 409 with words of the gateway's own: the same key was accepted before.
            let successes = statuses.filter { !(hasWords && $0 == 409...409) }
            guard !statuses.isEmpty, successes.allSatisfy({ $0.count == 1 && (200..<300).contains($0.lowerBound) })
            else {
                throw refuse(
                    "\(value.field) accepts without naming a status of success",
                    "name it, such as 'status: 201', not a class")
            }
            if codes.contains(where: \.isBeginning) {
                throw refuse("\(value.field) accepts codes that nobody has named", "name them in full, without '*'")
            }
            guard needsID || hasWords || !statuses.contains(200...200) else {
                throw refuse(
                    "\(value.field) accepts any answer with status 200, which other servers than the gateway give too",
                    "add 'has: id', 'code' or 'contains'")
            }
        case .recipient, .configuration, .throttled, .transient, .accessExpired:
            let isDoubtful = statuses.isEmpty || statuses.joined().contains { HTTPRules.isDoubtful(status: $0) }
            guard hasWords || !isDoubtful else {
                throw refuse(
                    "\(value.field) takes an answer for a definite no that a proxy may give about a message it passed on",
                    "add 'code' or 'contains', words of the gateway's own, or leave it to 'otherwise: by-status'")
            }
            // Any other status would have a token fetched again and again for what no token mends.
            guard meaning != .accessExpired || hasWords || statuses == [401...401] else {
                throw refuse(
                    "\(value.field) takes more than a 401 for a token that does not hold",
                    "add 'code' or 'contains', or leave 401 alone under 'status'")
            }
        }
    }
}
