// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The daemon's own HTTP server: `GET /health` for a supervisor, `GET /status` for people and monitoring, `GET /metrics` for
/// Prometheus.
///
/// - Parameters:
///   - listen: An address and a port such as `127.0.0.1:8025` or `[::1]:8025`; port 0 takes a free one.
///   - health: Whether reminders can leave: 200 `ok`, or 503 `failing`.
///   - status: The JSON that `dunlin status --json` prints.
///   - metrics: The same in Prometheus' text format.
///   - onListening: Told the port once it is open.
/// - Returns: A service that throws `DunlinError` from `run` if the port cannot be opened.
/// - Throws: `DunlinError` if `listen` is no address and port.
public func operationsServer(
    listen: String, health: @escaping @Sendable () async -> Bool, status: @escaping @Sendable () async -> String,
    metrics: @escaping @Sendable () async -> String, logger: Logger,
    onListening: @escaping @Sendable (Int) async -> Void = { _ in }
) throws -> some Service {
    let router = Router()
    // The API, the gateways' webhooks and the console will join here, each as a function that adds its routes.
    addOperations(to: router, health: health, status: status, metrics: metrics)
    let address = try ListenAddress(listen)
    let application = Application(
        router: router,
        configuration: .init(address: .hostname(address.host, port: address.port), serverName: "dunlin"),
        onServerRunning: { await onListening($0.localAddress?.port ?? address.port) },
        logger: logger)
    return HTTPService(application: application, address: address)
}

private func addOperations(
    to router: Router<BasicRequestContext>, health: @escaping @Sendable () async -> Bool,
    status: @escaping @Sendable () async -> String, metrics: @escaping @Sendable () async -> String
) {
    router.get("health") { _, _ in
        let isHealthy = await health()
        return answer(isHealthy ? .ok : .serviceUnavailable, "text/plain", isHealthy ? "ok\n" : "failing\n")
    }
    router.get("status") { _, _ in answer(.ok, "application/json", await status()) }
    router.get("metrics") { _, _ in answer(.ok, "text/plain; version=0.0.4; charset=utf-8", await metrics()) }
}

private func answer(_ status: HTTPResponse.Status, _ contentType: String, _ body: String) -> Response {
    Response(
        status: status,
        headers: [.contentType: contentType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
        body: .init(byteBuffer: ByteBuffer(string: body)))
}
