// SPDX-License-Identifier: Apache-2.0

/// The two encodings that bring any text through any relay (RFC 2045, section 6): quoted-printable where most of it is
/// ASCII and stays readable, base64 where that is shorter. 8BITMIME cannot be had: libcurl does not ask for it.
enum MIMEBody {
    /// The text in its transfer encoding, CRLF at every line's end, no line beyond 76 characters.
    static func encode(_ text: String) -> (encoding: String, bytes: [UInt8]) {
        let canonical = canonicalLines(text)
        let escapes = canonical.reduce(0) { $0 + (isPrintable($1) || $1 == 0x0D || $1 == 0x0A ? 0 : 1) }
        return escapes * 6 > canonical.count
            ? ("base64", base64Lines(canonical)) : ("quoted-printable", quotedPrintable(canonical))
    }

    /// CRLF at every line's end, whichever of LF, CR and CRLF was there, and one at the end.
    static func canonicalLines(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + text.utf8.count / 16 + 2)
        var text = text
        text.withUTF8 { text in
            var lineStart = 0
            while lineStart < text.count {
                let lineEnd = text[lineStart...].firstIndex { $0 == 0x0D || $0 == 0x0A } ?? text.count
                bytes.append(contentsOf: text[lineStart..<lineEnd])
                bytes.append(contentsOf: [0x0D, 0x0A])
                let isPair = lineEnd + 1 < text.count && text[lineEnd] == 0x0D && text[lineEnd + 1] == 0x0A
                lineStart = lineEnd + (isPair ? 2 : 1)
            }
        }
        return bytes
    }

    /// RFC 2045, section 6.7, of a text with CRLF line ends. A dot and a "From " that begin a line are encoded too,
    /// because relays are known to take them for their own.
    static func quotedPrintable(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count + text.count / 4)
        text.withUnsafeBufferPointer { text in
            var lineStart = 0
            while lineStart < text.count {
                var lineEnd = lineStart
                while lineEnd < text.count, text[lineEnd] != 0x0D { lineEnd += 1 }
                appendQuoted(text[lineStart..<lineEnd], to: &out)
                out.append(contentsOf: [0x0D, 0x0A])
                lineStart = lineEnd + 2
            }
        }
        return out
    }

    /// One line of the text, in as many as it needs.
    private static func appendQuoted(_ line: Slice<UnsafeBufferPointer<UInt8>>, to out: inout [UInt8]) {
        var column = 0
        for i in line.indices {
            let byte = line[i]
            let isLast = i + 1 == line.endIndex
            let isPlain = isPrintable(byte) && !(isLast && (byte == 0x20 || byte == 0x09))
            // A soft line break takes the last of the 76 columns.
            if column + (isPlain ? 1 : 3) > (isLast ? 76 : 75) {
                out.append(contentsOf: [UInt8(ascii: "="), 0x0D, 0x0A])
                column = 0
            }
            let needsCare = column == 0 && (byte == UInt8(ascii: ".") || line[i...].starts(with: "From ".utf8))
            if isPlain && !needsCare {
                out.append(byte)
                column += 1
            } else {
                out.append(UInt8(ascii: "="))
                out.append(hexDigit(byte >> 4))
                out.append(hexDigit(byte & 15))
                column += 3
            }
        }
    }

    /// Base64 in lines of 76 characters.
    static func base64Lines(_ text: [UInt8]) -> [UInt8] {
        let encoded = base64(text)
        var out: [UInt8] = []
        out.reserveCapacity(encoded.count + encoded.count / 38 + 2)
        for start in stride(from: 0, to: encoded.count, by: 76) {
            out.append(contentsOf: encoded[start..<min(start + 76, encoded.count)])
            out.append(contentsOf: [0x0D, 0x0A])
        }
        return out
    }

    /// Whether quoted-printable leaves the byte as it is.
    private static func isPrintable(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "=") || byte == 0x09
    }

    /// RFC 4648, section 4, with padding.
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = base64Alphabet
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let rest = bytes.count - start
            let second = rest > 1 ? bytes[start + 1] : 0, third = rest > 2 ? bytes[start + 2] : 0
            out.append(alphabet[Int(bytes[start] >> 2)])
            out.append(alphabet[Int((bytes[start] & 3) << 4 | second >> 4)])
            out.append(rest > 1 ? alphabet[Int((second & 15) << 2 | third >> 6)] : UInt8(ascii: "="))
            out.append(rest > 2 ? alphabet[Int(third & 63)] : UInt8(ascii: "="))
        }
        return out
    }

    private static let base64Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}

/// The capital hexadecimal digit of 0 to 15.
func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }
