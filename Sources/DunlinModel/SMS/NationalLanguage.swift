// SPDX-License-Identifier: Apache-2.0

/// A language with tables of its own in 3GPP TS 23.038, annex A. The raw value is its identifier in the header.
public enum NationalLanguage: Int, CaseIterable, Hashable, Sendable {
    case turkish = 1
    case spanish, portuguese, bengali, gujarati, hindi, kannada, malayalam, oriya, punjabi, tamil, telugu, urdu

    /// The language's tag (BCP 47).
    public var tag: String {
        switch self {
        case .turkish: "tr"
        case .spanish: "es"
        case .portuguese: "pt"
        case .bengali: "bn"
        case .gujarati: "gu"
        case .hindi: "hi"
        case .kannada: "kn"
        case .malayalam: "ml"
        case .oriya: "or"
        case .punjabi: "pa"
        case .tamil: "ta"
        case .telugu: "te"
        case .urdu: "ur"
        }
    }

    /// Takes the place of the default alphabet (annex A.3); nil for Spanish, which has none.
    var lockingShift: ShiftTable? { Self.lockingShifts[self] }

    /// Takes the place of the extension table (annex A.2).
    var singleShift: ShiftTable { Self.singleShifts[self]! }

    private static let lockingShifts: [NationalLanguage: ShiftTable] = [
        .turkish: ShiftTable(GSMAlphabet.basic, placing: "04€ 07ı 0BĞ 0Cğ 1CŞ 1Dş 40İ 60ç"),
        .portuguese: ShiftTable(
            GSMAlphabet.basic,
            placing: """
                04ê 06ú 07í 08ó 09ç 0BÔ 0Cô 0EÁ 0Fá 12ª 13Ç 14À 15∞ 16^ 17\\ 18€ 19Ó 1A| 1CÂ 1Dâ 1EÊ 24º 40Í 5BÃ 5CÕ 5DÚ \
                60~ 7Bã 7Cõ 7D`
                """),
        .bengali: locking(0x980, "0d 0e 11 12 29 31 33-35 45 46 49 4a", last: "4e 57 5c 5d 70 71"),
        .gujarati: locking(0xa80, "0e 12 29 31 34 46 4a", last: "50 60-63 71"),
        .hindi: locking(0x900, "", last: "50 72 7b 7c 7e 7f"),
        // At 24 the tables in print repeat the letter of 3D, phones have U+0CA1: it is left out, so nothing hangs on it.
        .kannada: locking(0xc80, "01 0d 11 21 29 34 45 49", last: "55 56 60-63"),
        .malayalam: locking(0xd00, "01 0d 11 29 3c 45 49", last: "57 60-63 79"),
        .oriya: locking(0xb00, "0d 0e 11 12 29 31 34 45 46 49 4a", last: "56 57 60-63"),
        .punjabi: locking(0xa00, "0b-0e 11 12 29 31 34 37 3d 43-46 49 4a", last: "51 70-74"),
        .tamil: locking(
            0xb80, "01 0b-0d 11 16-18 1b 1d 20-22 25-27 2b-2d 3c 3d 43-45 49", last: "50 57 70-72 79"),
        .telugu: locking(0xc00, "0d 11 29 34 3c 45 49", last: "55 56 60-63"),
        .urdu: ShiftTable(
            cells: lockingLayout,
            own: cells(
                """
                627 622 628 67b 680 67e 6a6 62a 6c2 67f 679 67d 67a 67c 62b 62c 681 684 683 685-687 62d-62f 68c 688-68a \
                68f 68d 630 631 691 693 699 632 696 698 69a 633-639 641 642 6a9-6ab 6af 6b3 6b1 644-646 6ba-6bc 648 6c4 \
                6d5 6c1 6be 621 6cc 6d0 6d2 64d 650 64f 657 654 655 651 653 656 670
                """)),
    ]

    private static let singleShifts: [NationalLanguage: ShiftTable] = [
        .turkish: ShiftTable(GSMAlphabet.extended, placing: "47Ğ 49İ 53Ş 63ç 67ğ 69ı 73ş"),
        .spanish: ShiftTable(GSMAlphabet.extended, placing: "09ç 41Á 49Í 4FÓ 55Ú 61á 69í 6Fó 75ú"),
        .portuguese: ShiftTable(
            GSMAlphabet.extended,
            placing: """
                05ê 09ç 0BÔ 0Cô 0EÁ 0Fá 12Φ 13Γ 15Ω 16Π 17Ψ 18Σ 19Θ 1FÊ 41À 49Í 4FÓ 55Ú 5BÃ 5CÕ 61Â 69í 6Fó 75ú 7Bã \
                7Cõ 7Fâ
                """),
        .bengali: single("9e6-9ef 9df-9e3 9f2-9fa"),
        .gujarati: single("964 965 ae6-aef"),
        .hindi: single("964-96f 951-954 958-963 970 971"),
        .kannada: single("964 965 ce6-cef cde cf1 cf2"),
        .malayalam: single("964 965 d66-d75 d7a-d7f"),
        .oriya: single("964 965 b66-b6f b5c b5d b5f b70 b71"),
        .punjabi: single("964 965 a66-a6f a59-a5c a5e a75"),
        .tamil: single("964 965 be6-bef bf3-bf8 bfa"),
        // Some transcripts of this table have the euro, some do not: without it, nothing is promised that may not hold.
        .telugu: single("- - c66-c6f c58 c59 c78-c7f", euro: "·"),
        .urdu: single("600 601 6f0-6f9 60c-612 613 614 61b 61f 640 652 658 66b 66c 672 673 6cd 6d4"),
    ]

    /// What the locking tables of languages without Latin letters have in common; the empty boxes are their own.
    private static let lockingLayout = """
        □□□□□□□□□□\n□□\r□□□□□□□□□□□□□·□□□□ !□□□□□□)(□□,□.□0123456789:;□□□?□□□□□□□□□□□□□□□□□□□□□□□□□□□□□□□□□\
        abcdefghijklmnopqrstuvwxyz□□□□□
        """

    /// A script of India, whose blocks in Unicode have one arrangement: its letters and signs in their order.
    /// - Parameters:
    ///   - block: where its block starts.
    ///   - absent: those that the script does not have, counted from there.
    ///   - last: the characters at 60 and from 7B on, counted from there.
    private static func locking(_ block: UInt32, _ absent: String, last: String) -> ShiftTable {
        let absent = cells(absent)
        let own = cells("01-03 05-39 3c-4d").map { absent.contains($0) ? nil : $0 } + cells(last)
        return ShiftTable(
            cells: lockingLayout, own: own.map { $0.flatMap { Unicode.Scalar($0.value + block) } })
    }

    /// The same of single shift tables: punctuation and capital letters, and the empty boxes.
    private static func single(_ own: String, euro: String = "€") -> ShiftTable {
        ShiftTable(
            cells: """
                @£$¥¿"¤%&'\u{0c}*+·-/<=>¡^¡_#*□□·□□□□□□□□□□□□{}□□□□□\\□□□□□□□□□□□□[~]□|ABCDEFGHIJKLMNOPQRSTUVWXYZ\
                ··········\(euro)
                """, own: cells(own))
    }

    /// Scalars and ranges of them in hexadecimal; `-` is an empty cell.
    private static func cells(_ text: String) -> [Unicode.Scalar?] {
        text.split(separator: " ").flatMap { entry -> [Unicode.Scalar?] in
            let ends = entry.split(separator: "-").map { UInt32($0, radix: 16)! }
            return ends.isEmpty ? [nil] : (ends[0]...ends[ends.count - 1]).map { Unicode.Scalar($0) }
        }
    }
}
