// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Foundation
import Testing

@testable import DunlinServer

@Suite struct SandboxTests {
    @Test func takesTwilioOverHTTP() async throws {
        try await withSandbox { sandbox, ports in
            let path = "/2010-04-01/Accounts/\(account)/Messages.json"
            let headers = ["Authorization: \(basicAuth)", "Content-Type: application/x-www-form-urlencoded"]
            func send(to: String) async throws -> String {
                let body = form([("To", to), ("From", "+16175550100"), ("Body", "您好")])
                return try await request("POST", path, port: ports.http, headers: headers, body: body)
            }
            let taken = try await send(to: "+16175550123")
            #expect(taken.hasPrefix("HTTP/1.1 201"))
            #expect(taken.contains(#""date_created":"Sat, 21 Nov 2026 18:53:57 +0000""#))
            #expect(try await send(to: "+16175550001").hasPrefix("HTTP/1.1 400"))
            let throttled = try await send(to: "+16175550002")
            #expect(throttled.hasPrefix("HTTP/1.1 429") && throttled.lowercased().contains("retry-after: 5\r\n"))
            #expect(try await send(to: "+16175550003").hasPrefix("HTTP/1.1 503"))
            #expect(try await send(to: "+16175550004").hasPrefix("HTTP/1.1 201"))
            #expect(try await send(to: "+16175550005") == "")

            let messages = sandbox.messages
            #expect(messages.map(\.number) == Array(1...6))
            #expect(messages.map(\.text) == Array(repeating: "您好", count: 6))
            #expect(messages.last?.answer == .unanswered)
            #expect(sandbox.totals[.sms] == Sandbox.Total(accepted: 2, refused: 3, unanswered: 1))
            let ids = messages.compactMap { if case .accepted(let id) = $0.answer { id } else { nil } }
            #expect(Set(ids).count == 2)
        }
    }

    @Test func hasEveryAddress() async throws {
        try await withSandbox { sandbox, ports in
            let calls = "/2010-04-01/Accounts/\(account)/Calls.json"
            #expect(try await request("POST", calls, port: ports.http).hasPrefix("HTTP/1.1 401"))
            let kannel = "/cgi-bin/sendsms?username=u&password=p&to=16175550123&text=hi"
            #expect(try await request("GET", kannel, port: ports.http).hasSuffix("0: Accepted for delivery"))
            #expect(try await request("POST", "/cgi-bin/sendsms", port: ports.http).hasSuffix("Invalid content-type"))
            let json = #"{"to":"+16175550123","text":"hi"}"#
            #expect(try await request("POST", "/sms", port: ports.http, body: json).hasPrefix("HTTP/1.1 202"))
            #expect(try await request("GET", "/other", port: ports.http).hasPrefix("HTTP/1.1 404"))

            let page = try await request("GET", "/?channel=sms", port: ports.http)
            #expect(
                page.contains("<!doctype html>")
                    && page.lowercased().contains("content-security-policy: default-src 'none'"))
            let listing = try await request("GET", "/messages.json?to=16175550123", port: ports.http)
            #expect(listing.components(separatedBy: #""to":"#).count == 3)
            #expect(sandbox.messages.count == 3)
        }
    }

    @Test func takesMailAndDropsTheLineOnRequest() async throws {
        try await withSandbox { sandbox, ports in
            let start = "EHLO me\r\nMAIL FROM:<a@x>\r\n"
            let taken = try await converse(
                port: ports.smtp,
                start + "RCPT TO:<b@x>\r\nDATA\r\nSubject: hi\r\n\r\n..dot\r\nbare\nline\r\n.\r\nQUIT\r\n")
            #expect(
                taken.components(separatedBy: "\r\n").suffix(3).first?.hasPrefix("250 2.0.0 Ok: queued as ") == true)
            #expect(taken.hasSuffix("221 2.0.0 Bye\r\n"))
            let dropped = try await converse(
                port: ports.smtp, start + "RCPT TO:<drop@x>\r\nDATA\r\nhi\r\n.\r\nQUIT\r\n")
            #expect(dropped.components(separatedBy: "\r\n").suffix(2).first?.hasPrefix("354") == true)
            let bounced = try await converse(port: ports.smtp, start + "RCPT TO:<bounce@x>\r\nQUIT\r\n")
            #expect(bounced.contains("\r\n550 5.1.1"))
            let endless = try await converse(port: ports.smtp, String(repeating: "x", count: 5000))
            #expect(endless.hasSuffix("500 5.5.2 Line too long\r\n"))

            #expect(sandbox.messages.map(\.to) == ["b@x", "drop@x", "bounce@x"])
            #expect(sandbox.messages.first?.content == .mail(Array("Subject: hi\r\n\r\n.dot\r\nbare\nline\r\n".utf8)))
            #expect(sandbox.messages.map(\.answer.word) == ["accepted", "unanswered", "refused"])
        }
    }

    @Test func startsOnceAndStops() async throws {
        let sandbox = Sandbox(clock: ManualClock("2026-11-21T18:53:57Z"))
        let ports = try await sandbox.start()
        #expect(try await sandbox.start() == ports)
        let rival = Sandbox(httpPort: ports.http, clock: ManualClock("2026-11-21T18:53:57Z"))
        let error = await #expect(throws: DunlinError.self) { try await rival.start() }
        #expect(error?.description.contains("another program listens there") == true)
        await sandbox.stop()
        await #expect(throws: (any Error).self) { try await converse(port: ports.smtp, "QUIT\r\n") }
        await #expect(throws: (any Error).self) { try await converse(port: ports.http, "GET / HTTP/1.0\r\n\r\n") }
    }
}
