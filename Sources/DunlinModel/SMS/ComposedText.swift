// SPDX-License-Identifier: Apache-2.0

extension SMSEncoding {
    /// `text` with letter and accent in one, for Latin, Greek and Cyrillic: `e` with U+0301 becomes `é`, which is in the
    /// GSM alphabet and half the units in UCS-2. It is canonically equivalent (Unicode, section 3.7), the same text, so it
    /// may always be sent in its place. Costs one look at the bytes where there is nothing to compose.
    public static func composed(_ text: String) -> String {
        guard hasCombiningMark(text) else { return text }
        return text.reduce(into: "") { $0 += composed($1) }
    }

    /// The longest beginning of a letter with its accents that is one scalar, then the other accents.
    private static func composed(_ character: Character) -> String {
        let scalars = Array(character.unicodeScalars)
        for length in stride(from: scalars.count, to: 1, by: -1) {
            let beginning = Character(String(String.UnicodeScalarView(scalars[..<length])))
            if let one = precomposed[beginning] {
                return String(String.UnicodeScalarView([one] + scalars[length...]))
            }
        }
        return String(character)
    }

    /// Whether there is a scalar of U+0300 to U+036F.
    private static func hasCombiningMark(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.indices.contains { bytes[$0] == 0xcc || bytes[$0] == 0xcd && bytes[$0 + 1] < 0xb0 }
        }
    }

    /// Swift compares characters by canonical equivalence: a decomposed letter finds its composed one. Where two of them
    /// are equivalent (Greek tonos and oxia), the first is the normal form.
    private static let precomposed: [Character: Unicode.Scalar] = {
        let letters = [0xc0...0x24f, 0x370...0x52f, 0x1e00...0x1fff].joined().compactMap(
            Unicode.Scalar.init as (UInt32) -> Unicode.Scalar?)
        return Dictionary(letters.map { (Character($0), $0) }, uniquingKeysWith: { first, _ in first })
    }()
}
