// SPDX-License-Identifier: Apache-2.0

extension String {
    /// An id of the integrator's: 1 to 128 characters, none of them white space or a control character.
    var isIdentifier: Bool {
        let bytes = utf8
        if bytes.isEmpty || bytes.count > 512 { return false }
        if bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) { return bytes.count <= 128 }
        return unicodeScalars.count <= 128
            && unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.properties.generalCategory != .control }
    }

    /// Text for one line of a message: not blank, at most 200 characters, no control characters.
    var isOneLine: Bool {
        if utf8.count > 800 { return false }
        var visible = false
        for scalar in unicodeScalars {
            if scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || [0x2028, 0x2029].contains(scalar.value) {
                return false
            }
            visible = visible || !scalar.properties.isWhitespace
        }
        return visible && unicodeScalars.count <= 200
    }

    /// The shape of a mail address, not its existence: one `@`, a local part of at most 64 octets, a domain of labels.
    /// Quoted local parts and address literals (RFC 5321) are not taken: no lender's customer has one.
    var isMailAddress: Bool {
        guard utf8.count <= 254, let at = utf8.firstIndex(of: UInt8(ascii: "@")) else { return false }
        let local = utf8[..<at]
        let domain = utf8[utf8.index(after: at)...]
        func isPlain(_ part: Substring.UTF8View) -> Bool {
            var last = UInt8(ascii: ".")
            for byte in part {
                switch byte {
                case ...0x20, 0x7f, UInt8(ascii: "@"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"),
                    UInt8(ascii: ">"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: ";"),
                    UInt8(ascii: ","), UInt8(ascii: "\\"), UInt8(ascii: "\""):
                    return false
                case UInt8(ascii: ".") where last == byte: return false
                default: last = byte
                }
            }
            return last != UInt8(ascii: ".")
        }
        return local.count <= 64 && isPlain(local) && isPlain(domain) && domain.contains(UInt8(ascii: "."))
    }

    /// The shape of a BCP 47 tag (RFC 5646): subtags of 1 to 8 letters or digits, the first 2 to 8 letters.
    var isLanguageTag: Bool {
        var length = 0
        var first = true
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "-"):
                if length == 0 || first && length < 2 { return false }
                (length, first) = (0, false)
            case 0x41...0x5a, 0x61...0x7a: length += 1
            case 0x30...0x39 where !first: length += 1
            default: return false
            }
            if length > 8 { return false }
        }
        return length >= (first ? 2 : 1) && utf8.count <= 35
    }

    /// ISO 3166-1 alpha-2, then perhaps a 3166-2 subdivision of 1 to 3 letters or digits, then perhaps a place in it of 2 to
    /// 8: `US`, `US-NY`, `US-NY-NYC`.
    var isRegion: Bool {
        var part = 0
        var length = 0
        func isWhole() -> Bool { (part == 0 ? 2...2 : part == 1 ? 1...3 : 2...8).contains(length) }
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): length += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9") where part > 0: length += 1
            case UInt8(ascii: "-") where isWhole() && part < 2: (part, length) = (part + 1, 0)
            default: return false
            }
        }
        return isWhole()
    }
}
