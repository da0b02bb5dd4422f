// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinGateways

@Suite struct AdapterSMTPTests {
    private static func outcome(_ reply: String, phase: WireAnswer.Phase = .answered, curl: Int = 55) throws -> Outcome
    {
        let answer = WireAnswer(
            phase: phase, curlCode: curl, status: Int(reply.prefix(3)) ?? 0, body: Array(reply.utf8))
        return try AdapterFixture.gateway(AdapterFixture.smtp).adapter.outcome(of: answer)
    }

    @Test(arguments: [
        ("250 2.0.0 Ok: queued as 4XyZ-1", "accepted 4XyZ-1"), ("250 OK id=1tEaBc-0001", "accepted 1tEaBc-0001"),
        ("250 ok", "accepted"),
    ])
    func accepted(reply: String, expected: String) throws {
        #expect(verdict(try AdapterSMTPTests.outcome(reply, curl: 0)) == expected)
        // The line broke behind the reply.
        #expect(verdict(try AdapterSMTPTests.outcome(reply, curl: 56)) == expected)
    }

    @Test(arguments: [
        // Passing.
        ("421 4.3.2 shutting down", "transient"), ("450 4.7.1 greylisted", "transient"), ("451 try later", "transient"),
        ("452 4.2.2 mailbox full", "transient"), ("454 4.7.0 TLS not available", "transient"),
        ("552 5.2.2 over quota", "transient"),
        ("552 too much mail", "transient"), ("554 5.4.4 no route", "transient"),
        // The person's address.
        ("550 5.1.1 no such user", "recipient"), ("550 5.1.2 bad domain", "recipient"),
        ("550 5.1.3 bad syntax", "recipient"),
        ("550 5.1.10 null MX", "recipient"), ("551 moved", "recipient"), ("553 5.1.3 no", "recipient"),
        ("550 no such user here", "recipient"), ("550-5.1.1 first of two lines", "recipient"),
        ("556 null MX", "recipient"),
        ("550 5.2.1 disabled", "recipient"),
        // Ours.
        ("530 5.7.0 STARTTLS first", "configuration"), ("534 x", "configuration"),
        ("535 5.7.8 bad password", "configuration"),
        ("538 x", "configuration"), ("432 4.7.12 change your password", "configuration"),
        ("552 5.3.4 too big", "configuration"),
        ("550 5.7.1 policy", "configuration"), ("550 5.7.26 DMARC", "configuration"),
        ("554 5.7.1 spam", "configuration"),
        ("553 5.1.8 bad sender", "configuration"), ("554 no service", "configuration"), ("500 what?", "configuration"),
    ])
    func refusals(reply: String, expected: String) throws {
        #expect(verdict(try AdapterSMTPTests.outcome(reply)) == expected)
        // The same answer when the transport says that nothing of the mail had left.
        #expect(verdict(try AdapterSMTPTests.outcome(reply, phase: .notSent, curl: 67)) == expected)
    }

    @Test func theRecordHoldsCodesOnly() throws {
        #expect(
            try AdapterSMTPTests.outcome("550 5.1.1 <alex@example.com> unknown")
                == .refused(Refusal(.recipient, .recipientRefused, detail: "smtp 550 5.1.1")))
        // The class of an enhanced code must be that of the reply; 2.1.5 behind 550 is no code.
        #expect(
            try AdapterSMTPTests.outcome("550 2.1.5 odd")
                == .refused(Refusal(.recipient, .recipientRefused, detail: "smtp 550")))
    }

    @Test func doubts() throws {
        #expect(
            try AdapterSMTPTests.outcome("354 go", phase: .interrupted, curl: 56)
                == .unknown(.connectionLost, detail: "connection-broken [curl 56, smtp 354]"))
        #expect(
            try AdapterSMTPTests.outcome("354 go", phase: .interrupted, curl: 28)
                == .unknown(.timeout, detail: "answer-timeout [curl 28, smtp 354]"))
        // Whatever was said before, an interrupted mail is in doubt.
        #expect(verdict(try AdapterSMTPTests.outcome("550 5.1.1 x", phase: .interrupted, curl: 56)) == "unknown")
        #expect(verdict(try AdapterSMTPTests.outcome("250 2.1.5 ok", phase: .notSent, curl: 56)) == "transient")
        // Never sent, says the transport, and yet the server was waiting for the mail: believe the server.
        #expect(verdict(try AdapterSMTPTests.outcome("354 go", phase: .notSent, curl: 55)) == "unknown")
        for reply in ["", "xyz", "999 9.9.9", "354 go"] {
            #expect(verdict(try AdapterSMTPTests.outcome(reply, curl: 8)) == "unknown")
        }
    }

    @Test func connecting() throws {
        #expect(
            try AdapterSMTPTests.outcome("", phase: .notSent, curl: 7)
                == .refused(Refusal(.transient, .notConnected, detail: "no-connection [curl 7]")))
        #expect(verdict(try AdapterSMTPTests.outcome("220 hello", phase: .notSent, curl: 60)) == "configuration")
    }
}
