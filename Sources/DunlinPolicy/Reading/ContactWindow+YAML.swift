// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime
import DunlinYAML

func readWindow(_ value: YAMLValue, _ holidays: HolidayCalendar?) throws -> (ChannelSet, Rule.Kind) {
    let map = try value.mapping(keys: ["channels", "days", "holidays", "clock", "end", "judged"])
    let clock = try map["clock"]?.string() ?? "recipient"
    var end = IntervalEnd()
    switch try map["end"]?.string() {
    case nil, "included": break
    case "excluded": end.isIncluded = false
    case let word?:
        let words = ["included", "excluded"]
        throw map["end"]!.error(expected: "included or excluded", suggestion: nearMiss(word, among: words))
    }
    end.margin = try map["judged"].map(readMargin) ?? 0
    let window = ContactWindow(
        week: try readWeek(map.required("days"), end),
        holidays: try map["holidays"].flatMap { try readHolidayHours($0, holidays, end) },
        clock: clock == "recipient" ? .recipient : .zone(clock), margin: end.margin)
    return (try readChannels(map["channels"]), .window(window))
}

/// How the intervals of a window end.
private struct IntervalEnd {
    var isIncluded = true
    /// Milliseconds by which a message may arrive later than it is sent, and must not arrive too late.
    var margin: Int64 = 0

    /// What a person has to know to understand a refusal at the end.
    var note: String {
        (isIncluded ? "" : ", end excluded") + (margin > 0 ? ", to arrive within \(margin / 60_000) minutes" : "")
    }
}

/// `{by: dispatch}`, or `{by: receipt, within: 15 minutes}`.
private func readMargin(_ value: YAMLValue) throws -> Int64 {
    let map = try value.mapping(keys: ["by", "within"])
    let by = try map.required("by")
    switch try by.string() {
    case "dispatch": return 0
    case "receipt":
        let within = try map.required("within")
        guard case .minutes(let minutes) = try readLength(within, ["minute"]), minutes <= 240 else {
            throw within.error(expected: "1 to 240 minutes, such as '15 minutes'")
        }
        return Int64(minutes) * 60_000
    case let word:
        throw by.error(expected: "dispatch or receipt", suggestion: nearMiss(word, among: ["dispatch", "receipt"]))
    }
}

/// `same`, or hours like those of a day.
private func readHolidayHours(
    _ value: YAMLValue, _ calendar: HolidayCalendar?, _ end: IntervalEnd
) throws -> ContactWindow.HolidayHours? {
    if !value.isList, try value.string() == "same" { return nil }
    guard let calendar else {
        throw value.place(
            "\(value.field) is stated, but the pack lists no holidays",
            remedy: "add 'calendars: [CODE]' or 'holidays' to the pack")
    }
    return ContactWindow.HolidayHours(calendar: calendar, hours: try readHours(value, end))
}

/// Hours for each weekday: the keys are weekdays or ranges of them, and every weekday must come exactly once.
private func readWeek(_ value: YAMLValue, _ end: IntervalEnd) throws -> [DayHours] {
    var week = [DayHours?](repeating: nil, count: 7)
    for (key, value) in try value.anyMapping().entries {
        let hours = try readHours(value, end)
        for day in try readWeekdays(key, of: value) {
            guard week[day.rawValue] == nil else {
                throw value.place(
                    "\(day.shortName) stands twice in \(value.field)", remedy: "give each day its hours once")
            }
            week[day.rawValue] = hours
        }
    }
    if let missing = week.firstIndex(of: nil).flatMap(Weekday.init) {
        throw value.missing("the day '\(missing.shortName)'", remedy: "add '\(missing.shortName): closed' or its hours")
    }
    return week.compactMap { $0 }
}

private func readWeekdays(_ key: String, of value: YAMLValue) throws -> ArraySlice<Weekday> {
    let names = Weekday.allCases.map(\.shortName)
    let ends = key.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    for end in ends where !names.contains(end) {
        let near = nearMiss(String(end.lowercased().prefix(3)), among: names)
        throw value.place(
            "'\(key)' is not a day or a range of days",
            remedy: near.map { "did you mean '\($0)'?" } ?? "write mon, or mon-fri")
    }
    let days = ends.compactMap { names.firstIndex(of: $0) }
    guard days.count <= 2, days[0] <= days[days.count - 1] else {
        throw value.place("'\(key)' is not a range within one week", remedy: "weeks begin on mon: split it in two")
    }
    return Weekday.allCases[days[0]...days[days.count - 1]]
}

/// `08:00-21:00`, a list of such intervals, or `closed`.
private func readHours(_ value: YAMLValue, _ end: IntervalEnd) throws -> DayHours {
    if !value.isList, try value.string() == "closed" { return .closed }
    let read = try value.nonEmptyList(of: "interval").map { (try readInterval($0, end), $0) }
        .sorted { $0.0.lowerBound < $1.0.lowerBound }
    var intervals: [DayHours.Interval] = []
    for (interval, value) in read {
        // One that begins when another ends goes on from it.
        if let last = intervals.last, interval.lowerBound <= last.upperBound {
            guard interval.lowerBound >= last.upperBound - 1 else {
                throw value.error(expected: "an interval that does not overlap with another of the day")
            }
            intervals[intervals.count - 1] = last.lowerBound..<interval.upperBound
        } else {
            intervals.append(interval)
        }
    }
    for interval in intervals where interval.count <= end.margin {
        // Before midnight and after it the hours of another day may go on.
        guard interval.lowerBound == 0 || interval.upperBound == DayHours.dayLength else {
            throw value.error(expected: "an interval longer than a message may take to arrive")
        }
    }
    let text = try read.map { try $0.1.string() }.joined(separator: ", ")
    return DayHours(intervals: intervals, description: text + end.note)
}

private func readInterval(_ value: YAMLValue, _ end: IntervalEnd) throws -> DayHours.Interval {
    let text = try value.string()
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(minutes)
    guard ends.count == 2, let from = ends[0], let until = ends[1] else {
        // The commonest slip: 8:00 for 08:00.
        let padded = text.split(separator: "-").map { $0.utf8.count == 4 ? "0\($0)" : "\($0)" }
        let isMended = padded.count == 2 && padded.allSatisfy { minutes($0[...]) != nil }
        throw value.error(
            expected: "hours such as 08:00-21:00, or closed", suggestion: isMended ? padded.joined(separator: "-") : nil
        )
    }
    guard from < until else {
        throw value.error(expected: "an end after the beginning; hours past midnight are two intervals, of two days")
    }
    return DayHours.interval(from: from, until: until, endIncluded: end.isIncluded)
}

/// Minutes after midnight of `hh:mm`, 00:00 to 24:00.
private func minutes(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2,
        parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
        let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1440
    else { return nil }
    return hour * 60 + minute
}
