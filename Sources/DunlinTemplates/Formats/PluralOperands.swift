// SPDX-License-Identifier: Apache-2.0

/// The classes into which a language sorts numbers (UTS 35, part 3, "Language Plural Rules").
public enum PluralCategory: String, CaseIterable, Sendable {
    case zero, one, two, few, many, other
}

/// What plural rules look at in a number (UTS 35, part 3, "Plural Operand Meanings"). Its sign does not count.
public struct PluralOperands: Hashable, Sendable {
    /// `i`: the whole part.
    public let whole: UInt64
    /// `f`: the fraction's digits as a number, with trailing zeros.
    public let fraction: UInt64
    /// `v`: how many fraction digits there are, with trailing zeros.
    public let fractionDigits: Int
    /// `t`: the fraction's digits as a number, without trailing zeros.
    public let significantFraction: UInt64
    /// `w`: how many fraction digits there are, without trailing zeros.
    public let significantFractionDigits: Int

    public init(_ value: Int) {
        whole = UInt64(value.magnitude)
        (fraction, fractionDigits, significantFraction, significantFractionDigits) = (0, 0, 0, 0)
    }

    /// Reads a plain decimal as people see it: `1.0` has one fraction digit. Nil for what is none, such as `1e6` or `.5`.
    public init?(_ text: some StringProtocol) {
        var digits = Array(text.utf8)
        if digits.first == UInt8(ascii: "-") { digits.removeFirst() }
        let point = digits.firstIndex(of: UInt8(ascii: ".")) ?? digits.count
        let fraction = digits[min(point + 1, digits.count)...]
        guard point > 0, point == digits.count || !fraction.isEmpty,
            digits[..<point].allSatisfy(isDigit), fraction.allSatisfy(isDigit)
        else { return nil }
        self.init(whole: Self.number(digits[..<point]), fraction: fraction)
    }

    private init(whole: UInt64, fraction: ArraySlice<UInt8>) {
        let significant = fraction.lastIndex { $0 != UInt8(ascii: "0") }.map { fraction[...$0] } ?? []
        self.whole = whole
        self.fraction = Self.number(fraction)
        fractionDigits = fraction.count
        significantFraction = Self.number(significant)
        significantFractionDigits = significant.count
    }

    /// The number that `digits` write. Of one too long, what rules can tell: its last digits, and that it is large.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64 {
        let large: UInt64 = 1_000_000_000_000_000_000
        let isLarge = digits.dropLast(18).contains { $0 != UInt8(ascii: "0") }
        return digits.suffix(18).reduce(0) { $0 * 10 + UInt64($1 & 0xf) } + (isLarge ? large : 0)
    }
}

func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
