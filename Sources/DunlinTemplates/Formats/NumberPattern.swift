// SPDX-License-Identifier: Apache-2.0

/// How one kind of number is written for a locale: what stands before and behind it, its digits, its separators.
///
/// It is learned from what ICU writes (LearnedNumberPattern.swift), because ICU takes microseconds for each number.
struct NumberPattern: Sendable {
    struct Affixes: Sendable {
        var prefix: [UInt8] = []
        var suffix: [UInt8] = []
    }
    var positive = Affixes()
    var negative = Affixes()
    /// The digit 0 in UTF-8; those up to 9 follow it in its last byte.
    var zero = Array("0".utf8)
    var decimal: [UInt8] = []
    /// Between groups of digits.
    var group: [UInt8] = []
    /// How many digits the last group of the whole part has, and those before it: 3 and 2 in India.
    var lastGroup = Int.max
    var otherGroups = Int.max
    /// From how many digits on the whole part is grouped: 4, or 5 in Spanish; `Int.max` for never.
    var leastGrouped = Int.max

    /// Writes `magnitude` divided by ten to the `fractionDigits`, all of which are shown.
    func string(_ magnitude: UInt64, fractionDigits: Int, isNegative: Bool) -> String {
        let affixes = isNegative ? negative : positive
        let wholeDigits = max(1, digitCount(magnitude) - fractionDigits)
        let isGrouped = wholeDigits >= leastGrouped
        let separators = isGrouped ? 1 + (wholeDigits - lastGroup - 1) / otherGroups : 0
        let length =
            affixes.prefix.count + affixes.suffix.count + zero.count * (wholeDigits + fractionDigits)
            + (fractionDigits > 0 ? decimal.count : 0) + separators * group.count
        return String(unsafeUninitializedCapacity: length) { buffer in
            // From the end, as digits come from a number.
            var out = BackwardsWriter(buffer: buffer, start: length)
            out.write(affixes.suffix)
            var rest = magnitude
            for _ in 0..<fractionDigits { out.write(nextDigit(&rest), zero: zero) }
            if fractionDigits > 0 { out.write(decimal) }
            var untilGroup = isGrouped ? lastGroup : Int.max
            for _ in 0..<wholeDigits {
                if untilGroup == 0 {
                    out.write(group)
                    untilGroup = otherGroups
                }
                out.write(nextDigit(&rest), zero: zero)
                untilGroup -= 1
            }
            out.write(affixes.prefix)
            return length
        }
    }
}

private struct BackwardsWriter {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var start: Int

    mutating func write(_ bytes: [UInt8]) {
        start -= bytes.count
        for index in bytes.indices { buffer[start + index] = bytes[index] }
    }

    mutating func write(_ digit: UInt8, zero: [UInt8]) {
        let end = start
        write(zero)
        buffer[end - 1] += digit
    }
}

private func nextDigit(_ rest: inout UInt64) -> UInt8 {
    let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
    rest = quotient
    return UInt8(truncatingIfNeeded: digit)
}

private func digitCount(_ value: UInt64) -> Int {
    var count = 1
    var rest = value / 10
    while rest > 0 { (count, rest) = (count + 1, rest / 10) }
    return count
}
