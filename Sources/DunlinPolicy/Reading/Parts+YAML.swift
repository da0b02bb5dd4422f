// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime
import DunlinYAML

/// The units of lengths, and how many of each at most.
private let longest = ["minute": 10_080, "hour": 8784, "day": 366, "month": 240, "business day": 250]

/// `7 days`, `168 hours`, `3 months`, `2 years`, `10 business days`, `30 minutes`: those of `units` (a year is 12 months).
func readLength(_ value: YAMLValue, _ units: [String], _ holidays: HolidayCalendar? = nil) throws -> Period {
    let words = try value.string().split(separator: " ")
    if let first = words.first, var number = Int(first), (1...10_080).contains(number) {
        var unit = words.dropFirst().joined(separator: " ")
        if unit.hasSuffix("s") { unit.removeLast() }
        if unit == "year" { (unit, number) = ("month", number * 12) }
        if units.contains(unit), let most = longest[unit], number <= most {
            switch unit {
            case "minute": return .minutes(number)
            case "hour": return .hours(number)
            case "day": return .days(number)
            case "month": return .months(number)
            default: return .businessDays(number, holidays ?? HolidayCalendar(rules: []))
            }
        }
    }
    let lengths = units.map { "1 to \(longest[$0] ?? 1) \($0)s" }.joined(separator: " or ")
    let common = units.contains("day") ? "day" : units[0]
    throw value.error(expected: "\(lengths), such as '7 \(common)s'")
}

func readChannels(_ value: YAMLValue?) throws -> ChannelSet {
    guard let value else { return .all }
    var channels: ChannelSet = []
    for entry in try value.nonEmptyList(of: "channel") {
        guard channels.insert(ChannelSet(try entry.oneOf(Channel.self))).inserted else { throw entry.repeated() }
    }
    return channels
}

func readKey(_ value: YAMLValue) throws -> CountingKey {
    var key: CountingKey = []
    for entry in try value.nonEmptyList(of: "part") {
        guard key.insert(CountingKey(try entry.oneOf(CountingKey.Part.self))).inserted else { throw entry.repeated() }
    }
    guard key != .creditor else {
        throw value.error(
            expected: "recipient, account or address beside creditor: no limit is for all people together")
    }
    return key
}

/// A list of distinct names of one kind; a single one counts as a list.
func readKinds<Choice: RawRepresentable & CaseIterable & Equatable>(
    _ value: YAMLValue, of _: Choice.Type
) throws -> [Choice] where Choice.RawValue == String {
    var kinds: [Choice] = []
    for entry in try value.nonEmptyList(of: "entry") {
        let kind = try entry.oneOf(Choice.self)
        guard !kinds.contains(kind) else { throw entry.repeated() }
        kinds.append(kind)
    }
    return kinds
}

/// `attempt`, `reached` and kinds of events.
func readCounted(_ value: YAMLValue) throws -> Counted {
    var counted = Counted()
    for entry in try value.nonEmptyList(of: "kind of contact") {
        switch try entry.string() {
        case "attempt": if counted.attempts { throw entry.repeated() } else { counted.attempts = true }
        case "reached": if counted.reached { throw entry.repeated() } else { counted.reached = true }
        case let word:
            guard let kind = ContactKind(rawValue: word) else {
                let known = ["reached"] + ContactKind.allCases.map(\.rawValue)
                throw entry.error(
                    expected: "one of \(known.joined(separator: ", "))", suggestion: nearMiss(word, among: known))
            }
            guard !counted.kinds.contains(kind) else { throw entry.repeated() }
            counted.kinds.append(kind)
        }
    }
    return counted
}

/// The conditions of `when`, or of an entry of `unless`, whose further keys are `besides`.
func readConditions(
    _ value: YAMLValue, besides: [String]
) throws -> (conditions: Conditions, map: YAMLMapping) {
    let map = try value.mapping(keys: ["party", "product", "role", "purpose", "days_past_due", "phase"] + besides)
    var conditions = Conditions()
    conditions.parties = try map["party"].map { Set(try readKinds($0, of: Party.self)) } ?? []
    conditions.products =
        try map["product"].map { Set(try $0.nonEmptyList(of: "product").map { try $0.identifier() }) } ?? []
    conditions.roles = try map["role"].map { Set(try readKinds($0, of: Role.self)) } ?? []
    conditions.purposes = try map["purpose"].map { Set(try readKinds($0, of: Purpose.self)) } ?? []
    conditions.phase = try map["phase"]?.oneOf(Conditions.Phase.self)
    if let days = map["days_past_due"] {
        let limits = try days.mapping(keys: ["over", "at_most"])
        if let over = try limits["over"]?.int(in: -366...3660) { conditions.daysPastDue.append(.over(over)) }
        if let most = try limits["at_most"]?.int(in: -366...3660) { conditions.daysPastDue.append(.atMost(most)) }
        guard !conditions.daysPastDue.isEmpty else {
            throw days.missing("'over' or 'at_most'", remedy: "write days_past_due: {over: 15}")
        }
        if conditions.isEmpty, besides.isEmpty { throw value.error(expected: "at least one condition") }
        guard conditions.canBeDue else { throw days.place("no number of days is meant", remedy: "mend either limit") }
    }
    return (conditions, map)
}

func readRelaxation(_ value: YAMLValue) throws -> Relaxation {
    let (conditions, map) = try readConditions(value, besides: ["event", "for", "per"])
    var event: Relaxation.Event?
    if let kind = try map["event"]?.oneOf(ContactKind.self) {
        event = Relaxation.Event(
            kind: kind, period: try map["for"].map { try readLength($0, ["minute", "hour", "day", "month"]) },
            per: try readKey(map.required("per")))
        if kind == .attempt {
            throw try map.required("event").error(expected: "an event that was imported or received")
        }
    } else if let stray = map["for"] ?? map["per"] {
        throw stray.place("\(stray.field) goes with an event", remedy: "add 'event: consent', or remove it")
    }
    guard event != nil || !conditions.isEmpty else {
        throw value.missing("a condition", remedy: "add 'event: consent' or another condition")
    }
    return Relaxation(conditions: conditions, event: event)
}

func readDate(_ value: YAMLValue) throws -> CivilDate {
    guard let date = CivilDate(iso8601: try value.string()) else {
        throw value.error(expected: "a date such as 2026-11-21")
    }
    return date
}
