// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinGateways

/// Reports that Python's `email` writes, as Python's `email` reads them.
@Suite struct BounceOracleTests {
    private struct Report: Decodable {
        var raw: Data
        var kind: String
        /// Names in lower case and values of each block that is not empty.
        var blocks: [[[String]]]
        var returned: [[String]]?
    }

    private static let script = #"""
        import base64, email, json, random, re, sys
        from email.message import Message
        from email.mime.base import MIMEBase
        from email.mime.multipart import MIMEMultipart
        from email.mime.text import MIMEText
        from email import policy
        r = random.Random(json.load(sys.stdin))
        words = ["failed", "5.1.1", "rfc822; a@b.example", "smtp; 550 5.1.1 no", "=?x?=", "--", "x" * 90, "a;b", '"q"', ":", "From x"]
        def value(): return " ".join(r.choice(words) for _ in range(r.randint(1, 8)))
        def fields(m, least):
            for _ in range(r.randint(least, 5)):
                m[r.choice(["Action", "STATUS", "Final-Recipient", "Diagnostic-Code", "X-Long-Name-Of-A-Field", "Subject"])] = value()
            return m
        def fold(v): return v.replace(" ", r.choice(["\n ", "\n\t", " "]), r.randint(0, 2)) if v else v
        def make():
            kind = r.choice(["delivery", "feedback"])
            boundary = r.choice([None, "b", "b--", "=_a b", "(x)'+/:?,." * 6])
            m = MIMEMultipart("report", boundary=boundary, **{"report-type": kind})
            near = ["text", "--", "-- b", "--b-", "--bb", "--=_a", "", " --b", "--" + "(x)'+/:?,." * 5]
            m.attach(MIMEText("\n".join(r.choice(near) for _ in range(r.randint(0, 9))), "plain", r.choice(["us-ascii", "utf-8"])))
            status = MIMEBase("message", "delivery-status" if kind == "delivery" else "feedback-report")
            for _ in range(r.randint(1, 4) if kind == "delivery" else 1): status.attach(fields(Message(), 1))
            if kind == "feedback":
                block, = status.get_payload()
                status.set_payload("".join(f"{k}: {fold(v)}\n" for k, v in block.items()))
            m.attach(status)
            returned = r.choice([None, "rfc822", "headers"])
            if returned == "rfc822":
                inner = MIMEText("body\n--b\nmore", "plain") if r.random() < .5 else MIMEMultipart("mixed", boundary="inner")
                part = MIMEBase("message", "rfc822")
                part.attach(fields(inner, 1))
                m.attach(part)
            elif returned == "headers":
                part = Message()
                part["Content-Type"] = "text/rfc822-headers"
                part.set_payload("".join(f"{k}: {fold(v)}\n" for k, v in fields(Message(), 1).items()).encode("ascii", "replace").decode())
                m.attach(part)
            if r.random() < .5: m.preamble = "--\npreamble"
            if r.random() < .5: m.epilogue = "epilogue\n--b\n"
            for depth in range(r.choice([0, 0, 1, 3])):
                outer = MIMEMultipart("mixed", boundary=f"outer{depth}")
                outer.attach(MIMEText("before"))
                outer.attach(m)
                outer.attach(MIMEText("behind"))
                m = outer
            return m.as_bytes(policy=policy.compat32.clone(linesep=r.choice(["\n", "\r\n"]), max_line_length=r.choice([0, 78])))
        def items(m): return [[k.lower(), re.sub(r"\r?\n", "", str(v)).strip(" \t")] for k, v in m.raw_items()]
        def read(raw):
            m = email.message_from_bytes(raw, policy=policy.compat32.clone(max_line_length=0))
            report = next(p for p in m.walk() if p.get_content_type() == "multipart/report")
            status = next(p for p in report.get_payload() if p.get_content_type() in ("message/delivery-status", "message/feedback-report"))
            is_delivery = status.get_content_type().endswith("status")
            def whole(p):
                inner = p.get_payload()
                return inner[0] if isinstance(inner, list) else email.message_from_string(inner)
            blocks = status.get_payload() if is_delivery else [whole(status)]
            returned = next((p for p in report.get_payload() if p.get_content_type() in ("message/rfc822", "text/rfc822-headers")), None)
            return dict(raw=base64.b64encode(raw).decode(), kind="delivery" if is_delivery else "feedback",
                blocks=[items(b) for b in blocks if b.keys()], returned=returned and items(whole(returned)))
        print(json.dumps([read(make()) for _ in range(600)]))
        """#

    @Test func reportsAsPythonReadsThem() throws {
        let reports = try python(BounceOracleTests.script, 1, as: [Report].self)
        var returned = 0
        for report in reports {
            let found = try #require(
                MIMEPart(Array(report.raw)[...]).report(), "\(String(decoding: report.raw, as: UTF8.self))")
            #expect("\(found.kind)" == report.kind)
            var rest = found.status.decodedBody()
            var blocks: [[[String]]] = []
            while !rest.isEmpty {
                let fields = MIMEFields(&rest)
                if !fields.all.isEmpty { blocks.append(fields.all.map { [$0.name, $0.value] }) }
            }
            #expect(blocks == report.blocks, "\(String(decoding: report.raw, as: UTF8.self))")
            var body = found.returned?.decodedBody() ?? []
            let fields = MIMEFields(&body).all.map { [$0.name, $0.value] }
            #expect(fields == report.returned ?? [], "\(String(decoding: report.raw, as: UTF8.self))")
            returned += report.returned == nil ? 0 : 1
        }
        #expect(reports.count == 600 && returned > 200)
    }

    @Test func datesAsPythonReadsThem() throws {
        var random = SeededRandom(seed: 2)
        var instants: [Int64] = []
        for _ in 0..<500 { instants.append(Int64.random(in: -1_000_000_000...4_000_000_000, using: &random)) }
        let script = """
            import json, sys, random
            from email.utils import format_datetime
            from datetime import datetime, timedelta, timezone
            r = random.Random(3)
            zone = lambda: timezone(timedelta(minutes=r.randint(-720, 840)))
            print(json.dumps([format_datetime(datetime.fromtimestamp(s, zone())) + r.choice(["", " (CET)"]) for s in json.load(sys.stdin)]))
            """
        for (text, seconds) in zip(try python(script, instants, as: [String].self), instants) {
            #expect(Instant(rfc5322: text) == Instant(seconds: seconds), "\(text)")
            // What we write ourselves.
            #expect(Instant(rfc5322: MIMEMessage.rfc5322(Instant(seconds: seconds)))?.seconds == seconds)
        }
    }

    @Test(arguments: [
        "", "21 Nov 2026", "Sat, 21 Nov 26 18:53:00 +0000", "Sat, 31 Feb 2026 18:53:00 +0000",
        "21 Nov 2026 24:00 +0000",
        "21 Nov 2026 18:53:00 CEST", "21 Nov 2026 18:53:00 +00:00", "21 Nov 2026 18:53:00 0000",
        "21 Nov 2026 1:2:3 +0000",
        "x 21 Nov 2026 18:53:00 +0000", "21 Nov 2026 18:53:00 +0099",
    ])
    func noDates(text: String) { #expect(Instant(rfc5322: text) == nil) }

    @Test func encodingsAsPythonWritesThem() throws {
        struct Encoded: Decodable {
            var plain, base64, quoted: Data
        }
        let script = """
            import base64, json, quopri, random, sys
            r = random.Random(json.load(sys.stdin))
            b = lambda x: base64.b64encode(x).decode()
            def one():
                plain = b"".join(r.choice([b"a", b"=", b" ", b"\\t", b"\\n", b"\\r\\n", bytes([r.randrange(256)])]) for _ in range(r.randint(0, 200)))
                # A lone CR would be part of a line end.
                plain = plain.replace(b"\\r\\n", b"\\n").replace(b"\\r", b"")
                return dict(plain=b(plain), base64=b(base64.encodebytes(plain)), quoted=b(quopri.encodestring(plain)))
            print(json.dumps([one() for _ in range(300)]))
            """
        for encoded in try python(script, 4, as: [Encoded].self) {
            #expect(MIMEDecoding.base64(Array(encoded.base64)) == Array(encoded.plain))
            #expect(MIMEDecoding.quotedPrintable(Array(encoded.quoted)[...]) == Array(encoded.plain))
        }
    }
}
