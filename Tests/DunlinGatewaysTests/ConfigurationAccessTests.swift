// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinGateways

/// Access tokens: the request for one, its answer, and who carries it.
@Suite struct ConfigurationAccessTests {
    private static let now = Instant(rfc3339: "2026-11-21T18:53:00Z")!

    private static func gateway(
        response: String = "{token: /access_token, expires: /expires_in}", access: String? = nil,
        request: String = #"{method: POST, url: "{base_url}/x", auth: {bearer: "{access_token}"}, text: "{text}"}"#
    ) throws -> Gateway {
        let asked =
            #"{method: POST, url: "{base_url}/oauth2/token", auth: {basic: {username: "{config.id}", password: "{config.key}"}}, "#
            + "form: {grant_type: client_credentials}}"
        let yaml = AdapterFixture.declared(
            settings: "{id: text, key: secret}", head: [access ?? "access: {request: \(asked), response: \(response)}"],
            request: request, entry: ["id: me", "key: {env: TOKEN}"])
        return try #require(try AdapterFixture.gateways(yaml).first)
    }

    private static func read(_ answer: WireAnswer, _ gateway: Gateway) throws -> Outcome {
        try #require(gateway.access).reader(at: now).outcome(of: answer)
    }

    @Test func theRequest() throws {
        let access = try #require(try ConfigurationAccessTests.gateway().access)
        let request = try access.request(at: ConfigurationAccessTests.now)
        #expect(
            request
                == HTTPRequest(
                    method: "POST", url: "https://h.example/oauth2/token",
                    headers: ["Content-Type: application/x-www-form-urlencoded"],
                    body: Array("grant_type=client_credentials".utf8), basicAuth: "me:s3cr€t+/="))
    }

    @Test func nothingGoesOutWithoutAToken() throws {
        let gateway = try ConfigurationAccessTests.gateway()
        let message = AdapterFixture.message(.sms("hi"))
        let error = #expect(throws: DunlinError.self) { try gateway.adapter.request(for: message) }
        #expect(
            error?.description
                == "request: there is no access token at the moment; try again when the gateway has given one")
        // A plan has no tokens and asks all the same.
        #expect(throws: Never.self) { try gateway.adapter.check(message) }
        let answer = AdapterFixture.answer(
            200, #"{"access_token":"abc.DEF-1","token_type":"bearer","expires_in":3600}"#)
        #expect(verdict(try ConfigurationAccessTests.read(answer, gateway)) == "accepted")
        #expect(
            try gateway.adapter.httpRequest(message).headers == [
                "Content-Type: text/plain; charset=utf-8", "Authorization: Bearer abc.DEF-1",
            ])
    }

    @Test(arguments: [
        (#"{method: POST, url: x, auth: {header: {name: X-Auth, value: "Z {access_token}"}}}"#, "X-Auth: Z a&b", "x"),
        (#"{method: GET, url: x, query: {access_token: "{access_token}"}}"#, nil, "x?access_token=a%26b"),
    ])
    func otherPlaces(request: String, header: String?, url: String) throws {
        let gateway = try ConfigurationAccessTests.gateway(request: request)
        _ = try ConfigurationAccessTests.read(AdapterFixture.answer(200, #"{"access_token":"a&b"}"#), gateway)
        let sent = try gateway.adapter.httpRequest(AdapterFixture.message(.sms("x")))
        #expect(sent.headers.last == header && sent.url == url)
    }

    /// Seconds after the request at which the token is fresh for the last time; nil: there is none.
    @Test(arguments: [
        (200, #"{"access_token":"t","expires_in":3600}"#, "accepted", 3539 as Int64?),
        (200, #"{"access_token":"t","expires_in":"7200"}"#, "accepted", 7139),
        (201, #"{"access_token":"t"}"#, "accepted", 3539),
        (200, #"{"access_token":"t","expires_in":null}"#, "accepted", 3539),
        (200, #"{"access_token":"t","expires_in":1e300}"#, "accepted", 30 * 86_400 - 61),
        (200, #"{"access_token":"t","expires_in":60}"#, "transient", nil),
        (200, #"{"access_token":"t","expires_in":-1}"#, "transient", nil),
        (200, #"{"access_token":"t","expires_in":"soon"}"#, "transient", nil),
        (200, #"{"access_token":"a\r\nX: y"}"#, "transient", nil), (200, #"{"access_token":""}"#, "transient", nil),
        (200, #"{"errcode":40013}"#, "transient", nil), (200, "<html>", "transient", nil), (204, "", "transient", nil),
        (400, #"{"error":"invalid_client"}"#, "configuration", nil), (401, "", "configuration", nil),
        (403, "", "configuration", nil), (404, "", "configuration", nil), (308, "", "configuration", nil),
        (302, "", "transient", nil), (408, "", "transient", nil), (429, "", "throttled", nil),
        (500, #"{"access_token":"t"}"#, "transient", nil), (503, "", "transient", nil),
    ])
    func answers(status: Int, body: String, expected: String, freshFor: Int64?) throws {
        let gateway = try ConfigurationAccessTests.gateway()
        let access = try #require(gateway.access)
        let outcome = try ConfigurationAccessTests.read(AdapterFixture.answer(status, body), gateway)
        #expect(verdict(outcome) == expected)
        #expect(access.isFresh(at: ConfigurationAccessTests.now) == (freshFor != nil))
        if let freshFor {
            #expect(access.isFresh(at: ConfigurationAccessTests.now + .seconds(freshFor)))
            #expect(!access.isFresh(at: ConfigurationAccessTests.now + .seconds(freshFor + 1)))
        }
    }

    @Test func whatTheRecordSays() throws {
        let gateway = try ConfigurationAccessTests.gateway()
        let refused = try ConfigurationAccessTests.read(
            AdapterFixture.answer(401, #"{"error":"invalid_client","error_description":"no such user me"}"#), gateway)
        #expect(
            refused
                == .refused(
                    Refusal(.configuration, .configurationRefused, detail: "access: http 401 code invalid_client")))
        var truncated = AdapterFixture.answer(200, #"{"access_token":"t"}"#)
        truncated.isTruncated = true
        #expect(verdict(try ConfigurationAccessTests.read(truncated, gateway)) == "transient")
    }

    /// A line lost is no doubt here: nobody was sent anything.
    @Test(arguments: [
        (WireAnswer.Phase.notSent, 7, "transient"), (.notSent, 60, "configuration"), (.interrupted, 28, "transient"),
    ])
    func withoutAnAnswer(phase: WireAnswer.Phase, curl: Int, expected: String) throws {
        let answer = WireAnswer(phase: phase, curlCode: curl)
        #expect(verdict(try ConfigurationAccessTests.read(answer, ConfigurationAccessTests.gateway())) == expected)
    }

    @Test func aFailureLeavesTheTokenThatIsThere() throws {
        let gateway = try ConfigurationAccessTests.gateway()
        _ = try ConfigurationAccessTests.read(AdapterFixture.answer(200, #"{"access_token":"t"}"#), gateway)
        _ = try ConfigurationAccessTests.read(AdapterFixture.answer(500, ""), gateway)
        #expect(gateway.access?.value == "t")
    }

    @Test func nothingPrintsAToken() throws {
        let gateway = try ConfigurationAccessTests.gateway()
        _ = try ConfigurationAccessTests.read(AdapterFixture.answer(200, #"{"access_token":"s3cret"}"#), gateway)
        var dumped = ""
        dump(gateway, to: &dumped)
        for text in [dumped, "\(gateway)", String(reflecting: gateway), "\(gateway.access!)"] {
            #expect(!text.contains("s3cr"), "\(text)")
        }
    }

    @Test(arguments: [
        ("access: {response: {token: /t}}", "g.definition.access.request is missing; add the key 'request'"),
        (
            "access: {request: {method: POST, url: x}}",
            "g.definition.access.response is missing; add the key 'response'"
        ),
        (
            "access: {request: {method: POST, url: x}, response: {}}",
            "g.definition.access.response.token is missing; add the key 'token'"
        ),
        (
            "access: {request: {method: POST, url: x}, response: {token: t}}",
            "g.definition.access.response.token is 't', expected a JSON Pointer such as /access_token"
        ),
        (
            #"access: {request: {method: POST, url: "{to}"}, response: {token: /t}}"#,
            "g.definition.access.request.url is '{to}', expected text with settings of the gateway only"
        ),
        (
            #"access: {request: {method: POST, url: "{callback}"}, response: {token: /t}}"#,
            "g.definition.access.request.url is '{callback}', expected text with settings of the gateway only"
        ),
        (
            #"access: {request: {method: POST, url: "{access_token}"}, response: {token: /t}}"#,
            "g.definition.access.request.url is '{access_token}', expected 'access' in the definition before {access_token}"
        ),
        (
            "max_text: 9",
            "g.definition.request.auth.bearer is '{access_token}', expected 'access' in the definition before {access_token}"
        ),
    ])
    func mistakes(access: String, expected: String) throws {
        let error = #expect(throws: DunlinError.self) { try ConfigurationAccessTests.gateway(access: access) }
        #expect(error?.description.replacing(#/^dunlin\.yaml:\d+:\d+: /#, with: "") == expected)
    }
}
