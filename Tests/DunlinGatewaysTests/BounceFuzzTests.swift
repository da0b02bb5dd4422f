// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinGateways

@Suite struct BounceFuzzTests {
    private static let reports = [
        BounceFixture.delivery(["Action: failed\nStatus: 5.1.1"]),
        BounceFixture.delivery(
            ["Action: delayed\nStatus: 4.4.1", "Action: failed\nStatus: 5.1.1"], to: "care@example.com",
            returned: "X-Dunlin-Attempt: \(BounceFixture.token)"),
        BounceFixture.report(
            type: "message/feedback-report", status: "Feedback-Type: abuse\nVersion: 1\n",
            returned: "Return-Path: <bounce+\(BounceFixture.token)@example.com>"),
    ]

    /// Whatever is done to a report, it is about its own attempt or about none.
    @Test func spoiledReports() throws {
        let pieces = [
            "--B/1:=\n", "--B/1:=--\n", "\n\n", "Action: failed\n", "Status: 5.1.1\n", "\r\n", "\t", "boundary=", "\"",
            "Content-Type: multipart/report; boundary=B/1:=\n\n", "Content-Transfer-Encoding: base64\n",
            "bounce+\(BounceFixture.otherToken)@example.com", "=", ";", "\0", "From x\n",
        ]
        var receipts = 0
        for number in 0..<Fuzzer.cases {
            var fuzzer = Fuzzer(number: number, pieces: pieces)
            let input = fuzzer.spoiled(fuzzer.one(of: BounceFuzzTests.reports))
            let reading = BounceFixture.reader.read(input)
            // Nobody's token: no receipt, whatever it says.
            #expect(BounceReader(addresses: [BounceFixture.address]) { _ in false }.read(input).receipt == nil)
            guard let receipt = reading.receipt else { continue }
            receipts += 1
            #expect([.token(BounceFixture.token), .token(BounceFixture.otherToken)].contains(receipt.attempt))
            #expect((receipt.code?.utf8.count ?? 0) <= 40)
            #expect(
                String(decoding: input, as: UTF8.self).lowercased().contains("bounce+a") || reading.name == "failed")
        }
        #expect(receipts > 0)
    }

    /// The shapes that make parsers slow; a long run takes each as long as a message can be.
    @Test(arguments: [
        "a:\n", "a: b\n c\n", " \n", "\n", "--b\n", "--b\n\n", "x", "=", "\"", ";", "bounce+",
        "--b\nContent-Type: multipart/mixed; boundary=b\n\n",
    ])
    func heavy(piece: String) {
        let body = String(
            repeating: piece, count: (Fuzzer.isLong ? BounceMailbox.limit : 32 * 1024) / piece.utf8.count)
        for head in ["", "Content-Type: multipart/mixed; boundary=b\n\n", "Content-Type: ", "To: "] {
            #expect(BounceFixture.read(head + body).receipt == nil)
        }
        #expect(BounceFixture.read(BounceFixture.report(status: body)).receipt == nil)
    }
}
