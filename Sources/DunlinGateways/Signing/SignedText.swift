// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// What a signature covers, or where it stands: text, and parts of a request. `{{` is a brace.
struct SignedText: Sendable {
    enum Field: Hashable, Sendable {
        case method, url, path, query, body
        /// Seconds since 1970.
        case timestamp
        case nonce, signature
        /// The value of a header; its name is in lower case.
        case header(String)

        static let ofRequest: [Field] = [.method, .path, .query, .body, .timestamp, .nonce]
        static let ofCallback: [Field] = [.method, .url, .path, .query, .body, .anyHeader]
        /// Stands for all headers where fields are listed.
        static let anyHeader = Field.header("NAME")

        /// As it stands between braces.
        var name: String {
            if case .header(let name) = self { "header \(name)" } else { "\(self)" }
        }

        /// Nil for what is none of `allowed`.
        init?(_ name: String, among allowed: [Field]) {
            if let field = allowed.first(where: { $0.name == name && $0 != .anyHeader }) {
                self = field
            } else if allowed.contains(.anyHeader), name.hasPrefix("header "), name.utf8.count > 7 {
                self = .header(name.dropFirst(7).lowercased())
            } else {
                return nil
            }
        }
    }

    private enum Part: Sendable {
        case literal([UInt8])
        case field(Field)
    }

    /// A setting among them may be a secret.
    private let parts: Secret<[Part]>

    /// Reads a text that may hold `fields`, and `{config.NAME}` of `settings`.
    init(_ value: YAMLValue, fields: [Field], settings: [String: String?]) throws {
        let parts = try SignedText.read(value.string()) { name in
            if name.hasPrefix("config.") {
                guard case let setting?? = settings[String(name.dropFirst("config.".count))] else {
                    throw value.error(expected: "settings that are declared under 'settings' and not optional")
                }
                return .literal(Array(setting.utf8))
            }
            if let field = Field(name, among: fields) { return .field(field) }
            let names = fields.map(\.name)
            throw value.error(
                expected: "text with \(names.map { "{\($0)}" }.joined(separator: ", ")) or {config.NAME}",
                suggestion: nearMiss(name, among: names).map { "{\($0)}" })
        }
        guard let parts else { throw value.error(expected: "a '}' for every '{'") }
        self.parts = Secret(parts)
    }

    /// Nil where a brace is not closed.
    private static func read(_ pattern: String, placeholder: (String) throws -> Part) rethrows -> [Part]? {
        var parts: [Part] = []
        var rest = pattern[...]
        while let brace = rest.firstIndex(of: "{") {
            parts.append(.literal(Array(rest[..<brace].utf8)))
            rest = rest[brace...].dropFirst()
            if rest.first == "{" {
                parts.append(.literal([UInt8(ascii: "{")]))
                rest = rest.dropFirst()
                continue
            }
            guard let end = rest.firstIndex(of: "}") else { return nil }
            parts.append(try placeholder(String(rest[..<end])))
            rest = rest[end...].dropFirst()
        }
        parts.append(.literal(Array(rest.utf8)))
        return parts
    }

    /// Each once for each time that it stands there.
    var fields: [Field] { parts.revealed.compactMap { if case .field(let field) = $0 { field } else { nil } } }

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

/// What a gateway's own scheme covers, written in our source: a wrong pattern is a mistake of ours.
extension SignedText: ExpressibleByStringLiteral {
    init(stringLiteral pattern: String) {
        let parts = SignedText.read(pattern) { .field(Field($0, among: Field.ofCallback)!) }
        self.parts = Secret(parts!)
    }
}

/// How a signature is written. One that is received is compared as text: there is one way only to write it.
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
