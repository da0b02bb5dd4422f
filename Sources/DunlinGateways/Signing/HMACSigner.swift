// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// An HMAC over a text that the definition describes, in a header that it describes too.
struct HMACSigner: RequestSigner {
    enum Digits: String, CaseIterable, Sendable {
        case hex, base64

        func text(_ bytes: [UInt8]) -> String {
            self == .hex ? DunlinGateways.hex(bytes) : DunlinGateways.base64(bytes)
        }
    }

    let key: Secret<String>
    let hash: HashAlgorithm
    let over: SignedText
    let header: String
    let value: SignedText
    let encoding: Digits

    func sign(_ request: inout HTTPRequest, _ moment: SigningMoment) throws {
        let target = try request.target()
        let (method, body) = (request.method, request.body)
        func bytes(of field: SignedText.Field, signature: String) -> [UInt8] {
            switch field {
            case .method: Array(method.utf8)
            case .path: Array(target.path.utf8)
            case .query: Array(target.query.utf8)
            case .body: body
            case .timestamp: Array(String(moment.at.seconds).utf8)
            case .nonce: Array(moment.nonce.utf8)
            case .signature: Array(signature.utf8)
            }
        }
        let text = over.bytes { bytes(of: $0, signature: "") }
        let signature = encoding.text(hash.hmac(text, key: Array(key.revealed.utf8)))
        let line = value.bytes { bytes(of: $0, signature: signature) }
        request.set(header, String(decoding: line, as: UTF8.self))
    }
}

/// A text of parts of a request: what is signed, or where a signature stands. `{{` is a brace.
struct SignedText: Sendable {
    enum Field: String, CaseIterable, Sendable {
        case method, path, query, body
        /// Seconds since 1970.
        case timestamp
        case nonce, signature
    }

    private enum Part: Sendable {
        case literal([UInt8])
        case field(Field)
    }

    /// A setting among them may be a secret.
    private let parts: Secret<[Part]>

    /// Reads a text that may hold `fields`, and `{config.NAME}` of `settings`.
    init(_ value: YAMLValue, fields: [Field], settings: [String: String?]) throws {
        var parts: [Part] = []
        var rest = try value.string().utf8[...]
        func allowed(_ near: String?) -> DunlinError {
            value.error(
                expected: "text with " + fields.map { "{\($0.rawValue)}" }.joined(separator: ", ")
                    + " or {config.NAME}",
                suggestion: near)
        }
        while let brace = rest.firstIndex(of: UInt8(ascii: "{")) {
            parts.append(.literal(Array(rest[..<brace])))
            rest = rest[brace...].dropFirst()
            if rest.first == UInt8(ascii: "{") {
                parts.append(.literal([UInt8(ascii: "{")]))
                rest = rest.dropFirst()
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
                throw value.error(expected: "a '}' for every '{'")
            }
            let name = String(rest[..<end]) ?? ""
            if name.hasPrefix("config.") {
                guard case let setting?? = settings[String(name.dropFirst("config.".count))] else {
                    throw value.error(expected: "settings that are declared under 'settings' and not optional")
                }
                parts.append(.literal(Array(setting.utf8)))
            } else if let field = Field(rawValue: name), fields.contains(field) {
                parts.append(.field(field))
            } else {
                throw allowed(nearMiss(name, among: fields.map(\.rawValue)).map { "{\($0)}" })
            }
            rest = rest[end...].dropFirst()
        }
        parts.append(.literal(Array(rest)))
        self.parts = Secret(parts)
    }

    func contains(_ field: Field) -> Bool {
        parts.revealed.contains { if case .field(field) = $0 { true } else { false } }
    }

    /// Every literal byte, for a check of what may stand in a place.
    var literals: [UInt8] { parts.revealed.flatMap { if case .literal(let bytes) = $0 { bytes } else { [UInt8]() } } }

    func bytes(_ value: (Field) -> [UInt8]) -> [UInt8] {
        parts.revealed.flatMap { part in
            switch part {
            case .literal(let bytes): bytes
            case .field(let field): value(field)
            }
        }
    }
}
