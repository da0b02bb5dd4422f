// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A JSON Web Token with an HMAC (RFC 7519, 7515) of which the signature has been checked.
struct SignedToken {
    let payload: [UInt8]

    /// Nil unless it is signed with `key`, by one of `algorithms` (`HS256`…); `none` never is one.
    init?(_ token: some StringProtocol, _ key: Secret<[UInt8]>, algorithms: [String: HashAlgorithm]) {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        // Base 64 without padding: there is one way only to write a token.
        guard parts.count == 3, !token.utf8.contains(UInt8(ascii: "=")),
            let header = bytes(base64: parts[0], isURL: true),
            let payload = bytes(base64: parts[1], isURL: true), let signature = bytes(base64: parts[2], isURL: true),
            // An extension that must be understood ('crit', RFC 7515, section 4.1.11) is not.
            let fields = jsonValues(of: header, ["/alg", "/crit/0"]), fields[1] == nil,
            let hash = fields[0].flatMap({ algorithms[$0] }),
            equalInConstantTime(
                hash.hmac(Array(parts[0]) + [UInt8(ascii: ".")] + Array(parts[1]), key: key.revealed), signature)
        else { return nil }
        self.payload = payload
    }

    /// Claims that are texts or numbers; nil where the payload is no JSON object or has one of them twice.
    func claims(_ names: String...) -> [String?]? { jsonValues(of: payload, names.map { "/\($0)" }) }
}

/// Seconds since 1970 with or without a fraction (NumericDate, RFC 7519).
private func instant(_ claim: String) -> Instant? {
    guard let seconds = Double(claim), abs(seconds) < 1e11 else { return nil }
    return Instant(milliseconds: Int64((seconds * 1000).rounded()))
}

/// Whether a claim is the SHA-256 of `bytes` in hexadecimal digits.
private func isHash(_ claim: String?, of bytes: [UInt8]) -> Bool {
    equalInConstantTime((claim ?? "").utf8, hex(HashAlgorithm.sha256.hash(bytes)).utf8)
}

/// Vonage's bearer token, HS256, with the hash of the body (developer.vonage.com, "Decoding signed webhooks"; vonage-jwt 1.1.5).
///
/// It does not cover the URL. A GET has its parameters there, and the documentation does not say exactly how they are hashed:
/// such a callback is refused, so the account has to send POST.
struct VonageTokenVerifier: CallbackVerifier {
    let key: Secret<[UInt8]>
    var window = ReplayWindow.usual

    func proof(of request: CallbackRequest) -> CallbackProof {
        guard !request.body.isEmpty, let text = request.authorization("bearer"),
            let token = SignedToken(text, key, algorithms: ["HS256": .sha256]),
            let claims = token.claims("iat", "exp", "payload_hash"), let issued = claims[0].flatMap(instant),
            isHash(claims[2], of: request.body)
        else { return .refused(.forged) }
        if let exp = claims[1] {
            guard let expires = instant(exp), expires > request.at else { return .refused(.stale) }
        }
        return window.contains(issued, request.at) ? .proven(payload: nil) : .refused(.stale)
    }
}

/// `MessageBird-Signature-JWT`: the hashes of URL and body, and for how long it holds
/// (messagebird-python 2.2.0, RequestValidator).
struct MessageBirdVerifier: CallbackVerifier {
    let key: Secret<[UInt8]>
    /// Theirs: a second for clocks that differ.
    var window = ReplayWindow(tolerance: .seconds(1))

    func proof(of request: CallbackRequest) -> CallbackProof {
        let algorithms: [String: HashAlgorithm] = ["HS256": .sha256, "HS384": .sha384, "HS512": .sha512]
        guard
            let token = request.header("messagebird-signature-jwt").flatMap({
                SignedToken($0, key, algorithms: algorithms)
            }),
            let claims = token.claims("iss", "nbf", "exp", "url_hash", "payload_hash"), claims[0] == "MessageBird",
            let begins = claims[1].flatMap(instant), let ends = claims[2].flatMap(instant),
            isHash(claims[3], of: Array(request.url.utf8)),
            // Present exactly where there is a body.
            request.body.isEmpty
                ? (claims[4] ?? "").isEmpty : isHash(claims[4], of: request.body)
        else { return .refused(.forged) }
        guard begins <= request.at + window.tolerance, ends > request.at - window.tolerance else {
            return .refused(.stale)
        }
        return .proven(payload: nil)
    }
}

/// GatewayAPI's `X-Gwapi-Signature`, HS256: its payload is the event, and the body is not looked at. It carries no time.
struct GatewayAPIVerifier: CallbackVerifier {
    let key: Secret<[UInt8]>

    func proof(of request: CallbackRequest) -> CallbackProof {
        guard
            let token = request.header("x-gwapi-signature").flatMap({
                SignedToken($0, key, algorithms: ["HS256": .sha256])
            })
        else { return .refused(.forged) }
        return .proven(payload: token.payload)
    }
}
