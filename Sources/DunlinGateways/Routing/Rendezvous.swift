// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Rendezvous hashing: every candidate gets a score for a key, the best one wins. A candidate that joins or leaves moves
/// only the keys that it wins or had (Thaler and Ravishankar, IEEE/ACM Transactions on Networking 6(1), 1998).
public enum Rendezvous {
    /// The score of `candidate` for `key`; ASCII letters count without regard to case. The same in every process.
    public static func score(_ key: String, _ candidate: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte.lowercased)) &* 0x100_0000_01b3 }
        hash = (hash ^ 0xff) &* 0x100_0000_01b3
        for byte in candidate.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // FNV-1a alone spreads its last bytes badly; this is the finaliser of SplitMix64.
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        return hash ^ (hash >> 31)
    }

    /// The smallest one wins, each candidate with a share of the keys in proportion to its weight: exponentially
    /// distributed with the weight as its rate.
    public static func distance(_ key: String, _ candidate: String, weight: Int) -> Double {
        let uniform = (Double(score(key, candidate) >> 11) + 0.5) * 0x1p-53
        return -log(uniform) / Double(weight)
    }
}

extension UInt8 {
    fileprivate var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self + 32 : self }
}
