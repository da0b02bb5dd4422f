// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Foundation
import Testing

@testable import DunlinGateways

/// What the loader of definitions lets through and what it does not.
@Suite struct ConfigurationDefinitionTests {
    private static func definition(
        request: String = "{method: POST, url: \"{base_url}/x\", form: {to: \"{to}\"}}",
        rules: String = "[{status: 202, is: accepted}, {otherwise: by-status}]", settings: String = "{}",
        extra: String = "", response: String = "{parse: json, id: /id, code: /code}"
    ) -> String {
        """
        g:
          adapter: http
          base_url: https://h.example
          definition:
            channel: sms
            settings: \(settings)
            request: \(request)
            response: \(response)
            rules: \(rules)
        \(extra)
        """
    }

    private func error(_ yaml: String) throws -> String {
        try #require(#expect(throws: DunlinError.self) { try AdapterFixture.gateways(yaml) }).description
    }

    @Test func everyShippedDefinitionIsSound() throws {
        for name in ShippedDefinitions.names { #expect(throws: Never.self) { try ShippedDefinitions.named(name) } }
    }

    /// By itself, with stand-ins for what an operator would set: the proof of callbacks and the look-up included.
    @Test(
        arguments: [
            ("verify: {ed25519: {key: '{config.k}'}}", nil), ("verify: {sendgrid: {key: '{config.k}'}}", nil),
            ("verify: {wechat: {token: '{config.k}', aes_key: '{config.k}', app: x}}", nil),
            ("verify: {standard-webhooks: {key: '{config.k}'}}", nil),
            ("verify: {vonage-signature: {key: '{config.k}', hash: '{config.k}'}}", nil),
            ("verify: {sns: {topics: '{config.k}', version: '2'}}", nil),
            ("verify: {hubb: {key: '{config.k}'}}", "unknown key 'hubb' in callbacks.verify; did you mean 'hub'?"),
            ("verify: {hub: {key: '{config.kk}'}}", "settings that are declared"),
            ("verify: {hub: {key: '{config.k}'}, tolerance: 5m}", "this scheme carries no time"),
            ("verify: {hub: {key: '{config.k}'}, from: [1.2.3]}", "an address or a range"),
            ("verify: {hmac: {key: '{config.k}', header: X, hash: md4, encoding: hex, over: '{body}'}}", "one of sha1"),
            (
                "verify: {hmac: {key: '{config.k}', header: X, hash: sha1, encoding: hex, over: '{header y}'}}",
                "{body}, {url}"
            ),
            (
                "verify: {hub: {key: '{config.k}'}}, handshake: {query: q, verify: {t: '{config.kk}'}}",
                "settings that are declared"
            ),
        ] as [(String, String?)])
    func aDefinitionByItself(callbacks: String, expected: String?) throws {
        let path = NSTemporaryDirectory() + "definition-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = """
            channel: sms
            base_url: https://h.example
            settings: {k: secret}
            request: {method: POST, url: "{base_url}/x", auth: {jwt: {key: "{config.k}", lifetime: 5m}}, form: {to: "{to}"}}
            response: {parse: json, id: /id, code: /code}
            rules: [{status: 202, is: accepted}, {otherwise: by-status}]
            callbacks: {\(callbacks), events: [{kind: receipt, id: i, status: s, is: {failed: f}}]}
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        var found: DunlinError?
        do { _ = try Gateways.checkDefinition(path: path) } catch let error as DunlinError { found = error }
        #expect((found == nil) == (expected == nil), "\(String(describing: found))")
        if let expected { #expect(found?.description.contains(expected) == true, "\(String(describing: found))") }
        #expect(found?.what.hasPrefix("\(path):7:") ?? true)
    }

    @Test func everyShippedDefinitionCanBeRehearsed() throws {
        for name in ShippedDefinitions.names {
            #expect(throws: Never.self, "\(name)") { try ShippedDefinitions.named(name)?.rehearsed() }
        }
    }

    @Test func inlineDefinition() throws {
        let gateway = try #require(try AdapterFixture.gateways(ConfigurationDefinitionTests.definition()).first)
        let request = try gateway.adapter.httpRequest(AdapterFixture.message(.sms("x")))
        #expect(
            request.url == "https://h.example/x" && String(decoding: request.body, as: UTF8.self) == "to=%2B16175550123"
        )
    }

    @Test func aChatHasAService() throws {
        let sms = ConfigurationDefinitionTests.definition()
        let chat = sms.replacing("channel: sms", with: "channel: chat\n    service: wecom")
        let gateway = try #require(try AdapterFixture.gateways(chat).first)
        #expect(gateway.channel == .chat && gateway.service == .wecom)
        #expect(try gateway.adapter.httpRequest(AdapterFixture.message(.chat("x"))).method == "POST")
        #expect(throws: DunlinError.self) { try gateway.adapter.request(for: AdapterFixture.message(.sms("x"))) }
        #expect(try error(sms.replacing("channel: sms", with: "channel: chat")).contains("service is missing"))
        #expect(try error(chat.replacing("wecom", with: "wecm")).contains("did you mean 'wecom'"))
        #expect(
            try error(sms.replacing("channel: sms", with: "channel: sms\n    service: line"))
                .contains("only 'channel: chat' has a service"))
    }

    @Test func aTaskNamesItsAccount() throws {
        let yaml = ConfigurationDefinitionTests.definition(
            request: "{method: POST, url: \"{base_url}/x\", json: {account: \"{account}\", text: \"{text}\"}}"
        ).replacing("channel: sms", with: "channel: task")
        var message = AdapterFixture.message(.task("Visit"), to: "P-1")
        message.account = "A-1"
        let request = try #require(try AdapterFixture.gateways(yaml).first).adapter.httpRequest(message)
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"account":"A-1","text":"Visit"}"#)
    }

    @Test func aSecretThatFitsNoHeaderIsRefusedAtOnce() throws {
        let text = try error(
            ConfigurationDefinitionTests.definition(
                request: #"{method: POST, url: x, headers: {X-Key: "{config.key}"}}"#, settings: "{key: secret}",
                extra: "  key: {env: TOKEN}"))
        #expect(text.contains("the setting 'key' holds what cannot stand in") && !text.contains("s3cr"), "\(text)")
    }

    @Test func rulesUseOnlyWhatIsRead() throws {
        for rule in ["{status: 202, has: id, is: accepted}", "{code: 1, is: recipient}"] {
            let yaml = ConfigurationDefinitionTests.definition(
                rules: "[\(rule), {otherwise: by-status}]", response: "{parse: text}")
            #expect(try error(yaml).contains("under 'response' first"))
        }
    }

    /// Rules that would guess.
    @Test(arguments: [
        ("[{status: 202, is: accepted}]", "does not say what else"), ("[]", "does not say what else"),
        ("[{otherwise: accepted}]", "never accepted"), ("[{otherwise: unknown}]", "by-status"),
        ("[{is: accepted}, {otherwise: by-status}]", "without naming a status"),
        ("[{status: 2xx, has: id, is: accepted}, {otherwise: by-status}]", "without naming a status"),
        ("[{status: [202, 400], has: id, is: accepted}, {otherwise: by-status}]", "without naming a status"),
        ("[{status: 200, is: accepted}, {otherwise: by-status}]", "any answer with status 200"),
        ("[{status: 500, is: transient}, {otherwise: by-status}]", "a proxy may give"),
        ("[{status: 503, is: transient}, {otherwise: by-status}]", "a proxy may give"),
        ("[{status: 5xx, is: configuration}, {otherwise: by-status}]", "a proxy may give"),
        ("[{status: 408, is: throttled}, {otherwise: by-status}]", "a proxy may give"),
        ("[{status: 204, is: recipient}, {otherwise: by-status}]", "a proxy may give"),
        ("[{is: transient}, {otherwise: by-status}]", "a proxy may give"),
        ("[{status: 999, is: unknown}, {otherwise: by-status}]", "an HTTP status"),
        ("[{status: 400, is: recipent}, {otherwise: by-status}]", "did you mean 'recipient'"),
        ("[{statsu: 400, is: recipient}, {otherwise: by-status}]", "did you mean 'status'"),
        (
            "[{status: 400, is: configuration, reason: opted-out}, {otherwise: by-status}]",
            "unless the rule is 'recipient'"
        ),
        ("[{status: 400, is: recipient, after: 1s}, {otherwise: by-status}]", "only where the rule is 'throttled'"),
    ])
    func rulesThatGuess(rules: String, expected: String) throws {
        let text = try error(ConfigurationDefinitionTests.definition(rules: rules))
        #expect(text.contains(expected), "\(text)")
    }

    @Test(arguments: [
        (#"{method: POST, url: "{base_url}/{too}"}"#, "did you mean '{to}'"),
        (#"{method: POST, url: "{base_url}/{config.key}"}"#, "declared under 'settings'"),
        (#"{method: POST, url: "{base_url}/{to"}"#, "a '}' for every '{'"),
        (#"{method: POST, url: "{html}"}"#, "fields out of"),
        (#"{method: POST, url: "{at}"}"#, "{at|unix}"), (#"{method: POST, url: "{validity}"}"#, "{validity|seconds"),
        (#"{method: POST, url: "{validity|seconds(9,1)}"}"#, "{validity|seconds"),
        (#"{method: POST, url: "{to|sha1}"}"#, "one of the functions"),
        (#"{method: GET, url: x, form: {a: b}}"#, "no body"),
        (
            #"{method: POST, url: x, form: {a: b}, json: {}}"#,
            "only one of 'form' (with 'form_json'), 'json', 'xml' and 'text'"
        ),
        (#"{method: DELETE, url: x}"#, "one of GET, POST, PUT"),
        (#"{method: POST, url: x, auth: {basic: {username: "{to}", password: p}}}"#, "settings of the gateway only"),
        (#"{method: POST, url: x, auth: {digest: x}}"#, "unknown key 'digest'"),
        (#"{method: POST, url: x, json: {a: {$literal: "{"}}}"#, "a JSON value"),
        (
            #"{method: POST, url: x, json: {a: {$nmber: "1"}}}"#,
            "unknown key '$nmber' in a JSON document; one of $number, $literal, $string, $values, $whole may stand alone"
        ),
        (#"{method: POST, url: x, headers: {"a b": c}}"#, "a header's name"),
    ])
    func requestsThatCannotBe(request: String, expected: String) throws {
        let text = try error(ConfigurationDefinitionTests.definition(request: request))
        #expect(text.contains(expected), "\(text)")
    }

    @Test(arguments: [
        ("{rate: text}", "every gateway has 'rate'"), ("{key: password}", "text, secret, url, mailbox or list"),
        ("{key: optional}", "text, secret, url, mailbox or list"),
    ])
    func settingsThatCannotBe(settings: String, expected: String) throws {
        let text = try error(ConfigurationDefinitionTests.definition(settings: settings))
        #expect(text.contains(expected), "\(text)")
    }

    @Test func responsesThatCannotBeRead() throws {
        #expect(
            try error(ConfigurationDefinitionTests.definition(response: "{parse: xml}")).contains(
                "one of json, form, text"))
        #expect(
            try error(ConfigurationDefinitionTests.definition(response: "{parse: json, id: sid}")).contains(
                "a JSON Pointer"))
        #expect(
            try error(ConfigurationDefinitionTests.definition(response: "{parse: text, id: /sid}")).contains(
                "'parse' is 'text'"))
    }

    @Test func aHeaderThatCannotHoldAFieldThrowsForThatMessage() throws {
        let yaml = ConfigurationDefinitionTests.definition(
            request: #"{method: POST, url: "{base_url}", headers: {X-Name: "{name}"}}"#)
        let adapter = try #require(try AdapterFixture.gateways(yaml).first).adapter
        #expect(try adapter.httpRequest(AdapterFixture.message(.sms("x"))).headers == ["X-Name: Alex Kim"])
        #expect(throws: DunlinError.self) {
            try adapter.request(for: AdapterFixture.message(.sms("x"), name: "a\r\nb: c"))
        }
    }
}
