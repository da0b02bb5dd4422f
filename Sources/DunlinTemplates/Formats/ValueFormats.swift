// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import FoundationEssentials
import FoundationInternationalization
import Synchronization

/// Writes amounts, days and numbers by CLDR, for one locale and one channel. Keeps the styles, which are dear to make.
final class ValueFormats: Sendable {
    private let locale: Locale
    private let channel: Channel
    private let speech: Speech
    private let numbers: NumberFormat
    private let day: Date.FormatStyle
    private let kept = Mutex(Kept())

    private struct Kept {
        var money: [Currency: MoneyFormat] = [:]
        /// Reminders of one day share a handful of due dates.
        var days: [CivilDate: String] = [:]
    }
    private static let mostDays = 2000

    /// - Parameter locale: BCP 47, such as `zh-Hant-HK`.
    init(locale identifier: String, channel: Channel) {
        // Voices are made for text with ASCII digits; how well they read Arabic or Persian ones differs.
        locale = Locale(identifier: channel == .call ? "\(identifier)-u-nu-latn" : identifier)
        self.channel = channel
        speech = Speech(language: identifier)
        numbers = NumberFormat(locale: locale, speaks: channel == .call)
        // Due dates are days of the Gregorian calendar, also where CLDR prefers another one.
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        day = Date.FormatStyle(
            date: channel == .sms ? .long : .complete, time: .omitted, locale: locale, calendar: calendar,
            timeZone: .gmt)
    }

    /// A value as an integrator wrote it, in the way its type asks for; nil if it is not of the type.
    /// - Parameter currency: of amounts that name none; nil if each must.
    func write(_ text: Substring, as type: VariableType, currency: Currency?) -> String? {
        switch type {
        case .money: Money(text, assuming: currency).map(money)
        case .date: CivilDate(iso8601: String(text)).map(date)
        case .number: number(text)
        case .phone: phone(text)
        case .link: isSafeLink(text) ? String(text) : nil
        case .name, .text: hasControlCharacters(text) ? nil : String(text)
        case .file: Attachment.isPlainName(text) ? String(text) : nil
        }
    }

    /// All of the currency's decimals; spoken with the currency's name, and a whole amount without decimals.
    func money(_ amount: Money) -> String {
        let format = kept.withLock { kept in
            if let format = kept.money[amount.currency] { return format }
            let format: MoneyFormat =
                channel == .call
                ? .spoken(SpokenMoney(amount.currency, locale: locale, groups: numbers.groups))
                : MoneyFormat(amount.currency, locale: locale)
            kept.money[amount.currency] = format
            return format
        }
        return format.string(amount)
    }

    /// With the weekday, except in an SMS; the month always by name, so that nobody takes 03/04 for the wrong day.
    func date(_ date: CivilDate) -> String {
        kept.withLock { kept in
            if let text = kept.days[date] { return text }
            if kept.days.count >= Self.mostDays { kept.days.removeAll(keepingCapacity: true) }
            let written = day.format(Date(timeIntervalSince1970: Double(date.daysSince1970) * 86400))
            let text = channel == .call ? Speech.plain(written) : written
            kept.days[date] = text
            return text
        }
    }

    /// A plain decimal such as `3` or `2.5`, without trailing zeros of its fraction; nil if `text` is none.
    func number(_ text: Substring) -> String? { numbers.string(text) }

    func number(_ value: Int) -> String { numbers.string(value) }

    /// An E.164 number for the eye or the ear, in groups where its country's are known; nil if `text` is none.
    func phone(_ text: Substring) -> String? {
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "+"), (7...15).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy(isDigit)
        else { return nil }
        let number = GroupedNumber(digits: text.dropFirst())
        return channel == .call ? speech.digits(number.parts) : number.text
    }

    /// A reference such as an account's id: as it is, or spoken sign by sign; nil if it has control characters.
    func reference(_ text: Substring) -> String? {
        if hasControlCharacters(text) { return nil }
        return channel == .call ? speech.reference(text) : String(text)
    }
}
