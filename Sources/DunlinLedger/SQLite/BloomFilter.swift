// SPDX-License-Identifier: Apache-2.0

/// A Bloom filter: "surely not among these keys" or "probably among them".
struct BloomFilter {
    private static let probes: UInt64 = 6

    private(set) var bits: [UInt8]

    /// 10 bits for each key make one wrong "probably" in 100, 16 bits one in 1,000.
    init(byteCount: Int) { bits = [UInt8](repeating: 0, count: byteCount) }

    init(_ bits: UnsafeRawBufferPointer) { self.bits = Array(bits) }

    mutating func insert(_ key: Int64) {
        BloomFilter.forEachProbe(key, bits.count) {
            bits[$0] |= $1
            return true
        }
    }

    func mayContain(_ key: Int64) -> Bool { bits.withUnsafeBytes { BloomFilter.mayContain(key, $0) } }

    static func mayContain(_ key: Int64, _ bits: UnsafeRawBufferPointer) -> Bool {
        forEachProbe(key, bits.count) { bits[$0] & $1 != 0 }
    }

    /// Double hashing (Kirsch and Mitzenmacher, "Less hashing, same performance"): byte and bit of each probe, while `body`
    /// returns true.
    @discardableResult
    private static func forEachProbe(_ key: Int64, _ byteCount: Int, _ body: (Int, UInt8) -> Bool) -> Bool {
        // The finalizer of SplitMix64: row numbers are not hashes yet.
        var z = UInt64(bitPattern: key)
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        z ^= z >> 31
        let first = z & 0xffff_ffff, step = z >> 32 | 1
        for probe in 0..<probes {
            let bit = (first &+ probe &* step) % UInt64(byteCount * 8)
            if !body(Int(bit / 8), 1 << UInt8(bit % 8)) { return false }
        }
        return true
    }
}
