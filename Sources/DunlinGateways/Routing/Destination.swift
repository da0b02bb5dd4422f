// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Where a number lies, as routes, prices and rates name it.
public enum Destination: Hashable, Sendable {
    /// The first characters of an E.164 number, with the plus.
    case prefix(String)
    /// An ISO 3166-1 country, or a 3166-2 subdivision such as `US-NY`.
    case region(String)

    /// Reads `+1617`, `CN` or `US-NY`; nil for what is neither a prefix nor begins with a country's code.
    public init?(_ text: String) {
        if text.first == "+" {
            let digits = text.utf8.dropFirst()
            guard (1...15).contains(digits.count), digits.first != UInt8(ascii: "0"),
                digits.allSatisfy(\.isASCIIDigit)
            else { return nil }
            self = .prefix(text)
        } else {
            guard CountryCodes.all.contains(text.prefix(2)) else { return nil }
            let rest = text.utf8.dropFirst(2)
            guard
                rest.isEmpty
                    || (rest.first == UInt8(ascii: "-") && (2...4).contains(rest.count)
                        && rest.dropFirst().allSatisfy { $0.isASCIIDigit || (0x41...0x5A).contains($0) })
            else { return nil }
            self = .region(text)
        }
    }

    /// Whether a number lies there; `regions` are those it may belong to, subdivisions where they are known.
    public func covers(_ number: String, in regions: [String]) -> Bool {
        switch self {
        case .prefix(let prefix): number.utf8.starts(with: prefix.utf8)
        case .region(let region):
            regions.contains {
                $0 == region || (region.utf8.count == 2 && $0.utf8.count > 2 && $0.utf8.starts(with: region.utf8))
            }
        }
    }

    /// How exactly it names a place: prefixes before subdivisions before countries, longer prefixes first.
    fileprivate var exactness: Int {
        switch self {
        case .prefix(let prefix): 100 + prefix.utf8.count
        case .region(let region): region.utf8.count
        }
    }
}

/// A value for each of some destinations; the most exact one counts.
public struct DestinationTable<Value: Sendable>: Sendable {
    /// The most exact first.
    public let entries: [(destination: Destination, value: Value)]

    public init(_ entries: [(Destination, Value)]) {
        self.entries = entries.sorted { $0.0.exactness > $1.0.exactness }.map { (destination: $0.0, value: $0.1) }
    }

    /// The place in `entries` of the most exact destination that covers a number; nil where none does.
    public func index(of number: String, in regions: [String]) -> Int? {
        entries.firstIndex { $0.destination.covers(number, in: regions) }
    }
}

/// What messages cost, in one currency.
public struct PriceList: Sendable {
    public let standard: Price
    public let others: DestinationTable<Price>

    public init(standard: Price, others: [(Destination, Price)] = []) {
        self.standard = standard
        self.others = DestinationTable(others)
    }

    /// What a message to `number` costs, or each segment of an SMS.
    public func price(of number: String, in regions: [String]) -> Price {
        others.index(of: number, in: regions).map { others.entries[$0].value } ?? standard
    }
}
