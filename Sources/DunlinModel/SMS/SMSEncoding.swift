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
        /// Units that the last segment still has room for.
        public var unitsLeft: Int
    }

    /// Measures `text` exactly, scalar by scalar as it stands: a text with decomposed letters is sent `composed(_:)`.
    public static func measure(_ text: String) -> Size {
        var text = text
        return text.withUTF8 { gsmSize($0) ?? ucs2Size($0) }
    }

    /// The segments of a text, one string each; together they are the text.
    public static func parts(of text: String) -> [String] {
        let size = measure(text)
        guard size.segments > 1 else { return text.isEmpty ? [] : [text] }
        var fill = size.encoding == .gsm7 ? SegmentFill.gsm7 : .ucs2
        var parts = [String.UnicodeScalarView()]
        for scalar in text.unicodeScalars {
            fill.add(size.encoding == .gsm7 ? GSMAlphabet.septets(scalar)! : scalar.utf16.count)
            if fill.hasOpened { parts.append(.init()) }
            parts[parts.count - 1].append(scalar)
        }
        return parts.map { String($0) }
    }

    /// The characters that force UCS-2, each once, in the order in which they appear.
    public static func offenders(in text: String) -> [Character] {
        offenderPlaces(in: text).reduce(into: []) { found, place in
            if !found.contains(text[place]) { found.append(text[place]) }
        }
    }

    /// Where the characters stand that force UCS-2, each of them.
    public static func offenderPlaces(in text: String) -> [String.Index] {
        text.indices.filter { text[$0].unicodeScalars.contains { GSMAlphabet.septets($0) == nil } }
    }

    /// Whether every character is in the GSM alphabet.
    static func isGSM(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { GSMAlphabet.eachSeptets(of: $0) { _ in } }
    }

    /// Nil if a character is not in the GSM alphabet.
    private static func gsmSize(_ bytes: UnsafeBufferPointer<UInt8>) -> Size? {
        var fill = SegmentFill.gsm7
        return GSMAlphabet.eachSeptets(of: bytes) { fill.add($0) } ? fill.size(.gsm7) : nil
    }

    private static func ucs2Size(_ bytes: UnsafeBufferPointer<UInt8>) -> Size {
        var fill = SegmentFill.ucs2
        for byte in bytes where byte & 0xc0 != 0x80 { fill.add(byte >= 0xf0 ? 2 : 1) }
        return fill.size(.ucs2)
    }
}
