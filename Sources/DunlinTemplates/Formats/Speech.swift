// SPDX-License-Identifier: Apache-2.0

/// What a voice needs to read values well in one language.
struct Speech: Sendable {
    /// The comma at which voices of the language pause.
    private let comma: String

    /// - Parameter language: BCP 47.
    init(language: String) {
        comma =
            switch language.prefix(while: { $0 != "-" && $0 != "_" }).lowercased() {
            case "zh", "yue": "，"
            case "ja": "、"
            case "ar", "fa", "ur": "، "
            default: ", "
            }
    }

    /// Digits one by one, with a pause between groups: nobody remembers more than four at once.
    func digits(_ groups: some Sequence<Substring>) -> String {
        groups.flatMap(Self.portions).map(Self.apart).joined(separator: comma)
    }

    /// A reference such as `AB-1234567` sign by sign: `A B, 1 2 3, 4 5 6 7`. Small letters sound like capitals, and
    /// voices take a lone `a` for a word, so that letters become capitals; other signs become pauses.
    func reference(_ text: Substring) -> String {
        var runs: [Substring] = []
        var rest = text
        while let first = rest.first {
            let end = rest.firstIndex { Kind($0) != Kind(first) } ?? rest.endIndex
            if Kind(first) != .other { runs.append(rest[..<end]) }
            rest = rest[end...]
        }
        let spoken = runs.flatMap { $0.first?.isASCIIDigit == true ? Self.portions($0) : [$0] }
        return spoken.isEmpty ? String(text) : spoken.map(Self.apart).joined(separator: comma).uppercased()
    }

    private enum Kind {
        case letter, digit, other

        init(_ character: Character) {
            self = character.isASCIIDigit ? .digit : character.isLetter || character.isNumber ? .letter : .other
        }
    }

    /// Threes, the last of two to four: 1234567 is 123, 4567. Up to four digits stay together.
    private static func portions(_ digits: Substring) -> [Substring] {
        guard digits.count > 4 else { return digits.isEmpty ? [] : [digits] }
        return [digits.prefix(3)] + portions(digits.dropFirst(3))
    }

    private static func apart(_ characters: Substring) -> String { characters.map(String.init).joined(separator: " ") }

    /// What ICU writes for the eye, without marks of direction, which have no sound, and with plain spaces.
    static func plain(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{200E}", "\u{200F}", "\u{061C}": break
            case "\u{00A0}", "\u{202F}": out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
