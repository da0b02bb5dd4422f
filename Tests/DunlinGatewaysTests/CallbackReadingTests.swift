// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import DunlinYAML
import Testing

@testable import DunlinGateways

@Suite struct CallbackReadingTests {
    private static let receipts =
        "verify: {test: {}}\nparse: json\nevents: [{kind: receipt, each: /l, attempt: /a, id: /id, status: /s, is: {delivered: [d, 1, true], failed: \"f*\"}, code: /c}]"
    private static let form =
        "verify: {test: {}}\nevents: [{kind: reply, id: id, from: [from, sender], to: to, text: t}]"

    private func lines(_ yaml: String, _ request: CallbackRequest) throws -> [String] {
        CallbackFixture.lines(try CallbackFixture.reader(yaml).read(request))
    }

    // MARK: Proof, answer, handshake

    @Test func nothingIsReadBeforeTheProof() throws {
        let good = CallbackFixture.json(#"{"l":[{"a":"t","s":"d"}]}"#)
        for fault in [CallbackFault.forged, .stale] {
            let reader = try CallbackFixture.reader(CallbackReadingTests.receipts, proof: .refused(fault))
            #expect(CallbackFixture.lines(reader.read(good)) == [fault.rawValue])
            #expect(CallbackFixture.lines(reader.read(CallbackFixture.json("{"))) == [fault.rawValue])
        }
        let reader = try CallbackFixture.reader(
            CallbackReadingTests.receipts + "\nanswer: {status: 204, type: text/xml, body: <a/>}", proof: .unproven)
        guard case .events(let events, let reply, let isProven) = reader.read(good) else {
            Issue.record("not read")
            return
        }
        #expect(events.count == 1 && !isProven)
        #expect(reply == CallbackReply(status: 204, contentType: "text/xml", body: "<a/>"))
    }

    @Test func aPayloadIsReadInsteadOfTheBody() throws {
        let payload = Array(#"{"l":[{"a":"signed","s":"d"}]}"#.utf8)
        let reader = try CallbackFixture.reader(CallbackReadingTests.receipts, proof: .proven(payload: payload))
        let request = CallbackFixture.json(#"{"l":[{"a":"unsigned","s":"d"}]}"#)
        #expect(CallbackFixture.lines(reader.read(request)) == ["a=signed delivered"])
    }

    @Test func handshakes() throws {
        let hub =
            CallbackReadingTests.receipts
            + #"\#nhandshake: {query: hub.challenge, verify: {hub.verify_token: "{config.word}"}}"#
        let meta = try CallbackFixture.reader(hub, proof: .refused(.forged), settings: ["word": "s3cr+t"])
        for (query, expected) in [
            ("?hub.mode=subscribe&hub.verify_token=s3cr%2Bt&hub.challenge=1158201444", "handshake 1158201444"),
            ("?hub.verify_token=s3cr%2Bu&hub.challenge=1", "forged"), ("?hub.verify_token=&hub.challenge=1", "forged"),
            ("?hub.challenge=1", "forged"), ("?hub.verify_token=s3cr%2Bts3cr%2Bt&hub.challenge=1", "forged"),
            ("?hub.verify_token=s3cr%2Bt&hub.challenge=%3Cscript%3E+x", "malformed"),
            ("?hub.verify_token=s3cr%2Bt&hub.challenge=", "malformed"),
            ("?hub.verify_token=s3cr%2Bt&hub.challenge=" + String(repeating: "1", count: 257), "malformed"),
            // Without a challenge it is a callback like any other.
            ("?hub.verify_token=s3cr%2Bt", "forged"),
        ] {
            #expect(CallbackFixture.lines(meta.read(CallbackFixture.get(query))) == [expected], "\(query)")
        }
        var post = CallbackFixture.get("?hub.verify_token=s3cr%2Bt&hub.challenge=1")
        post.method = "POST"
        #expect(CallbackFixture.lines(meta.read(post)) == ["forged"])
        #expect(throws: DunlinError.self) { try CallbackFixture.reader(hub, settings: ["word": Optional<String>.none]) }

        let plain = CallbackReadingTests.receipts + "\nhandshake: {query: echostr}"
        for (proof, expected) in [
            (CallbackProof.proven(payload: nil), "handshake 42"), (.proven(payload: Array("77".utf8)), "handshake 77"),
            (.unproven, "forged"), (.refused(.stale), "stale"),
        ] {
            let reader = try CallbackFixture.reader(plain, proof: proof)
            #expect(CallbackFixture.lines(reader.read(CallbackFixture.get("?echostr=42"))) == [expected])
        }
    }

    // MARK: What can be read and what cannot

    @Test(
        arguments: [
            (#"{"l":[]}"#, []), (#"{"l":{"a":"t","s":"d"}}"#, []), ("{}", []), ("[]", []), ("3", []),
            (#"{"l":[{"a":"t","s":"d"}]}"#, ["a=t delivered"]),
            (#"{"l":[{"a":"t","s":1},{"a":"u","s":true}]}"#, ["a=t delivered", "a=u delivered"]),
            (#"{"l":[{"a":"t","s":"fail"},{"a":"t","s":"F"}]}"#, ["a=t failed"]),
            // Of another system that shares the account.
            (#"{"l":[{"s":"d"}]}"#, []),
            // One that is spoilt does not cost the others; alone it is malformed.
            (#"{"l":[{"a":"t t","s":"d"},{"a":"u","s":"d"}]}"#, ["a=u delivered"]),
            (#"{"l":[{"a":"t t","s":"d"}]}"#, ["malformed"]),
            (#"{"l":[{"a":"\u0000","id":"i","s":"d"}]}"#, ["id=i delivered"]),
            // Two values for one name are no value.
            (#"{"l":[{"a":"t","a":"u","id":"i","s":"d"}]}"#, ["id=i delivered"]),
            (#"{"l":[{"a":"t","a":"t","s":"d"}]}"#, ["a=t delivered"]),
            (#"{"l":[{"a":null,"id":"i","s":"d","c":"two words"}]}"#, ["id=i delivered"]),
            (#"{"\u006c":[{"\u0061":"t","s":"\u0064"}]}"#, ["a=t delivered"]),
            ("{", ["malformed"]), ("", ["malformed"]), (#"{"l":[}"#, ["malformed"]), (#"{"l":"\x"}"#, ["malformed"]),
            (#"{"l":"\u12"}"#, ["malformed"]), ("{\"l\":\"\n\"}", ["malformed"]), ("01", ["malformed"]),
            ("1.", ["malformed"]),
            ("nul", ["malformed"]), ("{} {}", ["malformed"]), (#"{"a":1,}"#, ["malformed"]),
        ] as [(String, [String])])
    func documents(body: String, expected: [String]) throws {
        #expect(try lines(CallbackReadingTests.receipts, CallbackFixture.json(body)) == expected)
    }

    @Test func limits() throws {
        let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
        #expect(try lines(CallbackReadingTests.receipts, CallbackFixture.json(deep)).isEmpty)
        #expect(try lines(CallbackReadingTests.receipts, CallbackFixture.json("[\(deep)]")) == ["malformed"])
        let entry = #"{"a":"t","s":"d"}"#
        for (count, expected) in [(10_000, 10_000), (10_001, 1)] {
            let body = #"{"l":["# + Array(repeating: entry, count: count).joined(separator: ",") + "]}"
            #expect(try lines(CallbackReadingTests.receipts, CallbackFixture.json(body)).count == expected)
        }
        let long = String(repeating: "x", count: 129)
        #expect(
            try lines(CallbackReadingTests.receipts, CallbackFixture.json(#"{"l":[{"a":"\#(long)","s":"d"}]}"#))
                == ["malformed"])
        let text = String(repeating: "字", count: 5000)
        let reader = try CallbackFixture.reader(CallbackReadingTests.form)
        guard case .events(let events, _, _) = reader.read(CallbackFixture.post("id=1&from=1&t=" + text)),
            case .reply(let reply)? = events.first
        else {
            Issue.record("no reply")
            return
        }
        #expect(reply.text.unicodeScalars.count == 4096)
    }

    @Test(arguments: [
        ("id=1&from=%2B49+170+1234567&t=a%00b%0D%0Ac%1B", "reply 1 +491701234567 'ab c'"),
        ("id=1&from=491701234567&t=x", "reply 1 +491701234567 'x'"),
        ("id=1&from=001701234567&t=x", "reply 1 +1701234567 'x'"),
        ("id=1&from=12345&to=12345&t=x", "reply 1 12345 to=12345 'x'"), ("id=1&from=INFO&t=x", "reply 1 INFO 'x'"),
        ("id=1&from=1234567890123456&t=x", "reply 1 1234567890123456 'x'"),
        ("id=1&sender=%00491701234567&t=x", "reply 1 491701234567 'x'"),
        ("id=1&from=&sender=4917012345678&t=x", "reply 1 +4917012345678 'x'"), ("id=1&t=x", "malformed"),
        ("id=1&from=%00&t=x", "malformed"),
        ("id=1&from=491701234567", "reply 1 +491701234567 ''"),
        ("id=1&from=491701234567&t=%zz%4", "reply 1 +491701234567 '%zz%4'"),
    ])
    func replies(body: String, expected: String) throws {
        #expect(try lines(CallbackReadingTests.form, CallbackFixture.post(body)) == [expected])
    }

    /// An id that cannot stand in the ledger, or none, must not cost a reply; the same one again has the same name.
    @Test func repliesWithoutAnIDHaveOne() throws {
        let read = { try lines(CallbackReadingTests.form, CallbackFixture.post($0))[0].split(separator: " ")[1] }
        let first = try read("from=491701234567&t=x")
        #expect(first.hasPrefix("sha256:"))
        #expect(try read("from=491701234567&t=x") == first && read("from=491701234567&t=y") != first)
        #expect(try read("from=491701234567&t=x&id=a+b") == first)
    }

    @Test(
        arguments: [
            ("text/plain", "a=1", ["malformed"]), ("multipart/form-data; boundary=x", "--x", ["malformed"]),
            ("", "a=1", ["malformed"]),
            (
                "text/xml", "<a><id>1</id><from>491701234567</from><t>&lt;&#x4E2D;&#20013;</t></a>",
                ["reply 1 +491701234567 '<中中'"]
            ),
            ("text/xml", "<?xml version='1.0'?><a><from>1</from><id>2</id><t/></a>", ["reply 2 1 ''"]),
            ("text/xml", "<!DOCTYPE a [<!ENTITY x 'y'>]><a><from>1</from></a>", ["malformed"]),
            ("text/xml", "<a><from>1</from><id>2</id><t>&x;</t></a>", ["malformed"]),
            ("text/xml", "<a><from>1</a>", ["malformed"]),
            ("text/xml", "<a><from>1</from><id>2</id><t>x</t></a><b/>", ["malformed"]),
            ("text/xml", "<a><!-- --><from>1</from></a>", ["malformed"]), ("text/xml", "", ["malformed"]),
            ("application/vnd.x+json", #"{"id":1,"from":"491701234567","t":"x"}"#, ["reply 1 +491701234567 'x'"]),
        ] as [(String, String, [String])])
    func contentTypes(type: String, body: String, expected: [String]) throws {
        #expect(try lines(CallbackReadingTests.form, CallbackFixture.post(body, type)) == expected)
    }

    // MARK: Time

    @Test(
        arguments: [
            ("unix", "1795000000", "2026-11-18T11:06:40Z"), ("unix", "1795000000.5", "2026-11-18T11:06:40.500Z"),
            ("unix", "1795000000000", nil), ("unix", "-1", nil), ("unix", "0", nil), ("unix", "1795000000.", nil),
            ("unix-ms", "1795000000250", "2026-11-18T11:06:40.250Z"), ("unix-ms", "1795000000.2", nil),
            ("rfc3339", "2026-11-21T18:53:00.25+08:00", "2026-11-21T10:53:00.250Z"),
            ("rfc3339", "2026-11-21 18:53", nil),
            ("YYYY-MM-DD HH:mm:ss +08:00", "2026-11-22 02:50:09", "2026-11-21T18:50:09Z"),
            ("YYYY-MM-DD HH:mm:ss +08:00", "2026-02-30 02:50:09", nil),
            ("YYYY-MM-DD HH:mm:ss +08:00", "2026-11-22 24:50:09", nil),
            ("YYYY-MM-DD HH:mm:ss +08:00", "2026-11-22 02:50:09 ", nil),
            ("YYMMDDHHmm Z", "2611211850", "2026-11-21T18:50:00Z"),
            ("DD.MM.YYYY HH:mm -05:30", "21.11.2026 18:50", "2026-11-22T00:20:00Z"),
            ("YYYY-MM-DDTHH:mm:ss.SSSZZ", "2026-11-21T18:50:01.5+0530", "2026-11-21T13:20:01.500Z"),
            ("YYYY-MM-DDTHH:mm:ss.SSSZZ", "2026-11-21T18:50:01.123456Z", "2026-11-21T18:50:01.123Z"),
            ("YYYY-MM-DDTHH:mm:ssZZ", "2026-11-21T18:50:01+01:00", "2026-11-21T17:50:01Z"),
            ("YYYY-MM-DDTHH:mm:ssZZ", "2026-11-21T18:50:01+1", nil),
        ] as [(String, String, String?)])
    func times(format: String, text: String, expected: String?) throws {
        let time = try CallbackTime(YAMLValue(text: "'\(format)'", file: "t.yaml"))
        #expect(time.instant(text)?.description == expected)
    }

    /// The instant that was written is the one that is read, whatever the offset.
    @Test func timesThatWereWritten() throws {
        var random = SeededRandom(seed: 5)
        for _ in 0..<500 {
            let at = Instant(seconds: Int64.random(in: 946_684_800...4_102_444_800, using: &random))
            let hours = Int.random(in: -12...14, using: &random)
            let offset = (hours < 0 ? "-" : "+") + (abs(hours) < 10 ? "0" : "") + "\(abs(hours)):00"
            let local = String((at + .hours(Int64(hours))).description.dropLast()).replacing("T", with: " ")
            let time = try CallbackTime(YAMLValue(text: "'YYYY-MM-DD HH:mm:ss \(offset)'", file: "t.yaml"))
            #expect(time.instant(local) == at)
        }
    }

    // MARK: Definitions that cannot be

    @Test(arguments: [
        ("{kind: recipt, id: a, status: s, is: {failed: f}}", "did you mean 'receipt'"),
        ("{kind: receipt, status: s, is: {failed: f}}", "'attempt' or 'id'"),
        ("{kind: receipt, id: a, is: {failed: f}}", "status is missing"),
        ("{kind: receipt, id: a, status: s, is: {}}", "one of accepted, delivered"),
        ("{kind: receipt, id: a, status: s, is: {deliverd: d}}", "did you mean 'delivered'"),
        ("{kind: receipt, id: a, status: s, is: {delivered: d, failed: [f, d]}}", "one meaning only"),
        ("{kind: receipt, id: a, status: s, is: {failed: '*'}}", "how it begins"),
        ("{kind: receipt, id: a, status: s, is: {failed: f}, codes: {recipient: 1}}", "'code' beside it"),
        ("{kind: receipt, id: a, status: s, is: {failed: f}, code: c, codes: {nobody: 1}}", "unknown key 'nobody'"),
        ("{kind: receipt, id: a, status: s, is: {failed: f}, seconds: d}", "the channel is not 'call'"),
        ("{kind: receipt, id: a, status: s, is: {failed: f}, at: {field: t}}", "format is missing"),
        ("{kind: receipt, id: a, status: s, is: {failed: f}, at: {field: t, format: unx}}", "did you mean 'unix'"),
        (
            "{kind: receipt, id: a, status: s, is: {failed: f}, at: {field: t, format: YYYY-MM-DD HH:mm}}",
            "with its offset"
        ),
        (
            "{kind: receipt, id: a, status: s, is: {failed: f}, at: {field: t, format: YYYY-MM-DD hh:mm +01:00}}",
            "with its offset"
        ),
        ("{kind: receipt, id: a, status: s, is: {failed: f}, each: results}", "a JSON Pointer to a list"),
        ("{kind: receipt, id: querry a, status: s, is: {failed: f}}", "'query NAME'"),
        ("{kind: receipt, id: [], status: s, is: {failed: f}}", "name of a field"),
        ("{kind: reply, from: f, text: t}", "'id' or 'at'"),
        ("{kind: reply, id: i, from: f}", "text is missing"),
        ("{kind: reply, id: i, from: {country: 86}, text: t}", "either 'field' or 'join'"),
        ("{kind: reply, id: i, from: {field: f, service: x}, text: t}", "only addresses of 'chat'"),
        ("{kind: reply, id: i, from: f, text: {field: t, format: hex}}", "one of plain, utf16hex"),
        ("{kind: question, attempt: a}", "only calls ask"),
    ])
    func eventsThatCannotBe(event: String, expected: String) throws {
        let yaml = "verify: {test: {}}\nevents: [\(event)]"
        let error = try #require(#expect(throws: DunlinError.self) { try CallbackFixture.reader(yaml) }).description
        #expect(error.contains(expected) && error.contains("callbacks.yaml:2:"), "\(error)")
    }

    @Test(arguments: [
        ("events: [{kind: reply, id: i, from: f, text: t}]", "verify is missing"), ("verify: {}", "events is missing"),
        ("verify: {}\nevents: []", "at least one event"),
        ("verify: {}\nparse: XML\nevents: [{kind: reply, id: i, from: f, text: t}]", "did you mean 'xml'"),
        ("verify: {}\nparse: form\nevents: [{kind: reply, id: /i, from: f, text: t}]", "'parse' is not 'json'"),
        ("verify: {}\nparse: xml\nevents: [{kind: reply, id: i, each: /x, from: f, text: t}]", "in JSON"),
        ("verify: {}\nevents: [{kind: reply, id: i, from: f, text: t}]\nanswer: {status: 500}", "200 to 299"),
        ("verify: {}\nevents: [{kind: reply, id: i, from: f, text: t}]\nanswer: {type: xml}", "a media type"),
        ("verify: {}\nevents: [{kind: reply, id: i, from: f, text: t}]\nhandshake: {field: x}", "unknown key 'field'"),
    ])
    func callbacksThatCannotBe(yaml: String, expected: String) throws {
        let error = try #require(#expect(throws: DunlinError.self) { try CallbackFixture.reader(yaml) }).description
        #expect(error.contains(expected), "\(error)")
    }

    /// Every definition is checked, also where nobody listens.
    @Test func aMistakeInCallbacksIsFoundWithoutThem() throws {
        let yaml = """
            g:
              adapter: http
              base_url: https://h.example
              definition:
                channel: sms
                request: {method: POST, url: "{base_url}/x", form: {to: "{to}"}}
                response: {parse: json, id: /id}
                rules: [{status: 202, is: accepted}, {otherwise: by-status}]
                callbacks: {verify: {token: {}}, events: [{kind: receipt, id: i, status: s, is: {delivred: d}}]}
            """
        let error = try #require(#expect(throws: DunlinError.self) { try AdapterFixture.gateways(yaml) }).description
        #expect(error.contains("did you mean 'delivered'") && error.contains("dunlin.yaml:9:"), "\(error)")
    }
}
