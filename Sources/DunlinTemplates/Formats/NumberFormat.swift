// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import FoundationInternationalization

/// Writes numbers that are no amounts for one locale.
struct NumberFormat: Sendable {
    private let style: Decimal.FormatStyle
    /// Nil where no pattern holds what ICU writes.
    private let pattern: NumberPattern?
    private let speaks: Bool
    /// Whether digits are grouped. A voice takes the groups of 1 234 567 for numbers of their own.
    let groups: Bool

    /// - Parameter speaks: for a voice, not for the eye.
    init(locale: Locale, speaks: Bool) {
        self.speaks = speaks
        let plain = Decimal.FormatStyle(locale: locale)
        let written = Self.pattern(of: plain, speaks: speaks)
        groups = !speaks || written.map { [",", "."].contains(String(decoding: $0.group, as: UTF8.self)) } ?? false
        style = groups ? plain : plain.grouping(.never)
        pattern = groups ? written : Self.pattern(of: style, speaks: speaks)
    }

    /// - Parameter text: a plain decimal such as `3` or `2.5`; nil if it is none. Trailing zeros of a fraction are not
    ///   written.
    func string(_ text: Substring) -> String? {
        guard let number = PlainDecimal(text) else { return nil }
        if let pattern, let magnitude = number.magnitude {
            return pattern.string(
                magnitude, fractionDigits: number.fractionDigits, isNegative: number.isNegative && magnitude != 0)
        }
        return Decimal(string: String(text)).map(asked)
    }

    func string(_ value: Int) -> String {
        pattern?.string(UInt64(value.magnitude), fractionDigits: 0, isNegative: value < 0) ?? asked(Decimal(value))
    }

    private func asked(_ value: Decimal) -> String { speaks ? Speech.plain(style.format(value)) : style.format(value) }

    private static func pattern(of style: Decimal.FormatStyle, speaks: Bool) -> NumberPattern? {
        // Two decimals, for otherwise a probe with zeros would not show its decimal separator.
        let probing = style.precision(.fractionLength(2))
        return NumberPattern(fractionDigits: 2) { speaks ? Speech.plain(probing.format($0)) : probing.format($0) }
    }
}

/// A plain decimal, `-` being the only sign.
private struct PlainDecimal {
    var isNegative = false
    /// Without the point and the fraction's trailing zeros; nil if it is large or has more decimals than ICU shows.
    var magnitude: UInt64? = 0
    var fractionDigits = 0

    init?(_ text: Substring) {
        guard text.utf8.count <= 30 else { return nil }
        var wholeDigits = 0
        var point = false
        var zeros = 0
        for (offset, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where offset == 0: isNegative = true
            case UInt8(ascii: ".") where wholeDigits > 0 && !point: point = true
            case UInt8(ascii: "0") where point: zeros += 1
            case 0x30...0x39:
                if point { fractionDigits += zeros + 1 } else { wholeDigits += 1 }
                for _ in 0..<zeros { append(0) }
                zeros = 0
                append(UInt64(byte & 0xf))
            default: return nil
            }
        }
        guard wholeDigits > 0, !point || fractionDigits + zeros > 0 else { return nil }
        if fractionDigits > Self.mostDecimals { magnitude = nil }
    }

    private mutating func append(_ digit: UInt64) {
        let (product, overflow) = (magnitude ?? .max).multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(digit)
        magnitude = magnitude == nil || overflow || carry ? nil : sum
    }

    /// What the locale's style shows; further ones it rounds.
    private static let mostDecimals = 6
}
