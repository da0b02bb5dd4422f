// SPDX-License-Identifier: Apache-2.0

/// `text/html; charset="utf-8"` as its type in lower case and its parameters, their names in lower case (RFC 2045, 5.1).
func contentType(_ value: String) -> (type: String, parameters: [String: String]) {
    var pieces: [String] = [""]
    var isQuoted = false
    var isEscaped = false
    for character in value {
        if isEscaped {
            pieces[pieces.count - 1].append(character)
            isEscaped = false
        } else if isQuoted, character == "\\" {
            isEscaped = true
        } else if character == "\"" {
            isQuoted.toggle()
        } else if character == ";", !isQuoted {
            pieces.append("")
        } else {
            pieces[pieces.count - 1].append(character)
        }
    }
    var parameters: [String: String] = [:]
    for piece in pieces.dropFirst() {
        guard let equals = piece.firstIndex(of: "=") else { continue }
        parameters[trimmed(piece[..<equals]).lowercased()] = trimmed(piece[piece.index(after: equals)...])
    }
    return (trimmed(pieces[0]).lowercased(), parameters)
}

/// RFC 2045, 6.7. A faulty escape is kept as it is written.
func quotedPrintableDecoded(_ text: some Collection<UInt8>) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    let bytes = Array(text)
    var i = 0
    while i < bytes.count {
        guard bytes[i] == UInt8(ascii: "=") else {
            decoded.append(bytes[i])
            i += 1
            continue
        }
        if i + 2 < bytes.count, let high = hexDigit(bytes[i + 1]), let low = hexDigit(bytes[i + 2]) {
            decoded.append(high << 4 | low)
            i += 3
        } else if let end = bytes[(i + 1)...].firstIndex(where: {
            $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") && $0 != UInt8(ascii: "\r")
        }),
            bytes[end] == UInt8(ascii: "\n")
        {
            i = end + 1
        } else {
            decoded.append(bytes[i])
            i += 1
        }
    }
    return decoded
}

/// Text in one of the character sets that mail to people has; an unknown one is read as UTF-8, its faults as U+FFFD.
func mailText(_ bytes: [UInt8], charset: String) -> String {
    switch charset.lowercased() {
    case "iso-8859-1", "latin1": String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    case "utf-16be": String(decoding: utf16BigEndian(bytes), as: UTF16.self)
    default: String(decoding: bytes, as: UTF8.self)
    }
}

private func utf16BigEndian(_ bytes: [UInt8]) -> [UInt16] {
    stride(from: 0, to: bytes.count - bytes.count % 2, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
}

/// Replaces the encoded words of RFC 2047 in a header's value; what is not one stays as it is.
func decodedHeader(_ value: String) -> String {
    var result = ""
    /// Bytes of neighbouring words of one charset, joined first: some senders split a character over two words.
    var pending: (charset: String, bytes: [UInt8])?
    func flush() {
        if let word = pending { result += mailText(word.bytes, charset: word.charset) }
        pending = nil
    }
    var rest = value[...]
    while let start = rest.firstRange(of: "=?") {
        guard let word = EncodedWord(rest[start.lowerBound...]) else {
            flush()
            result += rest[..<start.upperBound]
            rest = rest[start.upperBound...]
            continue
        }
        let before = rest[..<start.lowerBound]
        // White space between two encoded words is not part of the text.
        if pending == nil || !before.allSatisfy(\.isWhitespace) {
            flush()
            result += before
        }
        if pending?.charset == word.charset {
            pending?.bytes += word.bytes
        } else {
            flush()
            pending = (word.charset, word.bytes)
        }
        rest = word.rest
    }
    flush()
    return result + rest
}

/// `=?charset?B?text?=` at the beginning of a text.
private struct EncodedWord {
    var charset: String
    var bytes: [UInt8]
    var rest: Substring

    init?(_ text: Substring) {
        let pieces = text.dropFirst(2).split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
        guard pieces.count == 4, pieces[3].first == "=", !pieces[0].isEmpty else { return nil }
        // A language may follow the charset (RFC 2231, section 5).
        charset = String(pieces[0].prefix { $0 != "*" }).lowercased()
        switch pieces[1] {
        case "B", "b":
            guard let decoded = base64Decoded(pieces[2].utf8) else { return nil }
            bytes = decoded
        case "Q", "q":
            let spaced = pieces[2].utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }
            bytes = quotedPrintableDecoded(spaced)
        default: return nil
        }
        rest = pieces[3].dropFirst()
    }
}
