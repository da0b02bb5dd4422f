// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import ServiceLifecycle
import Testing

@testable import DunlinServer

@Suite struct OperationsServerTests {
    /// Runs a test against a server on a free port.
    func withServer(isHealthy: Bool, _ test: @escaping @Sendable (Int) async throws -> Void) async throws {
        let (ports, told) = AsyncStream<Int>.makeStream()
        let server = try operationsServer(
            listen: "127.0.0.1:0", health: { isHealthy }, status: { #"{"states":{}}"# },
            metrics: { "dunlin_up 1\n" }, logger: quiet,
            onListening: { told.yield($0) })
        let group = ServiceGroup(configuration: .init(services: [server], logger: quiet))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports {
                try await test(port)
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test(arguments: [(true, "HTTP/1.1 200 OK", "ok\n"), (false, "HTTP/1.1 503 Service Unavailable", "failing\n")])
    func saysHowItIs(isHealthy: Bool, status: String, word: String) async throws {
        try await withServer(isHealthy: isHealthy) { port in
            let health = try await request("GET", "/health", port: port)
            #expect(health.hasPrefix(status) && health.hasSuffix("\r\n\r\n" + word))
            let json = try await request("GET", "/status", port: port)
            #expect(json.hasPrefix("HTTP/1.1 200") && json.hasSuffix("\r\n\r\n" + #"{"states":{}}"#))
            #expect(json.lowercased().contains("content-type: application/json"))
            let metrics = try await request("GET", "/metrics", port: port)
            #expect(metrics.hasSuffix("\r\n\r\ndunlin_up 1\n") && metrics.contains("text/plain; version=0.0.4"))
            #expect(try await request("GET", "/", port: port).hasPrefix("HTTP/1.1 404"))
            #expect(try await request("POST", "/health", port: port).hasPrefix("HTTP/1.1 404"))
        }
    }

    @Test func saysThatThePortIsTaken() async throws {
        try await withServer(isHealthy: true) { port in
            let rival = try operationsServer(
                listen: "127.0.0.1:\(port)", health: { true }, status: { "" }, metrics: { "" }, logger: quiet)
            let error = await #expect(throws: DunlinError.self) { try await rival.run() }
            #expect(error?.what == "cannot listen on 127.0.0.1:\(port)")
            #expect(error?.kind == .failure)
        }
    }

    @Test(arguments: [
        ("127.0.0.1:8025", "127.0.0.1", 8025), ("localhost:0", "localhost", 0), ("[::1]:65535", "::1", 65535),
        ("0.0.0.0:80", "0.0.0.0", 80),
    ])
    func readsAddresses(text: String, host: String, port: Int) throws {
        let address = try ListenAddress(text)
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address.description == text)
    }

    @Test(arguments: [
        "", "8025", ":8025", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
        "127.0.0.1:http",
        "::1:8025", "[]:80", "http://127.0.0.1:8025", "127.0.0.1 :80", "127.0.0.1:99999999999999999999",
    ])
    func refusesOtherTexts(text: String) {
        let error = #expect(throws: DunlinError.self) {
            try operationsServer(listen: text, health: { true }, status: { "" }, metrics: { "" }, logger: quiet)
        }
        #expect(error?.kind == .usage)
        #expect(error?.what == "listen: \"\(text)\"")
        #expect(error?.remedy.contains("127.0.0.1:8025") == true)
    }
}
