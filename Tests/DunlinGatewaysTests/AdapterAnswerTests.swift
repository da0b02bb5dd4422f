// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import DunlinYAML
import Foundation
import Testing

@testable import DunlinGateways

/// Where in an answer its id and code are found, and what rules make of them.
@Suite struct AdapterAnswerTests {
    private static func rules(
        _ response: String, _ rules: String = "{status: 201, has: id, is: accepted}"
    ) throws -> AnswerRules {
        try AnswerRules(
            response: YAMLValue(text: response, file: "response"),
            rules: YAMLValue(text: "[\(rules), {otherwise: by-status}]", file: "rules"))
    }

    /// An id, and with status 400 a code, where an answer has them.
    @Test(arguments: [
        // Lists of places: the first that has a value.
        ("{parse: json, id: [/id, /message/id]}", #"{"message":{"id":"m"}}"#, "m"),
        ("{parse: json, id: [/id, /message/id]}", #"{"message":{"id":"m"},"id":"a"}"#, "a"),
        ("{parse: json, id: [/id, /message/id]}", #"{"id":"two words","message":{"id":"m"}}"#, "m"),
        ("{parse: json, id: [/a, /b]}", "{}", nil),
        // Any index or name: several values that differ are no value.
        ("{parse: json, id: /messages/*/id}", #"{"messages":[{"id":"m"}]}"#, "m"),
        ("{parse: json, id: /messages/*/id}", #"{"messages":[{"id":"m"},{"id":"m"}]}"#, "m"),
        ("{parse: json, id: /messages/*/id}", #"{"messages":[{"id":"m"},{"id":"n"}]}"#, nil),
        ("{parse: json, id: /messages/*/id}", #"{"messages":[{"id":"m"},{"id":"n"},{"id":"m"}]}"#, nil),
        ("{parse: json, id: /messages/*/id}", #"{"messages":[{"id":"m"},{"id":null}]}"#, nil),
        ("{parse: json, id: /messages/*/id}", #"{"messages":[{"id":"m"},{"id":{}}]}"#, nil),
        ("{parse: json, id: /messages/*/id}", #"{"messages":[{"id":"m"},{"to":"n"}]}"#, "m"),
        ("{parse: json, id: /messages/*/id}", #"{"messages":[]}"#, nil),
        ("{parse: json, id: /*/id}", #"{"ok":true,"message":{"id":7}}"#, "7"),
        ("{parse: json, id: [/m/*/id, /other]}", #"{"m":[{"id":1},{"id":2}],"other":"o"}"#, "o"),
        // Nothing of what is no JSON, or half of it.
        ("{parse: json, id: /id}", #"{"id":"m"}}"#, nil), ("{parse: json, id: /id}", "<html>", nil),
        ("{parse: json, id: /id}", #"{"id":"m","id":"m"}"#, nil),
        ("{parse: json, id: /a/id}", #"{"a":{"id":"m"},"a":{}}"#, nil),
        // Forms.
        ("{parse: form, id: msg_id}", "status=0&msg_id=a%2Db&text=two+words", "a-b"),
        ("{parse: form, id: msg_id}", "msg_id=m\r\n", "m"), ("{parse: form, id: [x, y]}", "y=m&x=", "m"),
        ("{parse: form, id: msg_id}", "msg_id=m&msg_id=m", nil), ("{parse: form, id: msg_id}", "msg_id=%2", nil),
        ("{parse: form, id: msg_id}", "msg_id=m&", nil), ("{parse: form, id: msg_id}", "msg_id=m&x", nil),
        ("{parse: form, id: msg_id}", "msg_id=%zz", nil), ("{parse: form, id: msg_id}", "msg_id=%ff", nil),
        ("{parse: form, id: msg_id}", "a=1\n&msg_id=m", nil), ("{parse: form, id: msg_id}", "MSG_ID=m", nil),
        ("{parse: form, id: msg_id}", "msg_id=a+b", nil),
        // Texts.
        (#"{parse: text, id: {after: 'Success "', before: '"'}}"#, #"Success "07033084-5cfd""#, "07033084-5cfd"),
        (#"{parse: text, id: {after: 'Success "', before: '"'}}"#, #"Success "m"#, nil),
        (#"{parse: text, id: {after: 'Success "', before: '"'}}"#, #"Error "No route""#, nil),
        (#"{parse: text, id: {after: 'Success "', before: '"'}}"#, #"Success """#, nil),
        ("{parse: text, id: [{after: <Id>, before: </Id>}, {after: <R>, before: </R>}]}", "<x><R>r</R></x>", "r"),
        // Headers, also of an answer without a body, but not of one that cannot be read.
        ("{parse: text, id: header X-Message-Id}", "", "h-1"), ("{parse: json, id: header x-message-id}", "", "h-1"),
        ("{parse: json, id: [/id, header x-message-id]}", "{}", "h-1"),
        ("{parse: form, id: header x-message-id}", "", "h-1"),
        ("{parse: json, id: header x-message-id}", "{", nil), ("{parse: json, id: header location}", "", nil),
    ])
    func places(response: String, body: String, id: String?) throws {
        var answer = AdapterFixture.answer(201, body, headers: ["x-message-id": "h-1"])
        let rules = try AdapterAnswerTests.rules(response)
        #expect(verdict(rules.outcome(of: answer)) == (id.map { "accepted \($0)" } ?? "unknown"))
        answer.isTruncated = true
        #expect(rules.outcome(of: answer) == .unknown(.ambiguousAnswer, detail: "http 201"))
    }

    /// `has: /POINTER` holds for what is more than an empty text.
    @Test(arguments: [
        (#"{"code":0,"bad":"u1","id":"m"}"#, "recipient"), (#"{"code":0,"bad":"","id":"m"}"#, "accepted m"),
        (#"{"code":0,"bad":null,"id":"m"}"#, "accepted m"), (#"{"code":0,"id":"m"}"#, "accepted m"),
        (#"{"code":0,"bad":[],"id":"m"}"#, "accepted m"), (#"{"code":1,"bad":"u1","id":"m"}"#, "unknown"),
    ])
    func whatAnAnswerHas(body: String, expected: String) throws {
        let rules = try AdapterAnswerTests.rules(
            "{parse: json, id: /id, code: /code}",
            "{status: 200, code: '0', has: /bad, is: recipient}, {status: 200, code: '0', has: id, is: accepted}")
        #expect(verdict(rules.outcome(of: AdapterFixture.answer(200, body))) == expected)
    }

    /// A repeated key may be refused with 409, in words of the gateway's own.
    @Test func aConflictIsAcceptedByWordsOnly() throws {
        let rules = try AdapterAnswerTests.rules(
            "{parse: json, id: /id}", "{status: 409, contains: already accepted, is: accepted}")
        #expect(verdict(rules.outcome(of: AdapterFixture.answer(409, #"{"m":"already accepted"}"#))) == "accepted")
        #expect(verdict(rules.outcome(of: AdapterFixture.answer(409, "{}"))) == "configuration")
        for rule in [
            "{status: 409, is: accepted}", "{status: 409, has: id, is: accepted}",
            "{status: 4xx, contains: x, is: accepted}",
        ] {
            #expect(throws: DunlinError.self) { try AdapterAnswerTests.rules("{parse: json, id: /id}", rule) }
        }
    }

    /// Only the name of an AWS code counts, and no other gateway's code loses its parts.
    @Test(arguments: [
        ("Throttling", "Throttling"), ("com.amazon#Throttling", "Throttling"),
        ("Throttling:http://internal.amazon.com/coral/com.amazon.coral.validate/", "Throttling"),
        ("com.amazon#Throttling:https://a#b:http://c", "Throttling"), ("a:b", "a:b"),
        ("https://errors.example/quota", "https://errors.example/quota"), ("isv.BUSINESS_LIMIT", "isv.BUSINESS_LIMIT"),
        ("FailedOperation.InsufficientBalanceInSmsPackage", "FailedOperation.InsufficientBalanceInSmsPackage"),
    ])
    func codes(written: String, name: String) throws {
        var refusal = Refusal(.configuration, .configurationRefused, detail: "http 400 code \(name)")
        refusal.mayBeTheMessage = true
        let outcome = Outcome.refused(refusal)
        let rules = try AdapterAnswerTests.rules(
            "{parse: json, code: [/code, header x-amzn-errortype]}", "{status: 500, is: unknown}")
        #expect(rules.outcome(of: AdapterFixture.answer(400, #"{"code":"\#(written)"}"#)) == outcome)
        #expect(rules.outcome(of: AdapterFixture.answer(400, "", headers: ["x-amzn-errortype": written])) == outcome)
    }

    @Test(arguments: ["#", "http://", "a b", "", "Alex Kim is no number", String(repeating: "x", count: 81)])
    func codesThatAreNone(written: String) throws {
        let rules = try AdapterAnswerTests.rules(
            "{parse: json, code: /code}", "{status: 400, code: '*', is: recipient}")
        let outcome = rules.outcome(of: AdapterFixture.answer(400, #"{"code":"\#(written)"}"#))
        let isCode = written == "http://"
        #expect(verdict(outcome) == (isCode ? "recipient" : "configuration"))
    }

    /// Every condition and every meaning; the body is `{"code": …}`.
    @Test(arguments: [
        ("{code: b.*, is: throttled}", 400, "b.Limit", "throttled"),
        ("{code: b.*, is: throttled}", 400, "b.", "throttled"),
        ("{code: b.*, is: throttled}", 400, "b", "configuration"),
        ("{code: b.*, is: throttled}", 400, "ab.c", "configuration"),
        ("{code: [a, b*], is: recipient}", 400, "a", "recipient"),
        ("{code: [a, b*], is: recipient}", 400, "aa", "configuration"),
        ("{code: '*', is: transient}", 503, "any", "transient"), ("{code: '*', is: transient}", 503, "", "unknown"),
        ("{status: 5xx, code: a, is: configuration}", 599, "a", "configuration"),
        ("{status: 5xx, code: a, is: configuration}", 499, "b", "configuration"),
        ("{status: [400, 422], is: recipient}", 422, "", "recipient"),
        ("{status: [400, 422], is: recipient}", 421, "", "configuration"),
        ("{contains: '\"x\"', is: unknown}", 400, "x", "unknown"),
        ("{status: 401, is: access-expired}", 401, "", "transient access-expired"),
        ("{status: 401, is: access-expired}", 403, "", "configuration"),
        ("{code: Token*, is: access-expired}", 400, "TokenExpired", "transient access-expired"),
        ("{status: 500, code: TokenExpired, is: access-expired}", 500, "TokenExpired", "transient access-expired"),
    ])
    func conditions(rule: String, status: Int, code: String, expected: String) throws {
        let rules = try AdapterAnswerTests.rules("{parse: json, code: /code}", rule)
        let outcome = rules.outcome(of: AdapterFixture.answer(status, #"{"code":"\#(code)"}"#))
        var shown = verdict(outcome)
        if case .refused(let refusal) = outcome, refusal.reason == .accessExpired { shown += " access-expired" }
        #expect(shown == expected)
        #expect(rules.namesExpiredAccess == rule.contains("access-expired"))
    }

    @Test(arguments: [
        // Conditions that would hold for every answer.
        ("{parse: json}", "{status: 200, contains: '', is: accepted}", "a text that stands in the answer"),
        ("{parse: json}", "{status: 500, contains: [], is: transient}", "at least one entry"),
        ("{parse: json}", "{status: [], is: transient}", "at least one entry"),
        ("{parse: json, code: /c}", "{status: 500, code: [], is: transient}", "at least one entry"),
        // Rules that would guess.
        ("{parse: json, id: /id}", "{status: 503, has: id, is: transient}", "a proxy may give"),
        ("{parse: json, code: /c}", "{status: 200, code: '*', is: accepted}", "nobody has named"),
        ("{parse: json, id: /id, code: /c}", "{status: 200, has: id, code: 1*, is: accepted}", "nobody has named"),
        ("{parse: json}", "{status: 500, is: access-expired}", "a proxy may give"),
        ("{parse: json}", "{is: access-expired}", "a proxy may give"),
        ("{parse: json}", "{status: 4xx, is: access-expired}", "a proxy may give"),
        ("{parse: json}", "{status: 403, is: access-expired}", "more than a 401"),
        ("{parse: json}", "{status: [401, 403], is: access-expired}", "more than a 401"),
        ("{parse: json}", "{status: 401, is: access-expire}", "did you mean 'access-expired'"),
        ("{parse: json}", "{status: 401, is: access-expired, after: 1s}", "only where the rule is 'throttled'"),
        ("{parse: json, code: /c}", "{code: a*b, is: recipient}", "'*' at most at its end"),
        ("{parse: json, code: /c}", "{code: a**, is: recipient}", "'*' at most at its end"),
        ("{parse: json, code: /c}", "{code: '', is: recipient}", "'*' at most at its end"),
        // Places that cannot be.
        ("{parse: json, id: id}", "", "a JSON Pointer"), ("{parse: json, id: /a~2}", "", "a JSON Pointer"),
        ("{parse: json, id: []}", "", "1 to 16 places"),
        ("{parse: json, id: {after: a, before: b}}", "", "only a text is read"),
        ("{parse: form, id: /id}", "", "the name of a field"), ("{parse: text, id: id}", "", "{after: TEXT"),
        ("{parse: text, id: {after: a}}", "", "add the key 'before'"),
        ("{parse: text, id: {after: a, before: ''}}", "", "some text"),
        ("{parse: json, id: header x-mesage-id}", "", "did you mean 'header x-message-id'"),
        ("{parse: json, id: header set-cookie}", "", "one of the headers that are kept"),
    ])
    func refusals(response: String, rule: String, expected: String) throws {
        let error = #expect(throws: DunlinError.self) {
            try AdapterAnswerTests.rules(response, rule.isEmpty ? "{status: 500, is: unknown}" : rule)
        }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test func headersAreKept() {
        var reader = AnswerReader()
        for _ in 0..<2 {
            reader.begin(isMail: false)
            for line in [
                "HTTP/1.1 202 Accepted\r\n", "X-Message-Id: m-1 \r\n", "x-amzn-RequestId: 1\r\n",
                "x-amzn-ErrorType: Throttling\r\n", "Content-Type: text/plain\r\n", "\r\n",
            ] {
                Array(line.utf8).withUnsafeBufferPointer { reader.header($0) }
            }
            #expect(
                reader.headers == [
                    "x-message-id": "m-1", "x-amzn-errortype": "Throttling", "content-type": "text/plain",
                ])
        }
    }

    /// Spoiled answers in every format: total, and accepted only where the id stands in an answer with the status.
    @Test func fuzzed() throws {
        let formats: [(rules: AnswerRules, body: String)] = [
            (
                try AdapterAnswerTests.rules("{parse: json, id: [/id, /m/*/id], code: /code}"),
                #"{"id":"SM-é1","m":[{"id":"SM1"},{"id":"SM1"}],"code":[1e400,{"a":"\u00e9"}],"n":null}"#
            ),
            (try AdapterAnswerTests.rules("{parse: form, id: [id, m], code: code}"), "id=SM%31&code=12&text=a+b"),
            (
                try AdapterAnswerTests.rules("{parse: text, id: {after: 'id:', before: ';'}}"),
                "Accepted id:SM1; thank you"
            ),
        ]
        let pieces = [
            "{", "}", "[", "]", "\"", ":", ",", "\\u", "\\ud83d", "null", "9e999", "\"id\":\"SM2\",", "&id=", "id:",
            ";", "%",
            "=", "\u{0}",
        ]
        var accepted = 0
        for number in 0..<Fuzzer.cases {
            var fuzzer = Fuzzer(number: number, pieces: pieces)
            let (rules, text) = fuzzer.one(of: formats)
            let body = fuzzer.spoiled(text)
            let answer = WireAnswer(
                phase: .answered, status: fuzzer.one(of: [200, 201, 400, 500]), body: body,
                isTruncated: fuzzer.one(of: [false, false, false, true]))
            guard case .accepted(let id) = rules.outcome(of: answer) else { continue }
            accepted += 1
            #expect(answer.status == 201 && !answer.isTruncated)
            let found = try #require(id)
            #expect(AnswerReading.token(found, limit: 128) == found)
        }
        #expect(accepted > 0)
    }

    /// Every beginning of an answer is no answer.
    @Test func cutAnywhere() throws {
        let rules = try AdapterAnswerTests.rules(
            "{parse: json, id: /id, code: /code}", "{status: 201, has: id, is: accepted}, {code: '*', is: recipient}")
        let body = Array(#"{"code":"a","id":"SM1","n":[1,{"x":"\u00e9"}]}"#.utf8)
        for count in 1..<body.count {
            let answer = WireAnswer(phase: .answered, status: 201, body: Array(body.prefix(count)))
            #expect(rules.outcome(of: answer) == .unknown(.ambiguousAnswer, detail: "http 201"))
        }
        let whole = WireAnswer(phase: .answered, status: 201, body: body)
        #expect(rules.outcome(of: whole) == .accepted(id: "SM1"))
    }
}
