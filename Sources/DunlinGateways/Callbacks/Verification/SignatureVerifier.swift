// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel

/// A signature in a header over a text made of the request: what most gateways do, each with other names.
struct SignatureVerifier: CallbackVerifier {
    enum Method: Sendable {
        case hmac(HashAlgorithm, Secret<[UInt8]>, SignatureEncoding)
        /// RFC 8032; the signature in base 64.
        case ed25519(Curve25519.Signing.PublicKey)
        /// ECDSA with P-256 and SHA-256; the signature in DER, in base 64.
        case p256(P256.Signing.PublicKey)
    }

    /// Where the signature stands.
    let header: String
    /// What stands before it there.
    var prefix = ""
    /// What separates several signatures, of which one has to hold: a gateway that changes its key sends two.
    var separator: Character?
    let over: SignedText
    let method: Method
    /// The header with the time, which `over` covers; nil where there is none.
    var timestamp: String?
    var window = ReplayWindow.usual

    func proof(of request: CallbackRequest) -> CallbackProof {
        guard let given = request.header(header), let text = over.bytes(of: request) else { return .refused(.forged) }
        let signatures = separator.map { given.split(separator: $0) } ?? [given[...]]
        guard signatures.count <= 16, signatures.contains(where: { $0.hasPrefix(prefix) && holds($0, text) }) else {
            return .refused(.forged)
        }
        guard let timestamp else { return .proven(payload: nil) }
        return window.proof(from: request.header(timestamp) ?? "", at: request.at)
    }

    private func holds(_ signature: Substring, _ text: [UInt8]) -> Bool {
        let signature = signature.utf8.dropFirst(prefix.utf8.count)
        switch method {
        case .hmac(let hash, let key, let encoding):
            return equalInConstantTime(encoding.text(hash.hmac(text, key: key.revealed)).utf8, signature)
        case .ed25519(let key):
            return padded(signature).map { key.isValidSignature($0, for: text) } ?? false
        case .p256(let key):
            guard let der = padded(signature),
                let parsed = try? P256.Signing.ECDSASignature(derRepresentation: der)
            else { return false }
            return key.isValidSignature(parsed, for: text)
        }
    }
}

/// Base 64 with its padding: one way only to write the same bytes.
func padded(_ text: some Collection<UInt8>) -> [UInt8]? {
    text.count.isMultiple(of: 4) ? bytes(base64: text) : nil
}

extension SignedText {
    /// Nil where a header is missing or empty.
    fileprivate func bytes(of request: CallbackRequest) -> [UInt8]? {
        var isWhole = true
        let bytes = bytes { field in
            switch field {
            case .method: return Array(request.method.utf8)
            case .url: return Array(request.url.utf8)
            case .path: return Array(request.urlParts.path.utf8)
            case .query: return Array(request.urlParts.query.utf8)
            case .body: return request.body
            case .header(let name):
                let value = request.header(name) ?? ""
                isWhole = isWhole && !value.isEmpty
                return Array(value.utf8)
            // Of our own requests only.
            case .timestamp, .nonce, .signature: return []
            }
        }
        return isWhole ? bytes : nil
    }
}
