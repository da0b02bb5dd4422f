// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Synchronization
import Testing

@testable import DunlinGateways

extension TransportTests {
    @Suite struct Life {
        @Test func everyTransferEndsOnce() async throws {
            let server = HTTPServer { _ in .answer() }
            defer { server.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [16, 16])
            let request = post(server.url)
            for batch in 0..<20 {
                transport.submit((0..<500).map { transfer(Int64(batch * 500 + $0), request, lane: $0 % 2) })
            }
            let results = await gate.results.wait(for: 10_000)
            transport.shutdown(grace: .zero)
            #expect(results.map(\.transfer.attempt).sorted() == Array(0..<10_000))
            #expect(gate.results.all.count == 10_000)
            #expect(results.allSatisfy { $0.outcome == .accepted(id: "{}") })
            #expect(gate.asked.all.sorted() == Array(0..<10_000))
            #expect(server.requests.all.count == 10_000)
            #expect(server.connectionCount <= 32)
        }

        /// The server lets the first answers go when as many requests are in it as each lane may have.
        @Test func concurrencyIsReachedAndNeverExceeded() async throws {
            let barriers = [Barrier(3), Barrier(5)]
            let inside = Mutex([0, 0]), most = Mutex([0, 0])
            let server = HTTPServer { request in
                let lane = Int(request.body)!
                let now = inside.withLock { inside in
                    inside[lane] += 1
                    return inside[lane]
                }
                most.withLock { $0[lane] = max($0[lane], now) }
                barriers[lane].pass()
                inside.withLock { $0[lane] -= 1 }
                return .answer()
            }
            defer { server.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [3, 5])
            transport.submit((0..<400).map { transfer(Int64($0), post(server.url, body: "\($0 % 2)"), lane: $0 % 2) })
            _ = await gate.results.wait(for: 400)
            transport.shutdown(grace: .zero)
            #expect(most.withLock { $0 } == [3, 5])
            #expect(server.connectionCount == 8)
        }

        @Test func lanesMayChangeWhileRunning() async throws {
            let server = HTTPServer { _ in .answer() }
            defer { server.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [0])
            transport.submit((0..<10).map { transfer($0, post(server.url)) })
            transport.setLanes([0, 2])
            transport.submit((10..<20).map { transfer($0, post(server.url), lane: 1) })
            let first = await gate.results.wait(for: 10)
            #expect(first.allSatisfy { $0.transfer.lane == 1 })
            transport.setLanes([4, 2])
            #expect(await gate.results.wait(for: 20).count == 20)
            transport.shutdown(grace: .zero)
        }

        @Test func refusedTransfersNeverReachTheWire() async throws {
            let server = HTTPServer { _ in .answer() }
            defer { server.stop() }
            let gate = RecordingGuard { $0.attempt % 2 == 0 ? .paused : nil }
            let transport = try Transport(guard: gate, lanes: [4])
            transport.submit((0..<100).map { transfer($0, post(server.url, body: "\($0)")) })
            let results = await gate.results.wait(for: 100)
            transport.shutdown(grace: .zero)
            for result in results {
                #expect(
                    result.outcome == (result.transfer.attempt % 2 == 0 ? .withdrawn(.paused) : .accepted(id: "{}")))
            }
            #expect(server.requests.all.compactMap { Int($0.body) }.sorted() == Array(stride(from: 1, to: 100, by: 2)))
        }

        @Test func refusedMailNeverLeaves() async throws {
            let server = SMTPServer()
            defer { server.stop() }
            let gate = RecordingGuard { _ in .windowClosed }
            let transport = try Transport(guard: gate, lanes: [1])
            transport.submit([transfer(1, TransportTests.Mail.mail(server))])
            #expect(await gate.results.wait(for: 1).first?.outcome == .withdrawn(.windowClosed))
            transport.shutdown(grace: .zero)
            #expect(!server.commands.all.contains { $0.hasPrefix("MAIL") })
        }

        /// Two on the wire finish, one that is still connecting and those that wait do not start.
        @Test func waitingTransfersAreWithdrawn() async throws {
            let barrier = Barrier(3)
            let server = HTTPServer { _ in
                barrier.pass()
                return .answer()
            }
            let silent = LoopbackServer { _, peer in peer.readToEnd() }  // never gets through its TLS handshake
            defer { server.stop() }
            defer { silent.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [2, 1])
            transport.submit((0..<10).map { transfer($0, post(server.url)) })
            transport.submit([transfer(10, post("https://127.0.0.1:\(silent.port)/"), lane: 1)])
            _ = await server.requests.wait(for: 2)
            transport.withdrawWaiting(.paused)
            let withdrawn = await gate.results.wait(for: 9)
            #expect(withdrawn.map(\.transfer.attempt).sorted() == Array(2...10))
            #expect(withdrawn.allSatisfy { $0.outcome == .withdrawn(.paused) })
            barrier.pass()
            let results = await gate.results.wait(for: 11)
            #expect(results.suffix(2).allSatisfy { $0.outcome == .accepted(id: "{}") })
            #expect(server.requests.all.count == 2)
            transport.submit([transfer(11, post(server.url))])  // a pause is not an end
            #expect(await gate.results.wait(for: 12).last?.outcome == .accepted(id: "{}"))
            transport.shutdown(grace: .zero)
        }

        /// Of one lane, and neither what is on its wire nor the questions that wait there.
        @Test func recallTakesTheMessagesOfOneLane() async throws {
            let server = HTTPServer { _ in .hold }
            let silent = LoopbackServer { _, peer in peer.readToEnd() }  // never gets through its TLS handshake
            defer { server.stop() }
            defer { silent.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [1, 1, 1])
            var question = transfer(2, post(server.url))
            question.slot = nil
            transport.submit([transfer(1, post(server.url)), question, transfer(3, post(server.url))])
            transport.submit((4...5).map { transfer($0, post(server.url), lane: 1) })
            transport.submit((6...7).map { transfer($0, post("https://127.0.0.1:\(silent.port)/"), lane: 2) })
            _ = await server.requests.wait(for: 2)
            transport.recall(0, because: .gatewayUnavailable)
            transport.recall(2, because: .gatewayUnavailable)
            let recalled = await gate.results.wait(for: 3)
            #expect(recalled.map(\.transfer.attempt).sorted() == [3, 6, 7])
            #expect(recalled.allSatisfy { $0.outcome == .withdrawn(.gatewayUnavailable) })
            transport.shutdown(grace: .zero)
            #expect(gate.results.all.count == 7)
            #expect(server.requests.all.count == 2)
        }

        @Test func shutdownEndsEverything() async throws {
            let server = HTTPServer { _ in .hold }
            defer { server.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [2])
            transport.submit((0..<5).map { transfer($0, post(server.url)) })
            _ = await server.requests.wait(for: 2)
            transport.shutdown(grace: .milliseconds(50))
            transport.shutdown(grace: .seconds(9))
            transport.submit([transfer(5, post(server.url))])
            let outcomes = Dictionary(grouping: gate.results.all, by: \.outcome).mapValues(\.count)
            #expect(
                outcomes == [
                    .withdrawn(.shuttingDown): 4, .unknown(.shuttingDown, detail: "stopped before the answer"): 2,
                ])
        }

        @Test func shutdownLetsTheWireFinish() async throws {
            let barrier = Barrier(2)
            let server = HTTPServer { _ in
                barrier.pass()
                return .answer()
            }
            defer { server.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [1])
            transport.submit([transfer(1, post(server.url)), transfer(2, post(server.url))])
            _ = await server.requests.wait(for: 1)
            async let end: Void = Task.detached { transport.shutdown(grace: .seconds(20)) }.value
            #expect(await gate.results.wait(for: 1).first?.outcome == .withdrawn(.shuttingDown))
            barrier.pass()
            await end
            #expect(gate.results.all.last?.outcome == .accepted(id: "{}"))
        }

        /// Sockets, epoll instances and event descriptors of the process, and its transport threads.
        private static func resources() throws -> (descriptors: Int, threads: Int) {
            let files = FileManager.default
            let links = try files.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
                try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
            }
            let names = try files.contentsOfDirectory(atPath: "/proc/self/task").compactMap {
                try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)
            }
            return (
                links.count { $0.hasPrefix("socket:") || $0.hasPrefix("anon_inode:[event") },
                names.count { $0 == "transport\n" }
            )
        }

        /// In a process of its own, where nobody else opens and closes.
        @Test func shutdownLeavesNothingBehind() async {
            await #expect(processExitsWith: .success) {
                func useAndStop() async throws {
                    let server = HTTPServer { $0.number == 1 ? .answer() : .hold }
                    let mail = SMTPServer()
                    defer { server.stop() }
                    defer { mail.stop() }
                    let gate = RecordingGuard()
                    let transport = try Transport(guard: gate, lanes: [4, 1])
                    transport.submit([transfer(0, TransportTests.Mail.mail(mail), lane: 1)])
                    transport.submit((1...8).map { transfer($0, post(server.url)) })
                    _ = await gate.results.wait(for: 5)
                    #expect(try Life.resources().threads == 1)
                    transport.shutdown(grace: .zero)
                    #expect(gate.results.all.count == 9)
                }
                try await useAndStop()  // the first use opens what the process keeps
                let before = try Life.resources()
                for _ in 0..<5 { try await useAndStop() }
                let after = try Life.resources()
                #expect(after.threads == 0)
                #expect(after.descriptors == before.descriptors)
            }
        }

        /// libcurl closes a socket that is still connecting without a word (7.88 to 8.2, curl#11439). Whatever has its number
        /// by the end is somebody else's. In a process of its own, so that nobody else takes the numbers.
        @Test func shutdownLeavesTheSocketsOfOthersAlone() async {
            await #expect(processExitsWith: .success) {
                let port = HangingPort()
                let gate = RecordingGuard()
                let transport = try Transport(guard: gate, lanes: [8])
                let url = "http://127.0.0.1:\(port.port)/"
                transport.submit((0..<8).map { transfer($0, post(url), timeout: .milliseconds(50)) })
                let results = await gate.results.wait(for: 8)
                #expect(
                    results.allSatisfy { $0.outcome == .refused(Refusal(.transient, .notConnected, detail: "curl 28")) }
                )
                let pairs = (0..<16).map { _ in SocketPair() }
                transport.shutdown(grace: .zero)
                #expect(pairs.allSatisfy { $0.isOpen })
            }
        }

        /// As libcurl itself would have ended them, and the lane goes on.
        @Test func forgottenTimeoutsEndTheirTransfers() async throws {
            let server = HTTPServer { $0.body == "hold" ? .hold : .answer() }
            let silent = LoopbackServer { _, peer in peer.readToEnd() }  // never gets through its TLS handshake
            defer { server.stop() }
            defer { silent.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [2])
            transport.loseTimers()
            transport.submit([
                transfer(1, post(server.url, body: "hold"), timeout: .milliseconds(50)),
                transfer(2, post("https://127.0.0.1:\(silent.port)/"), timeout: .milliseconds(50)),
                transfer(3, post(server.url)),
            ])
            let results = await gate.results.wait(for: 3).sorted { $0.transfer.attempt < $1.transfer.attempt }
            transport.shutdown(grace: .zero)
            #expect(
                results.map(\.outcome) == [
                    .unknown(.connectionLost, detail: "curl 28"),
                    .refused(Refusal(.transient, .notConnected, detail: "curl 28")), .accepted(id: "{}"),
                ])
        }

        /// What is on the wire ends as unknown, what is not as not connected, and a new multi serves the next ones.
        @Test func brokenMultiIsReplaced() async throws {
            let server = HTTPServer { $0.body == "hold" ? .hold : .answer() }
            defer { server.stop() }
            let gate = RecordingGuard()
            let transport = try Transport(guard: gate, lanes: [3])
            transport.submit([transfer(1, post(server.url, body: "hold"))])
            _ = await server.requests.wait(for: 1)
            transport.breakMulti()
            transport.submit([transfer(2, post(server.url)), transfer(3, post(server.url))])
            let results = await gate.results.wait(for: 3)
            for (transfer, outcome) in results {
                switch (transfer.attempt, outcome) {
                case (1, .unknown(.connectionLost, _)), (2, .refused), (3, .refused), (3, .accepted): break
                default: Issue.record("\(transfer.attempt): \(outcome)")
                }
            }
            transport.submit([transfer(4, post(server.url))])
            #expect(await gate.results.wait(for: 4).last?.outcome == .accepted(id: "{}"))
            transport.shutdown(grace: .zero)
            #expect(gate.results.all.count == 4)
        }

        /// The transport and the bare loop do the same work.
        @Test func benchmarksCountWhatTheServerSaw() throws {
            let server = HTTPServer { _ in .answer() }
            defer { server.stop() }
            let bare = try TransportBenchmark.bareLoop(url: server.url, requests: 300, concurrency: 4)
            let full = try TransportBenchmark.transport(url: server.url, requests: 300, concurrency: 4)
            #expect(bare.accepted == 300)
            #expect(full.accepted == 300)
            let seen = server.requests.all
            #expect(seen.count == 600)
            #expect(Set(seen.map(\.body)).count == 1)
            #expect(Set(seen.map { $0.header("authorization") }).count == 1)
        }
    }
}
