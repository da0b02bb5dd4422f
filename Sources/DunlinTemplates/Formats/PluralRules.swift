// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Which form of a word goes with a number in one language, by CLDR (UTS 35, part 3, "Language Plural Rules").
public struct PluralRules: Sendable {
    let cardinal: PluralConditions
    let ordinal: PluralConditions

    private static let known = Mutex<[String: PluralRules]>([:])

    /// - Parameter language: BCP 47, such as `ru` or `pt-PT`. A language that CLDR has no rules for has only `other`.
    public static func of(language: String) -> PluralRules {
        let subtags = language.split(whereSeparator: { $0 == "-" || $0 == "_" })
        let base = subtags.first.map { $0.lowercased() } ?? ""
        let region = subtags.dropFirst().first { $0.utf8.count == 2 }.map { "\(base)-\($0.uppercased())" }
        // Only names of the table are kept: what comes from outside has a bound.
        guard let name = [region, base].compactMap(\.self).first(where: PluralTable.shared.has) else {
            return PluralRules(cardinal: PluralConditions(), ordinal: PluralConditions())
        }
        return known.withLock { known in
            if let rules = known[name] { return rules }
            let rules = PluralTable.shared.rules(of: name, base: base)
            known[name] = rules
            return rules
        }
    }

    public func category(of number: PluralOperands, ordinal isOrdinal: Bool = false) -> PluralCategory {
        isOrdinal ? ordinal.category(of: number) : cardinal.category(of: number)
    }

    /// Every category of the language, `other` among them.
    public func categories(ordinal isOrdinal: Bool = false) -> [PluralCategory] {
        let conditions = isOrdinal ? ordinal : cardinal
        return PluralCategory.allCases.filter { category in
            category == .other || conditions.alternatives.contains { $0.category == category }
        }
    }

    /// Those that an author must write: what a whole number up to 1000 takes, and `other`. Left out is what only a
    /// fraction (`many` in Czech) or a million (`many` in Spanish) takes; these read well enough with `other`.
    public func requiredCategories(ordinal isOrdinal: Bool = false) -> [PluralCategory] {
        let reached = Set((0...1000).map { category(of: PluralOperands($0), ordinal: isOrdinal) })
        return categories(ordinal: isOrdinal).filter { $0 == .other || reached.contains($0) }
    }
}

/// The conditions of a language's categories, in flat lists so that a number is sorted within nanoseconds.
struct PluralConditions: Sendable {
    /// One of the things that make a number belong to a category: all of the relations hold.
    struct Alternative: Sendable {
        let category: PluralCategory
        let relations: Range<Int>
    }

    /// Such as `n % 100 != 11..14`.
    struct Relation: Sendable {
        let operand: Operand
        /// 0 if it takes the operand itself.
        let modulus: UInt64
        let isNegated: Bool
        let ranges: Range<Int>
    }

    enum Operand: String, Sendable {
        case n, i, v, w, f, t, c, e
    }

    private(set) var alternatives: [Alternative] = []
    private var relations: [Relation] = []
    private var ranges: [ClosedRange<UInt64>] = []

    func category(of number: PluralOperands) -> PluralCategory {
        for alternative in alternatives where holds(alternative, number) { return alternative.category }
        return .other
    }

    private func holds(_ alternative: Alternative, _ number: PluralOperands) -> Bool {
        for index in alternative.relations where !holds(relations[index], number) { return false }
        return true
    }

    private func holds(_ relation: Relation, _ number: PluralOperands) -> Bool {
        let operand: UInt64
        switch relation.operand {
        // A number with a fraction is none of the whole numbers that rules name.
        case .n where number.significantFraction != 0: return relation.isNegated
        case .n, .i: operand = number.whole
        case .v: operand = UInt64(number.fractionDigits)
        case .w: operand = UInt64(number.significantFractionDigits)
        case .f: operand = number.fraction
        case .t: operand = number.significantFraction
        // The exponent of compact numbers such as "2 M", which Dunlin never writes.
        case .c, .e: operand = 0
        }
        let value = relation.modulus == 0 ? operand : operand % relation.modulus
        for index in relation.ranges where ranges[index].contains(value) { return !relation.isNegated }
        return relation.isNegated
    }

    /// Adds a rule such as `n = 1 or t != 0 and i = 0,1`. False if it is not in the syntax of UTS 35.
    mutating func add(_ rule: Substring, for category: PluralCategory) -> Bool {
        var words = rule.split(separator: " ")[...]
        while true {
            let start = relations.count
            repeat { guard addRelation(&words) else { return false } } while words.popFirst(if: "and")
            alternatives.append(Alternative(category: category, relations: start..<relations.count))
            if !words.popFirst(if: "or") { return words.isEmpty }
        }
    }

    private mutating func addRelation(_ words: inout ArraySlice<Substring>) -> Bool {
        guard let operand = words.popFirst().flatMap({ Operand(rawValue: String($0)) }) else { return false }
        var modulus: UInt64 = 0
        if words.popFirst(if: "%") {
            guard let divisor = words.popFirst().flatMap({ UInt64($0) }), divisor > 0 else { return false }
            modulus = divisor
        }
        guard let sign = words.popFirst(), sign == "=" || sign == "!=", let list = words.popFirst() else {
            return false
        }
        let start = ranges.count
        for item in list.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = item.split(separator: ".").map { UInt64($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last
            else {
                return false
            }
            ranges.append(first...last)
        }
        relations.append(
            Relation(operand: operand, modulus: modulus, isNegated: sign == "!=", ranges: start..<ranges.count))
        return true
    }
}

extension ArraySlice<Substring> {
    fileprivate mutating func popFirst(if word: Substring) -> Bool {
        guard first == word else { return false }
        removeFirst()
        return true
    }
}
