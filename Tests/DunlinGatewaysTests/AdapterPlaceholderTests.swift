// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinGateways

/// What each placeholder of docs/add-a-gateway.md comes to.
@Suite struct AdapterPlaceholderTests {
    private static func value(
        _ placeholder: String, _ message: OutboundMessage = AdapterFixture.message(.sms("x")), channel: String = "sms"
    ) throws -> String {
        let yaml = AdapterFixture.declared(
            channel: channel, request: "{method: POST, url: x, text: \"\(placeholder)\"}")
        let adapter = try #require(try AdapterFixture.gateways(yaml).first).adapter
        return String(decoding: try adapter.httpRequest(message).body, as: UTF8.self)
    }

    @Test(arguments: [
        ("{to}", "+16175550123"), ("{to|digits}", "16175550123"), ("{to|national(1)}", "6175550123"),
        ("{to|national(161)}", "75550123"), ("{to|service}", "+16175550123"), ("{text}", "x"), ("{name}", "Alex Kim"),
        ("{creditor}", "Harbor Credit"), ("{message}", "payment-overdue"), ("{language}", "en-US"),
        ("{language|underscore}", "en_US"), ("{token}", "tok-0123456789abcdef"), ("{reminder}", "rem-0123456789abcdef"),
        ("{validity|seconds(1,36000)}", "7200"), ("{validity|minutes(1,10)}", "10"),
        ("{validity|milliseconds(1,86400000)}", "7200000"), ("{validity|milliseconds(9000000,9000001)}", "9000000"),
        ("{at|unix}", "1795287180"), ("{at|rfc3339}", "2026-11-21T18:53:00Z"), ("{at|date}", "2026-11-21"),
        ("{at|compactdate}", "20261121"), ("{expires|unix}", "1795294380"), ("{expires|date}", "2026-11-21"),
        ("{name|then(a,b)}", "a,b"), ("{{name}", "{name}"), ("{base_url}", "https://h.example"),
    ])
    func fields(placeholder: String, expected: String) throws {
        #expect(try AdapterPlaceholderTests.value(placeholder) == expected)
    }

    /// Just one of the two has a value.
    @Test(arguments: [("Hi €", "Hi €|"), ("您好🙂", "|60A8597DD83DDE42"), ("ç", "|00E7")])
    func textForOneOfTwoFields(text: String, expected: String) throws {
        #expect(
            try AdapterPlaceholderTests.value("{text|gsm}|{text|ucs2hex}", AdapterFixture.message(.sms(text)))
                == expected)
    }

    @Test func aChatAddressLosesItsService() throws {
        let message = AdapterFixture.message(.sms("x"), to: "whatsapp:+49151:2")
        #expect(try AdapterPlaceholderTests.value("{to|service}", message) == "+49151:2")
    }

    @Test func mailAndCall() throws {
        let mail = AdapterFixture.message(
            .email(Email(subject: "s", preheader: "", text: "t", html: "<h>")), to: "a@b.example")
        #expect(
            try AdapterPlaceholderTests.value("{subject}{text}{html}{to}", mail, channel: "email") == "st<h>a@b.example"
        )
        let call = AdapterFixture.message(.call(CallScript(language: "en", steps: [], voicemail: "v")))
        #expect(try AdapterPlaceholderTests.value("{voicemail}", call, channel: "call") == "v")
    }

    /// The days of an instant are those of UTC, before 1970 too.
    @Test(arguments: [
        ("2026-11-21T23:59:59.999Z", "2026-11-21"), ("2026-11-22T00:00:00+08:00", "2026-11-21"),
        ("1969-12-31T23:59:59Z", "1969-12-31"), ("2028-02-29T00:00:00Z", "2028-02-29"),
    ])
    func dates(instant: String, date: String) throws {
        var message = AdapterFixture.message(.sms("x"))
        message.at = try #require(Instant(rfc3339: instant))
        #expect(
            try AdapterPlaceholderTests.value("{at|date} {at|compactdate}", message)
                == "\(date) \(date.replacing("-", with: ""))")
    }

    @Test(arguments: [
        ("plain €", "0 gsm"), ("naïve", "2 ucs2"), ("您好", "2 ucs2"), ("", "0 gsm"),
    ])
    func alphabets(text: String, expected: String) throws {
        let message = AdapterFixture.message(.sms(text))
        #expect(try AdapterPlaceholderTests.value("{text|coding} {text|choose(gsm,ucs2)}", message) == expected)
    }

    /// Against Python's codec.
    @Test func utf16InHexadecimal() throws {
        let texts = ["", "A", "Grüße\r\n", "您好", "🙂", "\u{0}\u{FFFF}", "e\u{301}"]
        let expected = try python(
            "import json, sys; print(json.dumps([t.encode('utf-16-be').hex().upper() for t in json.load(sys.stdin)]))",
            texts, as: [String].self)
        for (text, hex) in zip(texts, expected) {
            #expect(try AdapterPlaceholderTests.value("{text|utf16hex}", AdapterFixture.message(.sms(text))) == hex)
        }
    }

    /// Against Python's hashlib and uuid: version 8 over SHA-256, the same for the same token.
    @Test func tokensAsUUIDs() throws {
        let tokens = (0..<50).map { "tok-\($0)-0123456789abcdef" }
        let expected = try python(
            """
            import hashlib, json, sys, uuid
            def name(t):
                n = int.from_bytes(hashlib.sha256(t.encode()).digest()[:16], 'big')
                n = n & ~(0xf << 76) | 8 << 76
                n = n & ~(3 << 62) | 2 << 62
                u = uuid.UUID(int=n)
                assert u.variant == uuid.RFC_4122 and u.version == 8
                return str(u)
            print(json.dumps([name(t) for t in json.load(sys.stdin)]))
            """, tokens, as: [String].self)
        for (token, uuid) in zip(tokens, expected) {
            var message = AdapterFixture.message(.sms("x"))
            message.token = token
            #expect(try AdapterPlaceholderTests.value("{token|uuid}", message) == uuid)
        }
    }

    @Test(arguments: ["+8613800138000", "+861", "8613800138000", "+86", "", "+1617"])
    func numbersOfOneCountryOnly(number: String) throws {
        let message = AdapterFixture.message(.sms("x"), to: number)
        if number.hasPrefix("+861") {
            #expect(try AdapterPlaceholderTests.value("{to|national(86)}", message) == String(number.dropFirst(3)))
        } else {
            let error = #expect(throws: DunlinError.self) {
                try AdapterPlaceholderTests.value("{to|national(86)}", message)
            }
            #expect(
                error?.description == "request: the gateway takes numbers of the country code 86 only; "
                    + "route other countries to another gateway")
        }
    }

    @Test func settingsTakeFunctionsToo() throws {
        let yaml = AdapterFixture.declared(
            settings: "{a: text, b: optional text}",
            request:
                #"{method: POST, url: x, text: "{config.a|digits} {config.a|then(yes)}", headers: {B: "{config.b|then(1)}"}}"#,
            entry: ["a: +1 2"])
        let request = try #require(try AdapterFixture.gateways(yaml).first).adapter.httpRequest(
            AdapterFixture.message(.sms("x")))
        #expect(String(decoding: request.body, as: UTF8.self) == "12 yes" && request.headers.count == 1)
    }
}
