// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import FoundationEssentials
import Logging
import NIOCore
import NIOPosix

/// A page on this machine that shows a library's messages as people will read and hear them, and again whenever a file is
/// saved. Nothing leaves the machine, and the page loads nothing from elsewhere.
public actor PreviewServer {
    private struct Running {
        var http: HTTPListener
        var threads: MultiThreadedEventLoopGroup
    }

    private let port: Int
    private let pages: PreviewPages
    private var running: Running?

    /// - Parameters:
    ///   - port: 0 takes a free one, which `start` tells.
    ///   - source: The library.
    ///   - price: Of one SMS segment, in whatever currency; nil shows no cost.
    ///   - pace: Returns when it is time to look at the files again; throws to end.
    public init(
        port: Int, source: PreviewSource, price: Decimal?,
        pace: @escaping @Sendable () async throws -> Void = { try await Task.sleep(for: .milliseconds(300)) }
    ) {
        self.port = port
        pages = PreviewPages(desk: PreviewDesk(source: source), price: price, pace: pace)
    }

    /// Opens the port on 127.0.0.1 and tells it. Throws `DunlinError` if it cannot.
    public func start() async throws -> Int {
        if let running { return running.http.port }
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let http = try await HTTPListener.start(
                router: pages.router(), name: "dunlin-preview", address: ListenAddress(host: "127.0.0.1", port: port),
                threads: threads, logger: Logger(label: "dunlin.preview") { _ in SwiftLogNoOpLogHandler() })
            running = Running(http: http, threads: threads)
            return http.port
        } catch {
            try? await threads.shutdownGracefully()
            throw error
        }
    }

    /// Closes the port and every connection.
    public func stop() async {
        guard let stopped = running else { return }
        running = nil
        await stopped.http.stop()
        try? await stopped.threads.shutdownGracefully()
    }
}
