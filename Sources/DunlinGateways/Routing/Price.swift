// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What a message costs, or a day may cost: an exact amount in millionths of the currency's unit, because a message costs
/// less than a cent.
public struct Price: Hashable, Sendable, CustomStringConvertible {
    public var millionths: Int64
    public let currency: Currency

    public init(millionths: Int64, currency: Currency) {
        self.millionths = millionths
        self.currency = currency
    }

    /// Reads `0.0075 USD`: at most six decimals and a thousand million units; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, let currency = Currency(code: String(words[1])) else { return nil }
        let pieces = words[0].split(separator: ".", omittingEmptySubsequences: false)
        guard pieces.count <= 2, let units = Price.number(pieces[0]), units <= 1_000_000_000 else { return nil }
        var fraction: Int64 = 0
        if pieces.count == 2 {
            guard pieces[1].utf8.count <= 6, let digits = Price.number(pieces[1]) else { return nil }
            fraction = (pieces[1].utf8.count..<6).reduce(digits) { n, _ in n * 10 }
        }
        self.init(millionths: units * 1_000_000 + fraction, currency: currency)
    }

    private static func number(_ digits: some StringProtocol) -> Int64? {
        digits.utf8.allSatisfy(\.isASCIIDigit) ? Int64(digits) : nil
    }

    /// `12.50 USD`: two decimals, or as many more as there are.
    public var description: String {
        let (units, rest) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var decimals = String(rest + 1_000_000).dropFirst()
        while decimals.utf8.count > 2, decimals.last == "0" { decimals.removeLast() }
        return "\(millionths < 0 ? "-" : "")\(units).\(decimals) \(currency.code)"
    }
}
