// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinGateways

/// What the HTTP gateways send, decoded by Python's urllib instead of by our own code.
@Suite struct AdapterRequestTests {
    /// The pairs of a form or query in order, as another program reads them.
    private static func decoded(_ texts: [String]) throws -> [[[String]]] {
        try python(
            """
            import json, sys, urllib.parse
            print(json.dumps([urllib.parse.parse_qsl(t, keep_blank_values=True, strict_parsing=True, errors='strict')
                              for t in json.load(sys.stdin)]))
            """, texts, as: [[[String]]].self)
    }

    @Test func twilioSMSGolden() throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.twilio, callbacks: AdapterFixture.callbacks).adapter
        let request = try adapter.httpRequest(AdapterFixture.message(.sms("50 % off? No: a+b=c & 你好 🙂\n“ok”")))
        #expect(request.method == "POST")
        #expect(request.url == "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json")
        #expect(request.headers == ["Content-Type: application/x-www-form-urlencoded"])
        #expect(request.basicAuth == "AC1:s3cr€t+/=")
        #expect(
            try AdapterRequestTests.decoded([String(decoding: request.body, as: UTF8.self)])[0] == [
                ["To", "+16175550123"], ["From", "+16175550100"], ["Body", "50 % off? No: a+b=c & 你好 🙂\n“ok”"],
                ["ValidityPeriod", "7200"], ["StatusCallback", AdapterFixture.callback],
            ])
    }

    @Test func twilioMessagingServiceTakesThePlaceOfANumber() throws {
        let adapter = try AdapterFixture.gateway(
            "adapter: twilio-sms, account: AC1, token: {env: TOKEN}, messaging_service: MG9"
        ).adapter
        let body = String(decoding: try adapter.httpRequest(AdapterFixture.message(.sms("x"))).body, as: UTF8.self)
        #expect(body == "To=%2B16175550123&MessagingServiceSid=MG9&Body=x&ValidityPeriod=7200")
    }

    @Test(arguments: [(Duration.milliseconds(1), "1"), (.seconds(90), "90"), (.days(3), "36000")])
    func twilioValidityStaysInItsRange(remaining: Duration, seconds: String) throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.twilio).adapter
        let request = try adapter.httpRequest(AdapterFixture.message(.sms("x"), expiresIn: remaining))
        #expect(String(decoding: request.body, as: UTF8.self).hasSuffix("&ValidityPeriod=\(seconds)"))
    }

    @Test func kannelGolden() throws {
        let adapter = try AdapterFixture.gateway(
            AdapterFixture.kannel + ", smsc: A", callbacks: AdapterFixture.callbacks
        )
        .adapter
        let request = try adapter.httpRequest(AdapterFixture.message(.sms("Grüße {€}")))
        #expect(request.method == "GET")
        #expect(request.body.isEmpty && request.basicAuth == nil && request.headers.isEmpty)
        let parts = request.url.split(separator: "?", maxSplits: 1)
        #expect(parts[0] == "http://k:13013/cgi-bin/sendsms")
        #expect(
            try AdapterRequestTests.decoded([String(parts[1])])[0] == [
                ["username", "u"], ["password", "s3cr€t+/="], ["from", "Harbor"], ["to", "+16175550123"],
                ["text", "Grüße {€}"], ["charset", "UTF-8"], ["coding", "0"], ["validity", "120"], ["smsc", "A"],
                ["dlr-mask", "31"], ["dlr-url", AdapterFixture.callback + "&type=%d"],
            ])
    }

    @Test(arguments: [
        ("plain", "0"), ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà^{}\\[~]|€", "0"), ("", "0"),
        ("`", "2"), ("ç", "2"), ("don’t", "2"), ("您好", "2"), ("\t", "2"), ("🙂", "2"), ("e\u{301}", "2"),
    ])
    func kannelCoding(text: String, coding: String) throws {
        let url = try AdapterFixture.gateway(AdapterFixture.kannel).adapter.httpRequest(
            AdapterFixture.message(.sms(text))
        ).url
        #expect(url.contains("&coding=\(coding)&"))
        #expect(!url.contains("dlr-"))
    }

    @Test func formsSurviveAnyText() throws {
        var random = SeededRandom(seed: 11)
        let adapter = try AdapterFixture.gateway(AdapterFixture.twilio).adapter
        let texts = (0..<300).map { _ in
            String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 1...80, using: &random)).map { _ in
                        let plane: ClosedRange<UInt32> = Bool.random(using: &random) ? 0x00...0x7F : 0x80...0x1F9FF
                        return Unicode.Scalar(UInt32.random(in: plane, using: &random)) ?? "\u{FFFD}"
                    }))
        }
        let bodies = try texts.map {
            String(decoding: try adapter.httpRequest(AdapterFixture.message(.sms($0))).body, as: UTF8.self)
        }
        for (text, pairs) in zip(texts, try AdapterRequestTests.decoded(bodies)) {
            #expect(pairs[2].map { Array($0.utf8) } == [Array("Body".utf8), Array(text.utf8)])
        }
    }

    @Test func exampleDefinitionSendsSoundJSON() throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.example).adapter
        let text = "a \"quote\" \\ and\nline \u{1} 你好 🙂 {to}"
        let request = try adapter.httpRequest(AdapterFixture.message(.sms(text)))
        #expect(request.url == "https://api.sms.example/v1/messages")
        #expect(
            request.headers == [
                "Authorization: Bearer plain-token", "Content-Type: application/json",
                "Idempotency-Key: tok-0123456789abcdef",
            ])
        let json = try JSONSerialization.jsonObject(with: Data(request.body)) as? NSDictionary
        #expect(
            json == [
                "from": "Harbor", "to": 16_175_550_123, "text": text, "reference": "tok-0123456789abcdef",
                "ttl": 7200, "flash": false,
            ])
        let withCallback = try AdapterFixture.gateway(AdapterFixture.example, callbacks: AdapterFixture.callbacks)
            .adapter
        let body = try withCallback.httpRequest(AdapterFixture.message(.sms("x"))).body
        #expect(
            String(decoding: body, as: UTF8.self).hasSuffix(
                #","report_url":"\#(AdapterFixture.callback)"}"#))
    }

    @Test func whatCannotBeExpressedThrows() throws {
        let sms = try AdapterFixture.gateway(AdapterFixture.twilio).adapter
        let fits = AdapterFixture.message(.sms(String(repeating: "é", count: 1600)))
        #expect(throws: Never.self) { try sms.request(for: fits) }
        for content in [
            MessageContent.sms(String(repeating: "é", count: 1601)),
            .email(Email(subject: "s", preheader: "", text: "t", html: "h")),
        ] {
            #expect(throws: DunlinError.self) { try sms.request(for: AdapterFixture.message(content)) }
        }
        let number = try AdapterFixture.gateway(AdapterFixture.example).adapter
        #expect(throws: DunlinError.self) { try number.request(for: AdapterFixture.message(.sms("x"), to: "")) }
    }
}
