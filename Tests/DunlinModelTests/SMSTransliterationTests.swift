// SPDX-License-Identifier: Apache-2.0

import DunlinTestKit
import Testing

@testable import DunlinModel

struct SMSTransliterationTests {
    @Test(
        arguments: [
            ("It’s “due” – today…", "It's \"due\" - today...", "It's \"due\" - today..."),
            ("12\u{202f}345\u{a0}€", "12 345 €", "12 345 €"),
            ("zero\u{200b} soft\u{ad}hyphen\u{feff}", "zero softhyphen", "zero softhyphen"),
            ("« Bonjour »", "\" Bonjour \"", "\" Bonjour \""), ("• A\u{2028}½ ™", "- A\n1/2 TM", "- A\n1/2 TM"),
            ("já são três – mañana", nil, "ja sao tres - mañana"), ("Łódź, Đà Nẵng", nil, "Lodz, Dà Nang"),
            ("ışık İstanbul", nil, "isik Istanbul"), ("cœur Œuvre ﬁn", nil, "coeur OEuvre fin"),
            ("ça Ça", nil, "ca Ça"),
            // What the alphabet has stays, decomposed or not; an accent that no letter has taken in goes.
            ("éèàùìòÇñöüäåÆøß’", "éèàùìòÇñöüäåÆøß'", "éèàùìòÇñöüäåÆøß'"), ("e\u{301}’a\u{301}", nil, "é'a"),
            ("ǖ x\u{301}", nil, "ü x"),
            // All or nothing.
            ("“Привет”", nil, nil), ("您好 – á", nil, nil), ("😀’", nil, nil),
        ] as [(String, String?, String?)])
    func replaces(text: String, punctuation: String?, letters: String?) {
        for (option, expected) in [(Transliteration.none, nil), (.punctuation, punctuation), (.letters, letters)] {
            let (result, changes) = option.applied(to: text)
            #expect(Array(result.unicodeScalars) == Array((expected ?? SMSEncoding.composed(text)).unicodeScalars))
            #expect(changes.isEmpty == (expected == nil))
            #expect(expected == nil || SMSEncoding.measure(result).encoding == .gsm7)
        }
    }

    @Test func listsEachChangeOnceInOrder() {
        let changes = Transliteration.letters.applied(to: "‘á’ é ‘á’ …\u{200b}").changes
        #expect(changes.map(\.from) == ["‘", "á", "’", "…", "\u{200b}"])
        #expect(changes.map(\.to) == ["'", "a", "'", "...", ""])
    }

    @Test func leavesATextOfTheAlphabetAsItIs() {
        for option in Transliteration.allCases {
            for text in ["", "Pay 12 € [now]\r\n", "Grüße, señor"] {
                let (result, changes) = option.applied(to: text)
                #expect(result == text && changes.isEmpty)
            }
        }
    }

    @Test func decomposedLettersAreComposedWhateverTheOption() {
        for option in Transliteration.allCases {
            let (result, changes) = option.applied(to: "cafe\u{301}")
            #expect(SMSEncoding.measure(result) == SMSEncoding.measure("café") && changes.isEmpty)
        }
    }

    @Test func tablesLeadIntoTheAlphabetAndOnlyFromOutside() {
        for (from, to) in Transliteration.signs.merging(Transliteration.latin, uniquingKeysWith: { $0 + $1 }) {
            #expect(GSMAlphabet.septets(from) == nil, "\(from)")
            #expect(SMSEncoding.isGSM(to), "\(from)")
        }
        #expect(Set(Transliteration.signs.keys).isDisjoint(with: Transliteration.latin.keys))
    }

    /// Every letter of the Latin blocks whose accents Unicode can take off ends at the letter, not at another.
    @Test func lettersKeepTheirLetter() {
        for (from, to) in Transliteration.latin where !to.isEmpty && from.properties.generalCategory != .otherLetter {
            let isUpper = from.properties.isUppercase
            #expect(isUpper ? to == to.uppercased() : to.first!.isLowercase || to.count > 1, "\(from) \(to)")
        }
    }

    @Test func isDoneAtOnce() {
        var random = SeededRandom(seed: 5)
        let pieces =
            Array(Transliteration.signs.keys.sorted() + Transliteration.latin.keys.sorted())
            + Array("aé €中".unicodeScalars)
        for _ in 0..<500 {
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...12, using: &random) { view.append(pieces.randomElement(using: &random)!) }
            let text = String(view)
            for option in Transliteration.allCases {
                let once = option.applied(to: text)
                #expect(once.changes.isEmpty || SMSEncoding.isGSM(once.text))
                let twice = option.applied(to: once.text)
                #expect(twice.changes.isEmpty && Array(twice.text.utf8) == Array(once.text.utf8))
            }
        }
    }
}
