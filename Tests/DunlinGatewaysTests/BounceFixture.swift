// SPDX-License-Identifier: Apache-2.0

import DunlinModel

@testable import DunlinGateways

/// Reports as servers write them.
enum BounceFixture {
    static let token = "a1-0123456789abcdef0123"
    static let otherToken = "a2-0123456789abcdef0123"
    static let address = BounceAddress("bounce+{token}@example.com")!
    static let reader = BounceReader(addresses: [address]) { [token, otherToken].contains($0) }

    /// `to` is the address that it came back to, `returned` the header of the mail that did.
    static func report(
        to: String = "bounce+\(token)@example.com", type: String = "message/delivery-status", status: String,
        returned: String? = "Subject: Hello", head: String = ""
    ) -> String {
        """
        From: MAILER-DAEMON@mx.example (Mail Delivery System)
        Date: Sat, 21 Nov 2026 18:53:00 +0100 (CET)
        To: \(to)
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type="x";
        \tboundary="B/1:="

        This is a MIME-encapsulated message.

        --B/1:=
        Content-Type: text/plain

        I'm sorry.

        --B/1:=
        Content-Type: \(type)
        \(head)
        \(status)
        --B/1:=
        Content-Type: text/rfc822-headers

        \(returned ?? "")

        --B/1:=--

        """
    }

    /// A delivery report with one block for each of `recipients`.
    static func delivery(_ recipients: [String], to: String = "bounce+\(token)@example.com", returned: String? = nil)
        -> String
    {
        let blocks = recipients.map { "Final-Recipient: rfc822; alex@example.org\n\($0)\n" }.joined(separator: "\n")
        return report(to: to, status: "Reporting-MTA: dns; mx.example\n\n" + blocks, returned: returned)
    }

    static func read(_ text: String) -> BounceReading { reader.read(Array(text.utf8)) }

    /// `failed 5.1.1 recipient-refused`, or what else it is.
    static func said(_ text: String) -> String {
        let reading = read(text)
        guard let receipt = reading.receipt else { return reading.name }
        return [receipt.status.rawValue, receipt.code, receipt.reason?.rawValue].compactMap { $0 }.joined(
            separator: " ")
    }
}
