// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinGateways

/// Callbacks that nobody would send.
@Suite struct CallbackFuzzTests {
    private static let rules = """
        verify: {test: {}}
        events:
          - {kind: receipt, each: /l, attempt: /a, id: /id, status: /s, is: {delivered: d, failed: f}, code: /c, at: {field: /t, format: unix}}
          - {kind: receipt, when: {s: "*"}, attempt: a, status: s, is: {delivered: d}, at: {field: t, format: "YYYY-MM-DD HH:mm ZZ"}}
          - {kind: reply, when: {b: "*"}, id: id, from: [from, /l/*/from], text: b}
        """
    private static let bodies = [
        (
            "application/json",
            #"{"l":[{"a":"tok-1","s":"d","t":1795000000},{"id":"m2","s":"f","c":"21610"}],"x":[1.5e3,null,"\u4e2d"]}"#
        ),
        ("application/x-www-form-urlencoded", "a=tok-1&s=d&t=2026-11-21+18%3A50+Z"),
        ("application/x-www-form-urlencoded", "id=7&from=%2B16175550123&b=I+paid+%E4%B8%AD"),
        ("text/xml", "<xml><id>9</id><from><![CDATA[+16175550123]]></from><b>x &amp; &#20013;</b></xml>"),
    ]
    private static let pieces = [
        "{", "}", "[", "]", "\"", "\\", "\\u", "\\ud83d", ":", ",", "null", "1e", "&", "=", "%", "%u", "<", ">", "</",
        "<![CDATA[", "]]>", "&#x",
        "<!DOCTYPE", "\u{0}", "\u{202E}", "é",
    ]

    @Test(arguments: bodies.indices) func isTotalAndKeepsItsLimits(index: Int) throws {
        let reader = try CallbackFixture.reader(CallbackFuzzTests.rules)
        let (type, body) = CallbackFuzzTests.bodies[index]
        #expect(!CallbackFixture.lines(reader.read(CallbackFixture.post(body, type))).isEmpty)
        for number in 0..<Fuzzer.cases {
            var fuzzer = Fuzzer(number: number, pieces: CallbackFuzzTests.pieces)
            var request = CallbackFixture.post("", type)
            request.body = fuzzer.spoiled(body)
            guard case .events(let events, _, true) = reader.read(request) else { continue }
            for event in events { #expect(isClean(event), "case \(number)") }
        }
    }

    /// Bytes without any meaning are no event.
    @Test func garbageIsNothing() throws {
        let reader = try CallbackFixture.reader(CallbackFuzzTests.rules)
        for number in 0..<Fuzzer.cases {
            var random = SeededRandom(seed: number)
            let count = Int.random(in: 1...200, using: &random)
            let types = ["application/json", "application/x-www-form-urlencoded", "text/xml", "", "image/png"]
            var request = CallbackFixture.post("", types.randomElement(using: &random)!)
            request.body = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            guard case .events(let events, _, _) = reader.read(request) else { continue }
            #expect(events.isEmpty, "case \(number)")
        }
    }

    private func isClean(_ event: CallbackEvent) -> Bool {
        func isVisible(_ text: String, _ limit: Int) -> Bool {
            !text.isEmpty && text.utf8.count <= limit && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        }
        func isProse(_ text: String, _ limit: Int) -> Bool {
            text.unicodeScalars.count <= limit
                && !text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
        }
        switch event {
        case .receipt(let receipt):
            let name =
                switch receipt.attempt {
                case .token(let token): token
                case .id(let id): id
                }
            return isVisible(name, 128) && receipt.code.map { isVisible($0, 40) } ?? true
        case .reply(let reply):
            return isVisible(reply.id, 128) && isProse(reply.from, 320) && !reply.from.isEmpty
                && isProse(reply.text, 4096)
        case .question: return false
        }
    }
}
