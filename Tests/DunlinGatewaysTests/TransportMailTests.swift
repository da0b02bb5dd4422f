// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinGateways

extension TransportTests {
    @Suite struct Mail {
        static let message = "Subject: Reminder\r\n\r\n.a line with a dot\r\nthe end\r\n"

        static func mail(
            _ server: SMTPServer, startTLS: Bool = false, username: String? = nil, password: String? = nil,
            recipient: String = "alex@example.com", message: String = message
        ) -> WireRequest {
            .mail(
                MailRequest(
                    url: server.url, startTLS: startTLS, username: username, password: password,
                    sender: "care@example.com", recipient: recipient, message: Array(message.utf8)))
        }

        @Test func messageArrivesOnce() async throws {
            let server = SMTPServer()
            defer { server.stop() }
            let (answer, outcome) = try await exchange(Self.mail(server))
            #expect(
                answer
                    == WireAnswer(phase: .answered, status: 250, body: Array("250 2.0.0 Ok: queued as ABC123".utf8)))
            #expect(outcome == .accepted(id: "250 2.0.0 Ok: queued as ABC123"))
            #expect(server.messages.all == ["Subject: Reminder\n\n..a line with a dot\nthe end"])
            #expect(
                server.commands.all.prefix(4) == [
                    "EHLO client.example", "MAIL FROM:<care@example.com> SIZE=\(Self.message.utf8.count)",
                    "RCPT TO:<alex@example.com>", "DATA",
                ])
        }

        @Test func largeMessageArrivesWhole() async throws {
            let server = SMTPServer()
            defer { server.stop() }
            let line = String(repeating: "x", count: 70)
            let text = String(repeating: line + "\r\n", count: 5000)
            let (answer, _) = try await exchange(Self.mail(server, message: text))
            #expect(answer?.phase == .answered)
            #expect(server.messages.all.first?.split(separator: "\n").count == 5000)
        }

        /// The server's replies that differ from the usual ones; how far the mail got; the status; copies it read.
        static let peers: [(replies: [String: String], phase: WireAnswer.Phase, status: Int, copies: Int)] = [
            (["220": "554 5.7.1 go away"], .answered, 554, 0),
            (["220": ""], .notSent, 0, 0),
            (["220": "…"], .notSent, 0, 0),
            (["220": "HTTP/1.1 400 Bad Request"], .notSent, 0, 0),
            (["AUTH": "535 5.7.8 bad credentials"], .answered, 535, 0),
            (["AUTH": "454 4.7.0 not now"], .answered, 454, 0),
            (["AUTH": ""], .notSent, 250, 0),
            (["MAIL": "552 5.3.4 too big"], .answered, 552, 0),
            (["RCPT": "550 5.1.1 unknown user"], .answered, 550, 0),
            (["RCPT": "550-5.1.1 no\r\n550 5.1.1 such user"], .answered, 550, 0),
            (["RCPT": "450 4.2.1 greylisted"], .answered, 450, 0),
            (["RCPT": "…"], .notSent, 250, 0),
            (["DATA": "451 4.3.0 try later"], .answered, 451, 0),
            (["DATA": ""], .notSent, 250, 0),
            ([".": "451 4.3.0 try later"], .answered, 451, 1),
            ([".": "554 5.6.0 refused"], .answered, 554, 1),
            ([".": ""], .interrupted, 354, 1),
            ([".": "…"], .interrupted, 354, 1),
        ]

        @Test(arguments: peers.indices) func phaseByPeer(_ index: Int) async throws {
            let (replies, phase, status, copies) = Self.peers[index]
            let server = SMTPServer(replies)
            defer { server.stop() }
            let request = Self.mail(server, username: "care", password: "secret")
            let (answer, outcome) = try await exchange(
                request, timeout: phase == .answered ? .seconds(10) : .seconds(1))
            #expect(answer?.phase == phase)
            #expect(answer?.status == status)
            #expect(server.messages.all.count == copies)
            #expect(server.connectionCount == 1)
            guard let outcome, phase == .answered else { return }
            #expect(outcome == .refused(Refusal(.transient, .transientFailure, detail: "\(status)")))
            #expect(answer?.body.starts(with: "\(status) ".utf8) == true)
        }

        @Test func credentialsGoInOneStep() async throws {
            let server = SMTPServer()
            defer { server.stop() }
            _ = try await exchange(Self.mail(server, username: "care", password: "secret"))
            #expect(server.commands.all[1] == "AUTH PLAIN AGNhcmUAc2VjcmV0")
        }

        /// TLS that is required and not offered: nothing is sent in clear.
        @Test func startTLSIsNeverOptional() async throws {
            let server = SMTPServer()
            defer { server.stop() }
            let request = Self.mail(server, startTLS: true, username: "care", password: "secret")
            let (answer, _) = try await exchange(request)
            #expect(answer?.phase == .notSent)
            #expect(server.commands.all == ["EHLO client.example"])
        }

        @Test func connectionIsKeptForTheNextMail() async throws {
            let server = SMTPServer()
            defer { server.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [1])
            transport.submit((1...5).map { transfer($0, Self.mail(server, recipient: "p\($0)@example.com")) })
            let results = await gate.results.wait(for: 5)
            #expect(results.allSatisfy { $0.outcome == .accepted(id: "250 2.0.0 Ok: queued as ABC123") })
            #expect(server.messages.all.count == 5)
            #expect(server.connectionCount == 1)
            #expect(
                server.commands.all.filter { $0.hasPrefix("RCPT") } == (1...5).map { "RCPT TO:<p\($0)@example.com>" })
            transport.shutdown(grace: .zero)
        }

        /// A kept connection that dies under the second mail: what the server has not asked for was not sent, what it
        /// has read to the dot is in doubt, and neither goes again by itself.
        @Test(arguments: [("MAIL", WireAnswer.Phase.notSent, 1), ("DATA", .notSent, 1), (".", .interrupted, 2)])
        func keptConnectionDies(_ verb: String, _ phase: WireAnswer.Phase, _ copies: Int) async throws {
            let server = SMTPServer(dropping: verb)
            defer { server.stop() }
            let gate = RecordingGuard()
            let adapter = RecordingAdapter()
            let transport = try Transport(guard: gate, lanes: [1])
            transport.submit((1...2).map { transfer($0, Self.mail(server), adapter: adapter) })
            let results = await gate.results.wait(for: 2)
            transport.shutdown(grace: .zero)
            #expect(results.first?.outcome == .accepted(id: "250 2.0.0 Ok: queued as ABC123"))
            #expect(adapter.answers.last?.phase == phase)
            #expect(server.messages.all.count == copies)
            #expect(server.commands.all.filter { $0.hasPrefix("MAIL") }.count == 2)
        }

        /// A mail server that never answers QUIT must not hold up the others, nor the end.
        @Test(arguments: [[:], ["MAIL": "552 no"], ["RCPT": "550-no\r\n550 no"], ["DATA": "451 no"], [".": "451 no"]])
        func nobodyWaitsForQuit(_ replies: [String: String]) async throws {
            let server = SMTPServer(replies.merging(["QUIT": "…"]) { $1 })
            defer { server.stop() }
            let start = ContinuousClock.now
            let (answer, _) = try await exchange(Self.mail(server))
            #expect(answer?.phase == .answered)
            #expect(answer?.body == Array((replies.values.first?.suffix(6) ?? "250 2.0.0 Ok: queued as ABC123").utf8))
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }
}
