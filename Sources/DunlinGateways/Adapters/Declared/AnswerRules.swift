// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The `response:` and `rules:` of a definition: what an answer means.
///
/// Rules are tried in order, the first that fits decides; what none fits is left to its HTTP status (`HTTPRules`),
/// where nothing is ever `accepted`.
struct AnswerRules: Sendable {
    /// What is read out of an answer before the rules are asked.
    private enum Format: Sendable {
        case text
        /// Where the gateway's id of the message and its error code stand.
        case json(id: JSONPointer?, code: JSONPointer?)
    }

    private let format: Format
    private let rules: [AnswerRule]

    init(response: YAMLValue, rules: YAMLValue) throws {
        let keys = try response.mapping(keys: ["parse", "id", "code"])
        enum Parse: String, CaseIterable { case json, text }
        switch try keys.required("parse").oneOf(Parse.self) {
        case .json:
            format = .json(id: try AnswerRules.pointer(keys["id"]), code: try AnswerRules.pointer(keys["code"]))
        case .text:
            if let extra = keys["id"] ?? keys["code"] {
                throw extra.error(expected: "nothing, because 'parse' is 'text'")
            }
            format = .text
        }
        let list = rules.list()
        try AnswerRules.checkEnd(of: list, rules)
        self.rules = try list.dropLast().map {
            try AnswerRule($0, isIDKnown: keys["id"] != nil, isCodeKnown: keys["code"] != nil)
        }
    }

    /// What an answer means. Total: garbage is `unknown`.
    func outcome(of answer: WireAnswer) -> Outcome {
        switch answer.phase {
        case .notSent: return TransportRules.notSent(answer, detail: "curl \(answer.curlCode)")
        case .interrupted: return TransportRules.interrupted(answer, detail: "curl \(answer.curlCode)")
        case .answered: break
        }
        let reading = read(answer)
        let detail = reading.code.map { "http \(answer.status) code \($0)" } ?? "http \(answer.status)"
        for rule in rules where rule.fits(answer, reading) { return rule.outcome(answer, reading, detail: detail) }
        return HTTPRules.outcome(byStatusOf: answer, detail: detail)
    }

    private func read(_ answer: WireAnswer) -> AnswerReading {
        var reading = AnswerReading()
        // Half of an answer says nothing for certain.
        guard !answer.isTruncated else { return reading }
        switch format {
        case .text: reading.body = answer.body
        case .json(let id, let code):
            let pointers = [id, code].compactMap { $0 }
            guard let json = JSONAnswer(answer.body, pointers: pointers) else { return reading }
            reading.body = answer.body
            if id != nil { reading.id = json.values[0].flatMap { AnswerReading.token($0, limit: 128) } }
            if code != nil {
                reading.code = json.values[pointers.count - 1].flatMap { AnswerReading.token($0, limit: 40) }
            }
        }
        return reading
    }

    // MARK: Loading

    private static func pointer(_ value: YAMLValue?) throws -> JSONPointer? {
        guard let value else { return nil }
        guard let pointer = JSONPointer(try value.string()) else {
            throw value.error(expected: "a JSON Pointer such as /messages/0/id")
        }
        return pointer
    }

    /// The last rule says in so many words what happens to everything else.
    private static func checkEnd(of list: [YAMLValue], _ rules: YAMLValue) throws {
        if let last = list.last, last.isMapping, let otherwise = try last.anyMapping()["otherwise"] {
            _ = try last.mapping(keys: ["otherwise"])
            guard try otherwise.string() == "by-status" else {
                throw otherwise.error(
                    expected: "by-status: whatever no rule names is judged by its HTTP status, and never accepted")
            }
        } else {
            throw DunlinError(
                .usage, (list.last ?? rules).place, why: "the last rule does not say what else an answer may mean",
                remedy: "end the rules with '- otherwise: by-status'")
        }
    }
}

/// What was read out of an answer.
struct AnswerReading {
    /// Empty where the answer is truncated or, for JSON, malformed.
    var body: [UInt8] = []
    var id: String?
    var code: String?

    /// A gateway's id or code as it may stand in the ledger; nil for anything that looks like prose.
    static func token(_ text: String, limit: Int) -> String? {
        let fits = !text.isEmpty && text.utf8.count <= limit && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return fits ? text : nil
    }
}
