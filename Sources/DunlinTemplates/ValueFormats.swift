// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import FoundationEssentials
import FoundationInternationalization
import Synchronization

/// Writes amounts, days and numbers by CLDR, for one locale and one channel. Keeps the styles, which are dear to make.
final class ValueFormats: Sendable {
    private let locale: Locale
    private let channel: Channel
    private let number: Decimal.FormatStyle
    private let day: Date.FormatStyle
    private let kept = Mutex(Kept())

    private struct Kept {
        var money: [Currency: Decimal.FormatStyle.Currency] = [:]
        /// Reminders of one day share a handful of due dates.
        var days: [CivilDate: String] = [:]
    }
    private static let mostDays = 2000

    /// - Parameter locale: BCP 47, such as `zh-Hant-HK`.
    init(locale identifier: String, channel: Channel) {
        locale = Locale(identifier: identifier)
        self.channel = channel
        number = Decimal.FormatStyle(locale: locale)
        // Due dates are days of the Gregorian calendar, also where CLDR prefers another one.
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        day = Date.FormatStyle(
            date: channel == .sms ? .long : .complete, time: .omitted, locale: locale, calendar: calendar,
            timeZone: .gmt)
    }

    /// A value as an integrator wrote it, in the way its type asks for; nil if it is not of the type.
    /// - Parameter currency: of amounts that name none.
    func write(_ text: Substring, as type: VariableType, currency: Currency) -> String? {
        switch type {
        case .money: Money(text, assuming: currency).map(money)
        case .date: CivilDate(iso8601: String(text)).map(date)
        case .number: number(text)
        case .phone: phone(text)
        case .link: isSafeLink(text) ? String(text) : nil
        case .name, .text: hasControlCharacters(text) ? nil : String(text)
        case .file: isFileName(text) ? String(text) : nil
        }
    }

    /// All of the currency's decimals, always: what is owed is never rounded. Spoken with the currency's name.
    func money(_ amount: Money) -> String {
        let style = kept.withLock { kept in
            if let style = kept.money[amount.currency] { return style }
            let style = Decimal.FormatStyle.Currency(code: amount.currency.code, locale: locale)
                .precision(.fractionLength(amount.currency.minorDigits))
                .presentation(channel == .call ? .fullName : .standard)
            kept.money[amount.currency] = style
            return style
        }
        let value = Decimal(
            sign: amount.minorUnits < 0 ? .minus : .plus, exponent: -amount.currency.minorDigits,
            significand: Decimal(amount.minorUnits.magnitude))
        return style.format(value)
    }

    /// With the weekday, except in an SMS; the month always by name, so that nobody takes 03/04 for the wrong day.
    func date(_ date: CivilDate) -> String {
        kept.withLock { kept in
            if let text = kept.days[date] { return text }
            if kept.days.count >= Self.mostDays { kept.days.removeAll(keepingCapacity: true) }
            let text = day.format(Date(timeIntervalSince1970: Double(date.daysSince1970) * 86400))
            kept.days[date] = text
            return text
        }
    }

    /// A plain decimal such as `3` or `2.5`; nil if `text` is none.
    func number(_ text: Substring) -> String? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let halves = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let isPlain = halves.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
        guard isPlain, text.utf8.count <= 30, let value = Decimal(string: String(text)) else { return nil }
        return number.format(value)
    }

    func number(_ value: Int) -> String { number.format(Decimal(value)) }

    /// An E.164 number for the eye or the ear; nil if `text` is none.
    func phone(_ text: Substring) -> String? {
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "+"), (7...15).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy(isDigit)
        else { return nil }
        // A voice would read one big number otherwise.
        if channel == .call { return text.dropFirst().map(String.init).joined(separator: " ") }
        // North America is the one plan that is grouped alike everywhere; the others are clear enough in one piece.
        guard digits.first == UInt8(ascii: "1"), digits.count == 11 else { return String(text) }
        let local = text.suffix(10)
        return "+1 \(local.prefix(3))-\(local.dropFirst(3).prefix(3))-\(local.suffix(4))"
    }
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
