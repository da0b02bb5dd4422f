// SPDX-License-Identifier: Apache-2.0

/// A few values out of a JSON document, found in one pass over its bytes.
///
/// The document has to be sound as a whole; only the inside of strings that nobody asked for is not looked at.
///
/// Written here because answers are read at the full rate of dispatch, where Foundation's decoder would cost several
/// times what the rest of reading an answer does.
struct JSONAnswer {
    /// What stands at the end of a pointer.
    enum Value: Equatable {
        /// The content of a string; a number or boolean as it is written.
        case text(String)
        case null
        /// An object, a list, or several values that differ.
        case other

        var text: String? {
            if case .text(let text) = self { text } else { nil }
        }

        /// Whether it is a text, a number or a boolean, and no empty text.
        var holdsSomething: Bool { !(text ?? "").isEmpty }
    }

    /// One a pointer, in order; nil where there is nothing at all.
    private(set) var found: [Value?]
    /// Where in the bytes the entries of the list that was asked for stand; nil where there is no list.
    private(set) var entries: [Range<Int>]?

    /// One a pointer, in order: the text of a string, number or boolean there; nil where there is none.
    var values: [String?] { found.map { $0?.text } }

    /// Nil unless `bytes` are one JSON document (RFC 8259), nested no deeper than 64, in which no object on the way of
    /// a pointer has the name that it asks for twice. At most 60 pointers, and one, without `*`, to a list.
    init?(_ bytes: [UInt8], pointers: [JSONPointer], list: JSONPointer? = nil) {
        let scanner: JSONScanner? = bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(
                bytes: buffer, pointers: pointers + (list.map { [$0] } ?? []), hasList: list != nil)
            return scanner.document() ? scanner : nil
        }
        guard let scanner else { return nil }
        found = Array(scanner.found.prefix(pointers.count))
        entries = scanner.entries
    }
}

/// Recursive descent. `mask` has a bit for each pointer whose first `depth` components lead to the present value.
private struct JSONScanner: JSONTokenReader {
    let bytes: UnsafeBufferPointer<UInt8>
    let pointers: [JSONPointer]
    /// The bit of the pointer to a list, the last one; 0 for none.
    let listMask: Int
    /// The bits of those with a `*`.
    let wildMask: Int
    var found: [JSONAnswer.Value?]
    var entries: [Range<Int>]?
    var at = 0

    init(bytes: UnsafeBufferPointer<UInt8>, pointers: [JSONPointer], hasList: Bool) {
        self.bytes = bytes
        self.pointers = pointers
        listMask = hasList ? 1 << (pointers.count - 1) : 0
        wildMask = pointers.indices.reduce(0) { pointers[$1].hasAny ? $0 | 1 << $1 : $0 }
        found = Array(repeating: nil, count: pointers.count)
    }

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
        case UInt8(ascii: "n"):
            guard word("null") else { return false }
            note(.null, mask: mask, depth: depth)
            return true
        default: guard number() else { return false }
        }
        return capture(start..<at, isEscaped: false, mask: mask, depth: depth)
    }

    private mutating func object(mask: Int, depth: Int) -> Bool {
        note(.other, mask: mask, depth: depth)
        at += 1
        skipSpace()
        if skip("}") { return true }
        let wild = mask & wildMask == 0 ? 0 : wildcards(mask, depth)
        var seen = 0
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\""), let (name, isEscaped) = string() else { return false }
            skipSpace()
            guard skip(":") else { return false }
            var matched = 0
            if mask != 0 {
                if isEscaped {
                    guard let name = unescaped(name) else { return false }
                    matched = matching(mask & ~wild, depth, name.utf8)
                } else {
                    matched = matching(mask & ~wild, depth, bytes[name])
                }
                // Readers differ in which of two members with one name they take.
                guard seen & matched == 0 else { return false }
                seen |= matched
            }
            guard value(mask: matched | wild, depth: depth + 1) else { return false }
            skipSpace()
        } while skip(",")
        return skip("}")
    }

    private mutating func array(mask: Int, depth: Int) -> Bool {
        note(.other, mask: mask, depth: depth)
        let isList = mask & listMask != 0 && pointers[pointers.count - 1].components.count == depth
        if isList { entries = [] }
        at += 1
        skipSpace()
        if skip("]") { return true }
        let wild = mask & wildMask == 0 ? 0 : wildcards(mask, depth)
        var index = 0
        repeat {
            let matched = mask & ~wild == 0 ? wild : wild | matching(mask & ~wild, depth, String(index).utf8)
            skipSpace()
            let start = at
            guard value(mask: matched, depth: depth + 1) else { return false }
            if isList { entries?.append(start..<at) }
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

    /// The pointers out of `mask` whose component at `depth` is any.
    private func wildcards(_ mask: Int, _ depth: Int) -> Int {
        var matched = 0
        for (n, pointer) in pointers.enumerated()
        where mask & wildMask & (1 << n) != 0 && pointer.components.count > depth
            && pointer.components[depth] == JSONPointer.any
        {
            matched |= 1 << n
        }
        return matched
    }

    /// Keeps the text in `range` for the pointers that end here; false if one of them does and it is malformed.
    private mutating func capture(_ range: Range<Int>, isEscaped: Bool, mask: Int, depth: Int) -> Bool {
        guard mask != 0, ending(mask, depth) != 0 else { return true }
        guard let text = isEscaped ? unescaped(range) : validated(range) else { return false }
        note(.text(text), mask: mask, depth: depth)
        return true
    }

    /// Keeps `value` for the pointers that end here. Two visits have a `*` on the way.
    private mutating func note(_ value: JSONAnswer.Value, mask: Int, depth: Int) {
        guard mask != 0 else { return }
        let ending = ending(mask, depth)
        for n in found.indices where ending & (1 << n) != 0 {
            found[n] = found[n] == nil || found[n] == value ? value : .other
        }
    }

    /// The pointers out of `mask` that end at `depth`.
    private func ending(_ mask: Int, _ depth: Int) -> Int {
        var ending = 0
        for n in pointers.indices where mask & (1 << n) != 0 && pointers[n].components.count == depth {
            ending |= 1 << n
        }
        return ending
    }

    // MARK: Tokens

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
