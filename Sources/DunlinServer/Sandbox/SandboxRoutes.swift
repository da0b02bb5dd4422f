// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Hummingbird
import NIOCore

/// A request's context that can reach the connection, to drop it without an answer.
struct SandboxContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any NIOCore.Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// Thrown after the line was closed on purpose: there is nobody left to answer.
private struct LineClosed: Error {}

/// The stand-ins' addresses and the outbox.
func sandboxRouter(reception: Reception, slowAnswer: Duration, smtpPort: Int) -> Router<SandboxContext> {
    let router = Router(context: SandboxContext.self)

    @Sendable func serve(_ standIn: some StandIn, _ request: Request, _ context: SandboxContext) async throws
        -> Response
    {
        let reply = reception.receive(try await standInRequest(request, context), by: standIn)
        switch reply.manner {
        case .atOnce: break
        case .late: try await Task.sleep(for: slowAnswer)
        case .never:
            try? await context.channel.close()
            throw LineClosed()
        }
        return response(reply.response)
    }

    let twilio = router.group("2010-04-01/Accounts/:account")
    twilio.post("Messages.json") { try await serve(TwilioStandIn(resource: .messages), $0, $1) }
    twilio.post("Calls.json") { try await serve(TwilioStandIn(resource: .calls), $0, $1) }
    router.get("cgi-bin/sendsms") { try await serve(KannelStandIn(), $0, $1) }
    // Kannel takes a POST only as plain text or XML with headers of its own; nobody should find that out in production.
    router.post("cgi-bin/sendsms") { _, _ in response(.plain(400, "Invalid content-type")) }
    router.post("sms") { try await serve(JSONStandIn(), $0, $1) }

    router.get("/") { request, _ in
        let view = OutboxView(query: request.uri.query ?? "")
        let authority = request.head.authority ?? "127.0.0.1"
        let page = outboxPage(reception.outbox, view: view, authority: authority, smtpPort: smtpPort)
        return pageResponse(page)
    }
    router.get("messages.json") { request, _ in
        outboxJSON(OutboxView(query: request.uri.query ?? "").filter(reception.outbox.messages))
    }
    return router
}

private func standInRequest(_ request: Request, _ context: SandboxContext) async throws -> StandInRequest {
    let body = try await request.body.collect(upTo: 1 << 20)
    return StandInRequest(
        account: context.parameters.get("account") ?? "", authorization: request.headers[.authorization],
        contentType: request.headers[.contentType], query: request.uri.query ?? "", body: Array(body.readableBytesView))
}

private func response(_ answer: StandInResponse) -> Response {
    var headers: HTTPFields = [.contentType: "\(answer.contentType); charset=utf-8"]
    if let seconds = answer.retryAfter { headers[.retryAfter] = String(seconds) }
    return Response(
        status: .init(code: answer.status), headers: headers, body: .init(byteBuffer: ByteBuffer(string: answer.body)))
}

private func pageResponse(_ page: HTML) -> Response {
    let headers: HTTPFields = [
        .contentType: "text/html; charset=utf-8",
        .cacheControl: "no-store",
        .xContentTypeOptions: "nosniff",
        // Mail is shown without letting it load or run anything.
        .contentSecurityPolicy: """
        default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; \
        frame-ancestors 'none'
        """,
    ]
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: page.source)))
}

/// All messages as one JSON array, written as it is read: ten thousand mails need not fit into memory twice.
private func outboxJSON(_ messages: [SandboxMessage]) -> Response {
    let body = ResponseBody { writer in
        var text = Array("[".utf8)
        for (index, message) in messages.enumerated() {
            text += (index == 0 ? "\n" : ",\n").utf8
            message.json.write(to: &text)
            guard text.count > 1 << 16 else { continue }
            try await writer.write(ByteBuffer(bytes: text))
            text.removeAll(keepingCapacity: true)
        }
        text += "\n]\n".utf8
        try await writer.write(ByteBuffer(bytes: text))
        try await writer.finish(nil)
    }
    return Response(status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"], body: body)
}
