// SPDX-License-Identifier: Apache-2.0

/// A few values out of a JSON document, found in one pass over its bytes.
///
/// The document has to be sound as a whole; only the inside of strings that nobody asked for is not looked at.
///
/// Written here because answers are read at the full rate of dispatch, where Foundation's decoder would cost several
/// times what the rest of reading an answer does.
struct JSONAnswer {
    /// One a pointer, in order: the text of a string, number or boolean there; nil where there is none.
    private(set) var values: [String?]

    /// Nil unless `bytes` are one JSON document (RFC 8259), nested no deeper than 64, where no pointer matches twice.
    init?(_ bytes: [UInt8], pointers: [JSONPointer]) {
        values = Array(repeating: nil, count: pointers.count)
        let found: [String?]? = bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(bytes: buffer, pointers: pointers)
            guard scanner.document() else { return nil }
            return scanner.values
        }
        guard let found else { return nil }
        values = found
    }
}

/// A JSON Pointer (RFC 6901) such as `/messages/0/id`.
struct JSONPointer: Sendable {
    let components: [[UInt8]]

    /// Nil unless `text` begins with a slash.
    init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        components = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
            var bytes: [UInt8] = []
            var escaped = false
            for byte in part.utf8 {
                if escaped {
                    bytes.append(byte == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
                    escaped = false
                } else if byte == UInt8(ascii: "~") {
                    escaped = true
                } else {
                    bytes.append(byte)
                }
            }
            return bytes
        }
    }
}

/// Recursive descent. `mask` has a bit for each pointer whose first `depth` components lead to the present value.
private struct JSONScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    let pointers: [JSONPointer]
    var values: [String?]
    private var at = 0

    init(bytes: UnsafeBufferPointer<UInt8>, pointers: [JSONPointer]) {
        self.bytes = bytes
        self.pointers = pointers
        values = Array(repeating: nil, count: pointers.count)
    }

    private var next: UInt8 { at < bytes.count ? bytes[at] : 0 }

    mutating func document() -> Bool {
        guard value(mask: (1 << pointers.count) - 1, depth: 0) else { return false }
        skipSpace()
        return at == bytes.count
    }

    private mutating func value(mask: Int, depth: Int) -> Bool {
        skipSpace()
        guard depth <= 64 else { return false }
        let start = at
        switch next {
        case UInt8(ascii: "{"): return object(mask: mask, depth: depth)
        case UInt8(ascii: "["): return array(mask: mask, depth: depth)
        case UInt8(ascii: "\""):
            guard let (content, isEscaped) = string() else { return false }
            return capture(content, isEscaped: isEscaped, mask: mask, depth: depth)
        case UInt8(ascii: "t"): guard word("true") else { return false }
        case UInt8(ascii: "f"): guard word("false") else { return false }
        case UInt8(ascii: "n"): return word("null")
        default: guard number() else { return false }
        }
        return capture(start..<at, isEscaped: false, mask: mask, depth: depth)
    }

    private mutating func object(mask: Int, depth: Int) -> Bool {
        at += 1
        skipSpace()
        if skip("}") { return true }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\""), let (name, isEscaped) = string() else { return false }
            skipSpace()
            guard skip(":") else { return false }
            var matched = 0
            if mask != 0 {
                matched =
                    isEscaped ? matching(mask, depth, (unescaped(name) ?? "").utf8) : matching(mask, depth, bytes[name])
            }
            guard value(mask: matched, depth: depth + 1) else { return false }
            skipSpace()
        } while skip(",")
        return skip("}")
    }

    private mutating func array(mask: Int, depth: Int) -> Bool {
        at += 1
        skipSpace()
        if skip("]") { return true }
        var index = 0
        repeat {
            let matched = mask == 0 ? 0 : matching(mask, depth, String(index).utf8)
            guard value(mask: matched, depth: depth + 1) else { return false }
            skipSpace()
            index += 1
        } while skip(",")
        return skip("]")
    }

    /// The pointers out of `mask` whose component at `depth` is `name`.
    private func matching(_ mask: Int, _ depth: Int, _ name: some Sequence<UInt8>) -> Int {
        var matched = 0
        for (n, pointer) in pointers.enumerated()
        where mask & (1 << n) != 0 && pointer.components.count > depth && pointer.components[depth].elementsEqual(name)
        {
            matched |= 1 << n
        }
        return matched
    }

    /// Keeps the text in `range` for the pointers that end here; false if it is malformed or one of them has a value.
    private mutating func capture(_ range: Range<Int>, isEscaped: Bool, mask: Int, depth: Int) -> Bool {
        guard mask != 0 else { return true }
        for n in pointers.indices where mask & (1 << n) != 0 && pointers[n].components.count == depth {
            guard values[n] == nil, let text = isEscaped ? unescaped(range) : validated(range) else { return false }
            values[n] = text
        }
        return true
    }

    // MARK: Tokens

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
            at += 1
        }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let end = at + word.utf8CodeUnitCount
        guard end <= bytes.count, word.withUTF8Buffer({ $0.elementsEqual(bytes[at..<end]) }) else { return false }
        at = end
        return true
    }

    private mutating func digits() -> Bool {
        let start = at
        while next >= 0x30, next <= 0x39 { at += 1 }
        return at > start
    }

    private mutating func number() -> Bool {
        _ = skip("-")
        if !skip("0") {
            guard digits() else { return false }
        }
        if skip("."), !digits() { return false }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            return digits()
        }
        return true
    }

    /// Steps over a string; where its content lies, and whether it has escapes.
    private mutating func string() -> (Range<Int>, isEscaped: Bool)? {
        at += 1
        let start = at
        var isEscaped = false
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return (start..<at - 1, isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                at += 2
            case 0x00..<0x20: return nil
            default: at += 1
            }
        }
        return nil
    }

    private func validated(_ range: Range<Int>) -> String? { String(validating: bytes[range], as: UTF8.self) }

    /// The content of a string without its escapes; nil if one of them is malformed.
    private func unescaped(_ range: Range<Int>) -> String? {
        var units: [UInt8] = []
        var i = range.lowerBound
        while i < range.upperBound {
            guard bytes[i] == UInt8(ascii: "\\") else {
                units.append(bytes[i])
                i += 1
                continue
            }
            i += 1
            switch bytes[i] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(bytes[i])
            case UInt8(ascii: "b"): units.append(8)
            case UInt8(ascii: "f"): units.append(12)
            case UInt8(ascii: "n"): units.append(10)
            case UInt8(ascii: "r"): units.append(13)
            case UInt8(ascii: "t"): units.append(9)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(at: &i, before: range.upperBound) else { return nil }
                units.append(contentsOf: UTF8.encode(scalar)!)
                continue
            default: return nil
            }
            i += 1
        }
        return String(validating: units, as: UTF8.self)
    }

    /// The character of a `uXXXX` at `i`, or of two that are a surrogate pair; `i` ends behind it.
    private func scalar(at i: inout Int, before end: Int) -> Unicode.Scalar? {
        guard let first = hexUnit(at: i + 1, before: end) else { return nil }
        i += 5
        guard first & 0xFC00 == 0xD800 else { return Unicode.Scalar(first) }
        guard i + 1 < end, bytes[i] == UInt8(ascii: "\\"), bytes[i + 1] == UInt8(ascii: "u"),
            let second = hexUnit(at: i + 2, before: end), second & 0xFC00 == 0xDC00
        else { return nil }
        i += 6
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private func hexUnit(at start: Int, before end: Int) -> UInt32? {
        guard start + 4 <= end else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[start..<start + 4] {
            switch byte {
            case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: unit = unit << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: unit = unit << 4 | UInt32(byte - 0x57)
            default: return nil
            }
        }
        return unit
    }
}
