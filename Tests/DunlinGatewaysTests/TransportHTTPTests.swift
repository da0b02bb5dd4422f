// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinGateways

extension TransportTests {
    @Suite struct HTTP {
        @Test func answerArrivesWhole() async throws {
            let server = HTTPServer { _ in
                .answer(
                    headers: ["Content-Type: application/json", "LOCATION:  /messages/7 ", "X-Other: 1"],
                    body: "{\"id\":7}")
            }
            defer { server.stop() }
            let (answer, outcome) = try await exchange(post(server.url))
            #expect(
                answer
                    == WireAnswer(
                        phase: .answered, status: 201,
                        headers: ["content-type": "application/json", "location": "/messages/7"],
                        body: Array("{\"id\":7}".utf8)))
            #expect(outcome == .accepted(id: "{\"id\":7}"))
        }

        @Test func requestLeavesAsWritten() async throws {
            let server = HTTPServer { _ in .answer() }
            defer { server.stop() }
            let request = HTTPRequest(
                method: "POST", url: server.url + "?a=1%202", headers: ["Content-Type: application/json", "X-Ref: r1"],
                body: Array("{\"text\":\"按时还款\"}".utf8), basicAuth: "user:pässword")
            _ = try await exchange(.http(request))
            let seen = try #require(server.requests.all.first)
            #expect(seen.head.first == "POST /messages?a=1%202 HTTP/1.1")
            #expect(seen.header("authorization") == "Basic " + Data("user:pässword".utf8).base64EncodedString())
            #expect(seen.header("content-type") == "application/json")
            #expect(seen.header("x-ref") == "r1")
            #expect(seen.header("expect") == nil)
            #expect(seen.body == "{\"text\":\"按时还款\"}")
        }

        /// One handle, one request of each kind after another: nothing of the last one may stick.
        @Test func handlesForgetTheLastRequest() async throws {
            let server = HTTPServer { _ in .answer() }
            defer { server.stop() }
            let requests = [
                HTTPRequest(method: "POST", url: server.url, headers: ["X-A: 1"], body: [0x61], basicAuth: "u:p"),
                HTTPRequest(method: "GET", url: server.url + "/b"),
                HTTPRequest(method: "POST", url: server.url, body: []),
                HTTPRequest(method: "PUT", url: server.url, headers: ["Content-Type: text/plain"], body: [0x62, 0x63]),
                HTTPRequest(method: "GET", url: server.url),
                HTTPRequest(method: "DELETE", url: server.url),
                HTTPRequest(method: "POST", url: server.url, body: Array(repeating: 0x64, count: 5000)),
            ]
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [1])
            defer { transport.shutdown(grace: .zero) }
            transport.submit(requests.enumerated().map { transfer(Int64($0.offset), .http($0.element)) })
            _ = await gate.results.wait(for: requests.count)
            let seen = server.requests.all
            #expect(seen.map { $0.head[0].prefix { $0 != " " } } == requests.map { $0.method[...] })
            #expect(seen.map(\.body) == requests.map { String(decoding: $0.body, as: UTF8.self) })
            #expect(seen.map { $0.header("x-a") } == ["1", nil, nil, nil, nil, nil, nil])
            #expect(seen.map { $0.header("authorization") != nil } == [true] + Array(repeating: false, count: 6))
            #expect(seen.map { $0.header("content-type") } == [nil, nil, nil, "text/plain", nil, nil, nil])
            #expect(server.connectionCount == 1)
        }

        /// The repeat that libcurl makes by itself: the server reads a request on a kept connection and drops the line.
        @Test func droppedRequestIsNeverRepeated() async throws {
            let server = HTTPServer { $0.connection == 1 && $0.number == 2 ? .raw("") : .answer() }
            defer { server.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [1])
            defer { transport.shutdown(grace: .zero) }
            // One after the other: a connection that waits too long is not used again.
            transport.submit((1...3).map { transfer($0, post(server.url, body: "m=\($0)")) })
            let results = await gate.results.wait(for: 3)
            #expect(server.requests.all.map(\.body) == ["m=1", "m=2", "m=3"])
            #expect(
                results.map(\.outcome) == [
                    .accepted(id: "{}"), .unknown(.connectionLost, detail: "curl 42"), .accepted(id: "{}"),
                ])
            #expect(gate.asked.all == [1, 2, 3])
        }

        /// The same, and the gateway is gone when libcurl comes back: it did read the request.
        @Test func droppedRequestIsInDoubtWhereTheRepeatFindsNobody() async throws {
            let server = HTTPServer { $0.number == 2 ? .vanish : .answer() }
            defer { server.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [1])
            defer { transport.shutdown(grace: .zero) }
            transport.submit([transfer(1, post(server.url)), transfer(2, post(server.url))])
            let results = await gate.results.wait(for: 2)
            #expect(server.requests.all.count == 2)
            #expect(results.last?.outcome == .unknown(.connectionLost, detail: "curl 7"))
        }

        /// A kept connection that the gateway has closed meanwhile costs nobody a doubt: the next request takes a new one.
        @Test func closedIdleConnectionIsNotUsed() async throws {
            let server = HTTPServer { _ in .raw("HTTP/1.1 201 X\r\nContent-Length: 2\r\n\r\n{}") }
            defer { server.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [1])
            defer { transport.shutdown(grace: .zero) }
            for number in 1...3 {
                transport.submit([transfer(Int64(number), post(server.url))])
                #expect(await gate.results.wait(for: number).last?.outcome == .accepted(id: "{}"))
                _ = await server.ended.wait(for: number)
            }
            #expect(server.connectionCount == 3)
        }

        /// What a peer does, and how far the transfer got.
        static let peers: [(reply: HTTPServer.Reply, phase: WireAnswer.Phase, status: Int)] = [
            (.answer(200), .answered, 200),
            (.answer(404, body: "no"), .answered, 404),
            (.answer(503, headers: ["Retry-After: 120"]), .answered, 503),
            (.answer(307, headers: ["Location: /messages"]), .answered, 307),
            (.raw("HTTP/1.1 200 OK\r\n\r\nuntil the end"), .answered, 200),
            (
                .raw("HTTP/1.1 103 Hint\r\nLocation: /a\r\n\r\nHTTP/1.1 202 OK\r\nContent-Length: 0\r\n\r\n"),
                .answered, 202
            ),
            (.raw(""), .interrupted, 0),
            (.raw("SSH-2.0-OpenSSH_9.2\r\n"), .interrupted, 0),
            (.raw("HTTP/1.1 201 Created\r\nContent-Le"), .interrupted, 201),
            (.raw("HTTP/1.1 201 Created\r\nContent-Length: 90\r\n\r\n{\"id\":"), .interrupted, 201),
            (.raw("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), .interrupted, 201),
            (.hold, .interrupted, 0),
        ]

        @Test(arguments: peers.indices) func phaseByPeer(_ index: Int) async throws {
            let (reply, phase, status) = Self.peers[index]
            let server = HTTPServer { _ in reply }
            defer { server.stop() }
            let hangs = if case .hold = reply { true } else { false }
            let (answer, _) = try await exchange(post(server.url), timeout: hangs ? .seconds(1) : .seconds(10))
            #expect(answer?.phase == phase)
            #expect(answer?.status == status)
            #expect(answer?.isRequestWhole == true)
            #expect(server.requests.all.count == 1)
        }

        @Test func retryAfterAndLocationAreKept() async throws {
            let server = HTTPServer { _ in .answer(503, headers: ["Retry-After: 120", "location: /x"]) }
            defer { server.stop() }
            let (answer, _) = try await exchange(post(server.url))
            #expect(answer?.headers == ["retry-after": "120", "location": "/x"])
        }

        @Test func slowAnswerStillCounts() async throws {
            let barrier = Barrier(2)
            let server = HTTPServer { _ in
                barrier.pass()
                return .answer()
            }
            defer { server.stop() }
            async let result = exchange(post(server.url))
            _ = await server.requests.wait(for: 1)
            barrier.pass()
            #expect(try await result.outcome == .accepted(id: "{}"))
        }

        @Test(arguments: [(64 << 10, false), ((64 << 10) + 1, true), (1 << 20, true), (1 << 22, true)])
        func bodiesAreCapped(_ size: Int, isTruncated: Bool) async throws {
            let server = HTTPServer { _ in .answer(200, body: String(repeating: "x", count: size)) }
            defer { server.stop() }
            let (answer, _) = try await exchange(post(server.url))
            #expect(answer?.phase == .answered)
            #expect(answer?.status == 200)
            #expect(answer?.body.count == 64 << 10)
            #expect(answer?.isTruncated == isTruncated)
            #expect(answer?.curlCode == (size > 1 << 20 ? 23 : 0))
        }

        /// Nothing listens, no such name, no such scheme, a TLS handshake with a server that speaks none.
        @Test func whatNeverConnectsIsNotSent() async throws {
            let plain = LoopbackServer { _, peer in
                _ = peer.read(1)
                peer.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            }
            let gone = LoopbackServer { _, _ in }
            gone.stop()
            defer { plain.stop() }
            for url in [
                "http://127.0.0.1:\(gone.port)/", "https://127.0.0.1:\(plain.port)/", "ftp://127.0.0.1:\(plain.port)/",
                "file:///etc/passwd", "smtp://127.0.0.1:\(plain.port)/", "nonsense://x", "http://",
                "http://user name@127.0.0.1:\(plain.port)/",
            ] {
                let (answer, outcome) = try await exchange(post(url), timeout: .milliseconds(500))
                #expect(answer?.phase == .notSent, "\(url)")
                guard case .refused = outcome else {
                    Issue.record("\(url): \(String(describing: outcome))")
                    continue
                }
            }
        }

        /// A line break that would make a header or a command of its own: the handle refuses it and stays usable.
        @Test func lineBreaksAreNotSent() async throws {
            let server = HTTPServer { _ in .answer() }
            defer { server.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [1])
            defer { transport.shutdown(grace: .zero) }
            transport.submit([
                transfer(1, post(server.url, headers: ["X-A: 1\r\nX-B: 2"])), transfer(2, post(server.url + "\n")),
                transfer(3, .http(HTTPRequest(method: "GET / HTTP/1.1\r\nX-C: 3\r\n\r\nGET", url: server.url))),
                transfer(
                    4,
                    .mail(
                        MailRequest(
                            url: "smtp://127.0.0.1:\(server.port)", startTLS: false, sender: "a@example.com",
                            recipient: "b@example.com>\r\nRCPT TO:<c@example.com", message: [0x61]))),
                transfer(5, post(server.url)),
            ])
            let results = await gate.results.wait(for: 5)
            #expect(
                results.dropLast().allSatisfy {
                    $0.outcome == .refused(Refusal(.transient, .notConnected, detail: "curl 43"))
                })
            #expect(results.last?.outcome == .accepted(id: "{}"))
            #expect(server.requests.all.count == 1)
        }

        /// A connection that is accepted and then never serves TLS costs no more than the timeout.
        @Test func hangingHandshakeIsNotSent() async throws {
            let server = LoopbackServer { _, peer in peer.readToEnd() }
            defer { server.stop() }
            let (answer, _) = try await exchange(post("https://127.0.0.1:\(server.port)/"), timeout: .milliseconds(200))
            #expect(answer?.phase == .notSent)
            #expect(answer?.curlCode == 28)
        }

        @Test(.enabled(if: TLSServer.isAvailable)) func certificatesAreChecked() async throws {
            let server = try TLSServer()
            defer { server.stop() }
            let get = { (host: String) in
                WireRequest.http(HTTPRequest(method: "GET", url: "https://\(host):\(server.port)/"))
            }
            #expect(try await exchange(get("localhost")).answer?.curlCode == 60)
            #expect(try await exchange(get("127.0.0.1"), caFile: server.certificate).answer?.phase == .notSent)
            let trusted = try await exchange(get("localhost"), caFile: server.certificate)
            #expect(trusted.answer?.phase == .answered)
            #expect(trusted.answer?.status == 200)
        }
    }
}
