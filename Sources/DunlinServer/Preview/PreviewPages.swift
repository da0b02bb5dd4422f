// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import FoundationEssentials
import Hummingbird
import NIOCore
import ServiceLifecycle

/// The preview's addresses: `/` the page, `/mail` one mail for its frame, `/events` what tells the page of changes.
struct PreviewPages: Sendable {
    var desk: PreviewDesk
    /// Of one SMS segment.
    var price: Decimal?
    var pace: @Sendable () async throws -> Void

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: OwnNamesOnly())
        router.get("/") { request, _ in
            let choice = PreviewChoice(query: request.uri.query ?? "")
            let page = previewPage(await desk.refreshed(), choice: choice, price: price)
            return answer("text/html", page.source, policy: Self.pagePolicy)
        }
        router.get("mail") { request, _ in await mail(query: request.uri.query ?? "") }
        router.get("events") { _, _ in events() }
        router.get("preview.css") { _, _ in
            answer("text/css", palette.source + String(decoding: PackageResources.preview_css, as: UTF8.self))
        }
        router.get("preview.js") { _, _ in
            answer("text/javascript", String(decoding: PackageResources.preview_js, as: UTF8.self))
        }
        return router
    }

    /// The page runs its own script and styles, and nothing that stands in a template.
    private static let pagePolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    /// A mail has its styles inline, runs nothing and loads nothing. The page may look into it to learn its height.
    private static let mailPolicy = """
        sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'self'
        """

    private func mail(query: String) async -> Response {
        let choice = PreviewChoice(query: query)
        guard let name = choice.message, let language = choice.language,
            case .written(.email(let mail), _)? = await desk.refreshed().library?
                .write(choice.request(name, language: language, channel: .email))
        else { return answer("text/plain", "There is no such mail.\n", status: .notFound) }
        return answer("text/html", mail.html, policy: Self.mailPolicy)
    }

    /// Server-Sent Events (WHATWG HTML, section 9.2): the revision at once, and each later one as it comes up.
    private func events() -> Response {
        let body = ResponseBody { writer in
            var told: String?
            var silence = 0
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                let revision = await desk.refreshed().revision
                if revision != told {
                    try await writer.write(ByteBuffer(string: "event: revision\ndata: \(revision)\n\n"))
                    (told, silence) = (revision, 0)
                } else {
                    silence += 1
                    // A comment now and then: writing is how we learn that nobody listens any more.
                    if silence % 10 == 0 { try await writer.write(ByteBuffer(string: ":\n\n")) }
                }
                do { try await cancelWhenGracefulShutdown { try await pace() } } catch { break }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }

    private func answer(
        _ contentType: String, _ body: String, status: HTTPResponse.Status = .ok, policy: String? = nil
    ) -> Response {
        var headers: HTTPFields = [
            .contentType: "\(contentType); charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        headers[.contentSecurityPolicy] = policy
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}
