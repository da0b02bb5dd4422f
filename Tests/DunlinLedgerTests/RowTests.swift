// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinLedger

@Suite struct RowTests {
    /// From the reference implementation's vectors.h (key 00…0f, input 00, 01, 02, …); the same as `openssl mac SIPHASH`.
    @Test(arguments: [
        (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
        (7, "a1f1ebbed8dbc153c0b84aa61ff08239"), (8, "3b62a9ba6258f5610f83e264f31497b4"),
        (9, "264499060ad9baabc47f8b02bb6d71ed"), (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
        (16, "6ee2a4ca67b054bbfd3315bf85230577"), (17, "473d06e8738db89854c066c47ae47740"),
        (63, "5150d1772f50834a503e069a973fbd7c"),
    ])
    func sipHashHasItsReferenceValues(count: Int, expected: String) {
        let hash = SipHash128(of: (0..<count).map { UInt8($0) }, key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
        let hex = withUnsafeBytes(of: hash) { $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
        #expect(hex == expected)
    }

    @Test func netstringsComeBackWhateverTheyHold() {
        var random = SeededRandom(seed: 5)
        let alphabet = Array("0123456789:,é\u{1F409} a")
        for _ in 0..<500 {
            var vars: [String: String] = [:]
            func word() -> String {
                String((0..<Int.random(in: 0...6, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
            }
            for _ in 0..<Int.random(in: 1...4, using: &random) { vars[word()] = word() }
            var row = RowBytes()
            row.append(vars)
            let read = row.bytes[row.texts[0]!].withUnsafeBytes { [String: String](netstrings: $0) }
            #expect(read == vars)
        }
    }

    @Test(arguments: ["1", "1:", "1:a", "1:a,", "2:a,1:b,", "-1:,0:,", "1:ab0:,", "x:a,1:b,", "9999999999999999999:a,"])
    func brokenNetstringsAreNil(_ text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { [String: String](netstrings: $0) } == nil)
    }

    /// No false "not here" ever, and few false "perhaps".
    @Test func aFilterKnowsItsKeys() {
        var random = SeededRandom(seed: 9)
        var filter = BloomFilter(byteCount: 8192)
        let keys = (0..<4096).map { $0 % 2 == 0 ? Int64($0) : Int64.random(in: .min ... .max, using: &random) }
        keys.forEach { filter.insert($0) }
        #expect(keys.allSatisfy(filter.mayContain))
        let others = (0..<10_000).map { Int64(100_000 + $0) }
        #expect(others.count(where: filter.mayContain) < 20)
    }
}
