// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinGateways

@Suite struct BounceReaderTests {
    @Test func theWholeReceipt() {
        #expect(
            BounceFixture.read(BounceFixture.delivery(["Action: failed\nStatus: 5.1.1"]))
                == .receipt(
                    Receipt(
                        .token(BounceFixture.token), .failed, reason: .recipientRefused, code: "5.1.1",
                        at: Instant(rfc3339: "2026-11-21T17:53:00Z"))))
    }

    /// The mail that List-Unsubscribe asks for, and the one that the footer asks for, which proves nobody.
    @Test(arguments: [
        ("unsubscribe \(BounceFixture.token)", "unsubscribed"),
        ("Unsubscribe  \(BounceFixture.token) ", "unsubscribed"),
        ("Re: unsubscribe \(BounceFixture.token)", "unsubscribed"), ("\(BounceFixture.token) STOP", "unsubscribed"),
        ("unsubscribe", "refusal"), ("AW: Unsubscribe!", "refusal"), ("stop", "refusal"), ("Abmelden", "refusal"),
        ("unsubscribe a1-00000000000000000000", "other"), ("\(BounceFixture.token)", "other"),
        ("unsubscribe \(BounceFixture.token) \(BounceFixture.otherToken)", "refusal"),
        ("Please do not unsubscribe me \(BounceFixture.token)", "other"), ("Re: Your payment", "other"), ("", "other"),
    ])
    func refusals(subject: String, expected: String) {
        let mail =
            "From: alex@example.org\r\nSubject: \(subject)\r\nDate: Sat, 21 Nov 2026 17:53:00 +0000\r\n\r\nBye\r\n"
        let reading = BounceFixture.read(mail)
        #expect((reading.receipt?.status.rawValue ?? reading.name) == expected)
        guard let receipt = reading.receipt else { return }
        #expect(receipt.attempt == .token(BounceFixture.token))
        #expect(receipt.at == Instant(rfc3339: "2026-11-21T17:53:00Z"))
    }

    @Test func anAbsenceNoteRefusesNothing() {
        let mail = "Auto-Submitted: auto-replied\r\nSubject: unsubscribe \(BounceFixture.token)\r\n\r\nAway\r\n"
        #expect(BounceFixture.read(mail) == .autoReply)
    }

    @Test(arguments: [
        // The address is at fault.
        (["Action: failed\nStatus: 5.1.1"], "failed 5.1.1 recipient-refused"),
        (["Action: failed\nStatus: 5.1.2"], "failed 5.1.2 recipient-refused"),
        (["Action: failed\nStatus: 5.1.3"], "failed 5.1.3 recipient-refused"),
        (["Action: failed\nStatus: 5.1.6"], "failed 5.1.6 recipient-refused"),
        (["Action: failed\nStatus: 5.1.10"], "failed 5.1.10 recipient-refused"),
        (["ACTION : Failed (permanently)\nSTATUS:\n 5.1.1 (no such user)"], "failed 5.1.1 recipient-refused"),
        // Something else is.
        (["Action: failed\nStatus: 5.1.8"], "failed 5.1.8"), (["Action: failed\nStatus: 5.2.2"], "failed 5.2.2"),
        (["Action: failed\nStatus: 5.7.1"], "failed 5.7.1"), (["Action: failed\nStatus: 4.4.1"], "failed 4.4.1"),
        (["Action: failed\nStatus: 4.1.1"], "failed 4.1.1"), (["Action: failed\nStatus: nonsense"], "failed"),
        (["Action: failed"], "failed"),
        // Words are no proof, the server's own code is.
        (["Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 user unknown"], "failed 5.0.0"),
        (
            ["Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 user unknown"],
            "failed 5.1.1 recipient-refused"
        ),
        (
            ["Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp;550-5.1.1 user\n 550 unknown"],
            "failed 5.1.1 recipient-refused"
        ),
        (["Action: failed\nDiagnostic-Code: smtp; 550 5.1.1 x"], "failed 5.1.1 recipient-refused"),
        (["Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 550 5.1.1 x"], "failed 5.2.2"),
        (["Action: failed\nStatus: 4.0.0\nDiagnostic-Code: smtp; 550 5.1.1 x"], "failed 4.0.0"),
        (["Action: failed\nStatus: 5.0.0\nDiagnostic-Code: x-prose; 550 5.1.1 x"], "failed 5.0.0"),
        // Not the end.
        (["Action: delayed\nStatus: 4.4.1"], "no-news"), (["Action: relayed\nStatus: 2.0.0"], "no-news"),
        (["Action: expanded\nStatus: 2.0.0"], "no-news"),
        (["Action: delivered\nStatus: 2.0.0"], "delivered 2.0.0"),
        // Several copies.
        (["Action: failed\nStatus: 5.1.1", "Action: delivered\nStatus: 2.1.5"], "delivered 2.1.5"),
        (["Action: failed\nStatus: 5.1.1", "Action: failed\nStatus: 5.2.2"], "failed 5.1.1"),
        (["Action: failed\nStatus: 5.1.1", "Action: failed\nStatus: 5.1.2"], "failed 5.1.1 recipient-refused"),
        (["Action: failed\nStatus: 5.1.1", "Action: delayed\nStatus: 4.4.1"], "no-news"),
        (["Action: failed\nStatus: 5.1.1", "Action: relayed"], "no-news"),
        // Nonsense.
        (["Action: failed\nStatus: 2.0.0"], "auto-reply"), (["Action: delivered\nStatus: 5.1.1"], "auto-reply"),
        (["Action: exploded\nStatus: 5.1.1"], "auto-reply"), (["Status: 5.1.1"], "auto-reply"), ([], "auto-reply"),
        (["Action: failed\nAction: delayed\nStatus: 5.1.1"], "auto-reply"),
        (["Action: failed\nStatus: 5.1.1\nwhat is this"], "auto-reply"),
    ])
    func deliveryReports(recipients: [String], expected: String) {
        #expect(BounceFixture.said(BounceFixture.delivery(recipients)) == expected)
    }

    @Test(arguments: [
        ("abuse", "complained abuse opted-out"), ("Fraud", "complained fraud opted-out"),
        ("other", "complained other opted-out"), ("opt-out", "complained opt-out opted-out"),
        ("not-spam", "no-news"), ("virus", "no-news"), ("auth-failure", "no-news"), ("", "auto-reply"),
        ("abuse\nFeedback-Type: not-spam", "auto-reply"),
    ])
    func complaints(type: String, expected: String) {
        let text = BounceFixture.report(
            to: "abuse@example.com", type: "message/feedback-report",
            status: "Feedback-Type: \(type)\nUser-Agent: X/1\nVersion: 1\n",
            returned: "X-Dunlin-Attempt: \(BounceFixture.token)")
        #expect(BounceFixture.said(text) == expected)
    }

    @Test(arguments: [
        // By the address.
        ("bounce+TOKEN@example.com", "", "", "failed"), ("<BOUNCE+TOKEN@EXAMPLE.COM>", "", "", "failed"),
        ("\"Bounces, ours\" <x@y.example>,\n <bounce+TOKEN@example.com>", "", "", "failed"),
        ("care@example.com\nX-Original-To: bounce+TOKEN@example.com", "", "", "failed"),
        ("care@example.com\nDelivered-To: bounce+TOKEN@example.com", "", "", "failed"),
        ("care@example.com\nOriginal-Recipient: rfc822;bounce+TOKEN@example.com", "", "", "failed"),
        // By what came back.
        ("care@example.com", "", "X-Dunlin-Attempt: TOKEN", "failed"),
        ("care@example.com", "", "x-dunlin-attempt:\n TOKEN ", "failed"),
        ("care@example.com", "", "Return-Path: <bounce+TOKEN@example.com>", "failed"),
        ("care@example.com", "Original-Envelope-Id: TOKEN", "", "failed"),
        ("bounce+TOKEN@example.com", "Original-Envelope-Id: TOKEN", "X-Dunlin-Attempt: TOKEN", "failed"),
        // What is not ours does not count, and takes nothing away.
        ("bounce+TOKEN@example.com", "Original-Envelope-Id: 12345", "X-Dunlin-Attempt: made-up", "failed"),
        ("bounce+a3-0123456789abcdef0123@example.com", "", "", "unattributed"),
        ("care@example.com", "", "", "unattributed"), ("bounce+@example.com", "", "", "unattributed"),
        ("xbounce+TOKEN@example.com", "", "", "unattributed"),
        ("bounce+TOKEN@example.com.evil.example", "", "", "unattributed"),
        ("care@example.com\nSubject: bounce+TOKEN@example.com", "", "Subject: TOKEN", "unattributed"),
        // Two attempts are none.
        ("bounce+TOKEN@example.com", "", "X-Dunlin-Attempt: OTHER", "unattributed"),
        ("bounce+TOKEN@example.com, bounce+OTHER@example.com", "", "", "unattributed"),
    ])
    func attempts(to: String, mail: String, returned: String, expected: String) {
        let text = BounceFixture.report(
            to: to, status: "Reporting-MTA: dns; x\n\(mail.isEmpty ? "X: y" : mail)\n\nAction: failed\nStatus: 5.2.2\n",
            returned: returned
        ).replacing("TOKEN", with: BounceFixture.token).replacing("OTHER", with: BounceFixture.otherToken)
        let reading = BounceFixture.read(text)
        #expect(reading.name == expected)
        if let receipt = reading.receipt { #expect(receipt.attempt == .token(BounceFixture.token)) }
    }

    @Test func theTokenOfAFeedbackLoop() {
        let text = BounceFixture.report(
            to: "abuse@example.com", type: "message/feedback-report",
            status: "Feedback-Type: abuse\nOriginal-Mail-From: <bounce+\(BounceFixture.token)@example.com>\n",
            returned: "")
        #expect(BounceFixture.read(text).receipt?.attempt == .token(BounceFixture.token))
    }

    @Test func whatIsNoReport() {
        let mail = "To: bounce+\(BounceFixture.token)@example.com\nX-Dunlin-Attempt: \(BounceFixture.token)\n"
        #expect(BounceFixture.said(mail + "Auto-Submitted: auto-replied\n\nI am away.") == "auto-reply")
        #expect(BounceFixture.said(mail + "Auto-Submitted: no\n\nHello") == "other")
        #expect(BounceFixture.said(mail + "\nAction: failed\nStatus: 5.1.1\n") == "other")
        #expect(BounceFixture.said("") == "other")
        // Somebody forwards a report: it is not one itself.
        let report = BounceFixture.delivery(["Action: failed\nStatus: 5.1.1"])
        #expect(
            BounceFixture.said(
                "\(mail)Content-Type: multipart/mixed; boundary=f\n\n--f\nContent-Type: message/rfc822\n\n\(report)\n--f--\n"
            )
                == "other")
        #expect(BounceFixture.said(report) == "failed 5.1.1 recipient-refused")
    }

    /// Cut off anywhere, a report says what it said or nothing.
    @Test func cutOff() throws {
        let report = BounceFixture.delivery(
            ["Action: failed\nStatus: 5.1.1", "Action: delayed\nStatus: 4.4.1"],
            returned: "X-Dunlin-Attempt: \(BounceFixture.token)")
        var names: Set<String> = []
        for length in 0...report.utf8.count {
            names.insert(BounceFixture.reader.read(Array(report.utf8.prefix(length))).name)
        }
        #expect(names == ["other", "auto-reply", "no-news"])
    }

    @Test(arguments: [1, 7, 8])
    func wrapped(depth: Int) {
        var text = BounceFixture.delivery(["Action: failed\nStatus: 5.2.2"])
        for level in 0..<depth {
            text = """
                To: bounce+\(BounceFixture.token)@example.com
                Content-Type: multipart/mixed; boundary="w\(level)"

                --w\(level)
                \(text)
                --w\(level)
                Content-Type: text/plain

                This mail was scanned.
                --w\(level)--
                """
        }
        #expect(BounceFixture.said(text) == (depth < 8 ? "failed 5.2.2" : "other"))
    }

    @Test(arguments: ["base64", "quoted-printable", "7bit", "Base64 (odd)"])
    func encoded(encoding: String) {
        let plain = "Reporting-MTA: dns; x\n\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; = 550\n"
        let body =
            switch encoding {
            case "7bit": Array(plain.utf8)
            case "quoted-printable": MIMEBody.quotedPrintable(MIMEBody.canonicalLines(plain))
            default: MIMEBody.base64Lines(Array(plain.utf8))
            }
        let text = BounceFixture.report(
            status: String(decoding: body, as: UTF8.self), head: "Content-Transfer-Encoding: \(encoding)\n")
        #expect(BounceFixture.said(text) == "failed 5.1.1 recipient-refused")
    }

    /// A mail of ours, sent back whole.
    @Test func ourOwnMailNamesItsAttempt() throws {
        let adapter = try AdapterFixture.gateway(AdapterFixture.smtp).adapter
        let email = Email(subject: "s", preheader: "", text: "t", html: "h")
        let request = try adapter.mailRequest(AdapterFixture.message(.email(email), to: "a@b.example"))
        let text = BounceFixture.delivery(
            ["Action: failed\nStatus: 5.1.1"], to: request.sender,
            returned: String(decoding: request.message, as: UTF8.self))
        let reader = BounceReader(addresses: []) { $0 == "tok-0123456789abcdef" }
        #expect(reader.read(Array(text.utf8)).receipt?.attempt == .token("tok-0123456789abcdef"))
    }
}
