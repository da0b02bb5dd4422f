// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinGateways

/// What the loader says about a head and a request that cannot be, word for word.
@Suite struct ConfigurationRequestTests {
    @Test func theHead() throws {
        let yaml = AdapterFixture.declared(
            channel: "call", head: ["rate: 30/min", "concurrency: 3", "call_format: twiml", "repeatable: 24h"],
            request: #"{method: POST, url: x, headers: {Idempotency-Key: "{token|uuid}"}}"#)
        let gateway = try #require(try AdapterFixture.gateways(yaml).first)
        #expect(gateway.rate == 0.5 && gateway.concurrency == 3 && gateway.repeatable == .hours(24))
        #expect(gateway.callFormat == .twiml && gateway.channel == .call && gateway.access == nil)
        let own = try #require(try AdapterFixture.gateways(yaml + "\n  rate: 7/s").first)
        #expect(own.rate == 7)
        #expect(try AdapterFixture.gateway(AdapterFixture.voice).callFormat == .twiml)
        #expect(try AdapterFixture.gateway(AdapterFixture.twilio).callFormat == nil)
    }

    @Test(arguments: [
        ("rate: 5", "g.definition.rate is '5', expected a rate such as 100/s, 10/min or 500/h"),
        ("call_format: twiml", "g.definition.call_format is 'twiml', expected nothing, because the channel is 'sms'"),
        (
            "call_format: twimll",
            "g.definition.call_format is 'twimll', expected one of twiml, plivo, ncco; did you mean 'twiml'?"
        ),
        ("templates: name", "g.definition.templates is 'name', expected one of named, ordered; did you mean 'named'?"),
        (
            "repeatable: 24h",
            "g.definition.repeatable is set, but the request does not hold '{token}'; put it where the gateway takes an idempotency key, or remove 'repeatable'"
        ),
        ("repeatable: 31d", "g.definition.repeatable is '31d', expected 1m to 30d"),
        ("templtes: named", "unknown key 'templtes' in g.definition; did you mean 'templates'?"),
    ])
    func heads(line: String, expected: String) throws {
        #expect(try AdapterFixture.mistake(AdapterFixture.declared(head: [line])) == expected)
    }

    private static let functions =
        TextFunction.names.joined(separator: ", ")
    private static let oneBody = "expected only one of 'form' (with 'form_json'), 'json', 'xml' and 'text'"

    @Test(arguments: [
        (#"form: {a: b}, json: {}"#, "g.definition.request is a mapping, \(oneBody)"),
        (#"form_json: {a: b}, xml: "<a/>""#, "g.definition.request is a mapping, \(oneBody)"),
        (#"json: {}, text: x"#, "g.definition.request is a mapping, \(oneBody)"),
        (
            #"content_type: text/plain"#,
            "g.definition.request.content_type is 'text/plain', expected a body first, of which it is the type"
        ),
        (
            #"text: x, content_type: plain"#,
            "g.definition.request.content_type is 'plain', expected a media type such as text/xml; charset=utf-8"
        ),
        (
            #"text: x, content_type: "a/b\r\nX: y""#,
            "g.definition.request.content_type is 'a/b\r\nX: y', expected a media type such as text/xml; charset=utf-8"
        ),
        (
            #"text: x, headers: {content-type: a/b}"#,
            "g.definition.request.headers.content-type is 'a/b', expected 'content_type' beside the body in place of this header"
        ),
        (#"headers: {"": b}"#, "g.definition.request.headers. is 'b', expected a header's name as its key"),
        (
            #"headers: {A: "é"}"#,
            "g.definition.request.headers.A is 'é', expected visible ASCII, which a header can hold"
        ),
        (#"xml: "{config.x}""#, "g.definition.request.xml is '{config.x}', expected settings that are not optional"),
        (#"json: "{config.x}""#, "g.definition.request.json is '{config.x}', expected settings that are not optional"),
        (#"text: "{callback}""#, "g.definition.request.text is '{callback}', expected settings that are not optional"),
        (
            #"text: "{config.x} {too}""#,
            "g.definition.request.text is '{config.x} {too}', expected fields out of to, name, creditor, message, language, token, reminder, at, expires, validity, text; did you mean '{to}'?"
        ),
        (
            #"text: "{callback|digits}""#,
            "g.definition.request.text is '{callback|digits}', expected {callback} or {callback|then(TEXT)}"
        ),
        (
            #"text: "{to|nationl(86)}""#,
            "g.definition.request.text is '{to|nationl(86)}', expected one of the functions \(functions)"
        ),
        (
            #"text: "{to|national(+86)}""#,
            "g.definition.request.text is '{to|national(+86)}', expected one of the functions \(functions)"
        ),
        (
            #"text: "{to|digits()}""#,
            "g.definition.request.text is '{to|digits()}', expected one of the functions \(functions)"
        ),
        (
            #"text: "{text|choose(a)}""#,
            "g.definition.request.text is '{text|choose(a)}', expected one of the functions \(functions)"
        ),
        (
            #"text: "{at|day}""#,
            "g.definition.request.text is '{at|day}', expected {at|unix} or {at|rfc3339} or {at|date} or {at|compactdate}"
        ),
        (
            #"text: "{validity|hours(1,2)}""#,
            "g.definition.request.text is '{validity|hours(1,2)}', expected {validity|seconds(LEAST,MOST)} or {validity|minutes(LEAST,MOST)} or {validity|milliseconds(LEAST,MOST)}"
        ),
        (
            #"text: "{template}""#,
            "g.definition.request.text is '{template}', expected 'templates' in the definition before {template}"
        ),
        (
            #"json: {a: {$values: named}}"#,
            "g.definition.request.json.a.$values is 'named', expected 'templates' in the definition before '$values'"
        ),
        (#"json: {a: {$number: five}}"#, "g.definition.request.json.a.$number is 'five', expected digits"),
        (#"json: {a: {$literal: "tru"}}"#, "g.definition.request.json.a.$literal is 'tru', expected a JSON value"),
        (
            #"json: {a: {$string: x, b: c}}"#,
            "unknown key '$string' in a JSON document; one of $number, $literal, $string, $values, $whole may stand alone in a mapping"
        ),
    ])
    func requests(part: String, expected: String) throws {
        let yaml = AdapterFixture.declared(
            settings: "{x: optional text}", request: "{method: POST, url: \"{base_url}\", \(part)}")
        #expect(try AdapterFixture.mistake(yaml) == expected)
    }

    @Test func aScriptHasToHaveAFormat() throws {
        let yaml = AdapterFixture.declared(channel: "call", request: #"{method: POST, url: x, text: "{script}"}"#)
        #expect(
            try AdapterFixture.mistake(yaml)
                == "g.definition.request.text is '{script}', expected {script|twiml} or {script|ncco} or {script|text}")
    }

    @Test(arguments: ["definition", "templates", "rate"])
    func settingsThatHaveAMeaningOfTheirOwn(name: String) throws {
        #expect(
            try AdapterFixture.mistake(AdapterFixture.declared(settings: "{\(name): text}"))
                == "g.definition.settings.\(name) is 'text', expected another name: every gateway has '\(name)'")
    }

    /// A gateway that takes any text has no list of them.
    @Test func templatesOnlyWhereTheyAreAskedFor() throws {
        #expect(
            try AdapterFixture.mistake(AdapterFixture.declared(entry: ["templates: {a: {code: C}}"]))
                .hasPrefix("unknown key 'templates' in g;"))
    }
}
