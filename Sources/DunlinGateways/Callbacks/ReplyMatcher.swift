// SPDX-License-Identifier: Apache-2.0

/// What a reply asks for, by its words.
///
/// Only a message that is nothing but such a word decides: whatever else holds one is a doubt, for somebody to read. Case,
/// accents, full-width forms, punctuation, quotes, emoji and spaces do not count.
public enum ReplyMatcher {
    /// - Parameter language: the tag of the language that the person is written to in, as far as known. Words that are too
    ///   short to be sure of count in their own language only; all others, and English, in any.
    public static func meaning(of text: String, language: String? = nil) -> ReplyMeaning {
        let words = ReplyText.words(text)
        let whole = words.joined()
        // Signs that say it without a word.
        let otherwise =
            text.unicodeScalars.contains { "🛑⛔🚫".unicodeScalars.contains($0) } ? ReplyMeaning.perhapsOptOut : .other
        guard !whole.isEmpty else { return otherwise }
        let list = ReplyList.shared
        // 'STOP STOP STOP' and 'stop, unsubscribe' too.
        if list.optOut.contains(whole) || words.allSatisfy(list.optOut.contains) { return .optOut }
        if let languages = list.local[whole] {
            let own = language.map { String($0.prefix { $0 != "-" && $0 != "_" }).lowercased() }
            return own.map(languages.contains) == true ? .optOut : .perhapsOptOut
        }
        if list.optIn.contains(whole) { return .optIn }
        if list.help.contains(whole) { return .help }
        let spaced = Array(" \(words.joined(separator: " ")) ".utf8)
        if list.spacedDoubts.contains(where: { spaced.end(of: $0) != nil }) { return .perhapsOptOut }
        let joined = Array(whole.utf8)
        return list.joinedDoubts.contains { joined.end(of: $0) != nil } ? .perhapsOptOut : otherwise
    }
}

/// The words of all languages, made ready.
private struct ReplyList: Sendable {
    static let shared = ReplyList()

    private(set) var optOut: Set<String> = []
    private(set) var optIn: Set<String> = []
    private(set) var help: Set<String> = []
    /// The languages in which a word is an opt-out.
    private(set) var local: [String: Set<String>] = [:]
    /// Words and phrases, looked for in the message's words with a space before, between and after them.
    private(set) var spacedDoubts: [[UInt8]] = []
    /// Those looked for in the message without its spaces.
    private(set) var joinedDoubts: [[UInt8]] = []

    private init() {
        for words in ReplyWords.all {
            let optOuts = ReplyList.entries(words.optOut)
            optOut.formUnion((optOuts + ReplyList.entries(words.alone)).map { ReplyText.words($0).joined() })
            optIn.formUnion(ReplyList.entries(words.optIn).map { ReplyText.words($0).joined() })
            help.formUnion(ReplyList.entries(words.help).map { ReplyText.words($0).joined() })
            for word in ReplyList.entries(words.local) {
                local[ReplyText.words(word).joined(), default: []].insert(words.language)
            }
            for doubt in optOuts + ReplyList.entries(words.doubts) {
                let pieces = ReplyText.words(doubt)
                if ReplyText.isJoined(doubt) {
                    joinedDoubts.append(Array(pieces.joined().utf8))
                } else {
                    spacedDoubts.append(
                        Array((" " + pieces.joined(separator: " ") + (doubt.hasSuffix("*") ? "" : " ")).utf8))
                }
            }
        }
    }

    private static func entries(_ list: String) -> [String] {
        list.split { $0 == "," || $0 == "\n" }.map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
    }
}

/// Texts as they are compared: a small folding after the manner of NFKC and of case folding, which the standard library does
/// not have. Latin letters lose their accents, because telephones do not always have them.
enum ReplyText {
    static func words(_ text: String) -> [String] {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            // Full-width forms of ASCII.
            case 0xFF01...0xFF5E: plain.append(contentsOf: lowercase(Unicode.Scalar(scalar.value - 0xFEE0)!))
            // Letters of mathematics, and those in circles and squares, which some telephones offer as fonts.
            case 0x1D400...0x1D6A3: plain.append(letter((scalar.value - 0x1D400) % 26))
            case 0x24B6...0x24E9: plain.append(letter((scalar.value - 0x24B6) % 26))
            case 0x1F130...0x1F149: plain.append(letter(scalar.value - 0x1F130))
            case 0x1F150...0x1F169: plain.append(letter(scalar.value - 0x1F150))
            case 0x1F170...0x1F189: plain.append(letter(scalar.value - 0x1F170))
            // Arabic short vowels and the stroke that widens a word; what makes a sign colourful.
            case 0x0640, 0x064B...0x0652, 0x0670, 0xFE00...0xFE0F: continue
            default:
                if scalar.properties.generalCategory == .format { continue }
                plain.append(contentsOf: lowercase(scalar))
            }
        }
        var words: [String] = []
        var word = ""
        for character in String(plain) {
            if let base = bases[character] {
                word.append(base)
            } else if character.isLetter || character.isNumber {
                word.append(character)
            } else if !apostrophes.contains(character), !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// Whether a text is of a script whose words cannot be told apart by the spaces between them.
    static func isJoined(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.value {
            // Arabic (which writes 'and' and 'the' without a space), Thai, Chinese, Japanese, Korean.
            case 0x0600...0x06FF, 0x0E00...0x0E7F, 0x1100...0x11FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0xAC00...0xD7AF,
                0xFF66...0xFF9F:
                true
            default: false
            }
        }
    }

    /// The lower-case one of a place in the alphabet, 0 for `a`.
    private static func letter(_ place: UInt32) -> Unicode.Scalar { Unicode.Scalar(0x61 + place)! }

    private static func lowercase(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        scalar.properties.lowercaseMapping.unicodeScalars
    }

    private static let apostrophes: Set<Character> = ["'", "’", "‘", "`", "´", "ʼ"]

    /// Compared as characters, so that a letter and the mark behind it are the same as both in one.
    private static let bases: [Character: Character] = {
        let families = [
            "aàáâãäåāăąạảấầẩẫậắằẳẵặ", "cçćč", "dđ", "eèéêëēęěẹẻẽếềểễệ", "gğ", "iìíîïīįıỉĩị", "lł", "nñńň",
            "oòóôõöøōőọỏốồổỗộớờởỡợơ", "sśšşș", "tțţ", "uùúûüūůűưụủũứừửữự", "yýÿỳỷỹỵ", "zźżž", "еёѐ", "ий", "اأإآٱ",
            "يى",
            "هة",
        ]
        var bases: [Character: Character] = ["i\u{307}": "i"]
        for family in families { for letter in family.dropFirst() { bases[letter] = family.first! } }
        return bases
    }()
}
