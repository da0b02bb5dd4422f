// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Tencent Cloud TC3-HMAC-SHA256: content type, host and body are signed; action, version and region are not.
struct TC3Signer: RequestSigner {
    let secretID: String
    let secretKey: Secret<String>
    let service: String

    func sign(_ request: inout HTTPRequest, _ moment: SigningMoment) throws {
        request.set("X-TC-Timestamp", String(moment.at.seconds))
        // It is signed always, so there has to be one; this is what Tencent wants on GET.
        if !request.fields.contains(where: { $0.name == "content-type" }) {
            request.set("Content-Type", "application/x-www-form-urlencoded")
        }
        let target = try request.target()
        let canonical = CanonicalRequest(
            // The query counts on GET only, and as it is sent.
            method: request.method, path: target.path, query: request.method == "GET" ? target.query : "",
            headers: CanonicalRequest.headers(of: request, host: target.host) {
                $0 == "content-type" || $0 == "host"
            } joined: {
                $0.joined(separator: ",")
            },
            bodyHash: CanonicalRequest.hash(request.body))
        let steps = [String(moment.at.wholeSeconds.prefix(10)), service, "tc3_request"]
        let scope = steps.joined(separator: "/")
        let signature = hmacSHA256(
            "TC3-HMAC-SHA256\n\(moment.at.seconds)\n\(scope)\n\(canonical.hash)", secret: "TC3\(secretKey.revealed)",
            steps: steps)
        request.set(
            "Authorization",
            "TC3-HMAC-SHA256 Credential=\(secretID)/\(scope), SignedHeaders=\(canonical.signedHeaders), "
                + "Signature=\(signature)")
    }
}
