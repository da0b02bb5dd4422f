// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Glibc
import Testing

@testable import DunlinGateways

extension TransportTests {
    /// Each gateway through the real transport, against servers that behave in every way there is.
    @Suite struct ConformanceWire {
        @Test(arguments: Fixture.names) func behaviours(name: String) async throws {
            try await Turns.shared.take { try await WirePlay(Fixture.named(name)).run() }
        }

        /// A kept connection that dies when the next request is on it: libcurl alone would send that again.
        @Test(arguments: Fixture.names) func aDroppedRequestIsNotRepeated(name: String) async throws {
            let fixture = try Fixture.named(name)
            guard let yes = fixture.accepted?.answer else { return }
            let seen = Log<HTTPServer.Request>()
            let scene = WireBehaviour.Scene(yes: yes, elsewhere: "")
            let server = LoopbackServer { connection, peer in
                for number in 1... {
                    guard let request = readRequest(peer) else { return }
                    seen.append([request])
                    guard connection > 1 || number == 1 else { return }
                    peer.write(scene.whole)
                }
            }
            defer { server.stop() }
            let gateway = try fixture.gateway()
            let request = try gateway.adapter.httpRequest(fixture.message).pointed(
                to: "http://127.0.0.1:\(server.port)")
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [1])
            // Both at once, one after the other in their lane: a pause between them might outlast the kept connection.
            transport.submit([1, 2].map { transfer($0, .http(request), adapter: gateway.adapter) })
            _ = await gate.results.wait(for: 2)
            transport.shutdown(grace: .zero)
            let got = gate.results.all.map(\.outcome.wordsWithReason)
            if got != [fixture.accepted?.meaning, "unknown connection-lost"] {
                complain(name, "a dropped request: expected a yes and 'unknown connection-lost', got \(got)")
            }
            if seen.all.count != 2 { complain(name, "of two requests the gateway has seen \(seen.all.count)") }
        }
    }
}

/// All behaviours at once against one gateway: one transport, a server for each.
private struct WirePlay {
    let fixture: Fixture
    let gateway: Gateway
    let request: HTTPRequest

    init(_ fixture: Fixture) throws {
        self.fixture = fixture
        gateway = try fixture.gateway()
        request = try gateway.adapter.httpRequest(fixture.message)
    }

    func run() async throws {
        guard let yes = fixture.accepted else {
            return complain("\(fixture.name).yaml", "no row under 'answers' is 'accepted'")
        }
        let elsewhere = LoopbackServer { _, peer in peer.readToEnd() }
        let scene = WireBehaviour.Scene(yes: yes.answer, elsewhere: "http://127.0.0.1:\(elsewhere.port)/")
        let stages = WireBehaviour.all.map { Stage($0, scene) }
        let gate = RecordingGuard()
        let transport = try Transport(guard: gate, lanes: [stages.count])
        transport.submit(
            stages.enumerated().map { number, stage in
                transfer(
                    Int64(number), .http(request.pointed(to: stage.url)), adapter: gateway.adapter,
                    timeout: stage.behaviour.timeout)
            })
        let results = await gate.results.wait(for: stages.count)
        transport.shutdown(grace: .zero)
        for stage in stages { stage.stop() }
        elsewhere.stop()

        for (number, stage) in stages.enumerated() {
            let outcomes = results.filter { $0.transfer.attempt == number }.map(\.outcome)
            check(stage, yes, outcomes)
        }
        if elsewhere.connectionCount > 0 { complain(fixture.name, "a redirect has been followed") }
    }

    private func check(_ stage: Stage, _ yes: Fixture.Row, _ outcomes: [Outcome]) {
        let place = "\(fixture.name), \(stage.behaviour.name)"
        let seen = stage.seen.all
        var expected =
            switch stage.behaviour.meaning {
            case .yes: yes.meaning
            case .words(let words): words
            case .wordsButForStatus(let words): fixture.accepts(byStatus: yes.answer.status) ? yes.meaning : words
            }
        // A machine that stood still for the whole of a short time-out has sent nothing, and must know it.
        if expected == "unknown timeout", seen.isEmpty { expected = "transient not-connected" }
        var got = outcomes.map(\.wordsWithReason)
        // Whose bare status is the yes may have no id to go with it.
        if case .wordsButForStatus = stage.behaviour.meaning, got == ["accepted"] {
            (got, expected) = (["accepted"], expected.hasPrefix("accepted") ? "accepted" : expected)
        }
        if got != [expected] { complain(place, "expected '\(expected)', got \(got) (\(outcomes.map(\.detail)))") }
        if seen.count > 1 { complain(place, "the gateway has seen the request \(seen.count) times") }
        if let request = seen.first { check(request, as: stage.url, place) }
    }

    /// What arrives is what the adapter wrote.
    private func check(_ seen: HTTPServer.Request, as url: String, _ place: String) {
        let request = request.pointed(to: url)
        let path = request.url.dropFirst(url.count)
        let first = "\(request.method) \(path.isEmpty ? "/" : path) HTTP/1.1"
        if seen.head.first != first {
            complain(place, "expected '\(first)' on the wire, got '\(seen.head.first ?? "")'")
        }
        let basic = request.basicAuth.map { ["Authorization: Basic " + base64($0.utf8)] } ?? []
        for line in request.headers + basic where !seen.head.contains(line) && !line.lowercased().hasPrefix("host:") {
            complain(place, "the header \(line.prefix { $0 != ":" }) did not arrive as it was written")
        }
        if Array(seen.body.utf8) != request.body { complain(place, "the body did not arrive as it was written") }
    }
}

/// A behaviour and its server.
private struct Stage {
    let behaviour: WireBehaviour
    let seen = Log<HTTPServer.Request>()
    let url: String
    private let server: LoopbackServer?
    private let closed: ClosedPort?

    init(_ behaviour: WireBehaviour, _ scene: WireBehaviour.Scene) {
        self.behaviour = behaviour
        let seen = seen
        guard behaviour.line != .closed else {
            let closed = ClosedPort()
            (url, server, self.closed) = ("http://127.0.0.1:\(closed.port)", nil, closed)
            return
        }
        let server = LoopbackServer { _, peer in
            if behaviour.line == .open {
                guard let request = readRequest(peer) else { return }
                seen.append([request])
            }
            behaviour.serve(peer, scene)
        }
        let scheme = behaviour.line == .unready ? "https" : "http"
        (url, self.server, closed) = ("\(scheme)://127.0.0.1:\(server.port)", server, nil)
    }

    func stop() {
        server?.stop()
        closed?.stop()
    }
}

/// A port that is taken, so that no other test gets it, and on which nobody listens.
private struct ClosedPort {
    let port: Int
    private let descriptor: Int32

    init() {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(descriptor, $0, length) == 0)
                getsockname(descriptor, $0, &length)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
    }

    func stop() { close(descriptor) }
}

extension HTTPRequest {
    /// The same request to another server: only scheme and host of the URL differ.
    fileprivate func pointed(to server: String) -> HTTPRequest {
        var copy = self
        let host = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        copy.url = server + host.drop { !"/?#".contains($0) }
        return copy
    }
}

/// Lets a few tests in at a time: each has two dozen servers and watches the clock.
private actor Turns {
    static let shared = Turns(4)
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ free: Int) { self.free = free }

    nonisolated func take(_ body: () async throws -> Void) async rethrows {
        await enter()
        do { try await body() } catch {
            await leave()
            throw error
        }
        await leave()
    }

    private func enter() async {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
    }

    private func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
