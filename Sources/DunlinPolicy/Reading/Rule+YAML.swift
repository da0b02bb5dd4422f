// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime
import DunlinYAML

extension Rule {
    /// The keys that say what a rule compares; each rule has exactly one.
    private static let kinds = [
        "window", "cap", "cool_off", "needs", "one_channel", "borrower_hours", "only", "content", "retention", "duty",
    ]
    /// The keys that every rule may have.
    private static let common = [
        "id", "cite", "confidence", "strength", "then", "when", "unless", "from", "until", "note",
    ]

    convenience init(
        _ value: YAMLValue, pack: String, holidays: HolidayCalendar?, conditions: Conditions, takesChatForSMS: Bool
    ) throws {
        let map = try value.mapping(keys: Rule.common + Rule.kinds)
        let id = try map.required("id").identifier()
        let stated = map.entries.filter { Rule.kinds.contains($0.key) }
        guard stated.count == 1, let (kind, details) = stated.first else {
            let found = stated.isEmpty ? "none" : stated.map(\.key).joined(separator: " and ")
            throw value.place(
                "rule '\(id)' needs exactly one of \(Rule.kinds.joined(separator: ", ")), and has \(found)",
                remedy: stated.isEmpty ? "add one" : "make a rule of each")
        }
        var own = try map["when"].map { try readConditions($0, besides: []).conditions } ?? Conditions()
        own.from = try map["from"].map(readDate)
        own.until = try map["until"].map(readDate)
        guard let applicability = conditions.and(own) else {
            throw (map["when"] ?? map["from"] ?? map["until"] ?? value).place(
                "no contact meets the conditions of the pack and of rule '\(id)'", remedy: "mend either")
        }
        let relaxations = try map["unless"]?.list().map(readRelaxation) ?? []
        let (channels, comparison) = try Rule.readKind(kind, details, holidays)
        self.init(
            id: id, pack: pack, citation: try map.required("cite").string(),
            confidence: try map.required("confidence").oneOf(Confidence.self),
            strength: try map["strength"]?.oneOf(Strength.self) ?? .ban,
            consequence: try map["then"]?.oneOf(Consequence.self) ?? .defer, channels: channels,
            takesChatForSMS: takesChatForSMS, applicability: applicability, relaxations: relaxations,
            note: try map["note"]?.string(), kind: comparison)
    }

    private static func readKind(
        _ kind: String, _ details: YAMLValue, _ holidays: HolidayCalendar?
    ) throws -> (ChannelSet, Kind) {
        switch kind {
        case "window": try readWindow(details, holidays)
        case "cap": try readCap(details)
        case "cool_off": try readCoolOff(details, holidays)
        case "needs": try readNeeds(details, holidays)
        case "one_channel": try readOneChannel(details)
        case "borrower_hours": try readBorrowerHours(details)
        case "only": try readAdmission(details)
        case "content": try readContent(details)
        case "retention": (.all, try readRetention(details))
        default: (.all, .duty(try readDuty(details)))
        }
    }
}

private func readCap(_ value: YAMLValue) throws -> (ChannelSet, Rule.Kind) {
    let map = try value.mapping(keys: [
        "channels", "limit", "per", "rolling", "calendar", "counts", "starts_after", "assume",
    ])
    let channels = try readChannels(map["channels"])
    let limit = try map.required("limit")
    let talk = limit.isMapping || limit.isList ? nil : try limit.string().split(separator: " ").count == 2
    var unit = FrequencyCap.Unit.contacts
    var most: Int64
    if talk == true {
        guard case .minutes(let minutes) = try readLength(limit, ["minute"]) else {
            throw limit.error(expected: "minutes")
        }
        guard let assume = map["assume"] else {
            throw value.missing("'assume'", remedy: "say how long a call of unknown length lasts: 'assume: 2 minutes'")
        }
        guard case .minutes(let assumed) = try readLength(assume, ["minute"]) else {
            throw assume.error(expected: "minutes")
        }
        most = Int64(minutes) * 60_000
        unit = .talk(assumed: Int64(assumed) * 60_000)
        if assumed > minutes { throw assume.error(expected: "no more than the limit: no call would ever be allowed") }
    } else {
        most = Int64(try limit.int(in: 1...1_000_000))
        if let assume = map["assume"] {
            throw assume.place("assume goes with a time as limit", remedy: "write 'limit: 30 minutes', or remove it")
        }
    }
    let cap = FrequencyCap(
        limit: most, unit: unit, per: try readKey(map.required("per")), period: try readPeriod(of: map, value),
        counts: try map["counts"].map(readCounted) ?? Counted(attempts: true),
        startsAfter: try map["starts_after"]?.oneOf(ContactKind.self), channels: channels)
    return (channels, .cap(cap))
}

private func readOneChannel(_ value: YAMLValue) throws -> (ChannelSet, Rule.Kind) {
    let map = try value.mapping(keys: ["per", "rolling", "calendar"])
    return (
        .all, .oneChannel(OneChannel(per: try readKey(map.required("per")), period: try readPeriod(of: map, value)))
    )
}

/// `rolling: 7 days` or `calendar: week`.
private func readPeriod(of map: YAMLMapping, _ value: YAMLValue) throws -> Period {
    switch (map["rolling"], map["calendar"]) {
    case (let rolling?, nil): try readLength(rolling, ["hour", "day", "month"])
    case (nil, let calendar?): .calendar(try calendar.oneOf(Period.Unit.self))
    case (nil, nil): throw value.missing("a period", remedy: "add 'rolling: 7 days' or 'calendar: week'")
    case (_?, let calendar?): throw calendar.place("rolling and calendar stand together", remedy: "make a rule of each")
    }
}

private func readCoolOff(_ value: YAMLValue, _ holidays: HolidayCalendar?) throws -> (ChannelSet, Rule.Kind) {
    let map = try value.mapping(keys: ["channels", "after", "for", "at_most", "per"])
    let until = try map.required("for")
    let most = try map["at_most"].map { try readLength($0, ["hour", "day", "month"]) }
    let length: CoolOff.Length
    switch try until.string() {
    case "until lifted": length = .untilLifted
    case "its own end": length = .itsOwnEnd(atMost: most)
    default: length = .period(try readLength(until, ["hour", "day", "month", "business day"], holidays))
    }
    if let most = map["at_most"], try until.string() != "its own end" {
        throw most.place("at_most goes with 'for: its own end'", remedy: "remove it, or write the length after 'for'")
    }
    let coolOff = CoolOff(
        after: try readKinds(map.required("after"), of: ContactKind.self), length: length,
        per: try readKey(map.required("per")))
    if coolOff.after.contains(.attempt) {
        throw try map.required("after").error(expected: "an event; a gap between attempts is a cap of 1")
    }
    return (try readChannels(map["channels"]), .coolOff(coolOff))
}

private func readNeeds(_ value: YAMLValue, _ holidays: HolidayCalendar?) throws -> (ChannelSet, Rule.Kind) {
    let map = try value.mapping(keys: ["channels", "event", "wait", "within", "per", "over"])
    let units = ["minute", "hour", "day", "month", "business day"]
    let needs = Precondition(
        event: try map.required("event").oneOf(ContactKind.self),
        wait: try map["wait"].map { try readLength($0, units, holidays) },
        within: try map["within"].map { try readLength($0, units, holidays) },
        per: try readKey(map.required("per")), over: try readChannels(map["over"]))
    return (try readChannels(map["channels"]), .needs(needs))
}

private func readBorrowerHours(_ value: YAMLValue) throws -> (ChannelSet, Rule.Kind) {
    let map = try value.mapping(keys: ["channels", "at_most"])
    let most = try map["at_most"].map { value in
        guard case .hours(let hours) = try readLength(value, ["hour"]), hours <= 168 else {
            throw value.error(expected: "hours of a week, such as '28 hours'")
        }
        return hours * 60
    }
    return (try readChannels(map["channels"]), .borrowerHours(atMost: most))
}

private func readAdmission(_ value: YAMLValue) throws -> (ChannelSet, Rule.Kind) {
    let map = try value.mapping(keys: ["channels", "role", "purpose"])
    guard map["role"] != nil || map["purpose"] != nil else {
        throw value.missing("'role' or 'purpose'", remedy: "add 'role: [borrower, guarantor]'")
    }
    let admission = Admission(
        roles: try map["role"].map { Set(try readKinds($0, of: Role.self)) } ?? [],
        purposes: try map["purpose"].map { Set(try readKinds($0, of: Purpose.self)) } ?? [])
    return (try readChannels(map["channels"]), .only(admission))
}

private func readContent(_ value: YAMLValue) throws -> (ChannelSet, Rule.Kind) {
    let map = try value.mapping(keys: ["channels", "require", "forbid", "language"])
    let rule = ContentRule(
        require: try map["require"]?.list().map { try $0.identifier() } ?? [],
        forbid: try map["forbid"]?.list().map { try $0.string() } ?? [],
        languages: try map["language"]?.list().map { try $0.string() } ?? [])
    if rule.require.count > NoticeChoice.most, let list = map["require"] {
        throw list.error(expected: "at most \(NoticeChoice.most) notices")
    }
    guard !(rule.require + rule.forbid + rule.languages).isEmpty else {
        throw value.missing("'require', 'forbid' or 'language'", remedy: "add what the message must or must not hold")
    }
    return (try readChannels(map["channels"]), .content(rule))
}

private func readDuty(_ value: YAMLValue) throws -> String {
    let text = try value.string()
    guard text.contains(where: { !$0.isWhitespace }) else {
        throw value.error(expected: "what has to be done, in words")
    }
    return text
}

private func readRetention(_ value: YAMLValue) throws -> Rule.Kind {
    let map = try value.mapping(keys: ["of", "keep", "after"])
    return .retention(
        Retention(
            of: try map.required("of").oneOf(Retention.Subject.self),
            keep: try readLength(map.required("keep"), ["day", "month"]),
            after: try map.required("after").oneOf(Retention.Start.self)))
}
