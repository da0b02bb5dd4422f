// SPDX-License-Identifier: Apache-2.0

/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, https://github.com/veorq/SipHash), under a fixed key.
///
/// It tells whether two rows have the same content: a published function with test vectors, short and faster than a
/// cryptographic hash. The key is not secret, so it is no defence against somebody who wants two contents to collide.
struct SipHash128: Hashable {
    var low: UInt64
    var high: UInt64

    init(of bytes: some Collection<UInt8>, key: (UInt64, UInt64) = (0, 0)) {
        let whole = bytes.withContiguousStorageIfAvailable { SipHash128(UnsafeRawBufferPointer($0), key) }
        self = whole ?? Array(bytes).withUnsafeBytes { SipHash128($0, key) }
    }

    private init(_ bytes: UnsafeRawBufferPointer, _ key: (UInt64, UInt64)) {
        var state = State(key)
        let words = bytes.count / 8
        for i in 0..<words {
            state.absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self)))
        }
        var last = UInt64(truncatingIfNeeded: bytes.count) << 56
        for i in words * 8..<bytes.count { last |= UInt64(bytes[i]) << UInt64(i % 8 * 8) }
        state.absorb(last)
        (low, high) = state.finish()
    }

    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    private struct State {
        var v0, v1, v2, v3: UInt64

        init(_ key: (UInt64, UInt64)) {
            v0 = key.0 ^ 0x736f_6d65_7073_6575
            v1 = key.1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
            v2 = key.0 ^ 0x6c79_6765_6e65_7261
            v3 = key.1 ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        mutating func round() {
            func rotate(_ x: UInt64, _ n: UInt64) -> UInt64 { x << n | x >> (64 - n) }
            v0 &+= v1; v1 = rotate(v1, 13) ^ v0; v0 = rotate(v0, 32)
            v2 &+= v3; v3 = rotate(v3, 16) ^ v2
            v0 &+= v3; v3 = rotate(v3, 21) ^ v0
            v2 &+= v1; v1 = rotate(v1, 17) ^ v2; v2 = rotate(v2, 32)
        }

        @inline(__always)
        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round(); round()
            v0 ^= word
        }

        mutating func finish() -> (UInt64, UInt64) {
            v2 ^= 0xee
            for _ in 0..<4 { round() }
            let low = v0 ^ v1 ^ v2 ^ v3
            v1 ^= 0xdd
            for _ in 0..<4 { round() }
            return (low, v0 ^ v1 ^ v2 ^ v3)
        }
    }
}
