// SPDX-License-Identifier: Apache-2.0

import DunlinTestKit
import Testing

@testable import DunlinModel

struct SMSNationalTests {
    /// TS 23.040, 9.2.3.24: 140 octets less the header, in septets. One table 4 octets, two 7; 5 more in a longer message.
    @Test(arguments: [(0, 160, 153), (1, 155, 149), (2, 152, 146)])
    func headersTakeTheirRoom(tables: Int, single: Int, part: Int) {
        let fill = SegmentFill(shiftTables: tables)
        #expect((fill.single, fill.part) == (single, part))
    }

    /// Codes with a character, counted in annex A; the comment in the source says which two cells are left out.
    @Test(arguments: [
        (NationalLanguage.turkish, 127, 17), (.spanish, 0, 19), (.portuguese, 127, 37), (.bengali, 114, 82),
        (.gujarati, 120, 70), (.hindi, 127, 88), (.kannada, 119, 73), (.malayalam, 120, 82), (.oriya, 116, 75),
        (.punjabi, 110, 76), (.tamil, 102, 77), (.telugu, 120, 77), (.urdu, 127, 90),
    ])
    func tablesAreWhole(language: NationalLanguage, locking: Int, single: Int) {
        let (one, two) = (language.lockingShift, language.singleShift)
        #expect((one?.cells.count ?? 128, two.cells.count) == (128, 128))
        #expect(one?.cells.compactMap(\.self).count ?? 0 == locking)
        #expect(one?.members.count ?? 0 == locking)
        #expect(two.cells.compactMap(\.self).count == single)
        #expect(one?.cells[0x1b] == nil && two.cells[0x1b] == nil && two.cells[0x0d] == nil)
        #expect(one.map { $0.members.isSuperset(of: "0123456789\n\r abcxyz?".unicodeScalars) } ?? true)
        #expect(two.members.isSuperset(of: "\u{0c}^{}\\[~]|".unicodeScalars))
    }

    /// Cells here and there, by code.
    @Test(arguments: [
        (NationalLanguage.turkish, 0x07, "ı"), (.portuguese, 0x5d, "Ú"), (.bengali, 0x60, "ৎ"), (.gujarati, 0x57, "ૅ"),
        (.hindi, 0x40, "ब"), (.kannada, 0x7b, "ೖ"), (.malayalam, 0x4f, "ഽ"), (.oriya, 0x2f, "ନ"), (.punjabi, 0x7f, "ੴ"),
        (.tamil, 0x3c, "ன"), (.telugu, 0x00, "ఁ"), (.urdu, 0x4f, "ن"), (.urdu, 0x2c, ","),
    ])
    func cellsStandAtTheirCodes(language: NationalLanguage, code: Int, character: String) {
        #expect(language.lockingShift?.cells[code] == character.unicodeScalars.first)
    }

    private static func repeated(_ word: String, _ count: Int) -> String {
        String(String(repeating: word, count: count).unicodeScalars.prefix(count))
    }

    @Test(
        arguments: [
            // In the default alphabet, or in one segment anyway: no table.
            ("Hello", NationalLanguage.allCases, nil, nil, 5, 1), ("camión", NationalLanguage.allCases, nil, nil, 6, 1),
            (repeated("camión ", 70), NationalLanguage.allCases, nil, nil, 70, 1),
            // Spanish: ó is an escape and a code.
            (repeated("camión ", 135), [.spanish], nil, .spanish, 154, 1),
            (repeated("camión ", 137), [.spanish], nil, .spanish, 156, 2),
            // Portuguese and Turkish have their letters in the locking table.
            (repeated("camión ", 137), [.spanish, .portuguese], .portuguese, nil, 137, 1),
            (repeated("ışık", 155), NationalLanguage.allCases, .turkish, nil, 155, 1),
            (repeated("ışık", 156), NationalLanguage.allCases, .turkish, nil, 156, 2),
            // Hindi digits are in the single shift table only, the letters in the locking table only.
            (repeated("नमस्ते", 100) + "०", NationalLanguage.allCases, .hindi, .hindi, 102, 1),
            // No two tables have both.
            (repeated("ß中", 140), NationalLanguage.allCases, nil, nil, 140, 3),
        ] as [(String, [NationalLanguage], NationalLanguage?, NationalLanguage?, Int, Int)])
    func plans(
        text: String, national: [NationalLanguage], locking: NationalLanguage?, single: NationalLanguage?, units: Int,
        segments: Int
    ) {
        let plan = SMSEncoding.measure(text, national: Set(national))
        #expect((plan.lockingShift, plan.singleShift) == (locking, single))
        #expect((plan.size.units, plan.size.segments) == (units, segments))
    }

    @Test func moreTablesAreNeverWorse() {
        var random = SeededRandom(seed: 23)
        let alphabets = ["abcáñí€", "ışğ abc€", "ãõç abcÀ", "नमस्ते ab०A", "اردو ab۱", "中ab"].map {
            Array($0.unicodeScalars)
        }
        for round in 0..<150 {
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...400, using: &random) {
                view.append(alphabets[round % alphabets.count].randomElement(using: &random)!)
            }
            let text = String(view)
            let plain = SMSEncoding.measure(text)
            #expect(SMSEncoding.measure(text, national: []) == .init(size: plain))
            let some = NationalLanguage.allCases.filter { _ in Bool.random(using: &random) }
            let (few, all) = (
                SMSEncoding.measure(text, national: Set(some)),
                SMSEncoding.measure(text, national: Set(NationalLanguage.allCases))
            )
            #expect(few.size.segments <= plain.segments && all.size.segments <= few.size.segments)
            #expect(few.shiftTables == 0 ? few.size == plain : few.size.segments < plain.segments)
            #expect([few.lockingShift, few.singleShift].allSatisfy { $0.map(some.contains) ?? true })
        }
    }
}
