// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension HolidayRule: CustomStringConvertible {
    /// What a text must look like, for error messages.
    public static let notation =
        "a day (01-01 | 2026-02-17, 2027-02-06 | 4th thursday of november | last monday of may"
        + " | monday on or before 05-24 | monday on or after 05-01 | easter | easter-2 | easter+39),"
        + " then perhaps its years (from 2021 | until 2019), then perhaps “; saturday -> friday; sunday -> monday”"

    /// Reads a holiday in one line, capitals and spaces not counting:
    ///
    ///     01-01                                        each January 1
    ///     4th thursday of november                     also 1st, 2nd, 3rd, 5th, last
    ///     monday on or before 05-24                    also “on or after”
    ///     easter-2                                     Good Friday; easter, easter+1, …
    ///     2026-02-17, 2027-02-06                       single dates
    ///     06-19 from 2021                              the first year it is kept
    ///     12-26 from 2000 until 2019                   the last year, too
    ///     07-04; saturday -> friday; sunday -> monday  the nearest Friday or Monday stands in for a weekend day
    ///     01-01; weekend -> monday                     Saturday and Sunday alike
    ///
    /// Nil if the text is anything else. Without a name the text is the name.
    public init?(text: String, name: String? = nil) {
        let parts = text.lowercased().split(separator: ";", omittingEmptySubsequences: false)
        var words = parts[0].split(whereSeparator: \.isWhitespace)
        var (firstYear, lastYear): (Int?, Int?)
        while words.count > 2, ["from", "until"].contains(words[words.count - 2]) {
            guard let year = HolidayRule.number(words.removeLast(), 1583...9999) else { return nil }
            switch (words.removeLast(), firstYear, lastYear) {
            case ("from", nil, _): firstYear = year
            case ("until", _, nil): lastYear = year
            default: return nil
            }
        }
        guard let day = HolidayRule.day(words), firstYear ?? 0 <= lastYear ?? .max else { return nil }

        var substitutes: [Substitute] = []
        for part in parts.dropFirst() {
            guard let more = HolidayRule.substitutes(part) else { return nil }
            substitutes += more
        }
        guard Set(substitutes.map(\.weekday)).count == substitutes.count else { return nil }
        self.init(name: name ?? text, day: day, firstYear: firstYear, lastYear: lastYear, substitutes: substitutes)
    }

    /// The rule in the notation of ``init(text:name:)``.
    public var description: String {
        let years = (firstYear.map { " from \($0)" } ?? "") + (lastYear.map { " until \($0)" } ?? "")
        let moves = substitutes.map { "; \($0.weekday) -> \($0.standIn)" }
        return "\(day)\(years)\(moves.joined())"
    }

    private static func day(_ words: [Substring]) -> Day? {
        if words.count == 4, words[2] == "of", let n = ordinals.firstIndex(of: String(words[0])),
            let weekday = weekdays[words[1]], let month = months.firstIndex(of: String(words[3]))
        {
            return .nth(n == 0 ? -1 : n, weekday, month: month + 1)
        }
        if words.count == 5, words[1] == "on", words[2] == "or", let weekday = weekdays[words[0]],
            let date = MonthDay(words[4])
        {
            return words[3] == "after"
                ? .onOrAfter(weekday, date) : words[3] == "before" ? .onOrBefore(weekday, date) : nil
        }
        let text = words.joined()
        if text.hasPrefix("easter") { return easter(text.dropFirst(6)) }
        if let date = MonthDay(text) { return .fixed(date) }
        let dates = text.split(separator: ",", omittingEmptySubsequences: false).map { CivilDate(iso8601: String($0)) }
        return dates.contains(nil) ? nil : .dates(dates.compactMap { $0 })
    }

    private static func easter(_ offset: Substring) -> Day? {
        guard let sign = offset.first else { return .easter(0) }
        guard sign == "-" || sign == "+", let days = number(offset.dropFirst(), 1...200) else { return nil }
        return .easter(sign == "-" ? -days : days)
    }

    private static func substitutes(_ text: Substring) -> [Substitute]? {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[1] == "->", let standIn = weekdays[words[2]] else { return nil }
        let fallsOn = words[0] == "weekend" ? [.saturday, .sunday] : weekdays[words[0]].map { [$0] } ?? []
        guard !fallsOn.isEmpty, !fallsOn.contains(standIn) else { return nil }
        return fallsOn.map { Substitute(on: $0, standIn: standIn) }
    }

    fileprivate static let ordinals = ["last", "1st", "2nd", "3rd", "4th", "5th"]
    fileprivate static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let weekdays = Dictionary(
        uniqueKeysWithValues: Weekday.allCases.map { (Substring(String(describing: $0)), $0) })

    /// A number of digits only.
    fileprivate static func number(_ text: some StringProtocol, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.allSatisfy(\.isDigit), let number = Int(text), range.contains(number) else { return nil }
        return number
    }
}

extension HolidayRule.MonthDay: CustomStringConvertible {
    /// Reads `mm-dd`.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            let month = HolidayRule.number(parts[0], 1...12), let day = HolidayRule.number(parts[1], 1...31)
        else { return nil }
        self.init(month: month, day: day)
    }

    public var description: String { (month < 10 ? "0" : "") + "\(month)-" + (day < 10 ? "0" : "") + "\(day)" }
}

extension HolidayRule.Day: CustomStringConvertible {
    public var description: String {
        switch self {
        case .fixed(let date): "\(date)"
        case .nth(let n, let weekday, let month):
            "\(HolidayRule.ordinals[max(n, 0)]) \(weekday) of \(HolidayRule.months[month - 1])"
        case .onOrAfter(let weekday, let date): "\(weekday) on or after \(date)"
        case .onOrBefore(let weekday, let date): "\(weekday) on or before \(date)"
        case .easter(let days): days == 0 ? "easter" : days < 0 ? "easter\(days)" : "easter+\(days)"
        case .dates(let dates): dates.map(\.description).joined(separator: ", ")
        }
    }
}
