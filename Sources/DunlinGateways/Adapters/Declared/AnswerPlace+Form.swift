// SPDX-License-Identifier: Apache-2.0

/// An answer like `a=1&b=two+words`.
enum FormAnswer {
    /// Nil where it is none: a pair without `=`, a `%` without two hexadecimal digits, a control character, UTF-8 that is
    /// broken, or a name twice, of which readers take the one or the other.
    static func fields(of body: [UInt8]) -> [String: String]? {
        var rest = body[...]
        while let byte = rest.last, byte == 0x0A || byte == 0x0D { rest.removeLast() }
        var fields: [String: String] = [:]
        for pair in rest.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), let name = decoded(pair[..<equals]),
                let value = decoded(pair[(equals + 1)...]), fields.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        return fields
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var digits = 0
        for byte in text {
            if digits > 0 {
                guard let digit = hexDigit(byte) else { return nil }
                bytes[bytes.count - 1] = bytes[bytes.count - 1] << 4 | digit
                digits -= 1
                continue
            }
            switch byte {
            case UInt8(ascii: "%"):
                bytes.append(0)
                digits = 2
            case UInt8(ascii: "+"): bytes.append(0x20)
            case 0x00..<0x20, 0x7F: return nil
            default: bytes.append(byte)
            }
        }
        return digits == 0 ? String(validating: bytes, as: UTF8.self) : nil
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

extension [UInt8] {
    /// What stands between the first of `after` and the next `before`; nil where one of them is missing.
    func text(after: [UInt8], before: [UInt8]) -> String? {
        guard let start = end(of: after), let length = Array(self[start...]).end(of: before) else { return nil }
        return String(validating: self[start..<start + length - before.count], as: UTF8.self)
    }
}
