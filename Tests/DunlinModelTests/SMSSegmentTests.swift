// SPDX-License-Identifier: Apache-2.0

import DunlinTestKit
import Testing

@testable import DunlinModel

/// What holds for every text, however it is cut.
struct SMSSegmentTests {
    private static let alphabets = ["ab c€[é", "aé€中😀ÑÜ", "abcd", "中文😀"].map { $0.map(String.init) }

    private static func texts(seed: UInt64, count: Int) -> [String] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { round in
            (0..<Int.random(in: 0...500, using: &random))
                .map { _ in alphabets[round % alphabets.count].randomElement(using: &random)! }.joined()
        }
    }

    @Test func partsAreTheTextAndHoldNoMoreThanASegment() {
        for text in Self.texts(seed: 1, count: 200) {
            let (size, parts) = (SMSEncoding.measure(text), SMSEncoding.parts(of: text))
            #expect(parts.count == size.segments)
            #expect(Array(parts.joined().utf8) == Array(text.utf8))
            let room = size.encoding == .gsm7 ? 153 : 67
            let units = parts.map { part in
                size.encoding == .gsm7 ? SMSEncoding.measure(part).units : part.utf16.count
            }
            #expect(units.reduce(0, +) == size.units)
            #expect(parts.count == 1 || units.allSatisfy { $0 <= room })
            // None was closed while the next character, of two units at most, would still have fitted.
            #expect(units.dropLast().allSatisfy { $0 >= room - 1 })
        }
    }

    @Test func moreTextNeverTakesFewerSegments() {
        for text in Self.texts(seed: 2, count: 12) {
            var (sofar, segments) = ("", 0)
            for character in text {
                sofar.append(character)
                let now = SMSEncoding.measure(sofar).segments
                #expect(now >= segments)
                segments = now
            }
        }
    }

    @Test func theRoomLeftIsExact() {
        for text in Self.texts(seed: 3, count: 100) where !text.isEmpty {
            let size = SMSEncoding.measure(text)
            let filled = text + String(repeating: "x", count: size.unitsLeft)
            #expect(SMSEncoding.measure(filled).segments == size.segments)
            #expect(SMSEncoding.measure(filled).unitsLeft == 0)
            #expect(SMSEncoding.measure(filled + "x").segments > size.segments)
        }
        #expect(SMSEncoding.measure("").unitsLeft == 160)
    }

    @Test func bridgedAndSlicedTextsMeasureTheSame() {
        let text = "Grüße: 12 € – bitte bis morgen"
        #expect(SMSEncoding.measure(String(text[...])) == SMSEncoding.measure(text))
        #expect(SMSEncoding.measure(String(text.dropFirst(7))) == SMSEncoding.measure("12 € – bitte bis morgen"))
    }

    @Test(arguments: [
        ("e\u{301}", "é"), ("n\u{303}o", "ño"), ("e\u{323}\u{302}", "ệ"), ("x\u{301}", "x\u{301}"), ("и\u{306}", "й"),
        ("α\u{301}", "ά"), ("é\u{323}", "é\u{323}"), ("a\u{308}\u{304}!", "ǟ!"), ("中e\u{300}😀", "中è😀"),
        ("👩‍👧\r\n", "👩‍👧\r\n"),
    ])
    func composesLettersWithTheirAccents(text: String, expected: String) {
        #expect(Array(SMSEncoding.composed(text).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test func composingKeepsTheText() {
        var random = SeededRandom(seed: 4)
        let pieces = Array("aeinoyÅüxи中α😀\u{301}\u{300}\u{323}\u{308}\u{342}\u{36f}".unicodeScalars)
        for _ in 0..<500 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...20, using: &random) { text.append(pieces.randomElement(using: &random)!) }
            let (before, after) = (String(text), SMSEncoding.composed(String(text)))
            #expect(after == before)  // Canonical equivalence, as Swift compares texts.
            #expect(after.unicodeScalars.count <= before.unicodeScalars.count)
            #expect(Array(SMSEncoding.composed(after).unicodeScalars) == Array(after.unicodeScalars))
        }
    }
}
