// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The `lookup:` of a definition: how a gateway is asked for an attempt in doubt, and what its answers prove.
struct DeclaredLookup: Lookup {
    let after: Duration
    let tries: Int
    private let program: RequestProgram
    private let list: LookupList
    /// What the fields of an item are compared with, in the order of `list.fields`.
    private let expected: [Template]
    let provesAbsence: Bool

    /// `auth`: of the definition's request, unless the look-up has its own.
    init(_ value: YAMLValue, auth: YAMLValue?, compiler: TemplateCompiler) throws {
        let keys = try value.mapping(keys: [
            "request", "items", "more", "match", "id", "absent", "after", "tries",
        ])
        after = try keys["after"]?.duration() ?? .seconds(20)
        guard after >= .seconds(1), after <= .hours(1) else {
            throw (keys["after"] ?? value).error(expected: "1s to 1h")
        }
        tries = try keys["tries"]?.int(in: 1...10) ?? 4
        let request = try keys.required("request")
        program = try RequestProgram(request, compiler: compiler, auth: auth)
        let match = try keys["match"]?.anyMapping().entries ?? []
        list = try LookupList(keys, match: match)
        expected = try match.map { _, value in
            guard let template = try compiler.compile(value, .verbatim) else {
                throw value.error(expected: "settings that are not optional")
            }
            return template
        }
        enum Absence: String, CaseIterable {
            case notSent = "not-sent"
            case unknown
        }
        provesAbsence = try keys["absent"]?.oneOf(Absence.self) == .notSent
        try DeclaredLookup.check(keys, request: request, provesAbsence: provesAbsence)
        if provesAbsence, after * ((1 << tries) - 1) < .minutes(1) {
            throw (keys["absent"] ?? value).error(
                expected: "'unknown', because the last try is within a minute, when the request may still be on its way"
            )
        }
    }

    func request(for message: OutboundMessage, _ moment: Instant, try number: Int) throws -> HTTPRequest {
        try program.request(for: message, nonce: "\(message.token)-ask-\(number)", at: moment)
    }

    func reader(for message: OutboundMessage) -> any OutcomeReader {
        // Where there is nothing to compare with, no answer is about this message.
        Reader(
            list: list, expected: try? expected.map { try $0.text(for: message) }, provesAbsence: provesAbsence)
    }

    private struct Reader: OutcomeReader {
        let list: LookupList
        let expected: [String]?
        let provesAbsence: Bool

        func outcome(of answer: WireAnswer) -> Outcome {
            let http = "look-up http \(answer.status)"
            switch answer.phase {
            case .notSent:
                let fault = TransportRules.fault(answer).detail(curl: answer.curlCode)
                return .unknown(.notConnected, detail: "look-up \(fault)")
            case .interrupted: return TransportRules.interrupted(answer, asked: "look-up ")
            case .answered: break
            }
            // Not every 2xx: 202, 203, 204 and 206 are about something else than what was asked for.
            guard let expected, answer.status == 200 || answer.status == 201, !answer.isTruncated else {
                return .unknown(.ambiguousAnswer, detail: http)
            }
            switch list.finding(in: answer.body, expected) {
            case .listed(let id): return .accepted(id: id)
            case .absent where provesAbsence: return .refused(Refusal(.transient, .notFound, detail: http))
            case .absent: return .unknown(.ambiguousAnswer, detail: "\(http), not listed")
            case .unclear: return .unknown(.ambiguousAnswer, detail: http)
            }
        }
    }
}

/// Never the request: secrets are in it.
extension DeclaredLookup: CustomStringConvertible, CustomReflectable {
    var description: String { "look-up" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
