// SPDX-License-Identifier: Apache-2.0

/// What a gateway said in JSON (RFC 8259): any number of places can be looked up in it.
///
/// One pass over the bytes leaves a flat list of its values, in the order in which they begin; texts are made only of what
/// is asked for. Written here because answers and receipts come at the rate of dispatch, where Foundation's decoder would
/// cost several times what the rest of reading them does.
struct JSONDocument {
    /// What stands at a place.
    enum Value: Equatable {
        case nothing
        case null
        /// The content of a string; a number or boolean as it is written.
        case text(String)
        /// An object or a list.
        case structure
        /// Several that differ: a `*` is on the way, or a name that stands twice.
        case several

        var text: String? {
            if case .text(let text) = self { text } else { nil }
        }
    }

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
            var scanner = JSONScanner(bytes: buffer)
            return scanner.document() ? scanner.nodes : nil
        }
        guard let nodes else { return nil }
        self.bytes = bytes
        self.nodes = nodes
    }

    /// What stands at `pointer`, seen from `node`; 0 is the document.
    func value(at pointer: JSONPointer, from node: Int = 0) -> Value { find(pointer, from: node).value }

    /// One a pointer, for who may not guess: nil where a name on the way stands twice, for readers differ in which they
    /// take, and where a text is broken.
    func values(at pointers: [JSONPointer], from node: Int = 0) -> [Value]? {
        var values: [Value] = []
        values.reserveCapacity(pointers.count)
        for pointer in pointers {
            let (value, isClear) = find(pointer, from: node)
            guard isClear, !(value.text?.unicodeScalars.contains("\u{FFFD}") ?? false) else { return nil }
            values.append(value)
        }
        return values
    }

    /// The entries of every list at `pointer`; nil where no list is, and where a name on the way stands twice.
    func entries(at pointer: JSONPointer) -> [Int]? {
        var entries: [Int]?
        let isClear = visit(pointer.steps[...], from: 0) { node in
            guard nodes[node].kind == .array else { return }
            entries = entries ?? []
            children(of: node) { _, child in entries?.append(child) }
        }
        return isClear ? entries : nil
    }

    private func find(_ pointer: JSONPointer, from node: Int) -> (value: Value, isClear: Bool) {
        var value = Value.nothing
        let isClear = visit(pointer.steps[...], from: node) { node in
            let next = self.value(of: node)
            value = value == .nothing || value == next ? next : .several
        }
        return (value, isClear)
    }

    /// What is no UTF-8, or half of a surrogate pair, becomes U+FFFD: a gateway may have cut a message in two there.
    private func value(of node: Int) -> Value {
        let content = nodes[node].content
        switch nodes[node].kind {
        case .object, .array: return .structure
        case .null: return .null
        case .text, .plain:
            let bytes = bytes[Int(content.lowerBound)..<Int(content.upperBound)]
            return .text(String(decoding: bytes, as: UTF8.self))
        case .escapedText: return .text(unescaped(content))
        }
    }

    /// Calls `body` with every node that the steps lead to; false where a name on the way stands twice.
    private func visit(_ steps: ArraySlice<JSONPointer.Step>, from node: Int, _ body: (Int) -> Void) -> Bool {
        guard let step = steps.first else {
            body(node)
            return true
        }
        let isList = nodes[node].kind == .array
        guard isList || nodes[node].kind == .object else { return true }
        var isClear = true
        var isFound = false
        children(of: node) { index, child in
            if case .named(let name, let position) = step {
                guard isList ? position == index : isNamed(child, name) else { return }
                isClear = isClear && !isFound
                isFound = true
            }
            isClear = visit(steps.dropFirst(), from: child, body) && isClear
        }
        return isClear
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
