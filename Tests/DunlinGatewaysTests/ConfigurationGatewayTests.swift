// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Foundation
import Testing

@testable import DunlinGateways

@Suite struct ConfigurationGatewayTests {
    /// The sample of section 9 of the design, word for word but for where the token comes from.
    @Test func theSampleConfiguration() throws {
        let gateways = try AdapterFixture.gateways(
            """
            sms-main:   {adapter: twilio-sms, account: AC…, token: {env: TOKEN}, from: "+16175550100", rate: 100/s}
            voice-main: {adapter: twilio-voice, account: AC…, token: {env: TOKEN}, from: "+16175550100", concurrency: 20}
            mail:       {adapter: smtp, base_url: "smtp://127.0.0.1:25", from: "Harbor Credit <care@example.com>"}
            """)
        #expect(gateways.map(\.name) == ["sms-main", "voice-main", "mail"])
        #expect(gateways.map(\.channel) == [.sms, .call, .email])
        #expect(gateways.map(\.rate) == [100, nil, nil])
        #expect(gateways.map(\.concurrency) == [16, 20, 16])
        #expect(gateways.map(\.timeout) == [.seconds(30), .seconds(30), .minutes(5)])
        #expect(try AdapterFixture.gateway(AdapterFixture.voice).concurrency == 5)
    }

    @Test(arguments: [("10/min", 10.0 / 60), ("0.5/s", 0.5), ("3600/h", 1), ("1/s", 1)])
    func rates(text: String, perSecond: Double) throws {
        #expect(try AdapterFixture.gateway("\(AdapterFixture.twilio), rate: \(text)").rate == perSecond)
    }

    @Test func anotherAddress() throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.twilio + #", base_url: "http://127.0.0.1:9/x/""#)
            .adapter
        let url = try adapter.httpRequest(AdapterFixture.message(.sms("x"))).url
        #expect(url == "http://127.0.0.1:9/x/2010-04-01/Accounts/AC1/Messages.json")
    }

    /// STARTTLS is demanded wherever a wire lies between.
    @Test(arguments: [
        ("smtp://127.0.0.1:25", "", false), ("smtp://localhost:25", "", false), ("smtp://[::1]:25", "", false),
        ("smtp://mx.example:587", "", true), ("smtp://127.example.com", "", true),
        ("smtps://mx.example:465", "", false),
        ("smtp://127.0.0.1:25", ", starttls: required", true), ("smtp://mx.example:25", ", starttls: off", false),
    ])
    func startTLS(address: String, extra: String, expected: Bool) throws {
        let adapter = try AdapterFixture.gateway("\(AdapterFixture.smtp), base_url: \"\(address)\"\(extra)").adapter
        let content = MessageContent.email(Email(subject: "s", preheader: "", text: "t", html: "h"))
        let request = try adapter.mailRequest(AdapterFixture.message(content, to: "a@b.example"))
        #expect(request.startTLS == expected)
        #expect(request.url == "\(address)/example.com")
    }

    @Test(arguments: [
        ("adapter: twilio-smss", "did you mean 'twilio-sms'"),
        (AdapterFixture.twilio + ", rat: 5/s", "did you mean 'rate'"),
        (AdapterFixture.twilio + ", tokn: 5", "did you mean 'token'"),
        (AdapterFixture.smtp + ", usrname: x", "did you mean 'username'"),
        ("adapter: twilio-sms, account: AC1, from: x", "g.token is missing"),
        ("adapter: twilio-sms, account: AC1, token: {env: TOKEN}", "none of from, messaging_service"),
        ("account: AC1", "g.adapter is missing"),
        (AdapterFixture.twilio + ", rate: 5", "a rate such as"),
        (AdapterFixture.twilio + ", rate: 0/s", "a rate such as"),
        (AdapterFixture.twilio + ", rate: 5/d", "a rate such as"),
        (AdapterFixture.twilio + ", rate: nan/s", "a rate such as"),
        (AdapterFixture.twilio + ", concurrency: 0", "1 to 10000"),
        (AdapterFixture.twilio + ", timeout: 1h", "1s to 15m"),
        (AdapterFixture.twilio + ", base_url: api.twilio.com", "a URL such as"),
        (AdapterFixture.twilio + #", base_url: "https://u:p@h""#, "a URL such as"),
        (AdapterFixture.twilio + #", base_url: "https://h/r?x=1""#, "without user, query and fragment"),
        (AdapterFixture.twilio + #", callback: "https://h/r""#, "unknown key 'callback'"),
        ("adapter: kannel, username: u, password: {env: TOKEN}", "g.base_url is missing"),
        ("adapter: smtp, from: nobody", "a sender such as"),
        ("adapter: smtp, from: x <ü@b.example>", "a sender such as"),
        (AdapterFixture.smtp + #", base_url: "smtp://h:99999""#, "a mail server such as"),
        (AdapterFixture.smtp + #", base_url: "http://h""#, "a mail server such as"),
        (AdapterFixture.smtp + ", username: u", "both username and password"),
        (
            AdapterFixture.smtp + #", base_url: "smtp://h:25", starttls: off, username: u, password: {env: TOKEN}"#,
            "in clear"
        ),
        (AdapterFixture.smtp + ", starttls: maybe", "one of required, off"),
        (AdapterFixture.smtp + #", unsubscribe: "https://u.example/""#, "with {token} in it"),
        (AdapterFixture.smtp + #", unsubscribe: "http://u.example/{token}""#, "with {token} in it"),
        ("adapter: http, definition: gateways/none.yaml", "the path of a file"),
        ("adapter: http", "g.definition is missing"),
    ])
    func mistakes(entry: String, expected: String) throws {
        let error = #expect(throws: DunlinError.self) { try AdapterFixture.gateway(entry) }
        let text = try #require(error).description
        #expect(text.contains(expected), "\(text)")
        #expect(text.hasPrefix("dunlin.yaml:1:"))
        #expect(error?.kind == .usage)
    }

    @Test(arguments: ["a b", "ü", "x=y", String(repeating: "a", count: 65)])
    func namesThatAPauseCouldNotSay(name: String) {
        #expect(throws: DunlinError.self) { try AdapterFixture.gateways("\"\(name)\": {\(AdapterFixture.twilio)}") }
    }

    @Test(arguments: [AdapterFixture.twilio, AdapterFixture.smtp])
    func aPasswordInAnAddressIsNotShown(entry: String) throws {
        let error = #expect(throws: DunlinError.self) {
            try AdapterFixture.gateway(entry + #", base_url: "https://u:hunter2@h""#)
        }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func nothingPrintsASecret() throws {
        for entry in [
            AdapterFixture.twilio, AdapterFixture.kannel, AdapterFixture.example,
            AdapterFixture.smtp + ", username: u, password: {env: TOKEN}",
        ] {
            let gateway = try AdapterFixture.gateway(entry)
            var dumped = ""
            dump(gateway, to: &dumped)
            for text in [dumped, "\(gateway)", String(reflecting: gateway), "\(gateway.adapter)"] {
                #expect(
                    !text.contains("s3cr") && !text.contains("plain-token") && !text.contains("115, 51, 99"), "\(text)")
            }
        }
    }

    @Test(arguments: ["unsubscribe", "a b", "a/b", ""])
    func noNameForAGateway(name: String) throws {
        let error = #expect(throws: DunlinError.self) {
            try AdapterFixture.gateways("\"\(name)\": {\(AdapterFixture.smtp)}")
        }
        #expect(try #require(error).why == "'\(name)' is no name for a gateway")
    }
}
