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

extension String {
    /// Whether it is ASCII, found without looking at each byte by itself.
    var isPlainASCII: Bool {
        utf8.withContiguousStorageIfAvailable { $0.reduce(0, |) < 0x80 } ?? utf8.allSatisfy { $0 < 0x80 }
    }
}

/// Whether `text` holds one of C0, DEL, C1, Unicode's line and paragraph separators, or the controls that turn the
/// direction of what follows (U+202A to U+202E, U+2066 to U+2069): a value must not reach beyond itself.
func hasControlCharacters(_ text: Substring) -> Bool {
    var previous: UInt8 = 0
    var beforePrevious: UInt8 = 0
    for byte in text.utf8 {
        if byte < 0x20 || byte == 0x7f || (previous == 0xc2 && byte < 0xa0) { return true }
        if beforePrevious == 0xe2 {
            if previous == 0x80, (0xa8...0xae).contains(byte) { return true }
            if previous == 0x81, (0xa6...0xa9).contains(byte) { return true }
        }
        (beforePrevious, previous) = (previous, byte)
    }
    return false
}

/// Whether `text` holds a letter of a script that runs from right to left (UAX 9: classes R and AL): Hebrew to Arabic
/// extended, their presentation forms, and the supplementary scripts from U+10800 on.
func hasRightToLeftLetters(_ text: String) -> Bool {
    if text.isPlainASCII { return false }
    return text.unicodeScalars.contains { scalar in
        switch scalar.value {
        case 0x590...0x8ff, 0xfb1d...0xfdff, 0xfe70...0xfeff, 0x10800...0x10fff, 0x1e800...0x1efff: true
        default: false
        }
    }
}

/// Whether `text` is an `https` address with a host and nothing but the characters of RFC 3986.
func isSafeLink(_ text: Substring) -> Bool {
    let scheme = "https://"
    guard text.utf8.starts(with: scheme.utf8), text.utf8.count <= 2000 else { return false }
    let rest = text.utf8.dropFirst(scheme.utf8.count)
    guard let first = rest.first, first != UInt8(ascii: "/"), first != UInt8(ascii: "?") else { return false }
    return hasOnlyCharactersOfURIs(rest)
}

/// Whether `text` is a `mailto` address (RFC 6068) with somebody to write to.
func isSafeMailto(_ text: Substring) -> Bool {
    let scheme = "mailto:"
    guard text.utf8.starts(with: scheme.utf8), text.utf8.count <= 2000 else { return false }
    let rest = text.utf8.dropFirst(scheme.utf8.count)
    return rest.contains(UInt8(ascii: "@")) && rest.first != UInt8(ascii: "?") && hasOnlyCharactersOfURIs(rest)
}

private func hasOnlyCharactersOfURIs(_ text: Substring.UTF8View) -> Bool {
    text.allSatisfy { byte in
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
    let isPlain = text.utf8.allSatisfy { !"&<>\"".utf8.contains($0) }
    if isPlain { return text }
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
