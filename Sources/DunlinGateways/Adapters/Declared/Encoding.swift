// SPDX-License-Identifier: Apache-2.0

import DunlinModel

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
    /// XML character data or an attribute's value (XML 1.0); what XML cannot hold is left out.
    case xml
    /// As it is.
    case verbatim

    func append(_ text: String, to bytes: inout [UInt8]) throws {
        switch self {
        case .percent: Encoding.percent(text, to: &bytes)
        case .jsonString: Encoding.jsonString(text, to: &bytes)
        case .xml: Encoding.xml(text, to: &bytes)
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

    /// Line ends and tabs as references, because attributes would lose them and text its carriage returns.
    private static func xml(_ text: String, to bytes: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": bytes.append(contentsOf: "&amp;".utf8)
            case "<": bytes.append(contentsOf: "&lt;".utf8)
            case ">": bytes.append(contentsOf: "&gt;".utf8)
            case "\"": bytes.append(contentsOf: "&quot;".utf8)
            case "'": bytes.append(contentsOf: "&apos;".utf8)
            case "\t", "\n", "\r": bytes.append(contentsOf: "&#\(scalar.value);".utf8)
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": break
            default: bytes.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
    }
}
