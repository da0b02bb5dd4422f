// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The fields of one row, one after the other in one piece of memory: the statements bind them where they lie, and the
/// digest of the content is taken over the whole. Every text is preceded by its length, so that no two rows with
/// different fields have the same bytes. Reused from row to row.
struct RowBytes {
    private(set) var bytes: [UInt8] = []
    /// Where each text lies, in the order of appending; nil for none.
    private(set) var texts: [Range<Int>?] = []

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        texts.removeAll(keepingCapacity: true)
    }

    mutating func append(_ text: String) {
        append(Int64(text.utf8.count))
        texts.append(bytes.count..<bytes.count + text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// Nil differs from empty text.
    mutating func append(_ text: String?) {
        if let text { return append(text) }
        append(-1 as Int64)
        texts.append(nil)
    }

    mutating func append(_ list: [String], separator: String) {
        append(list.count == 1 ? list[0] : list.joined(separator: separator))
    }

    /// Names and values as netstrings (`4:days,1:3,`; https://cr.yp.to/proto/netstrings.txt), sorted by name; nil for none.
    mutating func append(_ vars: [String: String]) {
        guard !vars.isEmpty else { return append(nil) }
        var text = ""
        for (name, value) in vars.sorted(by: { $0.key < $1.key }) {
            text += "\(name.utf8.count):\(name),\(value.utf8.count):\(value),"
        }
        append(text)
    }

    mutating func append(_ number: Int64) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Binds some of the texts to the first parameters of `statement` and runs it. Nothing is copied.
    func run(_ statement: Statement, binding range: Range<Int>) throws {
        try bytes.withUnsafeBufferPointer { bytes in
            for (index, text) in zip(Int32(1)..., texts[range]) {
                statement.bind(index, borrowing: text.map { UnsafeBufferPointer(rebasing: bytes[$0]) })
            }
            try statement.run()
        }
    }
}

extension Dictionary<String, String> {
    /// Reads what `RowBytes.append(_ vars:)` wrote; nil if it is broken.
    init?(netstrings bytes: UnsafeRawBufferPointer) {
        self = [:]
        var rest = bytes[...]
        func next() -> String? {
            guard let colon = rest.firstIndex(of: UInt8(ascii: ":")),
                let count = Int(String(decoding: rest[..<colon], as: UTF8.self)), count >= 0,
                colon + 1 + count < rest.endIndex, rest[colon + 1 + count] == UInt8(ascii: ",")
            else { return nil }
            defer { rest = rest[(colon + count + 2)...] }
            return String(decoding: rest[(colon + 1)..<(colon + 1 + count)], as: UTF8.self)
        }
        while !rest.isEmpty {
            guard let name = next(), let value = next() else { return nil }
            self[name] = value
        }
    }
}
