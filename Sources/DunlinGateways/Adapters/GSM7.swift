// SPDX-License-Identifier: Apache-2.0

/// The characters of the GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1).
enum GSM7 {
    /// Whether an SMS with this text can travel in the 7-bit alphabet; one character outside it makes it UCS-2.
    static func canEncode(_ text: String) -> Bool {
        let ascii = ascii
        if text.utf8.allSatisfy({ $0 < 128 && ascii[Int($0)] }) { return true }
        return text.unicodeScalars.allSatisfy { $0.isASCII ? ascii[Int($0.value)] : others.contains($0) }
    }

    private static let basic = """
        @£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
        abcdefghijklmnopqrstuvwxyzäöñüà
        """
    private static let extended = "\u{0C}^{}\\[~]|€"

    private static let others = Set((basic + extended).unicodeScalars.filter { !$0.isASCII })

    /// By ASCII code, for the text that is nearly always plain.
    private static let ascii: [Bool] = {
        var table = [Bool](repeating: false, count: 128)
        for scalar in (basic + extended).unicodeScalars where scalar.isASCII { table[Int(scalar.value)] = true }
        return table
    }()
}
