// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinTemplates

/// Tests/acceptance/cldr_check.py compares every country of phones.txt with libphonenumber.
struct PhoneGroupsTests {
    @Test(arguments: [
        ("+16175550100", "+1 617-555-0100"), ("+34612345678", "+34 612 34 56 78"), ("+34900123456", "+34 900 123 456"),
        ("+442079460958", "+44 20 7946 0958"), ("+447400123456", "+44 7400 123456"),
        ("+5491123456789", "+54 9 11 2345-6789"), ("+5511961234567", "+55 11 96123-4567"),
        ("+8613123456789", "+86 131 2345 6789"), ("+919820098200", "+91 98200 98200"),
        ("+390612345678", "+39 06 1234 5678"),
        ("+493012345678", "+49 30 12345678"),
        // No such calling code, no line for the length.
        ("+9991234567", "+9991234567"), ("+3461234567", "+34 61234567"),
    ])
    func groups(number: String, expected: String) {
        #expect(ValueFormats(locale: "en", channel: .sms).phone(number[...]) == expected)
    }

    @Test(arguments: ["", "+", "+123456", "+1234567890123456", "+0123456789", "16175550100", "+1617555O100", "+1 617"])
    func refusesWhatIsNotE164(number: String) {
        #expect(ValueFormats(locale: "en", channel: .sms).phone(number[...]) == nil)
    }

    @Test func theLongestBeginningDecidesAndAShapeOfItsLengthComesFirst() {
        let groups = PhoneGroups(
            """
            # A note.
            +99
            x *
            xx-xxx
            xx *: 3 4[57-9]
                80
            xxx xxx: 31
            """)
        func written(_ digits: String) -> [Int]? { groups.split(digits[...].utf8)?.groups.map(\.digits) }
        #expect(written("991111") == [1, 3])
        #expect(written("9911111") == [2, 3])
        #expect(written("9930111") == [2, 3])
        #expect(written("993111") == [2, 2])
        #expect(written("99311111") == [3, 3])
        #expect(written("994811") == [2, 2])
        #expect(written("994611") == [1, 3])
        #expect(written("99801111") == [2, 4])
        #expect(written("9811111") == nil)
    }

    @Test func everyDigitIsWrittenOnce() {
        let formats = ValueFormats(locale: "en", channel: .sms)
        for code in ["1", "7", "34", "49", "54", "81", "91", "380"] {
            for length in 4...11 {
                for digit in 0...9 {
                    let digits = code + String(repeating: "\(digit)", count: length)
                    guard let written = formats.phone("+\(digits)") else { continue }
                    #expect(written.filter(\.isNumber) == digits)
                }
            }
        }
    }
}
