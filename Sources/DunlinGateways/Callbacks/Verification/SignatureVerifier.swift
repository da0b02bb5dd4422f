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
    let over: VerifiedText
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

/// How a signature is written. The one received is compared as text: there is one way only to write it.
enum SignatureEncoding: String, CaseIterable, Sendable {
    /// Lower case.
    case hex
    /// RFC 4648, section 4, with padding.
    case base64

    func text(_ bytes: [UInt8]) -> String {
        switch self {
        case .hex: DunlinGateways.hex(bytes)
        case .base64: DunlinGateways.base64(bytes)
        }
    }
}

/// What a signature covers: text, and parts of the request.
struct VerifiedText: Sendable {
    private enum Part: Sendable {
        case literal([UInt8])
        case method, url, path, query, body
        case header(String)
    }

    private var parts: [Part] = []

    /// Whether it depends on what the gateway says, and not on its headers alone.
    var coversContent: Bool {
        parts.contains {
            switch $0 {
            case .body, .query, .url: true
            default: false
            }
        }
    }

    func covers(header name: String) -> Bool {
        parts.contains { if case .header(name) = $0 { true } else { false } }
    }

    static let placeholders = ["method", "url", "path", "query", "body", "header NAME"]

    /// Nil for a placeholder that is none of these. `{{` is a brace.
    init?(_ pattern: String) {
        var rest = pattern[...]
        while let brace = rest.firstIndex(of: "{") {
            parts.append(.literal(Array(rest[..<brace].utf8)))
            rest = rest[brace...].dropFirst()
            if rest.first == "{" {
                parts.append(.literal([UInt8(ascii: "{")]))
                rest = rest.dropFirst()
                continue
            }
            guard let end = rest.firstIndex(of: "}"), let part = VerifiedText.part(rest[..<end]) else { return nil }
            parts.append(part)
            rest = rest[end...].dropFirst()
        }
        parts.append(.literal(Array(rest.utf8)))
    }

    private static func part(_ name: Substring) -> Part? {
        switch name {
        case "method": return .method
        case "url": return .url
        case "path": return .path
        case "query": return .query
        case "body": return .body
        default:
            guard name.hasPrefix("header "), name.count > 7 else { return nil }
            return .header(name.dropFirst(7).lowercased())
        }
    }

    /// Nil where a header is missing or empty.
    func bytes(of request: CallbackRequest) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(request.body.count + 128)
        for part in parts {
            switch part {
            case .literal(let literal): bytes.append(contentsOf: literal)
            case .method: bytes.append(contentsOf: request.method.utf8)
            case .url: bytes.append(contentsOf: request.url.utf8)
            case .path: bytes.append(contentsOf: request.urlParts.path.utf8)
            case .query: bytes.append(contentsOf: request.urlParts.query.utf8)
            case .body: bytes.append(contentsOf: request.body)
            case .header(let name):
                guard let value = request.header(name), !value.isEmpty else { return nil }
                bytes.append(contentsOf: value.utf8)
            }
        }
        return bytes
    }
}
