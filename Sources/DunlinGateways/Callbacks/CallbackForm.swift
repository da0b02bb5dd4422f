// SPDX-License-Identifier: Apache-2.0

/// A named value, as a form, a query or a flat XML document has them.
typealias CallbackField = (name: String, value: String)

/// Forms as the URL Standard (https://url.spec.whatwg.org/#urlencoded-parsing) reads them: total, because what is no UTF-8
/// may still be what somebody wrote, in another encoding.
enum CallbackForm {
    /// The pairs of `a=1&b=2`, in order. What is not UTF-8 becomes U+FFFD.
    static func fields(_ bytes: some RandomAccessCollection<UInt8>) -> [CallbackField] {
        let parsed = bytes.withContiguousStorageIfAvailable { buffer -> [CallbackField] in
            var fields: [CallbackField] = []
            fields.reserveCapacity(16)
            var start = 0
            while start <= buffer.count {
                var end = start
                var equals: Int?
                while end < buffer.count, buffer[end] != UInt8(ascii: "&") {
                    if equals == nil, buffer[end] == UInt8(ascii: "=") { equals = end }
                    end += 1
                }
                if end > start {
                    let name = buffer[start..<(equals ?? end)]
                    let value = equals.map { buffer[($0 + 1)..<end] } ?? buffer[end..<end]
                    fields.append((text(name), text(value)))
                }
                start = end + 1
            }
            return fields
        }
        return parsed ?? fields(Array(bytes))
    }

    /// The pairs of a URL's query.
    static func query(of url: String) -> [CallbackField] {
        guard let mark = url.utf8.firstIndex(of: UInt8(ascii: "?")) else { return [] }
        let query = url.utf8[mark...].dropFirst().prefix { $0 != UInt8(ascii: "#") }
        return fields(Array(query))
    }

    private static func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count) { plain in
            var count = 0
            var at = bytes.startIndex
            while at < bytes.endIndex {
                var byte = bytes[at]
                at += 1
                if byte == UInt8(ascii: "+") {
                    byte = 0x20
                } else if byte == UInt8(ascii: "%"), at + 1 < bytes.endIndex, let high = hex(bytes[at]),
                    let low = hex(bytes[at + 1])
                {
                    byte = high << 4 | low
                    at += 2
                }
                plain[count] = byte
                count += 1
            }
            return String(decoding: plain[..<count], as: UTF8.self)
        }
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
