// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinTestKit
import ServiceLifecycle
import Synchronization
import Testing

@testable import DunlinServer

@Suite struct CallbackServerTests {
    /// What arrived, and which bodies were not read.
    private final class Desk: Sendable {
        let taken = Mutex<[(request: CallbackRequest, gateway: String)]>([])
        let tooLarge = Mutex<[String]>([])
        let refusals = Mutex<[String]>([])
    }

    private func withServer(_ test: @escaping @Sendable (Int, Desk) async throws -> Void) async throws {
        let desk = Desk()
        let (ports, told) = AsyncStream<Int>.makeStream()
        let server = try callbackServer(
            listen: "127.0.0.1:0", url: "https://dunlin.example.com/callbacks",
            clock: ManualClock("2026-11-22T12:00:00Z"),
            receive: { request, gateway in
                desk.taken.withLock { $0.append((request, gateway)) }
                return CallbackReply(status: 202, contentType: "text/xml", body: "<Response/>")
            }, tooLarge: { name in desk.tooLarge.withLock { $0.append(name) } },
            unsubscribe: { token, isConfirmed in
                desk.refusals.withLock { $0.append("\(token) \(isConfirmed)") }
                return token == "a1-x" ? isConfirmed ? .done : .asks : .unknown
            }, logger: quiet,
            onListening: { told.yield($0) })
        let group = ServiceGroup(configuration: .init(services: [server], logger: quiet))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports {
                try await test(port, desk)
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// As it was signed: the public address, the query as it came, the body byte for byte.
    @Test func handsOnWhatTheGatewaySent() async throws {
        try await withServer { port, desk in
            let answer = try await converse(
                port: port,
                "POST /deep/down/sms-main?a=tok%2F1&x=%20 HTTP/1.1\r\nHost: h\r\nX-Twilio-Signature: Sig\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9\r\n"
                    + "Content-Length: 4\r\nConnection: close\r\n\r\na=\u{1}b")
            #expect(answer.hasPrefix("HTTP/1.1 202") && answer.hasSuffix("\r\n\r\n<Response/>"))
            #expect(answer.lowercased().contains("content-type: text/xml"))
            let (request, gateway) = try #require(desk.taken.withLock { $0.first })
            #expect(gateway == "sms-main" && request.method == "POST")
            #expect(request.url == "https://dunlin.example.com/callbacks/sms-main?a=tok%2F1&x=%20")
            #expect(request.header("x-twilio-signature") == "Sig")
            #expect(request.body == Array("a=\u{1}b".utf8))
            // What the proxy on this machine says, not what somebody told the proxy.
            #expect(request.peer == "203.0.113.9")
            #expect(request.at == ManualClock("2026-11-22T12:00:00Z").now)
        }
    }

    @Test func oneMebibyteAndNoMore() async throws {
        try await withServer { port, desk in
            func post(_ size: Int) async throws -> String {
                try await converse(
                    port: port,
                    "POST /g HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\nConnection: close\r\n\r\n"
                        + String(repeating: "x", count: size))
            }
            let whole = try await post(1 << 20)
            let more = try await post(1 << 20 + 1)
            #expect(whole.hasPrefix("HTTP/1.1 202") && more.hasPrefix("HTTP/1.1 413"))
            #expect(desk.taken.withLock { $0.map(\.request.body.count) } == [1 << 20])
            #expect(desk.tooLarge.withLock { $0 } == ["g"])
        }
    }

    @Test func nobodyIsNobody() async throws {
        try await withServer { port, desk in
            let bare = try await converse(port: port, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            let put = try await converse(
                port: port, "PUT /g HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            #expect(bare.hasPrefix("HTTP/1.1 404") && put.hasPrefix("HTTP/1.1 404"))
            #expect(desk.taken.withLock { $0.isEmpty })
        }
    }

    /// RFC 8058: one POST is enough; whoever only looks at the link changes nothing.
    @Test func aLinkForNoMoreMails() async throws {
        try await withServer { port, desk in
            func ask(_ line: String, _ header: String = "", body: String = "") async throws -> String {
                try await converse(
                    port: port,
                    "\(line) HTTP/1.1\r\nHost: h\r\n\(header)Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
                )
            }
            let seen = try await ask("GET /callbacks/mail/unsubscribe?a=a1-x", "Accept-Language: fr-CH, de;q=0.9\r\n")
            #expect(seen.hasPrefix("HTTP/1.1 200") && seen.contains("<form method=\"post\">"))
            #expect(seen.contains("lang=\"fr\"") && seen.lowercased().contains("text/html"))
            let done = try await ask("POST /callbacks/mail/unsubscribe?a=a1-x", body: "List-Unsubscribe=One-Click")
            #expect(done.hasPrefix("HTTP/1.1 200") && !done.contains("<form") && done.contains("lang=\"en\""))
            let other = try await ask("POST /mail/unsubscribe?a=nonsense")
            #expect(other.hasPrefix("HTTP/1.1 404"))
            #expect(desk.refusals.withLock { $0 } == ["a1-x false", "a1-x true", "nonsense true"])
            #expect(desk.taken.withLock { $0.isEmpty })
        }
    }

    @Test(arguments: [
        ("", "en"), ("de-AT", "de"), ("nl, pt;q=0.5, it;q=0.7", "it"), ("zh-TW", "zh-Hant"), ("zh", "zh-Hans"),
        ("zh-CN;q=0.8, ja;q=0.8", "zh-Hans"), ("*", "en"), ("de;q=0, fr", "fr"), (",;q=,q", "en"), ("ar-EG", "ar"),
    ])
    func thePageSpeaksTheReadersLanguage(header: String, expected: String) {
        let page = UnsubscribePage(acceptLanguage: header)
        #expect(page.words.language == expected)
        let html = page.html(.asks).source
        #expect(html.contains("dir=\"rtl\"") == (expected == "ar") && html.contains(page.words.button))
    }

    /// Whoever floods the address is told to come again, and memory stays as it is.
    @Test func thereIsRoomForSoMuchAtOnce() {
        let room = CallbackRoom()
        for _ in 0..<64 { #expect(room.enter(1 << 20)) }
        #expect(!room.enter(1) && room.enter(0))
        room.leave(1 << 20)
        #expect(room.enter(1 << 20))
        let many = CallbackRoom()
        for _ in 0..<CallbackRoom.requests { #expect(many.enter(100)) }
        #expect(!many.enter(0))
    }
}
