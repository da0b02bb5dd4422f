// SPDX-License-Identifier: Apache-2.0

import DunlinTestKit
import Testing

@testable import DunlinModel

struct SMSEncodingTests {
    /// 3GPP TS 23.038, 6.2.1: the whole basic table in code order, without the escape.
    static let basic = """
        @£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
        abcdefghijklmnopqrstuvwxyzäöñüà
        """
    static let extended = "\u{0c}^{}\\[~]|€"

    @Test func everyCharacterOfBothTables() {
        #expect(Self.basic.unicodeScalars.count == 127)
        let (basic, extended) = (Set(Self.basic.unicodeScalars), Set(Self.extended.unicodeScalars))
        let wrong = (0...0xffff).compactMap(Unicode.Scalar.init).filter { scalar in
            GSMAlphabet.septets(scalar) != (basic.contains(scalar) ? 1 : extended.contains(scalar) ? 2 : nil)
        }
        #expect(wrong == [])
    }

    @Test(arguments: [
        ("", SMSEncoding.gsm7, 0, 0), ("a", .gsm7, 1, 1), ("€", .gsm7, 2, 1), ("`", .ucs2, 1, 1), ("😀", .ucs2, 2, 1),
        ("ç", .ucs2, 1, 1), ("日本", .ucs2, 2, 1), ("\u{a0}", .ucs2, 1, 1), ("é", .gsm7, 1, 1), ("í", .ucs2, 1, 1),
        ("e\u{301}", .ucs2, 2, 1), ("\r\n", .gsm7, 2, 1),
        (String(repeating: "a", count: 160), .gsm7, 160, 1), (String(repeating: "a", count: 161), .gsm7, 161, 2),
        (String(repeating: "a", count: 306), .gsm7, 306, 2), (String(repeating: "a", count: 307), .gsm7, 307, 3),
        (String(repeating: "€", count: 80), .gsm7, 160, 1), (String(repeating: "€", count: 81), .gsm7, 162, 2),
        // An escape pair on the border moves into the next part as a whole: 152 + 2 + …
        (String(repeating: "a", count: 152) + "€" + String(repeating: "b", count: 152), .gsm7, 306, 3),
        (String(repeating: "中", count: 70), .ucs2, 70, 1), (String(repeating: "中", count: 71), .ucs2, 71, 2),
        (String(repeating: "中", count: 134), .ucs2, 134, 2), (String(repeating: "中", count: 135), .ucs2, 135, 3),
        // So does a surrogate pair: 66 + 2 + …
        (String(repeating: "中", count: 66) + "😀" + String(repeating: "中", count: 66), .ucs2, 134, 3),
    ])
    func measures(text: String, encoding: SMSEncoding, units: Int, segments: Int) {
        let size = SMSEncoding.measure(text)
        #expect((size.encoding, size.units, size.segments) == (encoding, units, segments))
    }

    @Test func namesTheOffendersOnce() {
        #expect(SMSEncoding.offenders(in: "plain text €") == [])
        #expect(SMSEncoding.offenders(in: "a’b’c — í") == ["’", "—", "í"])
        #expect(SMSEncoding.offenders(in: "👩‍👧 e\u{301}") == ["👩‍👧", "e\u{301}"])
    }

    @Test func tellsWhereTheOffendersStand() {
        let text = "a’b’c\r\n👩‍👧"
        #expect(SMSEncoding.offenderPlaces(in: text).map { text.distance(from: text.startIndex, to: $0) } == [1, 3, 6])
    }

    /// Against the plainest way to say it: cut the list of costs part by part.
    @Test func agreesWithTheDefinition() {
        var random = SeededRandom(seed: 38)
        let alphabets = [Array(Self.basic + Self.extended), Array("aá€中😀\n" + Self.basic)].map { $0.map(String.init) }
        for round in 0..<300 {
            let text = (0..<Int.random(in: 0...400, using: &random))
                .map { _ in alphabets[round % 2].randomElement(using: &random)! }.joined()
            let isGSM = text.unicodeScalars.allSatisfy { (Self.basic + Self.extended).unicodeScalars.contains($0) }
            let costs = text.unicodeScalars.map { scalar in
                isGSM ? (Self.extended.unicodeScalars.contains(scalar) ? 2 : 1) : scalar.utf16.count
            }
            let units = costs.reduce(0, +)
            var parts: [Int] = units == 0 ? [] : [0]
            if units > (isGSM ? 160 : 70) {
                for cost in costs {
                    if parts[parts.count - 1] + cost > (isGSM ? 153 : 67) { parts.append(0) }
                    parts[parts.count - 1] += cost
                }
            }
            let room = parts.count > 1 ? (isGSM ? 153 : 67) - parts[parts.count - 1] : (isGSM ? 160 : 70) - units
            let expected = SMSEncoding.Size(
                encoding: isGSM ? .gsm7 : .ucs2, units: units, segments: parts.count, unitsLeft: room)
            #expect(SMSEncoding.measure(text) == expected)
        }
    }
}
