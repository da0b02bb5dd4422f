// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Writes values outside messages as messages write them: for whoever compares Dunlin's formats with others'.
public struct LocaleFormats: Sendable {
    /// What kind of value it is.
    public enum Kind: Hashable, Sendable {
        /// As variables of messages have it; an amount must name its currency.
        case variable(VariableType)
        /// An account's id, which voices read sign by sign.
        case reference
        /// A plain decimal whose plural category is asked for.
        case cardinal, ordinal

        /// - Parameter name: a variable's type, `reference`, `cardinal` or `ordinal`.
        public init?(_ name: String) {
            switch name {
            case "reference": self = .reference
            case "cardinal": self = .cardinal
            case "ordinal": self = .ordinal
            default:
                guard let type = VariableType(rawValue: name) else { return nil }
                self = .variable(type)
            }
        }

        /// All of their names.
        public static let names = VariableType.allCases.map(\.rawValue) + ["reference", "cardinal", "ordinal"]
    }

    private let formats: ValueFormats
    private let plurals: PluralRules

    /// - Parameter locale: BCP 47, such as `zh-Hant-HK`.
    public init(locale: String, channel: Channel) {
        formats = ValueFormats(locale: locale, channel: channel)
        plurals = .of(language: locale)
    }

    /// What people read or hear; nil if `value` is not of its kind.
    /// - Parameter value: as an integrator writes it: `1234.50 USD`, `2026-11-20`, `+16175550100`.
    public func text(of value: String, as kind: Kind) -> String? {
        switch kind {
        case .variable(let type): formats.write(value[...], as: type, currency: nil)
        case .reference: formats.reference(value[...])
        case .cardinal: PluralOperands(value).map { plurals.category(of: $0).rawValue }
        case .ordinal: PluralOperands(value).map { plurals.category(of: $0, ordinal: true).rawValue }
        }
    }
}
