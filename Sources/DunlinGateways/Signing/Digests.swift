// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The hash functions that gateways sign with. MD5 and SHA-1 are theirs, not ours: as an HMAC's hash neither is broken.
enum HashAlgorithm: String, CaseIterable, Sendable {
    case md5, sha1, sha256, sha512

    func hash(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .md5: Array(Insecure.MD5.hash(data: bytes))
        case .sha1: Array(Insecure.SHA1.hash(data: bytes))
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }

    /// RFC 2104.
    func hmac(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: key)
        return switch self {
        case .md5: Array(HMAC<Insecure.MD5>.authenticationCode(for: bytes, using: key))
        case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: bytes, using: key))
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: bytes, using: key))
        }
    }
}

/// Whether both are the same, in a time that tells only their lengths.
func equalInConstantTime(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}

/// Hexadecimal digits in lower case, as signatures have them.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// RFC 4648, section 4, with padding.
func base64(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: MIMEBody.base64(Array(bytes)), as: UTF8.self)
}

/// RFC 4648, section 5, without padding, as JWTs have it (RFC 7515).
func base64URL(_ bytes: some Collection<UInt8>) -> String {
    let text = MIMEBody.base64(Array(bytes)).filter { $0 != UInt8(ascii: "=") }.map { byte in
        switch byte {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: byte
        }
    }
    return String(decoding: text, as: UTF8.self)
}

/// Reads base64 or, where `isURL`, base64url; padding is optional. Nil for anything else: other characters, lengths that
/// cannot be, bits that an encoder would have left at zero.
func bytes(base64 text: some Sequence<UInt8>, isURL: Bool = false) -> [UInt8]? {
    var digits = Array(text)
    if let padding = digits.firstIndex(of: UInt8(ascii: "=")) {
        guard digits.count % 4 == 0, digits.count - padding <= 2,
            digits[padding...].allSatisfy({ $0 == UInt8(ascii: "=") })
        else { return nil }
        digits.removeSubrange(padding...)
    }
    guard digits.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count * 3 / 4)
    var bits: UInt32 = 0, count = 0
    for digit in digits {
        let value: UInt8
        switch digit {
        case 0x41...0x5A: value = digit - 0x41
        case 0x61...0x7A: value = digit - 0x61 + 26
        case 0x30...0x39: value = digit - 0x30 + 52
        case UInt8(ascii: isURL ? "-" : "+"): value = 62
        case UInt8(ascii: isURL ? "_" : "/"): value = 63
        default: return nil
        }
        bits = bits << 6 | UInt32(value)
        count += 6
        if count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
        }
    }
    return bits & (1 << count - 1) == 0 ? bytes : nil
}
