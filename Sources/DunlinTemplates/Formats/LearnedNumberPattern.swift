// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension NumberPattern {
    /// Learns the pattern from numbers that `write` writes, and tries it on others.
    ///
    /// - Parameters:
    ///   - fractionDigits: how many `write` shows, 0 to 6.
    ///   - write: what ICU makes of a number.
    /// - Returns: nil if it writes numbers in a way that a pattern cannot hold.
    init?(fractionDigits: Int, learningFrom write: (Decimal) -> String) {
        // All ten digits, so that it shows whether they follow one another in Unicode.
        let sample: UInt64 = 9_876_543_210 * powerOfTen(fractionDigits) + 123_456 / powerOfTen(6 - fractionDigits)
        func parts(isNegative: Bool) -> WrittenNumber? {
            WrittenNumber(write(Decimal(sample, fractionDigits: fractionDigits, isNegative: isNegative)), of: sample)
        }
        guard let plus = parts(isNegative: false), let minus = parts(isNegative: true), let zero = plus.zero else {
            return nil
        }
        self.init()
        positive = plus.affixes
        negative = minus.affixes
        self.zero = zero
        var separators = plus.separators
        if fractionDigits > 0 { decimal = separators.popLast()?.text ?? [] }
        if let last = separators.popLast() {
            group = last.text
            lastGroup = 10 - last.position
            otherGroups = separators.last.map { last.position - $0.position } ?? lastGroup
            leastGrouped = lastGroup + 1
            // Some languages write 1234 without a separator and 12 345 with one.
            while leastGrouped < 8, !agrees(powerOfTen(leastGrouped - 1 + fractionDigits)) { leastGrouped += 1 }
        }
        func agrees(_ magnitude: UInt64) -> Bool {
            [false, magnitude > 0].allSatisfy { isNegative in
                string(magnitude, fractionDigits: fractionDigits, isNegative: isNegative)
                    == write(Decimal(magnitude, fractionDigits: fractionDigits, isNegative: isNegative))
            }
        }
        // Whole parts of every length, then the largest amount there is.
        let probes =
            (0...15).map { 1_234_567_890_123_456 / powerOfTen($0) * powerOfTen(fractionDigits) } + [
                0, 1, 9, 10, 99, 1_000_000, .init(Int64.max),
            ]
        guard probes.allSatisfy(agrees) else { return nil }
    }
}

/// A number as ICU wrote it, taken apart.
private struct WrittenNumber {
    var affixes: NumberPattern.Affixes
    /// The digit 0 in UTF-8.
    var zero: [UInt8]?
    /// What stands between digits, with the number of digits before it.
    var separators: [(text: [UInt8], position: Int)] = []

    /// Nil if its digits are not those of `magnitude`.
    init?(_ text: String, of magnitude: UInt64) {
        let scalars = Array(text.unicodeScalars)
        func utf8(_ part: some Sequence<Unicode.Scalar>) -> [UInt8] { part.flatMap { Array(UTF8.encode($0)!) } }
        let places = scalars.indices.filter { scalars[$0].properties.numericType == .decimal }
        guard let first = places.first, let last = places.last else { return nil }
        affixes = .init(prefix: utf8(scalars[..<first]), suffix: utf8(scalars[(last + 1)...]))
        for (position, (place, digit)) in zip(places, String(magnitude).utf8).enumerated() {
            guard scalars[place].properties.numericValue == Double(digit & 0xf) else { return nil }
            if digit == UInt8(ascii: "0"), zero == nil { zero = utf8([scalars[place]]) }
            guard position > 0, case let between = scalars[(places[position - 1] + 1)..<place], !between.isEmpty else {
                continue
            }
            separators.append((utf8(between), position))
        }
        guard places.count == String(magnitude).utf8.count else { return nil }
    }
}

extension Decimal {
    /// `magnitude` divided by ten to the `fractionDigits`.
    init(_ magnitude: UInt64, fractionDigits: Int, isNegative: Bool) {
        self.init(
            sign: isNegative ? .minus : .plus, exponent: -fractionDigits, significand: Decimal(magnitude))
    }
}

/// - Parameter exponent: 0 to 19.
func powerOfTen(_ exponent: Int) -> UInt64 { (0..<exponent).reduce(1) { power, _ in power * 10 } }
