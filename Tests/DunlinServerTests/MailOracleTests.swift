// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinServer

/// Mails that Python writes and sends, beside what Python itself reads in them.
@Suite struct MailOracleTests {
    struct Expected: Decodable, Equatable {
        var to: String
        var subject: String
        var text: String?
        var html: String?
    }

    static let script = """
        import email, email.policy, json, smtplib, sys
        from email.message import EmailMessage

        def mails():
            texts = ["Hello Alex,\\n\\nyour payment is due.\\n", "您好,\\n\\n您的款项已逾期。\\n", "Grüße\\n.\\n..dots\\n.leading\\n",
                     "=20 looks encoded = but is not\\n", "x" * 2000 + "\\n", "tab\\tand trailing space \\n"]
            subjects = ["Your payment", "您的付款已逾期:1,234.50 美元" * 6, "Café – réglé?", "A_b =?x?= c", "ü" * 70]
            for i, text in enumerate(texts):
                for cte in [None, "base64", "quoted-printable", "8bit"]:
                    if cte == "8bit" and len(text) > 990: continue
                    for html in [False, True]:
                        mail = EmailMessage()
                        mail["From"] = "Harbor Credit 港湾 <care@example.com>"
                        mail["Subject"] = subjects[i % len(subjects)]
                        mail.set_content(text, cte=cte)
                        if html: mail.add_alternative("<p title=\\"é\\">" + text + "</p>\\n", subtype="html", cte=cte)
                        if html and i % 2: mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="ä.pdf")
                        yield mail

        def read(mail, subtype):
            part = mail.get_body(preferencelist=(subtype,))
            return part.get_content().replace("\\r\\n", "\\n") if part else None

        out = []
        with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=10) as server:
            server.login("user", "password")
            for n, mail in enumerate(mails()):
                to = f"p{n}@example.com"
                mail["To"] = to
                data = mail.as_bytes(policy=email.policy.SMTP)
                server.sendmail("care@example.com", [to], data, mail_options=["BODY=8BITMIME"])
                seen = email.message_from_bytes(data, policy=email.policy.default)
                out.append({"to": to, "subject": seen["Subject"], "text": read(seen, "plain"), "html": read(seen, "html")})
        print(json.dumps(out))
        """

    @Test func readsMailAsPythonDoes() async throws {
        try await withSandbox { sandbox, ports in
            let python = Process()
            python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            python.arguments = ["python3", "-c", Self.script, String(ports.smtp)]
            let output = Pipe()
            python.standardOutput = output
            try python.run()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            python.waitUntilExit()
            #expect(python.terminationStatus == 0)
            let expected = try JSONDecoder().decode([Expected].self, from: data)
            #expect(expected.count == 46)
            let messages = sandbox.messages
            #expect(messages.count == expected.count)
            for (message, expected) in zip(messages, expected) {
                let mail = try #require(message.mail)
                #expect(message.answer.word == "accepted")
                #expect(
                    Expected(to: message.to, subject: mail.subject ?? "", text: mail.text, html: mail.html) == expected)
                #expect(mail["from"] == "Harbor Credit 港湾 <care@example.com>")
            }
        }
    }
}
