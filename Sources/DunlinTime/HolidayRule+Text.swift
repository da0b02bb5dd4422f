// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension HolidayRule: CustomStringConvertible {
    /// What a text must look like, for error messages.
    public static let notation =
        "a day (01-01 | 4th thursday of november | last monday of may | monday on or before 05-24"
        + " | monday on or after 05-01 | easter | easter-2 | orthodox-easter+1 | 2026-02-17, 2027-02-06"
        + " | only 2022-09-19), then perhaps its years (from 2021 | until 2019 | except 2020, 2021) and weekdays"
        + " (if monday, friday), then perhaps “; saturday -> friday; sunday -> next workday”"

    /// Reads a holiday in one line, capitals and spaces not counting:
    ///
    ///     01-01                                        each January 1
    ///     4th thursday of november                     also 1st, 2nd, 3rd, 5th, last
    ///     monday on or before 05-24                    also “on or after”
    ///     easter-2                                     Good Friday; easter, easter+1, …, orthodox-easter+1
    ///     2026-02-17, 2027-01-06 to 2027-01-08         listed dates of a holiday that comes again in later years
    ///     only 2022-09-19                              listed dates that do not come again
    ///     06-19 from 2021                              the first year it is kept
    ///     12-26 from 2000 until 2019                   the last year, too
    ///     06-21 except 2024, 2025                      not in these years
    ///     09-17 if monday, friday                      only where it falls on one of these
    ///     07-04; saturday -> friday; sunday -> monday  the nearest Friday or Monday stands in for a weekend day
    ///     01-01; weekend -> next workday               the next day from Monday to Friday that is no holiday
    ///     05-05; weekend, holiday -> next workday      also where it meets a holiday of a line further up
    ///     10-31; tuesday moves to previous friday      then the day itself is none; also “next friday”
    ///
    /// Nil if the text is anything else. Without a name the text is the name.
    public init?(text: String, name: String? = nil) {
        let parts = text.lowercased().split(separator: ";", omittingEmptySubsequences: false)
        let words = parts[0].split { $0.isWhitespace }
        let clauses = words.firstIndex(where: HolidayRule.clauseWords.contains) ?? words.count
        guard let day = HolidayDayText.read(words[..<clauses]) else { return nil }
        self.init(name: name ?? text, day: day)
        guard readClauses(words[clauses...]), firstYear ?? 0 <= lastYear ?? .max else { return nil }
        for part in parts.dropFirst() {
            guard let more = HolidayRule.substitutes(part) else { return nil }
            substitutes += more
        }
        guard Set(substitutes.map(\.occasion)).count == substitutes.count else { return nil }
    }

    /// The rule in the notation of ``init(text:name:)``.
    public var description: String {
        var text = "\(day)"
        if let firstYear { text += " from \(firstYear)" }
        if let lastYear { text += " until \(lastYear)" }
        if !exceptYears.isEmpty { text += " except " + exceptYears.map(String.init).joined(separator: ", ") }
        if !weekdays.isEmpty { text += " if " + weekdays.map { "\($0)" }.joined(separator: ", ") }
        return text + substitutes.map { "; \($0)" }.joined()
    }

    private static let clauseWords: Set<Substring> = ["from", "until", "except", "if"]

    /// Reads `from 2021 until 2030 except 2024, 2025 if monday`; false if it cannot be.
    private mutating func readClauses(_ words: ArraySlice<Substring>) -> Bool {
        var rest = words
        while let clause = rest.popFirst() {
            let values = rest.prefix { !HolidayRule.clauseWords.contains($0) }
            rest = rest.dropFirst(values.count)
            let list = values.joined(separator: " ").split(separator: ",", omittingEmptySubsequences: false)
                .map(\.trimmed)
            let years = list.compactMap { HolidayDayText.number($0, 1583...9999) }
            switch clause {
            case "from" where firstYear == nil && list.count == 1: firstYear = years.first
            case "until" where lastYear == nil && list.count == 1: lastYear = years.first
            case "except" where exceptYears.isEmpty: exceptYears = years
            case "if" where weekdays.isEmpty:
                weekdays = list.compactMap { Weekday(name: $0) }
                guard weekdays.count == list.count else { return false }
                continue
            default: return false
            }
            guard years.count == list.count else { return false }
        }
        return true
    }

    private static func substitutes(_ text: Substring) -> [Substitute]? {
        let words = text.split { $0.isWhitespace }
        guard let arrow = words.firstIndex(where: { $0 == "->" || $0 == "moves" }) else { return nil }
        let moves = words[arrow] == "moves"
        var goal = words[(arrow + 1)...]
        if moves, goal.popFirst() != "to" { return nil }
        guard let target = target(Array(goal)) else { return nil }
        var occasions: [Substitute.Occasion] = []
        for word in words[..<arrow].joined(separator: " ").split(separator: ",", omittingEmptySubsequences: false) {
            switch word.trimmed {
            case "weekend": occasions += [.weekday(.saturday), .weekday(.sunday)]
            case "holiday": occasions.append(.holiday)
            case let name:
                guard let weekday = Weekday(name: name) else { return nil }
                occasions.append(.weekday(weekday))
            }
        }
        if let weekday = target.weekday, occasions.contains(.weekday(weekday)) { return nil }
        return occasions.map { Substitute(on: $0, standIn: target, moves: moves) }
    }

    private static func target(_ words: [Substring]) -> Substitute.Target? {
        switch (words.count, words.first, words.last) {
        case (2, "next", "workday"): .nextWorkday
        case (2, "previous", "workday"): .previousWorkday
        case (2, "next", let name?): Weekday(name: name).map { .next($0) }
        case (2, "previous", let name?): Weekday(name: name).map { .previous($0) }
        case (1, let name?, _): Weekday(name: name).map { .nearest($0) }
        default: nil
        }
    }
}

extension HolidayRule.Substitute: CustomStringConvertible {
    public var description: String {
        let day =
            switch occasion {
            case .weekday(let weekday): "\(weekday)"
            case .holiday: "holiday"
            }
        return "\(day) \(moves ? "moves to" : "->") \(target)"
    }
}

extension HolidayRule.Substitute.Target: CustomStringConvertible {
    fileprivate var weekday: Weekday? {
        switch self {
        case .nearest(let weekday), .next(let weekday), .previous(let weekday): weekday
        case .nextWorkday, .previousWorkday: nil
        }
    }

    public var description: String {
        switch self {
        case .nearest(let weekday): "\(weekday)"
        case .next(let weekday): "next \(weekday)"
        case .previous(let weekday): "previous \(weekday)"
        case .nextWorkday: "next workday"
        case .previousWorkday: "previous workday"
        }
    }
}
