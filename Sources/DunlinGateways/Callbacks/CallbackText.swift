// SPDX-License-Identifier: Apache-2.0

/// What may be kept of the texts in a callback.
enum CallbackText {
    /// A token of ours or a gateway's id: at most 128 visible characters of ASCII; nil for anything else.
    static func token(_ text: String) -> String? { AnswerReading.token(text, limit: 128) }

    /// Keys of a telephone, at most 20; nil for anything else, and where nothing was pressed.
    static func keys(_ text: String) -> String? {
        let isKeys = !text.isEmpty && text.utf8.count <= 20 && text.utf8.allSatisfy { "0123456789*#".utf8.contains($0) }
        return isKeys ? text : nil
    }

    /// What somebody wrote: line breaks and tabs become spaces, other control characters are taken out, and what is longer
    /// than `limit` Unicode scalars is cut.
    static func prose(_ text: String, limit: Int = 4096) -> String {
        var clean = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        var count = 0
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            guard count < limit else { break }
            switch scalar {
            case "\n" where previous == "\r": continue
            case "\n", "\r", "\t": clean.append(" ")
            case _ where scalar.properties.generalCategory == .control: continue
            default: clean.append(scalar)
            }
            count += 1
        }
        return String(clean)
    }

    /// The text whose UTF-16BE units `hex` spells; nil where it spells none. Half of a surrogate pair becomes U+FFFD.
    static func utf16(hex: String) -> String? {
        let digits = Array(hex.utf8)
        guard digits.count.isMultiple(of: 4) else { return nil }
        var units: [UInt16] = []
        for start in stride(from: 0, to: digits.count, by: 4) {
            var unit: UInt16 = 0
            for digit in digits[start..<start + 4] {
                switch digit {
                case 0x30...0x39: unit = unit << 4 | UInt16(digit - 0x30)
                case 0x41...0x46, 0x61...0x66: unit = unit << 4 | UInt16((digit | 0x20) - 0x57)
                default: return nil
                }
            }
            units.append(unit)
        }
        return String(decoding: units, as: UTF16.self)
    }
}
