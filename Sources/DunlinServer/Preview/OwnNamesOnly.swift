// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// Refuses requests for another name than this machine's own: a page from elsewhere may have its name lead to 127.0.0.1
/// (DNS rebinding), and would then read ours as one of its own.
struct OwnNamesOnly<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard isOwnName(of: request.head.authority ?? "") else { return Response(status: .misdirectedRequest) }
        return try await next(request, context)
    }
}

/// Whether `authority`, with or without a port, names this machine.
func isOwnName(of authority: String) -> Bool {
    let names = ["127.0.0.1", "localhost", "[::1]"]
    let asked = authority.lowercased()
    return names.contains { asked == $0 || asked.hasPrefix("\($0):") }
}
