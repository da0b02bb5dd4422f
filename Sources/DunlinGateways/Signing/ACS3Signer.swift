// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Alibaba Cloud ACS3-HMAC-SHA256: host, content type and every `x-acs-` header are signed.
struct ACS3Signer: RequestSigner {
    let keyID: String
    let keySecret: Secret<String>
    let action: String
    let version: String

    func sign(_ request: inout HTTPRequest, _ moment: SigningMoment) throws {
        let bodyHash = CanonicalRequest.hash(request.body)
        request.set("x-acs-action", action)
        request.set("x-acs-version", version)
        request.set("x-acs-date", moment.at.wholeSeconds)
        request.set("x-acs-signature-nonce", moment.nonce)
        request.set("x-acs-content-sha256", bodyHash)
        let target = try request.target()
        let canonical = CanonicalRequest(
            method: request.method, path: target.path, query: CanonicalRequest.query(target.query),
            headers: CanonicalRequest.headers(of: request, host: target.host) {
                $0.hasPrefix("x-acs-") || $0 == "content-type" || $0 == "host"
            } joined: {
                $0.sorted().joined(separator: ",")
            },
            bodyHash: bodyHash)
        // The secret itself is the key: no steps.
        let signature = hmacSHA256("ACS3-HMAC-SHA256\n\(canonical.hash)", secret: keySecret.revealed, steps: [])
        request.set(
            "Authorization",
            "ACS3-HMAC-SHA256 Credential=\(keyID),SignedHeaders=\(canonical.signedHeaders),Signature=\(signature)")
    }
}
