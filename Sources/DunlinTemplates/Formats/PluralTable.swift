// SPDX-License-Identifier: Apache-2.0

/// plurals.txt: each language's rules as they stand there, read when they are first needed.
struct PluralTable: Sendable {
    /// By language, lines such as `one: n = 1`.
    private(set) var cardinal: [String: [Substring]] = [:]
    private(set) var ordinal: [String: [Substring]] = [:]

    static let shared = PluralTable(String(decoding: PackageResources.plurals_txt, as: UTF8.self))

    init(_ text: String) {
        var isOrdinal = false
        var languages: [String] = []
        var rules: [Substring] = []
        func close(_ table: inout [String: [Substring]]) {
            for language in languages { table[language] = rules }
            (languages, rules) = ([], [])
        }
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix(" ") {
                rules.append(line.trimmed)
                continue
            }
            if !rules.isEmpty { if isOrdinal { close(&ordinal) } else { close(&cardinal) } }
            if line.hasPrefix("[") {
                isOrdinal = line == "[ordinal]"
            } else {
                languages += line.split(separator: " ").map(String.init)
            }
        }
        close(&ordinal)
    }

    func has(_ language: String) -> Bool { cardinal[language] != nil || ordinal[language] != nil }

    /// - Parameter base: the language without its region, whose rules hold where the region has none of its own.
    func rules(of language: String, base: String) -> PluralRules {
        PluralRules(
            cardinal: conditions(cardinal[language] ?? cardinal[base] ?? []),
            ordinal: conditions(ordinal[language] ?? ordinal[base] ?? []))
    }

    private func conditions(_ rules: [Substring]) -> PluralConditions {
        var conditions = PluralConditions()
        for rule in rules {
            let halves = rule.split(separator: ":", maxSplits: 1)
            guard halves.count == 2, let category = PluralCategory(rawValue: String(halves[0])),
                conditions.add(halves[1], for: category)
            else { preconditionFailure("plurals.txt: no rule: \(rule)") }
        }
        return conditions
    }
}
