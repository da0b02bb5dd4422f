// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// The HTTP server that gateways call back: one path a gateway, `…/NAME`. It is meant to stand behind a proxy that ends TLS.
///
/// - Parameters:
///   - listen: An address and a port such as `127.0.0.1:8026`; port 0 takes a free one.
///   - url: How gateways reach it, without a slash at its end: what they sign.
///   - knows: Whether there is a gateway of that name; nothing is read for another.
///   - receive: Says what to answer to a callback for the gateway of that name.
///   - tooLarge: Told of a callback that was not read.
///   - unsubscribe: Takes the token of a link for no more mails; the flag says whether somebody confirmed it.
/// - Throws: `DunlinError` if `listen` is no address and port.
public func callbackServer(
    listen: String, url: String, clock: any DunlinModel.Clock,
    knows: @escaping @Sendable (String) -> Bool = { _ in true },
    receive: @escaping @Sendable (CallbackRequest, String) async -> CallbackReply,
    tooLarge: @escaping @Sendable (String) -> Void,
    unsubscribe: @escaping @Sendable (String, Bool) async -> Unsubscription, logger: Logger,
    onListening: @escaping @Sendable (Int) async -> Void = { _ in }
) throws -> some Service {
    let router = Router(context: CallbackContext.self)
    let desk = CallbackRoute(
        url: url, clock: clock, knows: knows, receive: receive, tooLarge: tooLarge, unsubscribe: unsubscribe)
    for method in [HTTPRequest.Method.get, .post] {
        router.on("**", method: method) { request, context in await desk.answer(request, context) }
    }
    let address = try ListenAddress(listen)
    let application = Application(
        router: router,
        configuration: .init(address: .hostname(address.host, port: address.port), serverName: "dunlin"),
        onServerRunning: { await onListening($0.localAddress?.port ?? address.port) },
        logger: logger)
    return HTTPService(application: application, address: address)
}

/// A request that knows where it came from.
private struct CallbackContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let remote: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remote = source.channel.remoteAddress?.ipAddress
    }
}

private struct CallbackRoute: Sendable {
    /// The longest body that is read.
    static let limit = 1 << 20

    let url: String
    let clock: any DunlinModel.Clock
    let knows: @Sendable (String) -> Bool
    let receive: @Sendable (CallbackRequest, String) async -> CallbackReply
    let tooLarge: @Sendable (String) -> Void
    let unsubscribe: @Sendable (String, Bool) async -> Unsubscription
    let room = CallbackRoom()

    func answer(_ request: Request, _ context: CallbackContext) async -> Response {
        // A proxy may pass the whole path on or cut its beginning: the name is what comes last.
        guard let name = request.uri.path.split(separator: "/").last.map(String.init) else {
            return reply(CallbackReply(status: 404, body: "no such gateway\n"))
        }
        if name == Gateways.unsubscribePath { return await answerReader(request) }
        guard knows(name) else { return reply(CallbackReply(status: 404, body: "no such gateway\n")) }
        let size = CallbackRoute.size(of: request)
        guard size <= CallbackRoute.limit else {
            tooLarge(name)
            return reply(CallbackReply(status: 413, body: "too large\n"))
        }
        guard room.enter(size) else { return reply(CallbackReply(status: 503, body: "come again\n")) }
        defer { room.leave(size) }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: CallbackRoute.limit)
        } catch {
            tooLarge(name)
            return reply(CallbackReply(status: 413, body: "too large\n"))
        }
        let query = request.uri.query.map { "?\($0)" } ?? ""
        let headers = request.headers.map { (name: $0.name.canonicalName, value: $0.value) }
        return reply(
            await receive(
                CallbackRequest(
                    method: request.method.rawValue, url: "\(url)/\(name)\(query)", headers: headers,
                    body: Array(body.readableBytesView), at: clock.now,
                    peer: CallbackRoute.peer(
                        context.remote, forwarded: headers.last { $0.name == "x-forwarded-for" }?.value)), name))
    }

    /// Somebody who got a mail, or their mail program; the body says nothing that the token does not.
    private func answerReader(_ request: Request) async -> Response {
        let state = await unsubscribe(request.uri.queryParameters["a"].map(String.init) ?? "", request.method == .post)
        let page = UnsubscribePage(acceptLanguage: request.headers[.acceptLanguage])
        return reply(
            CallbackReply(
                status: UnsubscribePage.status(state), contentType: "text/html; charset=utf-8",
                body: page.html(state).source))
    }

    /// How many bytes a body may have by its head; without a length it may have as many as are read.
    private static func size(of request: Request) -> Int {
        if let length = request.headers[.contentLength] { return Int(length).map { max(0, $0) } ?? limit }
        return request.method == .get ? 0 : limit
    }

    /// Who called: the proxy on this machine tells it last in `X-Forwarded-For`; what stands before that anybody may have written.
    static func peer(_ remote: String?, forwarded: String?) -> String? {
        guard let remote, remote == "::1" || remote.hasPrefix("127."), let last = forwarded?.split(separator: ",").last
        else { return remote }
        return last.filter { $0 != " " }
    }

    private func reply(_ reply: CallbackReply) -> Response {
        Response(
            status: .init(code: reply.status),
            headers: [.contentType: reply.contentType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: .init(byteBuffer: ByteBuffer(string: reply.body)))
    }
}

/// How many callbacks, and bytes of them, may be under way at once: whoever floods the address is told to come again, and the daemon's
/// memory stays as it is.
final class CallbackRoom: Sendable {
    static let requests = 1024
    static let bytes = 64 << 20

    private let taken = Mutex((requests: 0, bytes: 0))

    /// False where there is no room; otherwise `leave` must follow.
    func enter(_ size: Int) -> Bool {
        taken.withLock { taken in
            guard taken.requests < CallbackRoom.requests, taken.bytes + size <= CallbackRoom.bytes else { return false }
            taken.requests += 1
            taken.bytes += size
            return true
        }
    }

    func leave(_ size: Int) {
        taken.withLock { taken in
            taken.requests -= 1
            taken.bytes -= size
        }
    }
}
