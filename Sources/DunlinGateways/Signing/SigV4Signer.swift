// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// AWS Signature Version 4, for every service but S3, which wants paths encoded once.
struct SigV4Signer: RequestSigner {
    let keyID: String
    let keySecret: Secret<String>
    let region: String
    let service: String

    /// What proxies may change or drop on the way; the same list as botocore's.
    private static let unsigned: Set<String> = [
        "authorization", "baggage", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "te", "traceparent", "tracestate", "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
    ]

    func sign(_ request: inout HTTPRequest, _ moment: SigningMoment) throws {
        let time = moment.at.wholeSeconds.filter { $0 != "-" && $0 != ":" }
        request.set("X-Amz-Date", time)
        let target = try request.target()
        let canonical = CanonicalRequest(
            method: request.method, path: SigV4Signer.path(target.path), query: CanonicalRequest.query(target.query),
            headers: CanonicalRequest.headers(of: request, host: target.host) {
                !SigV4Signer.unsigned.contains($0)
            } joined: { values in
                values.map { $0.split { $0 == " " || $0 == "\t" }.joined(separator: " ") }.joined(separator: ",")
            },
            bodyHash: CanonicalRequest.hash(request.body))
        let steps = [String(time.prefix(8)), region, service, "aws4_request"]
        let scope = steps.joined(separator: "/")
        let signature = hmacSHA256(
            "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(canonical.hash)", secret: "AWS4\(keySecret.revealed)", steps: steps)
        request.set(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=\(keyID)/\(scope), SignedHeaders=\(canonical.signedHeaders), "
                + "Signature=\(signature)")
    }

    /// Without empty and dot segments, and encoded once more than on the wire.
    private static func path(_ path: String) -> String {
        var segments: [String.UTF8View.SubSequence] = []
        for segment in path.utf8.split(separator: UInt8(ascii: "/")) {
            switch String(segment) {
            case ".": break
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        let end = path.utf8.last == UInt8(ascii: "/") && !segments.isEmpty ? "/" : ""
        return "/" + segments.map { CanonicalRequest.encoded($0) }.joined(separator: "/") + end
    }
}
