// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Reads the part of a holiday's line that says on which day it falls.
enum HolidayDayText {
    static func read(_ words: ArraySlice<Substring>) -> HolidayRule.Day? {
        let words = Array(words)
        if words.count == 4, words[2] == "of", let n = ordinals.firstIndex(of: String(words[0])),
            let weekday = Weekday(name: words[1]), let month = months.firstIndex(of: String(words[3]))
        {
            return .nth(n == 0 ? -1 : n, weekday, month: month + 1)
        }
        if words.count == 5, words[1] == "on", words[2] == "or", let weekday = Weekday(name: words[0]),
            let date = HolidayRule.MonthDay(words[4])
        {
            return words[3] == "after"
                ? .onOrAfter(weekday, date) : words[3] == "before" ? .onOrBefore(weekday, date) : nil
        }
        if words.first == "only" { return dates(words.dropFirst()).map { .only($0) } }
        let text = words.joined()
        if text.hasPrefix("easter") { return offset(text.dropFirst(6)).map { .easter($0, .western) } }
        if text.hasPrefix("orthodox-easter") { return offset(text.dropFirst(15)).map { .easter($0, .orthodox) } }
        if let date = HolidayRule.MonthDay(text) { return .fixed(date) }
        return dates(words[...]).map { .dates($0) }
    }

    private static func offset(_ text: Substring) -> Int? {
        guard let sign = text.first else { return 0 }
        guard sign == "-" || sign == "+", let days = number(text.dropFirst(), 1...200) else { return nil }
        return sign == "-" ? -days : days
    }

    /// Reads `2026-02-17, 2027-02-06 to 2027-02-08`; a range has 31 days at most.
    private static func dates(_ words: ArraySlice<Substring>) -> [CivilDate]? {
        var dates: [CivilDate] = []
        for item in words.joined(separator: " ").split(separator: ",", omittingEmptySubsequences: false) {
            let ends = item.split { $0.isWhitespace }
            guard ends.count == 1 || ends.count == 3 && ends[1] == "to",
                let first = CivilDate(iso8601: String(ends[0])), let last = CivilDate(iso8601: String(ends.last!)),
                ends.count == 1 || first < last && last < first + 31
            else { return nil }
            dates += (first.daysSince1970...last.daysSince1970).map(CivilDate.init(daysSince1970:))
        }
        return dates
    }

    fileprivate static let ordinals = ["last", "1st", "2nd", "3rd", "4th", "5th"]
    fileprivate static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    /// A number of digits only.
    static func number(_ text: some StringProtocol, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.allSatisfy(\.isDigit), let number = Int(text), range.contains(number) else { return nil }
        return number
    }
}

extension Weekday {
    /// Reads `monday`.
    init?(name: some StringProtocol) {
        guard let weekday = Weekday.allCases.first(where: { String(describing: $0) == name }) else { return nil }
        self = weekday
    }
}

extension StringProtocol {
    /// Without spaces at its ends.
    var trimmed: String { split { $0.isWhitespace }.joined(separator: " ") }
}

extension HolidayRule.MonthDay: CustomStringConvertible {
    /// Reads `mm-dd`.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            let month = HolidayDayText.number(parts[0], 1...12), let day = HolidayDayText.number(parts[1], 1...31)
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
            "\(HolidayDayText.ordinals[max(n, 0)]) \(weekday) of \(HolidayDayText.months[month - 1])"
        case .onOrAfter(let weekday, let date): "\(weekday) on or after \(date)"
        case .onOrBefore(let weekday, let date): "\(weekday) on or before \(date)"
        case .easter(let days, let church):
            (church == .orthodox ? "orthodox-easter" : "easter") + (days == 0 ? "" : days < 0 ? "\(days)" : "+\(days)")
        case .dates(let dates): dates.map(\.description).joined(separator: ", ")
        case .only(let dates): "only " + dates.map(\.description).joined(separator: ", ")
        }
    }
}
