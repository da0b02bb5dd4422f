// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The `response:` and `rules:` of a definition: what an answer means.
///
/// Rules are tried in order, the first that fits decides; what none fits is left to its HTTP status (`HTTPRules`),
/// where nothing is ever `accepted`.
struct AnswerRules: Sendable {
    private let places: AnswerPlaces
    private let rules: [AnswerRule]

    init(response: YAMLValue, rules: YAMLValue) throws {
        var places = try AnswerPlaces(response)
        let list = rules.list()
        try AnswerRules.checkEnd(of: list, rules)
        for rule in list { if let pointer = try AnswerRule.held(rule) { try places.watch(pointer, rule) } }
        self.places = places
        self.rules = try list.dropLast().map { [places] in
            try AnswerRule($0, isIDKnown: places.hasID, isCodeKnown: places.hasCode)
        }
    }

    /// Whether a rule says that the access token does not hold any more.
    var namesExpiredAccess: Bool { rules.contains { $0.namesExpiredAccess } }

    /// What an answer means. Total: garbage is `unknown`.
    func outcome(of answer: WireAnswer) -> Outcome {
        switch answer.phase {
        case .notSent: return TransportRules.notSent(answer)
        case .interrupted: return TransportRules.interrupted(answer)
        case .answered: break
        }
        let reading = places.read(answer)
        let detail = reading.code.map { "http \(answer.status) code \($0)" } ?? "http \(answer.status)"
        for rule in rules where rule.fits(answer, reading) { return rule.outcome(answer, reading, detail: detail) }
        return HTTPRules.outcome(byStatusOf: answer, detail: detail)
    }

    /// The number of the rule, from 0, that decides about a complete answer; nil where its status does. For tests: that every
    /// rule has been tried.
    func index(deciding answer: WireAnswer) -> Int? {
        let reading = places.read(answer)
        return rules.firstIndex { $0.fits(answer, reading) }
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
