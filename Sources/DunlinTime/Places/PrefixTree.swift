// SPDX-License-Identifier: Apache-2.0

/// Values of digit strings, found by the longest one that a number begins with, in one step a digit.
struct PrefixTree: Sendable {
    /// Ten for each node, one a digit; 0 where there is none, since the root is nobody's child.
    private var children = [UInt16](repeating: 0, count: 10)
    private var values: [UInt16] = [0]

    /// A prefix that was inserted before keeps its first value: false then.
    mutating func insert(_ value: UInt16, at prefix: some StringProtocol) -> Bool {
        var node = 0
        for byte in prefix.utf8 {
            let slot = node * 10 + Int(byte - UInt8(ascii: "0"))
            if children[slot] == 0 {
                children[slot] = UInt16(values.count)
                values.append(PrefixTree.inherited)
                children.append(contentsOf: repeatElement(0, count: 10))
            }
            node = Int(children[slot])
        }
        guard values[node] == PrefixTree.inherited else { return false }
        values[node] = value
        return true
    }

    /// The value of the longest prefix; 0 where there is none and for what is not `+` and 7 to 15 digits (E.164).
    func value(ofNumber number: String) -> UInt16 {
        // A pointer to the bytes is twice as fast as their iterator; a native string always has one.
        number.utf8.withContiguousStorageIfAvailable(value) ?? Array(number.utf8).withUnsafeBufferPointer(value)
    }

    private func value(ofNumber number: UnsafeBufferPointer<UInt8>) -> UInt16 {
        guard (8...16).contains(number.count), number[0] == UInt8(ascii: "+") else { return 0 }
        var (node, found, isKnown) = (0, UInt16(0), true)
        for byte in number.dropFirst() {
            guard byte.isDigit else { return 0 }
            if !isKnown { continue }
            node = Int(children[node * 10 + Int(byte - UInt8(ascii: "0"))])
            isKnown = node != 0
            if isKnown, values[node] != PrefixTree.inherited { found = values[node] }
        }
        return found
    }

    /// A node on the way to a prefix, with no value of its own.
    private static let inherited = UInt16.max
}
