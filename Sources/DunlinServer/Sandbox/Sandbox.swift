// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// A stand-in for SMS, voice and mail gateways with an outbox to look at in a browser. Nothing leaves the machine.
///
/// It takes Twilio's Messages.json and Calls.json, Kannel's sendsms, `POST /sms` with JSON, and SMTP; `GET /` shows what
/// came, `GET /messages.json` gives it to scripts. The newest 10,000 messages are kept in memory, all are counted.
public final class Sandbox: Service {
    public struct Ports: Hashable, Sendable {
        public var http: Int
        public var smtp: Int
    }

    /// How many messages of a channel met which answer.
    public struct Total: Hashable, Sendable {
        public var accepted = 0
        public var refused = 0
        public var unanswered = 0
        public var all: Int { accepted + refused + unanswered }
    }

    private struct Running {
        var ports: Ports
        var threads: MultiThreadedEventLoopGroup
        var http: HTTPListener
    }

    private let host: String
    private let wanted: Ports
    private let slowAnswer: Duration
    private let reception: Reception
    private let logger: Logger
    private let running = Mutex<Running?>(nil)

    /// - Parameters:
    ///   - host: The address to listen on; anything but loopback lets others read the outbox.
    ///   - httpPort: 0 takes a free one, which `start` tells; the same for `smtpPort`.
    ///   - clock: Stamps what comes in.
    ///   - slowAnswer: How long numbers that end in 0004 are kept waiting.
    ///   - seed: Makes the ids given out differ from those of another run.
    ///   - logger: Nothing is logged where none is given.
    public init(
        host: String = "127.0.0.1", httpPort: Int = 0, smtpPort: Int = 0, clock: any Clock,
        slowAnswer: Duration = .seconds(5), seed: UInt64 = .random(in: 0...UInt64.max), logger: Logger? = nil
    ) {
        self.host = host
        wanted = Ports(http: httpPort, smtp: smtpPort)
        self.slowAnswer = slowAnswer
        reception = Reception(outbox: Outbox(), clock: clock, seed: seed)
        self.logger = logger ?? Logger(label: "dunlin.sandbox") { _ in SwiftLogNoOpLogHandler() }
    }

    /// What came in, oldest first: the newest 10,000, or as many as fit into 128 MiB.
    public var messages: [SandboxMessage] { reception.outbox.messages }

    /// How many messages came in on each channel, also those no longer kept.
    public var totals: [DunlinModel.Channel: Total] { reception.outbox.totals }

    /// Opens both ports and returns; where they are open already, tells them again. Throws `DunlinError` if it cannot.
    @discardableResult
    public func start() async throws -> Ports {
        if let ports = running.withLock({ $0?.ports }) { return ports }
        // One thread for everything: the sandbox shares the machine with the daemon that is tried out.
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let smtp = try await listenSMTP(on: threads)
            let http = try await HTTPListener.start(
                router: sandboxRouter(reception: reception, slowAnswer: slowAnswer, smtpPort: smtp),
                name: "dunlin-sandbox", address: ListenAddress(host: host, port: wanted.http), threads: threads,
                logger: logger)
            let ports = Ports(http: http.port, smtp: smtp)
            running.withLock { $0 = Running(ports: ports, threads: threads, http: http) }
            return ports
        } catch {
            try? await threads.shutdownGracefully()
            throw error
        }
    }

    /// Closes both ports and every connection. What was received can still be read.
    public func stop() async {
        let stopped = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let stopped else { return }
        await stopped.http.stop()
        try? await stopped.threads.shutdownGracefully()
    }

    /// Starts if need be, and serves until the service group shuts down.
    public func run() async throws {
        try await start()
        // Cancellation ends the wait as a shutdown does.
        try? await gracefulShutdown()
        await stop()
    }

    private func listenSMTP(on threads: MultiThreadedEventLoopGroup) async throws -> Int {
        let reception = reception
        let bootstrap = ServerBootstrap(group: threads)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(SMTPHandler(reception: reception))
                }
            }
        let address = ListenAddress(host: host, port: wanted.smtp)
        do {
            let channel = try await bootstrap.bind(host: host, port: wanted.smtp).get()
            return channel.localAddress?.port ?? wanted.smtp
        } catch {
            throw listenError(error, at: address)
        }
    }
}
