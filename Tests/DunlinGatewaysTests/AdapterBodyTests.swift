// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinGateways

/// Every kind of body, read by Python's own parsers instead of by our code.
@Suite struct AdapterBodyTests {
    private static func request(
        _ request: String, _ message: OutboundMessage = AdapterFixture.message(.sms("x")), settings: String = "{}",
        entry: [String] = [], callbacks: String? = nil
    ) throws -> HTTPRequest {
        let yaml = AdapterFixture.declared(settings: settings, request: request, entry: entry)
        return try #require(try AdapterFixture.gateways(yaml, callbacks: callbacks).first).adapter.httpRequest(message)
    }

    @Test(arguments: [
        (
            #"json: {a: {$number: "{to|digits}"}, b: {$literal: "[1,true]"}, c: [x, "{to}"], d: null, e: {}}"#,
            #"{"a":16175550123,"b":[1,true],"c":["x","+16175550123"],"d":null,"e":{}}"#, "application/json"
        ),
        (
            #"json: {a: {$string: {b: {$string: ["{text}", "\""]}}}}"#,
            #"{"a":"{\"b\":\"[\\\"x\\\",\\\"\\\\\\\"\\\"]\"}"}"#, "application/json"
        ),
        (
            #"json: [{a: "{config.x}"}, "{config.x}", {$number: "{config.x}"}, {$string: "{config.x}"}, 1]"#,
            #"[{},"1"]"#, "application/json"
        ),
        (#"json: {a: 1}, content_type: application/x-amz-json-1.0"#, #"{"a":"1"}"#, "application/x-amz-json-1.0"),
        (#"xml: "<m to=\"{to}\">{text}</m>""#, #"<m to="+16175550123">x</m>"#, "application/xml"),
        (#"xml: "<m/>", content_type: text/xml; charset=utf-8"#, "<m/>", "text/xml; charset=utf-8"),
        (#"text: "{text} {{{to}}""#, "x {+16175550123}", "text/plain; charset=utf-8"),
        (
            #"form: {a: "{text}", e: "", b: "{config.x}", c: "{text}&"}"#, "a=x&c=x%26",
            "application/x-www-form-urlencoded"
        ),
        (
            #"form: {a: 1}, form_json: {b: {c: "{text}"}, d: {e: 1}}"#,
            "a=1&b=%7B%22c%22%3A%22x%22%7D&d=%7B%22e%22%3A%221%22%7D", "application/x-www-form-urlencoded"
        ),
        (#"form_json: {b: ["{text}"]}"#, "b=%5B%22x%22%5D", "application/x-www-form-urlencoded"),
    ])
    func bodies(body: String, expected: String, type: String) throws {
        let request = try AdapterBodyTests.request(
            "{method: POST, url: \"{base_url}\", \(body)}", settings: "{x: optional text}")
        #expect(String(decoding: request.body, as: UTF8.self) == expected)
        #expect(request.headers == ["Content-Type: \(type)"])
    }

    @Test func aQueryHoldsDocumentsToo() throws {
        let request = try AdapterBodyTests.request(
            #"{method: POST, url: "{base_url}/", query: {a: 1}, query_json: {b: {c: "{text}&"}, d: "{config.x}"}}"#,
            settings: "{x: optional text}")
        #expect(request.url == "https://h.example/?a=1&b=%7B%22c%22%3A%22x%26%22%7D" && request.body.isEmpty)
    }

    @Test func withoutABodyThereIsNoType() throws {
        let request = try AdapterBodyTests.request(#"{method: POST, url: "{base_url}", headers: {Content-Type: a/b}}"#)
        #expect(request.headers == ["Content-Type: a/b"] && request.body.isEmpty)
    }

    /// One text that stands in every place at once, and each place as another program reads it.
    private struct Places: Decodable, Equatable {
        var path, query, form, json, nested, nestedTwice, formJSON, xml, attribute, cdata: String
        var counts: [Int]
    }

    private static let reader = """
        import json, sys, urllib.parse as u, xml.etree.ElementTree as E
        out = []
        for r in json.load(sys.stdin):
            for part in (r['url'], r['form']):
                assert all(0x21 <= ord(c) <= 0x7e for c in part), part
            url = u.urlsplit(r['url'])
            query = u.parse_qsl(url.query, keep_blank_values=True, strict_parsing=True, errors='strict')
            form = u.parse_qsl(r['form'], keep_blank_values=True, strict_parsing=True, errors='strict')
            doc, xml = json.loads(r['json']), E.fromstring(r['xml'])
            inner = json.loads(doc['n'])
            out.append(dict(
                path=u.unquote(url.path, errors='strict')[1:], query=query[0][1], form=form[0][1], json=doc['a'],
                nested=inner['a'], nestedTwice=json.loads(inner['b'])[0], formJSON=json.loads(form[1][1])['a'],
                xml=xml[0].text or '', attribute=xml[0].get('a'), cdata=xml[1].text or '',
                counts=[len(query), len(form), len(doc), len(inner), len(xml), len(xml[0]) + len(xml[1]), len(xml[0].attrib)]))
        print(json.dumps(out))
        """

    private static func places(_ texts: [String]) throws -> [Places] {
        let url = #"method: POST, url: "{base_url}/{text}", query: {q: "{text}", z: z}"#
        let form = #"form: {f: "{text}"}, form_json: {j: {a: "{text}"}}"#
        let json = #"json: {a: "{text}", n: {$string: {a: "{text}", b: {$string: ["{text}"]}}}}"#
        let xml = #"xml: "<r><x a=\"{text}\">{text}</x><y><![CDATA[{text}]]></y></r>""#
        let adapters = try [form, json, xml].map { body in
            let yaml = AdapterFixture.declared(request: "{\(url), \(body)}")
            return try #require(try AdapterFixture.gateways(yaml).first).adapter
        }
        let requests = try texts.map { text in
            let requests = try adapters.map { try $0.httpRequest(AdapterFixture.message(.sms(text))) }
            let bodies = requests.map { String(decoding: $0.body, as: UTF8.self) }
            return ["url": requests[0].url, "form": bodies[0], "json": bodies[1], "xml": bodies[2]]
        }
        return try python(reader, requests, as: [Places].self)
    }

    /// What XML 1.0 can hold of a text.
    private static func inXML(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter {
                    $0.value >= 0x20 && $0.value < 0xFFFE || $0.value > 0xFFFF || "\t\n\r".unicodeScalars.contains($0)
                }))
    }

    private static func expect(_ places: Places, _ text: String) {
        let xml = inXML(text)
        // Within CDATA references mean nothing: what is escaped stays so, and the section does not end early.
        var escaped: [UInt8] = []
        #expect(throws: Never.self) { try Encoding.xml.append(xml, to: &escaped) }
        let expected = Places(
            path: text, query: text, form: text, json: text, nested: text, nestedTwice: text, formJSON: text, xml: xml,
            attribute: xml, cdata: String(decoding: escaped, as: UTF8.self), counts: [2, 2, 2, 2, 2, 0, 1])
        #expect(places == expected, "\(text.debugDescription)")
    }

    private static let hostile = [
        #"say "hi" & 'bye'"#, "a&b=c;d#e?f/g%41+h", "line\r\nX-Evil: 1\r\n\r\nbody", "]]><evil/>", "</x><x a='1'>",
        "nul \u{0} esc \u{1B} del \u{7F}", #"\",\"to\":\"+1"#, #"\\" \u0022"#, "{to} {{config.x}} ${HOME}",
        "\u{FFFE}\u{FFFF}x",
        "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;", "\u{2028}\u{2029}\u{85}", "你好 🙂 e\u{301}", "\u{202E}rtl", " ",
    ]

    @Test func noTextBreaksOutOfItsPlace() throws {
        for (text, places) in zip(AdapterBodyTests.hostile, try AdapterBodyTests.places(AdapterBodyTests.hostile)) {
            AdapterBodyTests.expect(places, text)
        }
    }

    @Test func anyTextArrivesAsItIs() throws {
        var random = SeededRandom(seed: 5)
        let marks = Array(##""'&<>]\/{}%+=?#;:,\#r\#n\#t\#u{0} "##.unicodeScalars)
        let texts = (0..<300).map { _ in
            let scalars = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? marks.randomElement(using: &random)!
                    : Unicode.Scalar(UInt32.random(in: 0x20...0x1F9FF, using: &random)) ?? "x"
            }
            return String(String.UnicodeScalarView(scalars))
        }
        for (text, places) in zip(texts, try AdapterBodyTests.places(texts)) { AdapterBodyTests.expect(places, text) }
    }

    @Test(arguments: ["a\r\nb: c", "a\nb", "a\u{0}", "ü"])
    func aHeaderRefusesWhatItCannotHold(text: String) throws {
        let error = #expect(throws: DunlinError.self) {
            try AdapterBodyTests.request(
                #"{method: POST, url: x, headers: {X: "{text}"}}"#, AdapterFixture.message(.sms(text)))
        }
        #expect(
            error?.description == "request: a header's value has a character that headers cannot hold; "
                + "move the field into the query or the body in the gateway's definition")
    }

    @Test func callbacks() throws {
        let request =
            #"{method: POST, url: x, form: {u: "{callback}", m: "{callback|then(31)}"}, headers: {X: "{callback}"}}"#
        let heard = try AdapterBodyTests.request(request, callbacks: AdapterFixture.callbacks)
        #expect(
            String(decoding: heard.body, as: UTF8.self)
                == "u=https%3A%2F%2Fd.example%2Fr%2Fg%3Fa%3Dtok-0123456789abcdef&m=31")
        #expect(heard.headers.last == "X: \(AdapterFixture.callback)")
        let unheard = try AdapterBodyTests.request(request)
        #expect(unheard.body.isEmpty && unheard.headers.count == 1)
    }

    /// The key stands in the address where callbacks prove nothing else, and is encoded for a query.
    @Test(arguments: [
        (
            "callbacks: {verify: {key: {key: \"{config.k}\"}}, events: [{kind: receipt, attempt: query a, status: s, is: {delivered: [d]}}]}",
            ["k: {env: TOKEN}"], "&k=s3cr%E2%82%ACt%2B%2F%3D"
        ),
        (
            "callbacks: {verify: {key: {key: \"{config.k}\"}}, events: [{kind: receipt, attempt: query a, status: s, is: {delivered: [d]}}]}",
            [], ""
        ),
        (
            "callbacks: {verify: {token: {}}, events: [{kind: receipt, attempt: query a, status: s, is: {delivered: [d]}}]}",
            ["k: {env: TOKEN}"], ""
        ),
    ])
    func callbackKey(callbacks: String, entry: [String], tail: String) throws {
        let yaml = AdapterFixture.declared(
            settings: "{k: optional secret}", head: [callbacks],
            request: #"{method: POST, url: x, text: "{callback}"}"#, entry: entry)
        let gateway = try #require(try AdapterFixture.gateways(yaml, callbacks: AdapterFixture.callbacks).first)
        let body = try gateway.adapter.httpRequest(AdapterFixture.message(.sms("x"))).body
        #expect(String(decoding: body, as: UTF8.self) == AdapterFixture.callback + tail)
        var dumped = ""
        dump(gateway, to: &dumped)
        #expect(!dumped.contains("s3cr"))
    }
}
