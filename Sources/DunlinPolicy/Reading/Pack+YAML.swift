// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime
import DunlinYAML

extension Pack {
    /// Reads a pack; see docs/add-a-rule.md for the format. `file` is only used in messages.
    ///
    /// Throws a ``DunlinError`` that names file, line, column and field for the first mistake.
    public convenience init(yaml text: String, file: String) throws {
        let document = try YAMLValue(text: text, file: file)
        let map = try document.mapping(keys: [
            "pack", "title", "applies", "layer", "when", "from", "until", "reviewed", "zone", "calendars", "holidays",
            "rules", "notes",
        ])
        let name = try map.required("pack").identifier()
        var conditions = try map["when"].map { try readConditions($0, besides: []).conditions } ?? Conditions()
        conditions.from = try map["from"].map(readDate)
        conditions.until = try map["until"].map(readDate)
        let holidays = try readHolidays(map)
        self.init(
            name: name, title: try map.required("title").string(),
            applies: try readApplicability(map.required("applies")),
            layer: try map["layer"]?.oneOf(Layer.self) ?? .law,
            reviewed: try readDate(map.required("reviewed")),
            zones: try map["zone"].map(readZonePolicy) ?? ZonePolicy(),
            rules: try readRules(map.required("rules"), pack: name, holidays: holidays, conditions: conditions),
            notes: try map["notes"]?.list().map { try $0.string() } ?? [], digest: fnv1a(text), holidays: holidays)
    }
}

private func readApplicability(_ value: YAMLValue) throws -> Applicability {
    guard value.isMapping else {
        switch try value.string() {
        case "always": return .always
        case "default": return .byDefault
        case let word:
            let near = nearMiss(word, among: ["always", "default"])
            throw value.error(expected: "always, default, or regions such as {regions: [US]}", suggestion: near)
        }
    }
    let regions = try value.mapping(keys: ["regions"]).required("regions").nonEmptyList(of: "region").map(readRegion)
    return .regions(regions)
}

/// An ISO 3166-1 country or 3166-2 subdivision, then perhaps a place in it, by its shape alone.
private func readRegion(_ value: YAMLValue) throws -> String {
    let text = try value.string()
    if text.isRegion { return text }
    let upper = text.uppercased()
    throw value.error(
        expected: "an ISO 3166 country or subdivision such as US or US-MA", suggestion: upper.isRegion ? upper : nil)
}

private func readZonePolicy(_ value: YAMLValue) throws -> ZonePolicy {
    let map = try value.mapping(keys: ["from", "combine", "default"])
    var policy = ZonePolicy()
    if let sources = map["from"] { policy.sources = try readKinds(sources, of: ZoneSource.self) }
    switch try map["combine"]?.string() {
    case nil, "first": break
    case "all": policy.combinesAll = true
    case let word?:
        throw map["combine"]!.error(expected: "first or all", suggestion: nearMiss(word, among: ["first", "all"]))
    }
    policy.presumed = try map["default"]?.string()
    return policy
}

/// The days of `calendars` and those of `holidays`; nil if the pack has neither.
private func readHolidays(_ map: YAMLMapping) throws -> HolidayCalendar? {
    let own = try map["holidays"]?.anyMapping().entries.map { name, value in
        guard let rule = HolidayRule(text: try value.string(), name: name) else {
            throw value.error(expected: HolidayRule.notation)
        }
        return rule
    }
    let known = try map["calendars"]?.nonEmptyList(of: "calendar").map { value in
        let code = try value.string()
        guard let calendar = HolidayCalendar.known(code) else {
            throw value.error(
                expected: "a calendar that Dunlin knows, see 'dunlin policies holidays'",
                suggestion: nearMiss(code, among: HolidayCalendar.knownCodes))
        }
        return calendar
    }
    if own == nil, known == nil { return nil }
    return .union(known ?? [], adding: own ?? [])
}

private func readRules(
    _ value: YAMLValue, pack: String, holidays: HolidayCalendar?, conditions: Conditions
) throws -> [Rule] {
    var rules: [Rule] = []
    let namesChat = value.list().contains(where: namesChat)
    for entry in value.list() {
        let rule = try Rule(
            entry, pack: pack, holidays: holidays, conditions: conditions, takesChatForSMS: !namesChat)
        guard !rules.contains(where: { $0.id == rule.id }) else {
            throw DunlinError(
                .usage, entry.place, why: "the rule id '\(rule.id)' stands twice",
                remedy: "give each rule an id of its own")
        }
        rules.append(rule)
    }
    return rules
}

/// Whether a rule, not checked yet, has `chat` in a list of channels.
private func namesChat(_ rule: YAMLValue) -> Bool {
    guard let entries = try? rule.anyMapping().entries else { return false }
    return entries.contains { _, details in
        guard details.isMapping, let map = try? details.anyMapping() else { return false }
        return [map["channels"], map["over"]].compactMap(\.self).contains { channels in
            channels.list().contains { (try? $0.string()) == Channel.chat.rawValue }
        }
    }
}

extension String {
    /// Parts of capital letters and digits: two letters, then at most a subdivision of 1 to 3 and a place of 2 to 8.
    fileprivate var isRegion: Bool {
        let parts = split(separator: "-", omittingEmptySubsequences: false).map(\.utf8)
        let isPlain = parts.allSatisfy {
            $0.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) }
        }
        return isPlain && parts[0].count == 2 && parts.count <= 3
            && (parts.count < 2 || (1...3).contains(parts[1].count))
            && (parts.count < 3 || (2...8).contains(parts[2].count))
    }
}
