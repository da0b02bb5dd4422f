// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A Bloom filter that asks memory once: the bits of a key lie in one 64-bit word (Putze, Sanders and Singler, "Cache-,
/// hash- and space-efficient Bloom filters"). In memory only, so its shape may change.
struct KeyFilter {
    private var words: [UInt64]
    private var count = 0
    private let capacity: Int

    /// 32 to 64 bits for each of `capacity` keys: about one wrong "probably" in 1,000 when it is full.
    init(capacity: Int) {
        var size = 64
        while size * 2 < capacity { size *= 2 }
        words = [UInt64](repeating: 0, count: size)
        self.capacity = size * 2
    }

    /// How many more keys it takes before it answers "probably" too often.
    var room: Int { capacity - count }

    mutating func insert(_ key: ContactKey) {
        let (word, bits) = place(key)
        words[word] |= bits
        count += 1
    }

    func mayContain(_ key: ContactKey) -> Bool {
        let (word, bits) = place(key)
        return words[word] & bits == bits
    }

    /// The word of a key and four bits in it.
    private func place(_ key: ContactKey) -> (Int, UInt64) {
        // The finalizer of SplitMix64: the low bits name the word, the high ones the bits.
        var z = UInt64(bitPattern: key.value)
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        z ^= z >> 31
        let bits = 1 << (z >> 58) | 1 << (z >> 52 & 63) | 1 << (z >> 46 & 63) | 1 << (z >> 40 & 63) as UInt64
        return (Int(z & UInt64(words.count - 1)), bits)
    }
}
