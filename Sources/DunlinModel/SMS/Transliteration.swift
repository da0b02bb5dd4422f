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
        var result = ""
        var changes: [(from: Character, to: String)] = []
        for character in text {
            var isChanged = false
            var replacement = ""
            for scalar in character.unicodeScalars {
                if GSMAlphabet.septets(scalar) != nil {
                    replacement.unicodeScalars.append(scalar)
                } else {
                    guard let near = nearMiss(of: scalar) else { return (text, []) }
                    replacement += near
                    isChanged = true
                }
            }
            result += replacement
            if isChanged, !changes.contains(where: { $0.from == character }) {
                changes.append((from: character, to: replacement))
            }
        }
        return (result, changes)
    }

    private func nearMiss(of scalar: Unicode.Scalar) -> String? {
        Self.signs[scalar] ?? (self == .letters ? Self.latin[scalar] : nil)
    }
}
