// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Testing

@testable import DunlinGateways

extension Conformance {
    /// What holds for every gateway, whatever its fixture says: no answer is guessed, and nothing is let out.
    @Suite struct Answers {
        /// What a transfer without a complete answer means, by libcurl's code (`man libcurl-errors`); a second list, made
        /// without looking at the first.
        private static func expected(_ phase: WireAnswer.Phase, _ code: Int) -> String {
            switch phase {
            case .answered: ""
            case .interrupted: code == 28 ? "unknown timeout" : "unknown connection-lost"
            case .notSent:
                [1, 3, 58, 59, 60, 64, 77, 83, 90, 91].contains(code)
                    ? "configuration configuration-refused" : "transient not-connected"
            }
        }

        /// Also with a yes in hand: half of a transfer proves nothing.
        @Test(arguments: Fixture.names) func withoutACompleteAnswer(name: String) throws {
            let fixture = try Fixture.named(name)
            let gateway = try fixture.gateway()
            var answer = fixture.accepted?.answer ?? WireAnswer(phase: .answered)
            for phase in [WireAnswer.Phase.notSent, .interrupted] {
                for code in 0...99 {
                    (answer.phase, answer.curlCode) = (phase, code)
                    let got = gateway.adapter.outcome(of: answer).wordsWithReason
                    let expected = Answers.expected(phase, code)
                    if got != expected {
                        complain(name, "\(phase), curl \(code): expected '\(expected)', got '\(got)'")
                    }
                    // A look-up that did not come through tells nothing; a token that was not fetched sent nobody anything.
                    if let outcome = gateway.lookup?.reader(for: fixture.message).outcome(of: answer),
                        verdict(outcome) != "unknown"
                    {
                        complain("\(name) lookup", "\(phase), curl \(code): got '\(verdict(outcome))', not 'unknown'")
                    }
                    if let outcome = gateway.access?.reader(at: Fixture.at).outcome(of: answer),
                        !["transient", "configuration"].contains(verdict(outcome))
                    {
                        complain("\(name) access", "\(phase), curl \(code): got '\(verdict(outcome))', not 'transient'")
                    }
                }
            }
        }

        private static let nonsense: [(what: String, body: String, isTruncated: Bool)] = [
            ("HTML", "<html><body><h1>It works!</h1></body></html>", false), ("no body", "", false),
            ("half of a JSON document", #"{"id":"x","sid":"x","messages":[{"id":"x""#, false),
            ("an empty JSON document", "{}", false), ("an empty list", "[]", false), ("null", "null", false),
            ("64 KiB of more", String(repeating: " ", count: 65_536), true),
        ]

        /// Only a gateway whose bare status is its yes (202 and no body) may take these for one, and never for 200.
        @Test(arguments: Fixture.names) func nonsenseIsNeverAccepted(name: String) throws {
            let fixture = try Fixture.named(name)
            let adapter = try fixture.gateway().adapter
            for status in 100...599 where status == 200 || !fixture.accepts(byStatus: status) {
                for (what, body, isTruncated) in Answers.nonsense {
                    let answer = WireAnswer(
                        phase: .answered, status: status, body: Array(body.utf8), isTruncated: isTruncated)
                    guard case .accepted = adapter.outcome(of: answer) else { continue }
                    complain(
                        name, "\(status) with \(what) is taken for a yes; let the rule ask for more, such as 'has: id'")
                    break
                }
            }
        }

        /// A yes that is cut short: JSON is none any more; of a text what is left must still say the same.
        @Test(arguments: Fixture.names) func halfAYesIsNone(name: String) throws {
            let fixture = try Fixture.named(name)
            let adapter = try fixture.gateway().adapter
            for row in fixture.answers where row.meaning.hasPrefix("accepted") && !row.answer.body.isEmpty {
                guard !fixture.accepts(byStatus: row.answer.status) else { continue }
                let body = row.answer.body
                let isJSON = [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(body[0])
                // Of a yes that stands in a header no body at all is no half.
                let start = row.answer.headers.isEmpty ? 0 : 1
                for end in stride(from: start, to: body.count, by: max(1, body.count / 200)) {
                    var answer = row.answer
                    answer.body = Array(body[..<end])
                    let got = adapter.outcome(of: answer)
                    guard case .accepted = got, isJSON || verdict(got) != row.meaning else { continue }
                    let rest = String(decoding: answer.body, as: UTF8.self)
                    complain(row.place, "cut short to '\(rest)' it still means '\(verdict(got))'")
                    break
                }
                var answer = row.answer
                answer.isTruncated = true
                if case .accepted = adapter.outcome(of: answer), isJSON {
                    complain(row.place, "an answer longer than what is kept of it still means '\(row.meaning)'")
                }
            }
        }

        /// Neither in a description nor in a dump nor in what is said about a mistake.
        @Test(arguments: Fixture.names) func secretsAreNotShown(name: String) throws {
            let fixture = try Fixture.named(name)
            let gateway = try fixture.gateway()
            let request = try gateway.adapter.request(for: fixture.message)
            var shown = ["gateway": show(gateway), "adapter": show(gateway.adapter), "request": show(request)]
            if let lookup = gateway.lookup {
                shown["look-up"] = show(lookup)
                shown["request of the look-up"] = show(try lookup.request(for: fixture.message, Fixture.at, try: 1))
                shown["reader of the look-up"] = show(lookup.reader(for: fixture.message))
            }
            if let access = gateway.access {
                shown["access"] = show(access)
                shown["request for access"] = show(try access.request(at: Fixture.at))
            }
            if let callbacks = gateway.callbacks { shown["callbacks"] = show(callbacks) }
            for (what, error) in fixture.mistakes { shown[what] = show(error) }
            var needles = fixture.secrets
            if case .http(let request) = request, let basic = request.basicAuth { needles.append(base64(basic.utf8)) }
            if let token = fixture.access?.answers.first?.meaning.split(separator: " ").dropFirst().first {
                needles.append(String(token))
            }
            for (what, text) in shown {
                for needle in needles {
                    let bytes = Array(needle.utf8).description.dropFirst().dropLast()
                    guard text.contains(needle) || text.contains(bytes) else { continue }
                    complain(
                        name,
                        "what is printed of the \(what) shows a secret; give its type a CustomReflectable of its own")
                }
            }
        }

        private func show(_ value: Any) -> String {
            var text = String(describing: value) + String(reflecting: value)
            dump(value, to: &text)
            return text
        }
    }
}

extension Fixture {
    /// The first row that says yes.
    var accepted: Row? { answers.first { $0.meaning.hasPrefix("accepted") } }

    /// Whether the gateway says yes by this status and nothing else.
    func accepts(byStatus status: Int) -> Bool {
        answers.contains {
            $0.meaning.hasPrefix("accepted") && $0.answer.status == status && $0.answer.body.isEmpty
                && $0.answer.headers.isEmpty
        }
    }

    /// What is said about mistakes that somebody may make.
    var mistakes: [(String, any Error)] {
        var found: [(String, any Error)] = []
        func attempt(_ what: String, _ body: () throws -> Void) {
            do { try body() } catch { found.append((what, error)) }
        }
        let entry = configuration.replacing(#/"base_url": "[^"]*", /#, with: "")
        for (what, old, new) in [
            ("error about an unknown key", #""adapter""#, #""colour": "red", "adapter""#),
            ("error about a wrong timeout", #""adapter""#, #""timeout": "1h", "adapter""#),
            (
                "error about a wrong address", #""adapter""#,
                #""base_url": "https://u:\#(secrets.first ?? "")@h", "adapter""#
            ),
        ] {
            attempt(what) {
                let yaml = try YAMLValue(text: entry.replacing(old, with: new), file: "dunlin.yaml")
                _ = try Gateways.load(yaml, secrets: FixtureSecrets.reader, directory: "/etc/dunlin")
            }
        }
        var message = message
        message.content =
            message.content.channel == .call ? .sms("") : .call(CallScript(language: "", steps: [], voicemail: ""))
        attempt("error about a wrong channel") { _ = try gateway().adapter.request(for: message) }
        return found
    }
}

extension Outcome {
    /// What is known beside the reason, such as `curl 56`.
    var detail: String {
        switch self {
        case .refused(let refusal): refusal.detail
        case .unknown(_, let detail): detail
        case .accepted, .withdrawn: ""
        }
    }

    /// `unknown timeout`: an outcome's kind and its reason.
    var wordsWithReason: String {
        switch self {
        case .accepted: verdict(self)
        case .refused(let refusal): "\(verdict(self)) \(refusal.reason.rawValue)"
        case .unknown(let reason, _), .withdrawn(let reason): "\(verdict(self)) \(reason.rawValue)"
        }
    }
}
