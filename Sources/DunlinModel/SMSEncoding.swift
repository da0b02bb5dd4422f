// SPDX-License-Identifier: Apache-2.0

/// How a text travels as SMS, after 3GPP TS 23.038 (GSM 03.38 default alphabet with its extension table, else UCS-2)
/// and TS 23.040 (concatenation with a 6-octet header).
public enum SMSEncoding: String, Sendable {
    /// 160 septets in a single message, 153 in each part of a longer one.
    case gsm7
    /// 70 units of UTF-16 in a single message, 67 in each part of a longer one.
    case ucs2

    /// What a text costs.
    public struct Size: Hashable, Sendable {
        public var encoding: SMSEncoding
        /// Septets (a character of the extension table counts 2) or units of UTF-16 (one beyond U+FFFF counts 2).
        public var units: Int
        /// Parts that are sent and paid; an escape pair or a surrogate pair is never split over two. 0 for no text.
        public var segments: Int
    }

    /// Measures `text` exactly.
    public static func measure(_ text: String) -> Size {
        gsmSize(text) ?? ucs2Size(text)
    }

    /// The characters that force UCS-2, each once, in the order in which they appear.
    public static func offenders(in text: String) -> [Character] {
        var found: [Character] = []
        for character in text where character.unicodeScalars.contains(where: { septets($0) == nil }) {
            if !found.contains(character) { found.append(character) }
        }
        return found
    }

    /// Nil if a character is not in the GSM alphabet.
    private static func gsmSize(_ text: String) -> Size? {
        var parts = Parts(single: 160, part: 153)
        // Nearly every byte is ASCII: a table look-up each; what is not is decoded to its scalar.
        let ascii = asciiSeptets
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            if byte < 0x80 {
                let cost = Int(ascii[Int(byte)])
                guard cost > 0 else { return nil }
                parts.add(cost)
            } else {
                let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
                var value = UInt32(byte) & (0x7f >> UInt32(length))
                for _ in 1..<length { value = value << 6 | UInt32(bytes.next().map { $0 & 0x3f } ?? 0) }
                guard let scalar = Unicode.Scalar(value), let cost = septets(scalar) else { return nil }
                parts.add(cost)
            }
        }
        return Size(encoding: .gsm7, units: parts.units, segments: parts.count)
    }

    private static func ucs2Size(_ text: String) -> Size {
        var parts = Parts(single: 70, part: 67)
        for byte in text.utf8 where byte & 0xc0 != 0x80 { parts.add(byte >= 0xf0 ? 2 : 1) }
        return Size(encoding: .ucs2, units: parts.units, segments: parts.count)
    }

    /// Septets of one character: 1 in the basic table, 2 in the extension table, nil in neither.
    static func septets(_ scalar: Unicode.Scalar) -> Int? {
        guard scalar.value >= 0x80 else {
            let cost = Int(asciiSeptets[Int(scalar.value)])
            return cost == 0 ? nil : cost
        }
        return scalar == "€" ? 2 : basicBeyondASCII.contains(scalar) ? 1 : nil
    }

    /// The basic table's characters beyond ASCII.
    private static let basicBeyondASCII: Set<Unicode.Scalar> = Set(
        "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà".unicodeScalars)

    /// Septets of each ASCII character; 0 where it is in neither table (controls, backtick).
    private static let asciiSeptets: [UInt8] = (0..<128).map { value in
        switch UInt8(value) {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): 1
        case 0x0c: 2
        case UInt8(ascii: "`"), ..<0x20, 0x7f: 0
        default: "^{}\\[~]|".utf8.contains(UInt8(value)) ? 2 : 1
        }
    }
}

/// Fills one part after the other, never splitting a pair.
private struct Parts {
    let single: Int
    let part: Int
    var units = 0
    private var full = 0
    private var filled = 0

    init(single: Int, part: Int) {
        self.single = single
        self.part = part
    }

    mutating func add(_ cost: Int) {
        units += cost
        if filled + cost > part {
            full += 1
            filled = 0
        }
        filled += cost
    }

    var count: Int { units == 0 ? 0 : units <= single ? 1 : full + 1 }
}
