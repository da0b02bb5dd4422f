// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// An HTTP server once it has started: it knows its port and can be stopped.
struct HTTPListener: Sendable {
    var port: Int
    private var group: ServiceGroup
    private var task: Task<Void, Never>

    /// Returns once the port is open. Throws `DunlinError` if it cannot be.
    static func start<Context: RequestContext>(
        router: Router<Context>, name: String, address: ListenAddress, threads: MultiThreadedEventLoopGroup,
        logger: Logger
    ) async throws -> HTTPListener where Context.Source == ApplicationRequestContextSource {
        let (ports, told) = AsyncThrowingStream<Int, any Error>.makeStream()
        let application = Application(
            router: router,
            configuration: .init(address: .hostname(address.host, port: address.port), serverName: name),
            onServerRunning: { told.yield($0.localAddress?.port ?? address.port) },
            eventLoopGroupProvider: .shared(threads), logger: logger)
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(2)
        let group = ServiceGroup(configuration: configuration)
        let task = Task {
            do {
                try await group.run()
                told.finish()
            } catch {
                told.finish(throwing: error)
            }
        }
        do {
            for try await port in ports { return HTTPListener(port: port, group: group, task: task) }
            throw CancellationError()
        } catch {
            throw listenError(error, at: address)
        }
    }

    /// Lets answers that are under way finish, for two seconds at most.
    func stop() async {
        await group.triggerGracefulShutdown()
        await task.value
    }
}

/// Hummingbird's application as a service whose errors people can read.
struct HTTPService<Application: ApplicationProtocol>: Service {
    var application: Application
    var address: ListenAddress

    func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw listenError(error, at: address)
        }
    }
}
