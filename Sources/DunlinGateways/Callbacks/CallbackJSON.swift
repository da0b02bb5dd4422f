// SPDX-License-Identifier: Apache-2.0

/// A JSON document (RFC 8259) that any number of places can be looked up in.
///
/// One pass over the bytes leaves a flat list of its values, in the order in which they begin; texts are made only of what
/// is asked for. Written here because receipts come at the rate of dispatch.
struct CallbackJSON {
    enum Kind: UInt8 { case object, array, text, escapedText, plain, null }

    struct Node {
        var kind: Kind
        /// Of a member of an object: its name. Empty for elements of an array.
        var name: Range<Int32> = 0..<0
        var isNameEscaped = false
        /// The inside of a string; a number, `true` or `false` as written.
        var content: Range<Int32> = 0..<0
        /// The first node behind this one and all that is inside of it.
        var end: Int32 = 0
    }

    private let bytes: [UInt8]
    private let nodes: [Node]

    /// Nil unless `bytes` are one JSON document, nested no deeper than 64.
    init?(_ bytes: [UInt8]) {
        let nodes = bytes.withUnsafeBufferPointer { buffer -> [Node]? in
            var scanner = CallbackJSONScanner(bytes: buffer)
            return scanner.document() ? scanner.nodes : nil
        }
        guard let nodes else { return nil }
        self.bytes = bytes
        self.nodes = nodes
    }

    func kind(_ node: Int) -> Kind { nodes[node].kind }

    /// The text of a string, number or boolean; nil for anything else. What is no UTF-8, or half of a surrogate pair, becomes
    /// U+FFFD: a gateway may have cut a message in two there.
    func text(_ node: Int) -> String? {
        let content = nodes[node].content
        switch nodes[node].kind {
        case .object, .array, .null: return nil
        case .text, .plain:
            return String(decoding: bytes[Int(content.lowerBound)..<Int(content.upperBound)], as: UTF8.self)
        case .escapedText: return unescaped(content)
        }
    }

    /// The elements of a list; none where the node is no list.
    func elements(of node: Int) -> [Int] {
        guard nodes[node].kind == .array else { return [] }
        var elements: [Int] = []
        children(of: node) { _, child in elements.append(child) }
        return elements
    }

    /// Calls `body` with every value that the path leads to from `node`.
    func each(_ path: ArraySlice<CallbackPath.Step>, from node: Int, _ body: (Int) -> Void) {
        guard let step = path.first else { return body(node) }
        let rest = path.dropFirst()
        let isList = nodes[node].kind == .array
        guard isList || nodes[node].kind == .object else { return }
        children(of: node) { index, child in
            let fits =
                switch step {
                case .any: true
                case .named(let name, let position): isList ? position == index : isNamed(child, name)
                }
            if fits { each(rest, from: child, body) }
        }
    }

    private func children(of node: Int, _ body: (Int, Int) -> Void) {
        var child = node + 1
        var index = 0
        while child < nodes[node].end {
            body(index, child)
            child = Int(nodes[child].end)
            index += 1
        }
    }

    private func isNamed(_ node: Int, _ name: [UInt8]) -> Bool {
        let own = nodes[node].name
        if nodes[node].isNameEscaped { return unescaped(own).utf8.elementsEqual(name) }
        guard own.count == name.count else { return false }
        for offset in 0..<name.count where bytes[Int(own.lowerBound) + offset] != name[offset] { return false }
        return true
    }

    /// The content of a string without its escapes, which the scanner has checked.
    private func unescaped(_ range: Range<Int32>) -> String {
        var units: [UInt8] = []
        units.reserveCapacity(range.count)
        var at = Int(range.lowerBound)
        let end = Int(range.upperBound)
        while at < end {
            guard bytes[at] == UInt8(ascii: "\\") else {
                units.append(bytes[at])
                at += 1
                continue
            }
            let escape = bytes[at + 1]
            at += 2
            switch escape {
            case UInt8(ascii: "b"): units.append(8)
            case UInt8(ascii: "f"): units.append(12)
            case UInt8(ascii: "n"): units.append(10)
            case UInt8(ascii: "r"): units.append(13)
            case UInt8(ascii: "t"): units.append(9)
            case UInt8(ascii: "u"):
                var value = hexUnit(at: at)
                at += 4
                if value & 0xFC00 == 0xD800, at + 6 <= end, bytes[at] == UInt8(ascii: "\\"),
                    bytes[at + 1] == UInt8(ascii: "u")
                {
                    let second = hexUnit(at: at + 2)
                    if second & 0xFC00 == 0xDC00 {
                        value = 0x10000 + (value - 0xD800) << 10 + (second - 0xDC00)
                        at += 6
                    }
                }
                units.append(contentsOf: UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}")!)
            default: units.append(escape)
            }
        }
        return String(decoding: units, as: UTF8.self)
    }

    private func hexUnit(at start: Int) -> UInt32 {
        bytes[start..<start + 4].reduce(0) { unit, byte in
            unit << 4 | UInt32(byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57)
        }
    }
}
