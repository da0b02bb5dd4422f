// SPDX-License-Identifier: Apache-2.0

/// The two transfer encodings, read (RFC 2045, section 6); ``MIMEBody`` writes them.
enum MIMEDecoding {
    /// Characters outside of the alphabet do not count (section 6.8); nor do the bits of a last character alone.
    static func base64(_ text: some Collection<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for byte in text {
            if byte == UInt8(ascii: "=") { break }
            guard let value = base64Value(byte) else { continue }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return out
    }

    private static func base64Value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// A faulty escape stays as it is written (section 6.7).
    static func quotedPrintable(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var rest = text
        while !rest.isEmpty {
            let (line, next) = nextLine(rest)
            // White space at a line's end was added on the way.
            var end = line.endIndex
            while end > line.startIndex, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
            let isSoft = end > line.startIndex && line[end - 1] == UInt8(ascii: "=")
            if isSoft { end -= 1 }
            var i = line.startIndex
            while i < end {
                if line[i] == UInt8(ascii: "="), i + 2 < end, let high = hexValue(line[i + 1]),
                    let low = hexValue(line[i + 2])
                {
                    out.append(high << 4 | low)
                    i += 3
                } else {
                    out.append(line[i])
                    i += 1
                }
            }
            if !isSoft { out.append(contentsOf: rest[line.endIndex..<next]) }
            rest = rest[next...]
        }
        return out
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
