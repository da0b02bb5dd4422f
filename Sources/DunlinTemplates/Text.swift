// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: Substring {
        // Nearly always there is none, and a look at two bytes is enough to know.
        let text = Substring(self)
        if let first = text.utf8.first, let last = text.utf8.last, isMark(first), isMark(last) { return text }
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else {
            return ""
        }
        return text[first...last]
    }
}

private func isMark(_ byte: UInt8) -> Bool { (0x21..<0x7f).contains(byte) }

/// Whether `text` holds one of C0, DEL, C1, or Unicode's line and paragraph separators.
func hasControlCharacters(_ text: Substring) -> Bool {
    var previous: UInt8 = 0
    var beforePrevious: UInt8 = 0
    for byte in text.utf8 {
        if byte < 0x20 || byte == 0x7f || (previous == 0xc2 && byte < 0xa0) { return true }
        if beforePrevious == 0xe2, previous == 0x80, byte == 0xa8 || byte == 0xa9 { return true }
        (beforePrevious, previous) = (previous, byte)
    }
    return false
}

/// Whether `text` is an `https` address with a host and nothing but the characters of RFC 3986.
func isSafeLink(_ text: Substring) -> Bool {
    let scheme = "https://"
    guard text.hasPrefix(scheme), text.utf8.count <= 2000 else { return false }
    let rest = text.utf8.dropFirst(scheme.utf8.count)
    guard let first = rest.first, first != UInt8(ascii: "/"), first != UInt8(ascii: "?") else { return false }
    return rest.allSatisfy { byte in
        switch byte {
        case 0...0x20, 0x7f...: false
        case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            false
        default: true
        }
    }
}

/// `text` for HTML content and attribute values.
func escapedHTML(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": out += "&amp;"
        case "<": out += "&lt;"
        case ">": out += "&gt;"
        case "\"": out += "&quot;"
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out
}
