// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinGateways

/// Texts that a provider has approved: which one, and its values.
@Suite struct ConfigurationApprovedTests {
    private static func yaml(_ templates: [String], order: String = "named", request: String? = nil) -> String {
        AdapterFixture.declared(
            head: ["templates: \(order)"],
            request: request
                ?? "{method: POST, url: x, form: {code: \"{template}\"}, form_json: {values: {$values: \(order)}}}",
            entry: templates.isEmpty ? [] : ["templates:"] + templates.map { "  \($0)" })
    }

    private static func adapter(_ yaml: String) throws -> any Adapter {
        try #require(try AdapterFixture.gateways(yaml).first).adapter
    }

    private static func body(_ yaml: String, _ message: OutboundMessage) throws -> String {
        let body = String(decoding: try adapter(yaml).httpRequest(message).body, as: UTF8.self)
        return body.removingPercentEncoding ?? body
    }

    @Test(arguments: [
        ("zh-Hant-HK", "HK"), ("ZH-hant-hk", "HK"), ("zh-Hant-TW", "HANT"), ("zh-Hant", "HANT"), ("zh-Hans-CN", "ZH"),
        ("zh", "ZH"), ("zhx", "ANY"), ("en-US", "ANY"), ("", "ANY"),
    ])
    func theNearestLanguage(language: String, code: String) throws {
        let yaml = ConfigurationApprovedTests.yaml([
            "payment-overdue: {code: ANY}", "payment-overdue/zh: {code: ZH}", "payment-overdue/zh-Hant: {code: HANT}",
            "payment-overdue/zh-Hant-HK: {code: HK}", "other: {code: OTHER}",
        ])
        let message = AdapterFixture.message(.sms("x"), language: language)
        #expect(try ConfigurationApprovedTests.body(yaml, message) == "code=\(code)&values={}")
    }

    @Test func valuesAreTemplatesOverTheMessagesVariables() throws {
        let entry =
            #"payment-overdue: {code: C, values: {z: "{amount}", a: "Pay {amount} by {due_date}, {{ok}", t: "{text}", c: 5}}"#
        let message = AdapterFixture.message(.sms("Hi \"you\""), values: ["amount": "¥1,000", "due_date": "11月21日"])
        #expect(
            try ConfigurationApprovedTests.body(ConfigurationApprovedTests.yaml([entry]), message)
                == #"code=C&values={"z":"¥1,000","a":"Pay ¥1,000 by 11月21日, {ok}","t":"Hi \"you\"","c":"5"}"#)
    }

    @Test(arguments: [
        ("{$values: ordered}", #"["b","a"]"#),
        (#"{$values: {type: text, text: "{value}"}}"#, #"[{"type":"text","text":"b"},{"type":"text","text":"a"}]"#),
        (
            #"{components: [{type: body, parameters: {$values: {type: text, text: "<{value}>", to: "{to}"}}}]}"#,
            #"{"components":[{"type":"body","parameters":[{"type":"text","text":"<b>","to":"+16175550123"},{"type":"text","text":"<a>","to":"+16175550123"}]}]}"#
        ),
        (#"{$string: {$values: ordered}}"#, #""[\"b\",\"a\"]""#),
    ])
    func valuesInOrder(json: String, expected: String) throws {
        let yaml = ConfigurationApprovedTests.yaml(
            [#"payment-overdue: {code: C, values: ["{y}", "{x}"]}"#], order: "ordered",
            request: "{method: POST, url: x, json: \(json)}")
        let message = AdapterFixture.message(.sms("x"), values: ["x": "a", "y": "b"])
        #expect(try ConfigurationApprovedTests.body(yaml, message) == expected)
    }

    @Test(arguments: [
        (#"{to: "{to|digits}", $values: named, x: 1}"#, #"{"to":"16175550123","x":"1","b":"2","a":"\"1"}"#),
        (#"[{$values: named, q: "{config.q}"}]"#, #"[{"b":"2","a":"\"1"}]"#),
    ])
    func valuesAmongOtherMembers(json: String, expected: String) throws {
        let yaml = AdapterFixture.declared(
            settings: "{q: optional text}", head: ["templates: named"],
            request: "{method: POST, url: x, json: \(json)}",
            entry: ["templates:", #"  payment-overdue: {code: C, values: {b: "2", a: "{a}"}}"#])
        let message = AdapterFixture.message(.sms("x"), values: ["a": #""1"#])
        #expect(try ConfigurationApprovedTests.body(yaml, message) == expected)
    }

    /// A value cannot leave its place either.
    @Test(arguments: [("", "en_US"), (", language: zh_CN", "zh_CN")])
    func anObjectForEachValue(language: String, expected: String) throws {
        let yaml = ConfigurationApprovedTests.yaml(
            [#"payment-overdue: {code: C, values: {b: "{y}", a: "{x}"}\#(language)}"#],
            request:
                #"{method: POST, url: x, json: {l: "{template_language}", v: {$values: {"*": {value: "{value}"}}}}}"#)
        let message = AdapterFixture.message(.sms("x"), values: ["x": "\"a", "y": "b"])
        #expect(
            try ConfigurationApprovedTests.body(yaml, message)
                == #"{"l":"\#(expected)","v":{"b":{"value":"b"},"a":{"value":"\"a"}}}"#)
    }

    @Test func hostileValues() throws {
        let yaml = ConfigurationApprovedTests.yaml([#"payment-overdue: {code: C, values: {n: "{n}"}}"#])
        for value in [#"","to":"x"#, "a&b=c\r\n\u{0}", #"\"}"#, "]]>"] {
            let message = AdapterFixture.message(.sms("x"), values: ["n": value])
            let request = try ConfigurationApprovedTests.adapter(yaml).httpRequest(message)
            let pairs = String(decoding: request.body, as: UTF8.self).split(separator: "&")
            let json = try #require(pairs[1].dropFirst("values=".count).removingPercentEncoding)
            #expect(pairs.count == 2)
            #expect(try JSONDecoder().decode([String: String].self, from: Data(json.utf8)) == ["n": value])
        }
    }

    @Test func onlySuchAdaptersNeedValues() throws {
        #expect(try ConfigurationApprovedTests.adapter(ConfigurationApprovedTests.yaml(["a: {code: C}"])).needsValues)
        #expect(try !AdapterFixture.gateway(AdapterFixture.twilio).adapter.needsValues)
    }

    @Test func whatHasNoTextIsNotSent() throws {
        let adapter = try ConfigurationApprovedTests.adapter(
            ConfigurationApprovedTests.yaml([
                "other: {code: O}", "payment-overdue/zh: {code: Z}", #"late: {code: L, values: {a: "{amount}"}}"#,
            ]))
        for make in [{ _ = try adapter.request(for: $0) }, { try adapter.check($0) }]
            as [(OutboundMessage) throws -> Void]
        {
            let none = #expect(throws: DunlinError.self) { try make(AdapterFixture.message(.sms("x"))) }
            #expect(
                none?.description
                    == "gateway g: it sends approved texts only, and has none for the message 'payment-overdue' in en-US; "
                    + "add 'payment-overdue' to the gateway's 'templates', or send the message by another gateway")
            let lacking = #expect(throws: DunlinError.self) {
                try make(AdapterFixture.message(.sms("x"), message: "late", values: ["amuont": "5"]))
            }
            #expect(
                lacking?.description
                    == "gateway g: the approved text L needs 'amount', which the message 'late' lacks; "
                    + "correct the name under the gateway's 'templates', or give the reminder this variable")
        }
    }

    @Test(arguments: [
        ("named", [], "g.templates is missing; add the key 'templates'"),
        ("named", ["{}"], "g.templates is a mapping, expected at least one message and its approved text"),
        ("named", ["a: {values: {}}"], "g.templates.a.code is missing; add the key 'code'"),
        ("named", ["a: {code: C, value: {}}"], "unknown key 'value' in g.templates.a; did you mean 'values'?"),
        (
            "named", ["a: {code: C, values: [x]}"],
            "g.templates.a.values is a list, expected a mapping of names to texts, because this gateway's values have names"
        ),
        (
            "ordered", ["a: {code: C, values: {x: y}}"],
            "g.templates.a.values is a mapping, "
                + "expected a list of texts, because this gateway's values have an order and no names"
        ),
        (
            "named", [#"a: {code: C, values: {x: "{amount"}}"#],
            "g.templates.a.values.x is '{amount', expected a '}' for every '{'"
        ),
        (
            "named", [#"a: {code: C, values: {x: "{amount|digits}"}}"#],
            "g.templates.a.values.x is '{amount|digits}', "
                + "expected the name of one of the message's variables between braces, such as {amount}"
        ),
        (
            "named", ["a/: {code: C}"],
            "'a/' names no message; write MESSAGE, or MESSAGE/LANGUAGE such as payment-overdue/zh-Hant"
        ),
        (
            "named", ["/zh: {code: C}"],
            "'/zh' names no message; write MESSAGE, or MESSAGE/LANGUAGE such as payment-overdue/zh-Hant"
        ),
        (
            "named", ["a/zh_CN: {code: C}"],
            "'a/zh_CN' names no message; write MESSAGE, or MESSAGE/LANGUAGE such as payment-overdue/zh-Hant"
        ),
        ("named", ["a/zh: {code: C}", "a/ZH: {code: D}"], "'a/ZH' is there twice; leave one of the entries"),
    ])
    func mistakes(order: String, templates: [String], expected: String) throws {
        #expect(try AdapterFixture.mistake(ConfigurationApprovedTests.yaml(templates, order: order)) == expected)
    }

    @Test func aCallHasNoOneText() throws {
        let yaml = ConfigurationApprovedTests.yaml([#"a: {code: C, values: {x: "{text}"}}"#]).replacing(
            "channel: sms", with: "channel: call")
        #expect(
            try AdapterFixture.mistake(yaml)
                == "g.templates.a.values.x is '{text}', expected the message's variables, because a call has no one text"
        )
    }

    @Test(arguments: [
        (
            "named", "{$values: named, to: 1, y: 2}",
            "an approved text has a value called 'y', which the request has already; give the variable another name with "
                + "the provider, and under the gateway's 'templates'"
        ),
        (
            "named", "{$values: {a: b}, to: 1}",
            "g.definition.request.json.$values is a mapping, expected named, where it stands beside other members"
        ),
        (
            "named", "{$values: ordered}",
            "g.definition.request.json.$values is 'ordered', expected 'templates: ordered' in the definition"
        ),
        (
            "ordered", "{$values: nmaed}",
            "g.definition.request.json.$values is 'nmaed', expected one of named, ordered; did you mean 'named'?"
        ),
        (
            "named", "{$values: [x]}",
            "g.definition.request.json.$values is a list, "
                + #"expected named, ordered, or an entry such as {type: text, text: "{value}"}"#
        ),
        (
            "named", #"{a: "{value}"}"#,
            "g.definition.request.json.a is '{value}', expected {value} only in an entry of '$values'"
        ),
        (
            "named", #"{a: "{template|digits}"}"#,
            "g.definition.request.json.a is '{template|digits}', expected {template} without a function"
        ),
    ])
    func requestMistakes(order: String, json: String, expected: String) throws {
        let yaml = ConfigurationApprovedTests.yaml(
            [order == "named" ? "a: {code: C, values: {y: z}}" : "a: {code: C}"], order: order,
            request: "{method: POST, url: x, json: \(json)}")
        #expect(try AdapterFixture.mistake(yaml) == expected)
    }
}
