// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime
import DunlinYAML

extension Rule {
    /// The keys that say what a rule compares; each rule has exactly one.
    private static let kinds = ["window", "cap", "cool_off"]

    convenience init(_ value: YAMLValue, pack: String, holidays: HolidayCalendar?) throws {
        let map = try value.mapping(keys: ["id", "cite", "confidence"] + Rule.kinds)
        let id = try map.required("id").identifier()
        let stated = map.entries.filter { Rule.kinds.contains($0.key) }
        guard stated.count == 1, let (kind, details) = stated.first else {
            let found = stated.isEmpty ? "none" : stated.map(\.key).joined(separator: " and ")
            throw value.place(
                "rule '\(id)' needs exactly one of \(Rule.kinds.joined(separator: ", ")), and has \(found)",
                remedy: stated.isEmpty ? "add one" : "make a rule of each")
        }
        let (channels, comparison) =
            switch kind {
            case "window": try readWindow(details, holidays)
            case "cap": try readCap(details)
            default: try readCoolOff(details)
            }
        self.init(
            id: id, pack: pack, citation: try map.required("cite").string(),
            confidence: try map.required("confidence").oneOf(Confidence.self), channels: channels, kind: comparison)
    }
}

private func readCap(_ value: YAMLValue) throws -> (ChannelSet, Rule.Kind) {
    let map = try value.mapping(keys: ["channels", "limit", "per", "rolling", "calendar", "counts"])
    let channels = try readChannels(map["channels"])
    let period: Period
    switch (map["rolling"], map["calendar"]) {
    case (let rolling?, nil): period = try readLength(rolling)
    case (nil, let calendar?): period = .calendar(try calendar.oneOf(Period.Unit.self))
    case (nil, nil): throw value.missing("a period", remedy: "add 'rolling: 7 days' or 'calendar: week'")
    case (_?, let calendar?): throw calendar.place("rolling and calendar stand together", remedy: "make a rule of each")
    }
    let cap = FrequencyCap(
        limit: try map.required("limit").int(in: 1...Int.max), per: try readKey(map.required("per")), period: period,
        counts: try map["counts"].map(readKinds) ?? [.attempt], channels: channels)
    return (channels, .cap(cap))
}

private func readCoolOff(_ value: YAMLValue) throws -> (ChannelSet, Rule.Kind) {
    let map = try value.mapping(keys: ["channels", "after", "for", "per"])
    let coolOff = CoolOff(
        after: try map.required("after").oneOf(Contact.Kind.self), period: try readLength(map.required("for")),
        per: try readKey(map.required("per")))
    return (try readChannels(map["channels"]), .coolOff(coolOff))
}

/// `7 days` or `168 hours`.
private func readLength(_ value: YAMLValue) throws -> Period {
    let words = try value.string().split(separator: " ")
    let number = words.count == 2 ? Int(words[0]) ?? 0 : 0
    switch words.last {
    case "day", "days": if (1...366).contains(number) { return .days(number) }
    case "hour", "hours": if (1...8784).contains(number) { return .hours(number) }
    default: break
    }
    throw value.error(expected: "1 to 366 days or 1 to 8784 hours, such as '7 days'")
}

func readChannels(_ value: YAMLValue?) throws -> ChannelSet {
    guard let value else { return .all }
    var channels: ChannelSet = []
    for entry in try value.nonEmptyList(of: "channel") {
        guard channels.insert(ChannelSet(try entry.oneOf(Channel.self))).inserted else { throw entry.repeated() }
    }
    return channels
}

private func readKey(_ value: YAMLValue) throws -> CountingKey {
    var key: CountingKey = []
    for entry in try value.nonEmptyList(of: "part") {
        guard key.insert(CountingKey(try entry.oneOf(CountingKey.Part.self))).inserted else { throw entry.repeated() }
    }
    return key
}

private func readKinds(_ value: YAMLValue) throws -> [Contact.Kind] {
    var kinds: [Contact.Kind] = []
    for entry in try value.nonEmptyList(of: "kind of contact") {
        let kind = try entry.oneOf(Contact.Kind.self)
        guard !kinds.contains(kind) else { throw entry.repeated() }
        kinds.append(kind)
    }
    return kinds
}
