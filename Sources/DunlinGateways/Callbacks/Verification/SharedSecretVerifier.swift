// SPDX-License-Identifier: Apache-2.0

/// RFC 7617: what the gateway was told to log in with.
struct BasicVerifier: CallbackVerifier {
    /// `user:password`.
    let credentials: Secret<[UInt8]>

    func proof(of request: CallbackRequest) -> CallbackProof {
        guard let given = request.authorization("basic").flatMap({ padded($0.utf8) }),
            equalInConstantTime(given, credentials.revealed)
        else { return .refused(.forged) }
        return .proven(payload: nil)
    }
}

/// A secret in the query, `?k=…`: for gateways that prove nothing, behind TLS.
struct QueryKeyVerifier: CallbackVerifier {
    let key: Secret<[UInt8]>

    func proof(of request: CallbackRequest) -> CallbackProof {
        guard let given = CallbackForm.query(of: request.url).first(where: { $0.name == "k" })?.value,
            equalInConstantTime(given.utf8, key.revealed)
        else { return .refused(.forged) }
        return .proven(payload: nil)
    }
}

/// Nothing is proven.
struct TokenVerifier: CallbackVerifier {
    func proof(of request: CallbackRequest) -> CallbackProof { .unproven }
}
