// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A text with placeholders, ready to be written into a request: literal bytes, and fields each in the encoding of its
/// place. An operator's settings are literals by now.
struct Template: Sendable {
    private enum Part: Sendable {
        case literal([UInt8])
        case field(Expression, Encoding)
    }

    private var parts: [Part] = []

    init() {}

    /// The whole text, if no part of it depends on the message.
    var constant: [UInt8]? {
        switch (parts.count, parts.first) {
        case (0, _): []
        case (1, .literal(let bytes)): bytes
        default: nil
        }
    }

    /// Appends a text that is the same for every message.
    mutating func append(literal text: some StringProtocol, _ encoding: Encoding) throws {
        var bytes: [UInt8] = []
        try encoding.append(String(text), to: &bytes)
        append(bytes)
    }

    private mutating func append(_ bytes: [UInt8]) {
        if case .literal(let before) = parts.last {
            parts[parts.count - 1] = .literal(before + bytes)
        } else if !bytes.isEmpty {
            parts.append(.literal(bytes))
        }
    }

    mutating func append(_ expression: Expression, _ encoding: Encoding) { parts.append(.field(expression, encoding)) }

    mutating func append(_ other: Template) {
        for part in other.parts {
            switch part {
            case .literal(let bytes): append(bytes)
            case .field(let expression, let encoding): append(expression, encoding)
            }
        }
    }

    /// Appends the text for one message to `bytes`.
    func write(_ message: OutboundMessage, to bytes: inout [UInt8]) throws {
        for part in parts {
            switch part {
            case .literal(let literal): bytes.append(contentsOf: literal)
            case .field(let expression, let encoding):
                try encoding.append(expression.value(for: message), to: &bytes)
            }
        }
    }

    func text(for message: OutboundMessage) throws -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        try write(message, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// How a value is written so that it cannot break out of its place.
enum Encoding: Sendable {
    /// RFC 3986: everything but `A-Z a-z 0-9 - . _ ~` as `%XX`; for paths, queries and forms alike.
    case percent
    /// The inside of a JSON string (RFC 8259, section 7).
    case jsonString
    /// A JSON number; anything but digits is an error.
    case jsonNumber
    /// A header's value: visible ASCII and spaces; anything else is an error.
    case header
    /// As it is.
    case verbatim

    func append(_ text: String, to bytes: inout [UInt8]) throws {
        switch self {
        case .percent: Encoding.percent(text, to: &bytes)
        case .jsonString: Encoding.jsonString(text, to: &bytes)
        case .verbatim: bytes.append(contentsOf: text.utf8)
        case .jsonNumber:
            guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), text == "0" || text.first != "0"
            else {
                throw DunlinError(
                    .failure, "request", why: "a value that the gateway wants as a number is none",
                    remedy: "use a function such as 'digits' in the gateway's definition")
            }
            bytes.append(contentsOf: text.utf8)
        case .header:
            guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
                throw DunlinError(
                    .failure, "request", why: "a header's value has a character that headers cannot hold",
                    remedy: "move the field into the query or the body in the gateway's definition")
            }
            bytes.append(contentsOf: text.utf8)
        }
    }

    private static let isUnreserved: [Bool] = (0..<256).map { byte in
        switch UInt8(byte) {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    private static func percent(_ text: String, to bytes: inout [UInt8]) {
        let isUnreserved = isUnreserved
        for byte in text.utf8 {
            if isUnreserved[Int(byte)] {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(hexDigit(byte >> 4))
                bytes.append(hexDigit(byte & 15))
            }
        }
    }

    private static func jsonString(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
            case 0x00..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(hexDigit(byte >> 4))
                bytes.append(hexDigit(byte & 15))
            default: bytes.append(byte)
            }
        }
    }
}
