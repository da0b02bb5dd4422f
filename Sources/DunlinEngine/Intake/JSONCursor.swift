// SPDX-License-Identifier: Apache-2.0

/// Walks over one line of JSON (RFC 8259) without building a tree.
///
/// Our own because the bar is 100,000 checked rows a second: Foundation's JSONDecoder takes the whole of that time for
/// decoding alone (docs/performance.md). Strict: what RFC 8259 does not allow is an error, duplicate keys included where
/// the caller looks for them.
struct JSONCursor {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0

    /// `bytes` must be valid UTF-8 as a whole (`isUTF8`), which is cheaper to find out once than for each string.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Nothing but white space is left.
    mutating func expectEnd() throws(RowError) {
        skipSpace()
        if position < bytes.count { throw fault("nothing more after the closing brace") }
    }

    /// Reads an object; `member` is called with the cursor at each value and must read it.
    mutating func object(_ member: (String, inout JSONCursor) throws(RowError) -> Void) throws(RowError) {
        try open("{", "a JSON object")
        if close("}") { return }
        repeat {
            let key = try string()
            guard take(":") else { throw fault("':' after a key") }
            try member(key, &self)
        } while take(",")
        guard close("}") else { throw fault("',' or '}' in an object") }
    }

    /// Reads an array; `element` must read each value.
    mutating func array(_ element: (inout JSONCursor) throws(RowError) -> Void) throws(RowError) {
        try open("[", "a JSON array")
        if close("]") { return }
        repeat { try element(&self) } while take(",")
        guard close("]") else { throw fault("',' or ']' in an array") }
    }

    /// A string, or a number or truth value as it is written; nil for `null`.
    mutating func scalar() throws(RowError) -> String? {
        skipSpace()
        switch peek {
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "n"): return try word("null", nil)
        case UInt8(ascii: "t"): return try word("true", "true")
        case UInt8(ascii: "f"): return try word("false", "false")
        default: return try number()
        }
    }

    var isAtObject: Bool { mutating get { skipSpace(); return peek == UInt8(ascii: "{") } }
    var isAtArray: Bool { mutating get { skipSpace(); return peek == UInt8(ascii: "[") } }

    /// Reads over any value.
    mutating func skip() throws(RowError) {
        if isAtObject {
            try object { _, cursor throws(RowError) in try cursor.skip() }
        } else if isAtArray {
            try array { cursor throws(RowError) in try cursor.skip() }
        } else {
            _ = try scalar()
        }
    }

    // MARK: Pieces

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d else { return }
            position += 1
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func open(_ character: Unicode.Scalar, _ what: String) throws(RowError) {
        guard take(character) else { throw fault(what) }
        depth += 1
        if depth > 16 { throw fault("at most 16 levels of nesting") }
    }

    private mutating func close(_ character: Unicode.Scalar) -> Bool {
        guard take(character) else { return false }
        depth -= 1
        return true
    }

    private mutating func word(_ text: StaticString, _ value: String?) throws(RowError) -> String? {
        let end = position + text.utf8CodeUnitCount
        guard end <= bytes.count, (position..<end).allSatisfy({ bytes[$0] == text.utf8Start[$0 - position] }) else {
            throw fault("a JSON value")
        }
        position = end
        return value
    }

    private mutating func number() throws(RowError) -> String {
        let start = position
        if peek == UInt8(ascii: "-") { advance() }
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[position - whole] != 0x30 else { throw fault("a JSON value") }
        if peek == UInt8(ascii: ".") {
            advance()
            guard digits() > 0 else { throw fault("a digit after the decimal point") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            advance()
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { advance() }
            guard digits() > 0 else { throw fault("a digit in the exponent") }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func advance() { position += 1 }

    private mutating func digits() -> Int {
        let start = position
        while let byte = peek, byte >= 0x30, byte <= 0x39 { position += 1 }
        return position - start
    }

    mutating func string() throws(RowError) -> String {
        guard take("\"") else { throw fault("a string in double quotes") }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                defer { position += 1 }
                return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") { return try stringWithEscapes(from: start) }
            if byte < 0x20 { throw fault("no control character inside a string") }
            position += 1
        }
        throw fault("a closing quotation mark")
    }

    private mutating func stringWithEscapes(from start: Int) throws(RowError) -> String {
        var decoded = Array(bytes[start..<position])
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                return String(decoding: decoded, as: UTF8.self)
            case UInt8(ascii: "\\"): try decoded.append(contentsOf: escape())
            case ..<0x20: throw fault("no control character inside a string")
            default: decoded.append(byte)
            }
        }
        throw fault("a closing quotation mark")
    }

    private mutating func escape() throws(RowError) -> [UInt8] {
        let byte = peek
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte!]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = try hex4()
            if (0xd800..<0xdc00).contains(code) {
                guard peek == UInt8(ascii: "\\") else { throw fault("the second half of a surrogate pair") }
                position += 1
                guard peek == UInt8(ascii: "u") else { throw fault("the second half of a surrogate pair") }
                position += 1
                let low = try hex4()
                guard (0xdc00..<0xe000).contains(low) else { throw fault("the second half of a surrogate pair") }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("a valid \\u escape") }
            return Array(String(Character(scalar)).utf8)
        default: throw fault("a known escape after '\\'")
        }
    }

    private mutating func hex4() throws(RowError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
            bytes[position] != UInt8(ascii: "+")
        else { throw fault("four hexadecimal digits after \\u") }
        position += 4
        return code
    }

    private func fault(_ expected: String) -> RowError {
        let end = min(bytes.count, position + 20)
        let near = position < end ? String(decoding: bytes[position..<end], as: UTF8.self) : "the end of the line"
        return RowError("", value: near, expected: "\(expected) at column \(position + 1)")
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether this is valid UTF-8; plain ASCII, the usual case, takes a look at eight bytes at a time.
    var isUTF8: Bool {
        let raw = UnsafeRawBufferPointer(self)
        var position = 0
        while position + 8 <= raw.count {
            guard raw.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 else {
                return String(validating: self, as: UTF8.self) != nil
            }
            position += 8
        }
        return self[position...].allSatisfy { $0 < 0x80 } || String(validating: self, as: UTF8.self) != nil
    }
}
