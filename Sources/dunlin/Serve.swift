// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinGateways
import DunlinModel
import DunlinServer
import DunlinTime
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the daemon.",
        discussion: examples(
            "dunlin serve --config dunlin.yaml",
            "kill -HUP PID     # read configuration, packs and templates anew",
            "kill -TERM PID    # finish what is on the wire, then stop"))

    @OptionGroup var config: ConfigurationOption

    func run() async throws {
        let logger = Logger(label: "dunlin") { StreamLogHandler.standardError(label: $0) }
        let daemon = Daemon(
            configurationPath: config.path, clock: SystemClock(), environment: ProcessInfo.processInfo.environment,
            logger: logger)
        let path = config.path
        guard let configuration = try? config.load() else { throw DunlinErrors(errors: allErrors()) }
        // What the daemon would find out only after it had taken the ledger.
        let faults = try [configuration.listen, configuration.callbacks?.listen].compactMap(\.self)
            .compactMap { listenFault(try ListenAddress($0)) }
        guard faults.isEmpty else { throw DunlinErrors(errors: allErrors() + faults) }
        let operations = try operationsServer(
            listen: configuration.listen, health: { daemon.runtime?.daemon.isHealthy ?? false },
            status: { (try? StatusReader(configuration: Configuration(path: path)).status().json) ?? "{}" },
            metrics: { (try? StatusReader(configuration: Configuration(path: path)).status().metrics) ?? "" },
            logger: logger)
        var servers: [any Service] = [operations]
        if let callbacks = configuration.callbacks {
            servers.append(
                try callbackServer(
                    listen: callbacks.listen, url: callbacks.url, clock: SystemClock(),
                    knows: { daemon.callbackDesk?.knows($0) ?? true },
                    receive: { request, gateway in
                        guard let desk = daemon.callbackDesk else {
                            return CallbackReply(status: 503, body: "come again\n")
                        }
                        return await desk.receive(request, for: gateway)
                    }, tooLarge: { daemon.callbackDesk?.countMalformed(for: $0) },
                    unsubscribe: { await daemon.callbackDesk?.unsubscribe($0, confirmed: $1) ?? .failed },
                    logger: logger))
        }
        try await serve(daemon, beside: servers, logger: logger)
        // Everything is on the disk. 'exit' would run the destructors of C libraries beside threads that still run, such as those of
        // a second signal: that ended in a corrupt heap, once in some hundred stops.
        fflush(nil)
        _exit(0)
    }

    /// Everything that is wrong with the configuration and what it names, for whoever mends it.
    private func allErrors() -> [DunlinError] {
        ConfigurationCheck(path: config.path, secrets: .system, zones: ZoneDatabase()).errors
    }
}

/// Runs a daemon and its servers until a signal or the daemon's end.
func serve(_ daemon: Daemon, beside servers: [any Service], logger: Logger) async throws {
    let reloads = reloadOnHangup(daemon)
    defer { reloads.cancel() }
    var services = [
        ServiceGroupConfiguration.ServiceConfiguration(
            service: DaemonService(daemon: daemon), successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
    ]
    services += servers.map { .init(service: $0, failureTerminationBehavior: .gracefullyShutdownGroup) }
    let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
}

/// The daemon as a service: its loop has a thread of its own, so that it never waits in the cooperative pool.
struct DaemonService: Service {
    let daemon: Daemon

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await withCheckedThrowingContinuation { continuation in
                let thread = Thread { [daemon] in continuation.resume(with: Result { try daemon.run() }) }
                thread.name = "engine"
                thread.stackSize = 8 << 20
                thread.start()
            }
        } onGracefulShutdown: {
            daemon.stop()
        }
    }
}

private func reloadOnHangup(_ daemon: Daemon) -> any DispatchSourceSignal {
    signal(SIGHUP, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
    source.setEventHandler { daemon.reload() }
    source.resume()
    return source
}
