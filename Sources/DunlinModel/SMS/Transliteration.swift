// SPDX-License-Identifier: Apache-2.0

/// What may be replaced in a text that this brings back into the GSM alphabet.
public enum Transliteration: String, CaseIterable, Sendable {
    /// Nothing.
    case none
    /// The signs of typography: quotation marks, dashes, the ellipsis, bullets, spaces; what is invisible goes.
    case punctuation
    /// Those, and Latin letters with accents and ligatures that the alphabet lacks.
    case letters

    /// The text as it is sent, and each character that was replaced, once, in the order of the text.
    ///
    /// Where not every character has a replacement the text would stay UCS-2: then none is replaced. In any case letter
    /// and accent come as one (`SMSEncoding.composed(_:)`), which is the same text and no change.
    public func applied(to text: String) -> (text: String, changes: [(from: Character, to: String)]) {
        if SMSEncoding.isGSM(text) { return (text, []) }
        let text = SMSEncoding.composed(text)
        guard self != .none else { return (text, []) }
        // Bytes, as appending scalar by scalar to a string takes several times as long.
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        var replaced: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            if GSMAlphabet.septets(scalar) != nil {
                if scalar.isASCII { result.append(UInt8(scalar.value)) } else { result += UTF8.encode(scalar)! }
            } else {
                guard let near = nearMiss(of: scalar) else { return (text, []) }
                result += near.utf8
                if !replaced.contains(scalar) { replaced.append(scalar) }
            }
        }
        return (String(decoding: result, as: UTF8.self), replaced.map { (from: Character($0), to: nearMiss(of: $0)!) })
    }

    private func nearMiss(of scalar: Unicode.Scalar) -> String? {
        Self.signs[scalar] ?? (self == .letters ? Self.latin[scalar] : nil)
    }
}
