// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Words that go with a number: `{{n | one: # day | other: # days}}`, after CLDR's plural categories (UTS 35, part 3).
struct PluralChoice: Sendable {
    enum Piece: Hashable, Sendable {
        case text(String)
        /// `#`: the number, written for the locale.
        case number
    }

    let variable: Int
    let isOrdinal: Bool
    /// `=1:`, by the number as a plain decimal.
    private(set) var exact: [String: [Piece]] = [:]
    private(set) var branches: [PluralCategory: [Piece]] = [:]
    private let rules: PluralRules

    /// The branch for a number, written as a plain decimal such as `3` or `2.5`.
    func pieces(for number: Substring) -> [Piece] {
        if !exact.isEmpty, let pieces = exact[String(number)] { return pieces }
        let category = PluralOperands(number).map { rules.category(of: $0, ordinal: isOrdinal) } ?? .other
        return branches[category] ?? branches[.other] ?? []
    }

    /// Reads what stands behind the first bar of a tag.
    /// - Parameter complain: takes what is wrong and how to mend it.
    init?(
        _ text: Substring, of variable: Int, isOrdinal: Bool, rules: PluralRules,
        complain: (_ what: String, _ remedy: String) -> Void
    ) {
        (self.variable, self.isOrdinal, self.rules) = (variable, isOrdinal, rules)
        for branch in Self.branches(of: text) {
            guard let colon = branch.firstIndex(of: ":") else {
                complain("'\(branch.trimmed.prefix(30))' is no branch of a plural", "write it as 'one: # day'")
                return nil
            }
            let key = branch[..<colon].trimmed
            let pieces = Self.pieces(of: branch[branch.index(after: colon)...].trimmed)
            if key.hasPrefix("="), let number = Int(key.dropFirst()), number >= 0 {
                exact[String(number)] = pieces
            } else if let category = PluralCategory(rawValue: String(key)), branches[category] == nil {
                branches[category] = pieces
            } else {
                let names = PluralCategory.allCases.map(\.rawValue)
                let near = nearMiss(String(key.prefix(20)), among: names).map { "did you mean '\($0)'?" }
                complain(
                    "'\(key.prefix(20))' is no plural category, or stands here twice",
                    near ?? "use \(rules.categories(ordinal: isOrdinal).map(\.rawValue).joined(separator: ", ")) or =1")
                return nil
            }
        }
        checkCategories(complain)
    }

    private func checkCategories(_ complain: (_ what: String, _ remedy: String) -> Void) {
        let known = rules.categories(ordinal: isOrdinal)
        for category in rules.requiredCategories(ordinal: isOrdinal) where branches[category] == nil {
            complain(
                "the plural lacks the category '\(category.rawValue)' of this language",
                "add '| \(category.rawValue): …'")
        }
        for category in PluralCategory.allCases where branches[category] != nil && !known.contains(category) {
            complain(
                "this language has no plural category '\(category.rawValue)'",
                "remove the branch; it has \(known.map(\.rawValue).joined(separator: ", "))")
        }
    }

    /// The text between bars; `\|` is a bar.
    private static func branches(of text: Substring) -> [Substring] {
        var found: [Substring] = []
        var start = text.startIndex
        var isEscaped = false
        for index in text.indices {
            if text[index] == "|", !isEscaped {
                found.append(text[start..<index])
                start = text.index(after: index)
            }
            isEscaped = text[index] == "\\" && !isEscaped
        }
        return found + [text[start...]]
    }

    private static func pieces(of text: Substring) -> [Piece] {
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        var pieces: [Piece] = []
        for (number, part) in parts.enumerated() {
            if number > 0 { pieces.append(.number) }
            if !part.isEmpty { pieces.append(.text(String(part.replacing("\\|", with: "|")))) }
        }
        return pieces
    }
}
