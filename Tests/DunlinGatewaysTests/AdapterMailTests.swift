// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinGateways

/// Senders and List-Unsubscribe of mail gateways that a definition declares.
@Suite struct AdapterMailTests {
    private static let mail = MessageContent.email(Email(subject: "S", preheader: "", text: "T", html: "<p>H</p>"))

    private static func body(_ json: String, entry: [String], callbacks: String? = nil) throws -> String {
        let yaml = AdapterFixture.declared(
            channel: "email", settings: "{from: mailbox}",
            request: "{method: POST, url: \"{base_url}/x\", json: \(json)}", entry: entry)
        let adapter = try #require(try AdapterFixture.gateways(yaml, callbacks: callbacks).first).adapter
        let message = AdapterFixture.message(mail, to: "alex@example.com")
        return String(decoding: try adapter.httpRequest(message).body, as: UTF8.self)
    }

    @Test(arguments: [
        (
            "Harbor Credit <care@example.com>",
            #"{"a":"care@example.com","n":"Harbor Credit","m":"Harbor Credit <care@example.com>"}"#
        ),
        ("care@example.com", #"{"a":"care@example.com","m":"care@example.com"}"#),
        ("信贷 <care@example.com>", #"{"a":"care@example.com","n":"信贷","m":"=?UTF-8?B?5L+h6LS3?= <care@example.com>"}"#),
    ])
    func senders(from: String, expected: String) throws {
        let json = #"{a: "{config.from|address}", n: "{config.from|name}", m: "{config.from|mailbox}"}"#
        #expect(try AdapterMailTests.body(json, entry: ["from: \"\(from)\""]) == expected)
    }

    /// One POST is offered where it can be made only, and an entry that lacks its value goes as a whole, the list with its last.
    @Test(arguments: [
        ([], #"{"u":"<mailto:care@example.com?subject=unsubscribe%20tok-0123456789abcdef>"}"#),
        (
            [#"unsubscribe: "mailto:u+{token}@example.com""#],
            #"{"u":"<mailto:u+tok-0123456789abcdef@example.com>"}"#
        ),
        (
            [#"unsubscribe: "https://example.com/u/{token}""#],
            #"{"u":"<https://example.com/u/tok-0123456789abcdef>","h":[{"n":"P","v":"One-Click"}]}"#
        ),
    ])
    func unsubscribe(entry: [String], expected: String) throws {
        let json = #"{u: "<{unsubscribe}>", h: [{$whole: {n: P, v: "{unsubscribe|then(One-Click)}"}}]}"#
        let body = try AdapterMailTests.body(json, entry: [#"from: "care@example.com""#] + entry)
        #expect(body == expected)
    }

    /// Where people reach Dunlin over TLS it takes their refusals itself.
    @Test func unsubscribesByItself() throws {
        let json = #"{u: "<{unsubscribe}>", h: [{$whole: {n: P, v: "{unsubscribe|then(One-Click)}"}}]}"#
        func body(_ callbacks: String, _ more: [String] = []) throws -> String {
            try AdapterMailTests.body(json, entry: [#"from: "care@example.com""#] + more, callbacks: callbacks)
        }
        let link = "https://d.example/r/g/unsubscribe?a=tok-0123456789abcdef"
        #expect(try body("https://d.example/r") == #"{"u":"<\#(link)>","h":[{"n":"P","v":"One-Click"}]}"#)
        #expect(try body("http://d.example/r").contains("mailto:care@"))
        #expect(
            try body("https://d.example/r", [#"unsubscribe: "mailto:u+{token}@example.com""#]).contains("mailto:u+"))
    }

    @Test(arguments: [
        [#"from: "Harbor""#], [#"from: "a@b.example""#, "unsubscribe: http://example.com/{token}"],
        [#"from: "a@b.example""#, "unsubscribe: https://example.com/"],
    ])
    func mistakes(entry: [String]) throws {
        let yaml = AdapterFixture.declared(channel: "email", settings: "{from: mailbox}", entry: entry)
        #expect(throws: DunlinError.self) { try AdapterFixture.gateways(yaml) }
    }

    @Test func withoutASenderThereIsNothingToUnsubscribeFrom() throws {
        let request = #"{method: POST, url: "{base_url}/x", json: {u: "{unsubscribe}"}}"#
        let yaml = AdapterFixture.declared(channel: "email", request: request)
        #expect(throws: DunlinError.self) { try AdapterFixture.gateways(yaml) }
    }
}
