// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import FoundationEssentials
import FoundationInternationalization

/// Writes the amounts of one currency for one locale.
enum MoneyFormat: Sendable {
    case learned(NumberPattern)
    /// Where no pattern holds what ICU writes.
    case asked(Decimal.FormatStyle.Currency)
    case spoken(SpokenMoney)

    /// All decimals of the currency always show: what is owed is never rounded.
    init(_ currency: Currency, locale: Locale) {
        let style = Decimal.FormatStyle.Currency(code: currency.code, locale: locale)
            .precision(.fractionLength(currency.minorDigits))
        let pattern = NumberPattern(fractionDigits: currency.minorDigits) { style.format($0) }
        self = pattern.map(Self.learned) ?? .asked(style)
    }

    func string(_ amount: Money) -> String {
        switch self {
        case .learned(let pattern):
            pattern.string(
                amount.minorUnits.magnitude, fractionDigits: amount.currency.minorDigits,
                isNegative: amount.minorUnits < 0)
        case .asked(let style): style.format(amount.value)
        case .spoken(let spoken): spoken.string(amount)
        }
    }
}

/// Amounts for a voice: "1,234.50 US dollars", and whole ones without decimals. The form of the currency's name hangs on
/// the amount, so that ICU is asked for each.
struct SpokenMoney: Sendable {
    private let exact: Decimal.FormatStyle.Currency
    private let whole: Decimal.FormatStyle.Currency

    /// - Parameter groups: whether digits are grouped.
    init(_ currency: Currency, locale: Locale, groups: Bool) {
        let style = Decimal.FormatStyle.Currency(code: currency.code, locale: locale)
            .presentation(.fullName).grouping(groups ? .automatic : .never)
        exact = style.precision(.fractionLength(currency.minorDigits))
        whole = style.precision(.fractionLength(0))
    }

    func string(_ amount: Money) -> String {
        let isWhole = amount.minorUnits.magnitude.isMultiple(of: powerOfTen(amount.currency.minorDigits))
        return Self.withoutSymbol(Speech.plain((isWhole ? whole : exact).format(amount.value)))
    }

    /// In a few regions (`fr-CH`, `en-NL`, `tr-TR`) ICU puts the symbol in front as well: `US$ 5,00 US dollars`.
    private static func withoutSymbol(_ text: String) -> String {
        guard let first = text.firstIndex(where: \.isNumber), first != text.startIndex, text.last?.isNumber == false
        else { return text }
        return text[..<first].filter { $0 == "-" || $0 == "\u{2212}" } + text[first...]
    }
}

extension Money {
    fileprivate var value: Decimal {
        Decimal(minorUnits.magnitude, fractionDigits: currency.minorDigits, isNegative: minorUnits < 0)
    }
}
