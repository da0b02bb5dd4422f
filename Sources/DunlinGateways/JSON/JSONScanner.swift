// SPDX-License-Identifier: Apache-2.0

/// Recursive descent over the bytes; every node is appended where its value begins.
struct JSONScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var nodes: [JSONDocument.Node] = []
    private var at = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        nodes.reserveCapacity(bytes.count / 16 + 4)
    }

    mutating func document() -> Bool {
        // A mark of byte order, which some gateways' frameworks write.
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
        guard bytes.count < Int(Int32.max), value(JSONDocument.Node(kind: .null), depth: 0) else { return false }
        skipSpace()
        return at == bytes.count
    }

    /// `node` brings its name along.
    private mutating func value(_ node: JSONDocument.Node, depth: Int) -> Bool {
        skipSpace()
        guard depth <= 64 else { return false }
        let index = nodes.count
        nodes.append(node)
        let start = at
        switch next {
        case UInt8(ascii: "{"):
            nodes[index].kind = .object
            guard object(depth: depth) else { return false }
        case UInt8(ascii: "["):
            nodes[index].kind = .array
            guard array(depth: depth) else { return false }
        case UInt8(ascii: "\""):
            guard let (content, isEscaped) = string() else { return false }
            nodes[index].kind = isEscaped ? .escapedText : .text
            nodes[index].content = content
        case UInt8(ascii: "n"): guard word("null") else { return false }
        default:
            switch next {
            case UInt8(ascii: "t"): guard word("true") else { return false }
            case UInt8(ascii: "f"): guard word("false") else { return false }
            default: guard number() else { return false }
            }
            nodes[index].kind = .plain
            nodes[index].content = Int32(start)..<Int32(at)
        }
        nodes[index].end = Int32(nodes.count)
        return true
    }

    private mutating func object(depth: Int) -> Bool {
        at += 1
        skipSpace()
        if skip("}") { return true }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\""), let (name, isEscaped) = string() else { return false }
            skipSpace()
            guard skip(":") else { return false }
            let node = JSONDocument.Node(kind: .null, name: name, isNameEscaped: isEscaped)
            guard value(node, depth: depth + 1) else { return false }
            skipSpace()
        } while skip(",")
        return skip("}")
    }

    private mutating func array(depth: Int) -> Bool {
        at += 1
        skipSpace()
        if skip("]") { return true }
        repeat {
            guard value(JSONDocument.Node(kind: .null), depth: depth + 1) else { return false }
            skipSpace()
        } while skip(",")
        return skip("]")
    }

    // MARK: Tokens

    /// Steps over a string; where its content lies, and whether it has escapes.
    private mutating func string() -> (Range<Int32>, isEscaped: Bool)? {
        at += 1
        let start = at
        var isEscaped = false
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return (Int32(start)..<Int32(at - 1), isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                at += 1
                guard escape() else { return nil }
            case 0x00..<0x20: return nil
            default: at += 1
            }
        }
        return nil
    }

    /// What follows a backslash.
    private mutating func escape() -> Bool {
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 1
            return true
        case UInt8(ascii: "u"):
            guard at + 5 <= bytes.count, bytes[at + 1..<at + 5].allSatisfy(JSONScanner.isHex) else {
                return false
            }
            at += 5
            return true
        default: return false
        }
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    /// The byte to be read; 0 at the end.
    private var next: UInt8 { at < bytes.count ? bytes[at] : 0 }

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
}
