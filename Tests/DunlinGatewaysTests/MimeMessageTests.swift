// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinGateways

/// Mails as Python's `email` reads them.
@Suite struct MimeMessageTests {
    private struct Sent: Encodable {
        var raw: Data
    }

    private struct Read: Decodable {
        var defects: [String]
        var headers: [String: String]
        var fromName: String
        var toName: String
        var toAddress: String
        var date: Double
        var contentType: String
        var text: String
        var html: String
        var longest: Int
        var isCRLF: Bool
    }

    private static let script = #"""
        import base64, json, re, sys
        from email import header, message_from_bytes, policy, utils
        def read(raw):
            m = message_from_bytes(raw, policy=policy.default)
            text, html = m.iter_parts()
            defects = [repr(d) for p in m.walk() for d in p.defects]
            defects += [f'{k}: {d!r}' for p in m.walk() for k, v in p.items() for d in v.defects]
            # Not m[h].addresses: Python 3.11 puts a space between two encoded words of a display name.
            old = message_from_bytes(raw)
            name = lambda h: str(header.make_header(header.decode_header(utils.parseaddr(old[h])[0])))
            lines = lambda p: p.get_content().replace('\r\n', '\n')
            return dict(defects=defects, headers={k: str(v) for k, v in m.items()}, fromName=name('From'), toName=name('To'),
                toAddress=m['To'].addresses[0].addr_spec, date=m['Date'].datetime.timestamp(), contentType=m.get_content_type(),
                text=lines(text), html=lines(html), longest=max(len(l) for l in raw.split(b'\r\n') if not l.startswith(b'List-Unsubscribe:')),
                isCRLF=not re.search(rb'(?<!\r)\n|\r(?!\n)|\0|[^\r\n\t -~]', raw)
                    and (text.get_content_type(), html.get_content_type()) == ('text/plain', 'text/html'))
        print(json.dumps([read(base64.b64decode(s['raw'])) for s in json.load(sys.stdin)]))
        """#

    private static func read(_ mails: [[UInt8]]) throws -> [Read] {
        try python(script, mails.map { Sent(raw: Data($0)) }, as: [Read].self)
    }

    private static let words = [
        "payment", "Überweisung", "您好", "付款提醒", "🙂", "👨‍👩‍👧", "¿Cómo", "=?UTF-8?B?eA==?=", "a=b", "_", "\"quoted\"", "(c)",
        "Kim,",
        "https://pay.example/\(String(repeating: "x", count: 90))", ".", ".dot", "From ", "naïve", "10%", "…", "ทดสอบ",
        "<b>", "\\", "@",
    ]

    private static func text(_ count: ClosedRange<Int>, _ separators: [String], _ random: inout SeededRandom) -> String
    {
        var text = ""
        for _ in 0..<Int.random(in: count, using: &random) {
            text += words.randomElement(using: &random)! + separators.randomElement(using: &random)!
        }
        return text
    }

    @Test func randomMailsReachTheReaderIntact() throws {
        var random = SeededRandom(seed: 17)
        let adapter = try AdapterFixture.gateway(AdapterFixture.smtp).adapter
        let messages = (0..<200).map { n in
            let line = MimeMessageTests.text(0...100, [" ", "", "\n", " \n", "\t\n", "\r\n", "\n\n."], &random)
            let email = Email(
                subject: MimeMessageTests.text(0...12, [" ", "", "  "], &random).trimmed, preheader: "",
                text: n % 4 == 0 ? String(repeating: "plain words here ", count: 30) : line,
                html: "<p>" + MimeMessageTests.text(1...60, [" ", "\n"], &random) + "</p>")
            return AdapterFixture.message(
                .email(email), to: "a.b+c'\(n)@ex-ample.co.uk",
                name: MimeMessageTests.text(0...8, [" ", ""], &random).trimmed)
        }
        let requests = try messages.map { try adapter.mailRequest($0) }
        for (message, mail) in zip(messages, try MimeMessageTests.read(requests.map(\.message))) {
            guard case .email(let email) = message.content else { continue }
            #expect(mail.defects == [])
            #expect(mail.isCRLF)
            #expect(mail.longest <= 78)
            #expect(mail.headers["Subject"] == email.subject)
            #expect(mail.toName == message.recipientName)
            #expect(mail.toAddress == message.to)
            #expect(mail.fromName == "Harbor Credit")
            #expect(mail.text == MimeMessageTests.lines(email.text))
            #expect(mail.html == MimeMessageTests.lines(email.html))
            #expect(mail.date == Double(message.at.seconds))
        }
    }

    /// The text with LF line ends and one at its end.
    private static func lines(_ text: String) -> String {
        let lines = text.replacingOccurrences(of: "\r\n", with: "\n")
        return lines.isEmpty || lines.hasSuffix("\n") ? lines : lines + "\n"
    }

    @Test func golden() throws {
        let adapter = try AdapterFixture.gateway(
            AdapterFixture.smtp
                + #", base_url: "smtp://mx.example:587", ehlo: me.example, username: u, password: {env: TOKEN}"#
        ).adapter
        let email = Email(subject: "您好", preheader: "p", text: "Dear Alex,\n.\nFrom us = you ", html: "<p>您好，付款提醒</p>")
        let request = try adapter.mailRequest(
            AdapterFixture.message(.email(email), to: "alex@example.org", name: "Kim, Alex"))
        #expect(request.url == "smtp://mx.example:587/me.example")
        #expect(request.startTLS)
        #expect(request.username == "u" && request.password == "s3cr€t+/=")
        #expect(request.sender == "care@example.com" && request.recipient == "alex@example.org")
        let expected = """
            Date: Sat, 21 Nov 2026 18:53:00 +0000
            From: Harbor Credit <care@example.com>
            To: "Kim, Alex" <alex@example.org>
            Subject: =?UTF-8?B?5oKo5aW9?=
            Message-ID: <rem-0123456789abcdef@example.com>
            X-Dunlin-Attempt: tok-0123456789abcdef
            Auto-Submitted: auto-generated
            List-Unsubscribe: <mailto:care@example.com?subject=unsubscribe%20tok-0123456789abcdef>
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary="=_tok-0123456789abcdef"

            --=_tok-0123456789abcdef
            Content-Type: text/plain; charset="utf-8"
            Content-Transfer-Encoding: quoted-printable

            Dear Alex,
            =2E
            =46rom us =3D you=20

            --=_tok-0123456789abcdef
            Content-Type: text/html; charset="utf-8"
            Content-Transfer-Encoding: base64

            PHA+5oKo5aW977yM5LuY5qy+5o+Q6YaSPC9wPg0K

            --=_tok-0123456789abcdef--

            """
        #expect(
            String(decoding: request.message, as: UTF8.self) == expected.replacingOccurrences(of: "\n", with: "\r\n"))
    }

    @Test func unsubscribingByWebIsOneClick() throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.smtp + #", unsubscribe: "https://u.example/{token}""#)
            .adapter
        let email = MessageContent.email(Email(subject: "s", preheader: "", text: "t", html: "h"))
        let mail = try MimeMessageTests.read([
            try adapter.mailRequest(AdapterFixture.message(email, to: "a@b.example")).message
        ])[0]
        #expect(mail.headers["List-Unsubscribe"] == "<https://u.example/tok-0123456789abcdef>")
        #expect(mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
    }

    private static let attachmentScript = #"""
        import base64, json, sys
        from email import message_from_bytes, policy
        def read(raw):
            m = message_from_bytes(raw, policy=policy.default)
            body, *files = m.iter_parts()
            return dict(
                defects=[repr(d) for p in m.walk() for d in list(p.defects) + [e for v in p.values() for e in v.defects]],
                kinds=[p.get_content_type() for p in m.walk()], names=[f.get_filename() for f in files],
                contents=[base64.b64encode(f.get_payload(decode=True)).decode() for f in files],
                longest=max(len(l) for l in raw.split(b'\r\n') if not l.startswith(b'List-Unsubscribe:')),
                isASCII=raw.isascii())
        print(json.dumps([read(base64.b64decode(s['raw'])) for s in json.load(sys.stdin)]))
        """#

    private struct ReadFiles: Decodable {
        var defects, kinds, names: [String]
        var contents: [Data]
        var longest: Int
        var isASCII: Bool
    }

    @Test func filesReachTheReaderIntact() throws {
        var random = SeededRandom(seed: 5)
        let adapter = try AdapterFixture.gateway(AdapterFixture.smtp).adapter
        let names = [
            "statement.pdf", "a b (1).PDF", "Über \"x\"; y='1'.csv", "账单 2026.pdf",
            String(repeating: "n", count: 196) + ".txt",
            String(repeating: "账", count: 65) + ".png", "100%.jpg", "é*'\u{1F642}.jpeg", "=?UTF-8?Q?a?=.pdf",
        ]
        let mails = try (0..<60).map { number in
            let files = names.shuffled(using: &random).prefix(number % 3 + 1).map { name in
                let count = Int.random(in: 1..<300, using: &random)
                return Attachment(
                    name: name, kind: Attachment.Kind(fileName: name)!,
                    bytes: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
            }
            let mail = Email(subject: "s", preheader: "", text: "t", html: "h", attachments: files.map(\.name))
            var message = AdapterFixture.message(.email(mail), to: "a@b.example")
            message.attachments = files
            return (files, try adapter.mailRequest(message).message)
        }
        let read = try python(Self.attachmentScript, mails.map { Sent(raw: Data($0.1)) }, as: [ReadFiles].self)
        for ((files, _), mail) in zip(mails, read) {
            #expect(mail.defects == [] && mail.isASCII && mail.longest <= 78)
            let kinds = files.map { String($0.kind.mediaType.prefix { $0 != ";" }) }
            #expect(mail.kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html"] + kinds)
            #expect(mail.names == files.map(\.name))
            #expect(mail.contents.map(Array.init) == files.map(\.bytes))
        }
    }

    @Test func noMailLeavesWithoutItsFiles() throws {
        let mail = MessageContent.email(
            Email(subject: "s", preheader: "", text: "t", html: "h", attachments: ["a.pdf"]))
        let message = AdapterFixture.message(mail, to: "a@b.example")
        let adapter = try AdapterFixture.gateway(AdapterFixture.smtp).adapter
        let error = #expect(throws: DunlinError.self) { try adapter.request(for: message) }
        #expect(error?.why == "the files that the mail names are not with it")
        // A plan has no files, and asks only whether the mail can be expressed.
        #expect(throws: Never.self) { try adapter.check(message) }
    }

    @Test(arguments: [
        ("a\r\nBcc: x@y.example", "Alex"), ("a\nb", "Alex"), ("a\rb", "Alex"), ("a\0b", "Alex"),
        ("ok", "Alex\r\nBcc: x"),
        ("ok", "Al\0ex"), ("您\n好", "Alex"),
    ])
    func lineBreaksNeverReachAHeader(subject: String, name: String) throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.smtp).adapter
        let email = MessageContent.email(Email(subject: subject, preheader: "", text: "t", html: "h"))
        let error = #expect(throws: DunlinError.self) {
            try adapter.request(for: AdapterFixture.message(email, to: "a@b.example", name: name))
        }
        #expect(error?.description.contains("Alex") == false)
    }

    @Test(arguments: [
        "", "a", "@b.example", "a@", "a b@c.example", "a@b.example\r\n", "a@b.example>", "<a@b.example",
        "a,b@c.example", "ä@b.example",
        "a@bü.example", "a..b@c.example", ".a@c.example", "a@b..example", "a@[127.0.0.1]", "\"a b\"@c.example",
        String(repeating: "a", count: 65) + "@b.example",
    ])
    func addressesThatAreNone(address: String) throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.smtp).adapter
        let email = MessageContent.email(Email(subject: "s", preheader: "", text: "t", html: "h"))
        #expect(throws: DunlinError.self) { try adapter.request(for: AdapterFixture.message(email, to: address)) }
    }

    @Test func base64LikeFoundation() {
        var random = SeededRandom(seed: 2)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(MIMEBody.base64(bytes) == Array(Data(bytes).base64EncodedData()))
        }
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", "Thu, 1 Jan 1970 00:00:00 +0000"),
        ("2028-02-29T23:59:59Z", "Tue, 29 Feb 2028 23:59:59 +0000"),
        ("2026-11-21T18:53:00+08:00", "Sat, 21 Nov 2026 10:53:00 +0000"),
    ])
    func dates(instant: String, expected: String) throws {
        #expect(MIMEMessage.rfc5322(try #require(Instant(rfc3339: instant))) == expected)
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
