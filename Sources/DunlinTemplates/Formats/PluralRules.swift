// SPDX-License-Identifier: Apache-2.0
// Stand-in while the real one is being built.

enum PluralCategory: String, CaseIterable, Sendable { case zero, one, two, few, many, other }

struct PluralOperands: Sendable {
    let value: String
    init(_ text: Substring) { value = String(text) }
}

struct PluralRules: Sendable {
    static func of(language: String) -> PluralRules { PluralRules() }
    func category(of operands: PluralOperands, ordinal: Bool) -> PluralCategory { operands.value == "1" ? .one : .other }
    func categories(ordinal: Bool) -> [PluralCategory] { [.one, .other] }
    func requiredCategories(ordinal: Bool) -> [PluralCategory] { [.one, .other] }
}
