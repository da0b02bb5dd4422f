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
            "pack", "title", "applies", "reviewed", "zone", "holidays", "rules", "notes",
        ])
        let name = try map.required("pack").identifier()
        let holidays = try map["holidays"].map(readHolidays)
        self.init(
            name: name, title: try map.required("title").string(),
            applies: try readApplicability(map.required("applies")),
            reviewed: try readDate(map.required("reviewed")), defaultZone: try map["zone"].map(readDefaultZone),
            rules: try readRules(map.required("rules"), pack: name, holidays: holidays),
            notes: try map["notes"]?.list().map { try $0.string() } ?? [], digest: fnv1a(text),
            hasHolidays: holidays != nil)
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

/// An ISO 3166-1 country or 3166-2 subdivision, by its shape alone.
private func readRegion(_ value: YAMLValue) throws -> String {
    func isRegion(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy {
            $0.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) }
        }
        return isPlain && parts[0].utf8.count == 2 && parts.count <= 2 && (1...3).contains(parts.last!.utf8.count)
    }
    let text = try value.string()
    if isRegion(text) { return text }
    let upper = text.uppercased()
    throw value.error(
        expected: "an ISO 3166 country or subdivision such as US or US-MA", suggestion: isRegion(upper) ? upper : nil)
}

private func readDate(_ value: YAMLValue) throws -> CivilDate {
    guard let date = CivilDate(iso8601: try value.string()) else {
        throw value.error(expected: "a date such as 2026-11-21")
    }
    return date
}

private func readDefaultZone(_ value: YAMLValue) throws -> String {
    try value.mapping(keys: ["default"]).required("default").string()
}

private func readHolidays(_ value: YAMLValue) throws -> HolidayCalendar {
    HolidayCalendar(
        rules: try value.anyMapping().entries.map { name, value in
            guard let rule = HolidayRule(text: try value.string(), name: name) else {
                throw value.error(expected: HolidayRule.notation)
            }
            return rule
        })
}

private func readRules(_ value: YAMLValue, pack: String, holidays: HolidayCalendar?) throws -> [Rule] {
    var rules: [Rule] = []
    for entry in try value.nonEmptyList(of: "rule") {
        let rule = try Rule(entry, pack: pack, holidays: holidays)
        guard !rules.contains(where: { $0.id == rule.id }) else {
            throw DunlinError(
                .usage, entry.place, why: "the rule id '\(rule.id)' stands twice",
                remedy: "give each rule an id of its own")
        }
        rules.append(rule)
    }
    return rules
}
