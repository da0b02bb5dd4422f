// SPDX-License-Identifier: Apache-2.0

import DunlinTestKit
import Foundation
import Testing

@testable import DunlinServer

@Suite struct ReadingTests {
    @Test(arguments: [
        "<a/>", "<a></a>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>text</a>\n", "<a b='1' c=\"2\"/>",
        "<a\n b = '1' />",
        "<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x6b3E;</a>", "<a><!-- note --><b/><?go now?></a>", "<a><![CDATA[<&]]></a>",
        "<!-- before --><a/><!-- after -->", "<a>]] ></a>", "<é/>", "<a b='>'/>",
    ])
    func readsWellFormedXML(text: String) {
        #expect(throws: Never.self) { try XMLElement(document: text) }
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a/><b/>", "<a/>text", "<a b/>", "<a b=1/>", "<a b='1' b='2'/>",
        "<a b='1'c='2'/>",
        "<a b='<'/>", "<a>&</a>", "<a>&nbsp;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&#;</a>",
        "<a>&#-5;</a>", "<a>&#+5;</a>", "<a>]]></a>", "<a><!-- -- --></a>", "<a><![CDATA[</a>", "<a>\u{1}</a>", "< a/>",
        "<1a/>", "<!DOCTYPE a><a/>", " <?xml version='1.0'?><a/>", "<a", "<a b='1", "<a></a",
        "<a><?xml version='1.0'?></a>",
        String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100),
    ])
    func refusesIllFormedXML(text: String) {
        #expect(throws: XMLFault.self) { try XMLElement(document: text) }
    }

    @Test func readsTextAndAttributes() throws {
        let element = try XMLElement(document: "<a b='x &amp; y'>1<c>&#x6b3e;</c><![CDATA[<2>]]></a>")
        #expect(element.attributes == ["b": "x & y"])
        #expect(element.text == "1款<2>")
    }

    @Test func readsTwiML() {
        let steps = callSteps(
            twiml: """
                <Response><Gather numDigits="1" timeout="8"><Say language="en-US"> Press 1 </Say></Gather>
                <Pause length="2"/><Say>Good &amp; bye</Say><Hangup/><Play>a.mp3</Play></Response>
                """)
        #expect(
            steps == [
                .gather([.say("Press 1", language: "en-US")], digits: 1, timeoutSeconds: 8), .pause(seconds: 2),
                .say("Good & bye", language: nil), .hangUp, .other(verb: "Play", "a.mp3"),
            ])
        #expect(callSteps(twiml: "<Response><Say>").isEmpty)
    }

    @Test func decodesForms() {
        #expect(formFields("a=1+2&b=%2B%e6%AC%be&c&=d&&e==".utf8)?.map(\.value) == ["1 2", "+款", "", "d", "="])
        #expect(formFields("a=%4".utf8) == nil)
        #expect(formFields("a=%zz".utf8) == nil)
    }

    @Test func decodesBase64AsFoundationDoes() {
        var random = SeededRandom(seed: 1)
        for length in 0..<100 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = Data(bytes).base64EncodedString(options: .lineLength64Characters)
            #expect(base64Decoded(text.utf8) == bytes)
        }
        #expect(base64Decoded("YQ=a".utf8) == nil)
        #expect(base64Decoded("Y".utf8) == nil)
        #expect(base64Decoded("Y*==".utf8) == nil)
    }

    @Test(arguments: [
        ("plain", "plain"), ("=?utf-8?B?5qy+?=", "款"), ("=?UTF-8?q?caf=C3=A9_bar?= baz", "café bar baz"),
        ("=?utf-8?B?5qy+?= =?utf-8?B?5qy+?=", "款款"), ("=?utf-8?B?5g==?= =?utf-8?B?rL4=?=", "款"),
        ("=?utf-8?B?5qy+?= and =?utf-8?B?5qy+?=", "款 and 款"), ("=?iso-8859-1?Q?caf=E9?=", "café"),
        ("=?utf-8*en?Q?hi?=", "hi"), ("=?utf-8?X?hi?=", "=?utf-8?X?hi?="), ("=?utf-8?B?5qy", "=?utf-8?B?5qy"),
        ("a =? b", "a =? b"), ("=?utf-8?B?*?= =?utf-8?Q?b?=", "=?utf-8?B?*?= b"),
    ])
    func decodesEncodedWords(value: String, text: String) {
        #expect(decodedHeader(value) == text)
    }

    @Test func readersAreTotal() {
        var random = SeededRandom(seed: 2)
        let scraps = [
            "<a", ">", "&#", ";", "\"", "=", "--b", "\r\n", "Content-Type: multipart/mixed; boundary=b", "\r\n\r\n",
            "=?utf-8?B?",
            "?=", "=3D", "=\r\n", "<![CDATA[", "]]>", "款", "Content-Transfer-Encoding: base64", "--", "\\", ":", " ",
        ]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in scraps.randomElement(using: &random)! }
                .joined()
            _ = Mail(Array(text.utf8))
            _ = callSteps(twiml: text)
            _ = formFields(text.utf8)
            var session = SMTPSession()
            _ = session.read(text.utf8) { "" }
        }
    }
}
