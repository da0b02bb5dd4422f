// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinGateways

/// How attempts in doubt are looked up: what is asked, and what no answer may be taken for.
@Suite struct AdapterLookupTests {
    private static func gateway(
        lookup: String? = nil, request: String = #"{X-Key: "{token}"}"#, extra: String = "", channel: String = "sms"
    ) throws -> Gateway {
        let yaml = """
            g:
              adapter: http
              base_url: https://h.example
              key: {env: TOKEN_ASCII}
              definition:
                channel: \(channel)
                settings: {key: secret, other: optional text}
                request:
                  method: POST
                  url: "{base_url}/x"
                  auth: {bearer: "{config.key}"}
                  headers: \(request)
                response: {parse: json}
                rules: [{status: 202, is: accepted}, {otherwise: by-status}]
                \(lookup.map { "lookup: \($0)" } ?? "")
                \(extra)
            """
        return try #require(try AdapterFixture.gateways(yaml).first)
    }

    private static let message = AdapterFixture.message(.sms("Please pay"))
    private static let token = message.token
    private static let query = #"request: {method: GET, url: "{base_url}/m", query: {reference: "{token}"}}"#
    private static let to = #"request: {method: GET, url: "{base_url}/m", query: {to: "{to}"}}"#

    private static func lookup(_ keys: String) throws -> any Lookup {
        try #require(try gateway(lookup: "{\(keys)}").lookup)
    }

    /// The usual one: the list has messages of others as well.
    private static let usual =
        #"\#(query), items: /list, more: /next, match: {/ref: "{token}"}, id: /id, absent: not-sent"#

    private static func answer(
        _ lookup: any Lookup, _ body: String, status: Int = 200, isTruncated: Bool = false
    ) throws -> Outcome {
        var answer = AdapterFixture.answer(status, body.replacing("TOKEN", with: token))
        answer.isTruncated = isTruncated
        return lookup.reader(for: message).outcome(of: answer)
    }

    private static let notFound = Outcome.refused(Refusal(.transient, .notFound, detail: "look-up http 200"))

    // MARK: The question

    @Test func asks() throws {
        let lookup = try AdapterLookupTests.lookup(AdapterLookupTests.usual)
        let request = try lookup.request(for: AdapterLookupTests.message, AdapterLookupTests.message.at, try: 1)
        #expect(request.method == "GET" && request.url == "https://h.example/m?reference=tok-0123456789abcdef")
        // The 'auth' of the definition's request holds here too, unless the look-up has its own.
        #expect(request.headers == ["Authorization: Bearer plain-token"])
        let own = try AdapterLookupTests.lookup(
            #"request: {method: GET, url: "x/{token}", auth: {header: {name: k, value: v}}}, items: /l"#)
        #expect(
            try own.request(for: AdapterLookupTests.message, AdapterLookupTests.message.at, try: 2).headers == ["k: v"])
    }

    @Test func howOften() throws {
        let usual = try AdapterLookupTests.lookup(AdapterLookupTests.usual)
        #expect(usual.after == .seconds(20) && usual.tries == 4)
        #expect(usual.provesAbsence)
        let other = try AdapterLookupTests.lookup(AdapterLookupTests.usual + ", after: 1m, tries: 2")
        #expect(other.after == .minutes(1) && other.tries == 2)
        #expect(try !AdapterLookupTests.lookup("\(AdapterLookupTests.query), items: /l").provesAbsence)
    }

    // MARK: The answer

    /// The usual look-up.
    @Test(arguments: [
        (#"{"list":[{"ref":"TOKEN","id":"m1"}]}"#, "accepted m1"),
        (#"{"list":[{"ref":"tok-other","id":"m0"},{"ref":"TOKEN","id":"m1"}],"next":"/2"}"#, "accepted m1"),
        // Several parts of one attempt.
        (#"{"list":[{"ref":"TOKEN","id":"m1"},{"ref":"TOKEN","id":"m1"}]}"#, "accepted m1"),
        (#"{"list":[{"ref":"TOKEN","id":"m1"},{"ref":"TOKEN","id":"m2"}]}"#, "accepted"),
        // A whole list without it.
        (#"{"list":[]}"#, "not-found"), (#"{"list":[],"next":null}"#, "not-found"),
        (#"{"list":[{"ref":"tok-other","id":"m0"}],"next":""}"#, "not-found"),
        (#"{"list":[{"ref":"tok-other","id":"m0"}],"next":false}"#, "not-found"),
        (#"{"list":[{"ref":"TOKEN-2","id":"m0"}]}"#, "not-found"),
        // A list that goes on.
        (#"{"list":[],"next":"/2"}"#, "unknown"), (#"{"list":[],"next":true}"#, "unknown"),
        (#"{"list":[],"next":{"href":"/2"}}"#, "unknown"), (#"{"list":[{"ref":"tok-other"}],"next":2}"#, "unknown"),
        // An item that may be ours: its reference lost, cut short, in capitals, or not where the definition says.
        (#"{"list":[{"ref":null,"id":"m0"}]}"#, "unknown"), (#"{"list":[{"ref":"","id":"m0"}]}"#, "unknown"),
        (#"{"list":[{"reference":"tok-other","id":"m0"}]}"#, "unknown"),
        (#"{"list":[{"ref":{"x":1},"id":"m0"}]}"#, "unknown"),
        (#"{"list":[{"ref":"tok-012345678","id":"m0"}]}"#, "unknown"),
        (#"{"list":[{"ref":"TOK-0123456789ABCDEF","id":"m0"}]}"#, "unknown"), (#"{"list":["TOKEN"]}"#, "unknown"),
        (#"{"list":[null]}"#, "unknown"), (#"{"list":[{"ref":"TOKEN"}]}"#, "unknown"),
        (#"{"list":[{"ref":"TOKEN","id":"two words"}]}"#, "unknown"),
        // Nothing of the expected shape.
        ("", "unknown"), ("{}", "unknown"), ("[]", "unknown"), (#"{"list":null}"#, "unknown"),
        (#"{"list":{}}"#, "unknown"),
        (#"{"list":[]"#, "unknown"), (#"{"list":[]} x"#, "unknown"), (#"{"list":[],"list":[]}"#, "unknown"),
        (#"{"list":[],"next":null,"next":"/2"}"#, "unknown"), (#"{"list":[{"ref":"a","ref":"TOKEN"}]}"#, "unknown"),
        (#"{"list":[{"ref":"\ud800"}]}"#, "unknown"), ("<html>Log in</html>", "unknown"), ("null", "unknown"),
    ])
    func usualAnswers(body: String, expected: String) throws {
        let lookup = try AdapterLookupTests.lookup(AdapterLookupTests.usual)
        let outcome = try AdapterLookupTests.answer(lookup, body)
        #expect((outcome == AdapterLookupTests.notFound ? "not-found" : verdict(outcome)) == expected)
        // Absence proves something only where the definition says so.
        let careful = try AdapterLookupTests.answer(
            AdapterLookupTests.lookup(AdapterLookupTests.usual.replacing("not-sent", with: "unknown")), body)
        let notListed = Outcome.unknown(.ambiguousAnswer, detail: "look-up http 200, not listed")
        #expect(careful == (expected == "not-found" ? notListed : outcome))
        // Half of it proves nothing.
        #expect(
            try AdapterLookupTests.answer(lookup, body, isTruncated: true)
                == .unknown(.ambiguousAnswer, detail: "look-up http 200"))
    }

    /// A look-up that fails says nothing of the message.
    @Test func noAnswer() throws {
        let lookup = try AdapterLookupTests.lookup(AdapterLookupTests.usual)
        for status in [0, 199, 202, 203, 204, 206, 301, 400, 401, 403, 404, 408, 429, 500, 503] {
            for body in [#"{"list":[]}"#, #"{"list":[{"ref":"TOKEN","id":"m1"}]}"#, ""] {
                #expect(
                    try AdapterLookupTests.answer(lookup, body, status: status)
                        == .unknown(.ambiguousAnswer, detail: "look-up http \(status)"))
            }
        }
        let reader = lookup.reader(for: AdapterLookupTests.message)
        for (phase, code, reason, fault) in [
            (WireAnswer.Phase.notSent, 60, Reason.notConnected, "certificate"),
            (.notSent, 7, .notConnected, "no-connection"), (.interrupted, 28, .timeout, "answer-timeout"),
            (.interrupted, 56, .connectionLost, "answer-cut"),
        ] {
            let answer = WireAnswer(phase: phase, curlCode: code, status: 200, body: Array(#"{"list":[]}"#.utf8))
            #expect(reader.outcome(of: answer) == .unknown(reason, detail: "look-up \(fault) [curl \(code)]"))
        }
    }

    private static let others: [(String, String, String)] = [
        // The gateway filters by our token; without 'match' any item is the attempt, but not two.
        ("\(query), items: /l, id: /id, absent: not-sent", #"{"l":[{"id":1}]}"#, "accepted 1"),
        ("\(query), items: /l, id: /id, absent: not-sent", #"{"l":[{"id":1},{"id":1}]}"#, "unknown"),
        ("\(query), items: /l, id: /id, absent: not-sent", #"{"l":[{"x":1}]}"#, "unknown"),
        ("\(query), items: /l, id: /id, absent: not-sent", #"{"l":[]}"#, "not-found"),
        ("\(query), items: /, absent: not-sent", "[]", "not-found"),
        ("\(query), items: /, absent: not-sent", "[7]", "accepted"),
        ("\(query), items: /, absent: not-sent", "{}", "unknown"),
        // Without 'more' nobody knows whether a list that is not empty is whole.
        (#"\#(query), items: /l, match: {/r: "{token}"}, absent: not-sent"#, #"{"l":[{"r":"x-1"}]}"#, "unknown"),
        (#"\#(query), items: /l, match: {/r: "{token}"}, absent: not-sent"#, #"{"l":[]}"#, "not-found"),
        // The token fits and the number does not: it is not somebody else's, nor is it ours for certain.
        (
            #"\#(query), items: /l, more: /n, match: {/r: "{token}", /to: "{to}"}, absent: not-sent"#,
            #"{"l":[{"r":"TOKEN","to":"16175550123"}]}"#, "unknown"
        ),
        // Without the token in its items, one that does not match may be ours in another spelling.
        (
            #"\#(query), items: /l, more: /n, match: {/to: "{to}"}, absent: not-sent"#,
            #"{"l":[{"to":"16175550123"}]}"#,
            "unknown"
        ),
        (
            #"\#(query), items: /l, more: /n, match: {/to: "{to}"}, absent: not-sent"#,
            #"{"l":[{"to":"+16175550123"}]}"#, "accepted"
        ),
        // The document is the one item.
        ("\(query), id: /message/id", #"{"message":{"id":"m"}}"#, "accepted m"), ("\(query), id: /id", "{}", "unknown"),
        (#"\#(query), match: {/r: "{token}"}, absent: not-sent"#, #"{"r":"TOKEN"}"#, "accepted"),
        (#"\#(query), match: {/r: "{token}"}, absent: not-sent"#, #"{"r":"x-1"}"#, "not-found"),
        (#"\#(query), match: {/r: "{token}"}, absent: not-sent"#, "{}", "unknown"),
        (
            #"\#(query), match: {"/r/*/t": "{token}"}, absent: not-sent"#, #"{"r":[{"t":"TOKEN"},{"t":"x-1"}]}"#,
            "unknown"
        ),
        // By number and text alone: two may be two reminders, and none proves nothing.
        (
            #"\#(to), items: /l, match: {/to: "{to}", /b: "{text}"}"#,
            #"{"l":[{"to":"+16175550123","b":"Please pay"}]}"#, "accepted"
        ),
        (
            #"\#(to), items: /l, match: {/to: "{to}", /b: "{text}"}"#,
            #"{"l":[{"to":"+16175550123","b":"Please pay"},{"to":"+16175550123","b":"Please pay"}]}"#, "unknown"
        ),
        (#"\#(to), items: /l, match: {/to: "{to}", /b: "{text}"}"#, #"{"l":[]}"#, "unknown"),
    ]

    @Test(arguments: AdapterLookupTests.others)
    func otherLookups(keys: String, body: String, expected: String) throws {
        let outcome = try AdapterLookupTests.answer(AdapterLookupTests.lookup(keys), body)
        #expect((outcome == AdapterLookupTests.notFound ? "not-found" : verdict(outcome)) == expected)
    }

    // MARK: Loading

    private static let faults: [(String, String)] = [
        ("items: /l", "lookup.request is missing"), ("\(query), item: /l", "did you mean 'items'"),
        (query, "takes any answer for the attempt"), ("\(query), items: l", "a JSON Pointer"),
        ("\(query), items: /*/l", "without '*'"), ("\(query), items: /l, id: /*", "without '*'"),
        ("\(query), id: /id, more: /n", "nothing without 'items'"),
        ("\(query), items: /l, match: {r: x}", "as its key"),
        ("\(query), items: /l, match: {/r: '{config.other}'}", "settings that are not optional"),
        ("\(query), items: /l, match: {/r: '{tokn}'}", "did you mean '{token}'"),
        ("\(query), items: /l, absent: not_sent", "did you mean 'not-sent'"),
        ("\(query), items: /l, after: 1ms", "1s to 1h"), ("\(query), items: /l, after: 2h", "1s to 1h"),
        ("\(query), items: /l, tries: 0", "1 to 10"), ("\(query), items: /l, tries: 11", "1 to 10"),
        ("\(query), items: /l, absent: not-sent, after: 5s, tries: 3", "still be on its way"),
        ("\(to), items: /l", "takes any message for the attempt"),
        ("\(to), items: /l, match: {/to: '{to}'}", "takes other messages for the attempt"),
        ("\(to), items: /l, match: {/b: '{{token}'}", "takes other messages for the attempt"),
        ("\(to), items: /l, match: {/b: '{text}'}, absent: not-sent", "proves nothing by absence"),
    ]

    @Test(arguments: AdapterLookupTests.faults)
    func refusals(keys: String, expected: String) throws {
        let error = #expect(throws: DunlinError.self) { try AdapterLookupTests.lookup(keys) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test func repeatable() throws {
        #expect(try AdapterLookupTests.gateway().repeatable == nil && AdapterLookupTests.gateway().lookup == nil)
        for request in [#"{X-Key: "{token}"}"#, #"{X-Key: "a-{token|digits}"}"#] {
            #expect(try AdapterLookupTests.gateway(request: request, extra: "repeatable: 24h").repeatable == .hours(24))
        }
        for (request, length, expected) in [
            (#"{X-Key: "{reminder}"}"#, "24h", "does not hold '{token}'"),
            (#"{X-Key: "{{token}"}"#, "24h", "does not hold '{token}'"),
            (#"{"{token}": x}"#, "24h", "does not hold '{token}'"),
            (#"{X-Key: "{token}"}"#, "1s", "1m to 30d"), (#"{X-Key: "{token}"}"#, "31d", "1m to 30d"),
            (#"{X-Key: "{token}"}"#, "yes", "a length of time"),
        ] {
            let error = #expect(throws: DunlinError.self) {
                try AdapterLookupTests.gateway(request: request, extra: "repeatable: \(length)")
            }
            #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        }
    }

    // MARK: Garbage

    /// Spoiled answers: listed only where the token stands, absent only where a second reader sees a list without it.
    @Test func fuzzed() throws {
        let reader = try AdapterLookupTests.lookup(AdapterLookupTests.usual).reader(
            for: AdapterLookupTests.message)
        let bodies = [
            #"{"list":[{"ref":"TOKEN","id":"m1"},{"ref":"x-1","id":"m2"}],"next":null}"#,
            #"{"next":null,"list":[{"ref":"x-1","id":"m2"},{"ref":"x-2","id":"m3"}]}"#, #"{"list":[],"next":"/p"}"#,
        ].map { $0.replacing("TOKEN", with: AdapterLookupTests.token) }
        let pieces = [
            "{", "}", "[", "]", "\"", ":", ",", "null", "\"list\":[],", "\"ref\":\"x-1\"", "9e999", "\\u", "{\"ref\":",
        ]
        var verdicts: [String: Int] = [:]
        for number in 0..<Fuzzer.cases {
            var fuzzer = Fuzzer(number: number, pieces: pieces)
            let text = fuzzer.one(of: bodies)
            let body = fuzzer.spoiled(text)
            let outcome = reader.outcome(of: WireAnswer(phase: .answered, status: 200, body: body))
            verdicts[verdict(outcome).split(separator: " ").first.map(String.init) ?? "", default: 0] += 1
            switch outcome {
            case .accepted: #expect(String(decoding: body, as: UTF8.self).contains(AdapterLookupTests.token))
            case .refused(let refusal):
                #expect(refusal.reason == .notFound)
                let json = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
                guard let json else { continue }
                let items = json["list"] as? [[String: Any]]
                #expect(items?.allSatisfy { ($0["ref"] as? String) != AdapterLookupTests.token } == true)
                #expect([nil, "", "false"].contains(json["next"].flatMap { $0 is NSNull ? nil : "\($0)" }))
            case .unknown: break
            case .withdrawn: Issue.record("a look-up withdraws nothing")
            }
        }
        #expect(verdicts["accepted"] ?? 0 > 0 && verdicts["transient"] ?? 0 > 0 && verdicts["unknown"] ?? 0 > 0)
    }

    /// Every beginning of a list is no list, and nothing that cannot be read proves absence.
    @Test func cutAnywhere() throws {
        let lookup = try AdapterLookupTests.lookup(AdapterLookupTests.usual)
        for body in [
            #"{"list":[{"ref":"x-1","id":"m2"}],"next":null}"#, #"{"list":[]}"#,
            #"{"list":[{"ref":"tok-0123456789abcdef","id":"m1"}]}"#,
        ] {
            for count in 0..<body.count {
                #expect(
                    try AdapterLookupTests.answer(lookup, String(body.prefix(count)))
                        == .unknown(.ambiguousAnswer, detail: "look-up http 200"))
            }
        }
        for deep in [String(repeating: "[", count: 60_000), String(repeating: #"{"list":"#, count: 9_000)] {
            #expect(try verdict(AdapterLookupTests.answer(lookup, deep)) == "unknown")
        }
    }
}
