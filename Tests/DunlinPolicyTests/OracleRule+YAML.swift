// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy

// What the oracle knows, as the evaluator reads it.

extension OraclePack {
    var yaml: String {
        let region = if case .regions(let regions) = applies { regions } else { [String]() }
        var zone: [String] = []
        if !zoneSources.isEmpty { zone.append("from: \(list(zoneSources.map(\.rawValue)))") }
        if combinesZones { zone.append("combine: all") }
        if let presumedZone { zone.append("default: \(presumedZone)") }
        let appliesTo =
            switch applies {
            case .always: "always"
            case .byDefault: "default"
            case .regions: "{regions: \(list(region))}"
            }
        var lines = ["pack: \(name)", "title: Test", "applies: \(appliesTo)", "reviewed: 2026-11-21"]
        lines += when.dates
        if !when.parts.isEmpty { lines.append("when: {\(when.parts.joined(separator: ", "))}") }
        if !zone.isEmpty { lines.append("zone: {\(zone.joined(separator: ", "))}") }
        if hasHolidays {
            lines.append("holidays: {May Day: 05-01, Christmas: 12-25, Thanksgiving: 4th thursday of november}")
        }
        lines.append(rules.isEmpty ? "rules: []" : "rules:")
        return (lines + rules.map { "  - {\($0.parts.joined(separator: ", "))}" }).joined(separator: "\n") + "\n"
    }
}

extension OracleRule {
    fileprivate var parts: [String] {
        var parts = ["id: \(id)", "cite: x", "confidence: source"]
        if strength != .ban { parts.append("strength: \(strength)") }
        if then != .defer { parts.append("then: \(then.rawValue)") }
        if !when.parts.isEmpty { parts.append("when: {\(when.parts.joined(separator: ", "))}") }
        parts += when.dates
        if !unless.isEmpty {
            let entries = unless.map { "{\($0.parts.joined(separator: ", "))}" }
            parts.append("unless: [\(entries.joined(separator: ", "))]")
        }
        let (name, own) = details
        let channel = channels.isEmpty ? [] : ["channels: \(list(channels.map(\.rawValue)))"]
        return parts + ["\(name): {\((own + channel).joined(separator: ", "))}"]
    }

    private var details: (String, [String]) {
        switch kind {
        case .window(let window): return ("window", window.parts)
        case .cap(let cap): return ("cap", cap.parts)
        case .coolOff(let after, let length, let per):
            let parts = ["after: \(list(after.map(\.rawValue)))", "for: \(length.text)", "per: \(text(per))"]
            guard case .ownEnd(let days?) = length else { return ("cool_off", parts) }
            return ("cool_off", parts + ["at_most: \(days) days"])
        case .needs(let need):
            let limits = [need.wait.map { "wait: \($0.text)" }, need.within.map { "within: \($0.text)" }]
            let over = need.over.isEmpty ? [] : ["over: \(list(need.over.map(\.rawValue)))"]
            return (
                "needs", ["event: \(need.event.rawValue)", "per: \(text(need.per))"] + limits.compactMap(\.self) + over
            )
        case .oneChannel(let per, let period): return ("one_channel", ["per: \(text(per))", period.key])
        case .borrowerHours: return ("borrower_hours", [])
        case .only(let roles, let purposes):
            return (
                "only",
                (roles.isEmpty ? [] : ["role: \(list(roles.map(\.rawValue)))"])
                    + (purposes.isEmpty ? [] : ["purpose: \(list(purposes.map(\.rawValue)))"])
            )
        case .content(let require, let forbid, let languages):
            let parts = [("require", require), ("forbid", forbid), ("language", languages)]
            return ("content", parts.filter { !$0.1.isEmpty }.map { "\($0.0): \(list($0.1))" })
        }
    }
}

extension OracleConditions {
    fileprivate var parts: [String] {
        var parts: [String] = []
        if !parties.isEmpty { parts.append("party: \(list(parties.map(\.rawValue)))") }
        if !products.isEmpty { parts.append("product: \(list(products))") }
        if !roles.isEmpty { parts.append("role: \(list(roles.map(\.rawValue)))") }
        if !purposes.isEmpty { parts.append("purpose: \(list(purposes.map(\.rawValue)))") }
        let days = [over.map { "over: \($0)" }, atMost.map { "at_most: \($0)" }].compactMap(\.self)
        if !days.isEmpty { parts.append("days_past_due: {\(days.joined(separator: ", "))}") }
        if let phase { parts.append("phase: \(phase.rawValue)") }
        return parts
    }

    fileprivate var dates: [String] {
        [from.map { "from: \($0)" }, until.map { "until: \($0)" }].compactMap(\.self)
    }
}

extension OracleRelaxation {
    fileprivate var parts: [String] {
        guard let event else { return conditions.parts }
        let length = length.map { ["for: \($0.text)"] } ?? []
        return conditions.parts + ["event: \(event.rawValue)", "per: \(text(per))"] + length
    }
}

extension OracleWindow {
    fileprivate var parts: [String] {
        let days = zip(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], week).map { "\($0): \(written($1))" }
        var parts = ["days: {\(days.joined(separator: ", "))}"]
        if let holiday { parts.append("holidays: \(written(holiday))") }
        if let clock { parts.append("clock: \(clock)") }
        if !endIncluded { parts.append("end: excluded") }
        if margin > 0 { parts.append("judged: {by: receipt, within: \(margin) minutes}") }
        return parts
    }

    private func written(_ hours: Hours) -> String {
        func time(_ n: Int) -> String { "\(n / 60 < 10 ? "0" : "")\(n / 60):\(n % 60 == 0 ? "00" : "30")" }
        return hours.isEmpty ? "closed" : list(hours.map { "\"\(time($0.lowerBound))-\(time($0.upperBound))\"" })
    }
}

extension OracleCap {
    fileprivate var parts: [String] {
        var parts = ["limit: \(limit)\(assume == nil ? "" : " minutes")", "per: \(text(per))", period.key]
        if let assume { parts.append("assume: \(assume) minutes") }
        if counts != ["attempt"] { parts.append("counts: \(list(counts))") }
        if let startsAfter { parts.append("starts_after: \(startsAfter.rawValue)") }
        return parts
    }
}

extension OracleLength {
    fileprivate var text: String {
        switch self {
        case .minutes(let n): "\(n) minutes"
        case .hours(let n): "\(n) hours"
        case .days(let n): "\(n) days"
        case .months(let n): "\(n) months"
        case .businessDays(let n): "\(n) business days"
        case .calendar(let unit): unit.rawValue
        case .ownEnd: "its own end"
        case .untilLifted: "until lifted"
        }
    }

    /// With the key of a cap's period.
    fileprivate var key: String { if case .calendar = self { "calendar: \(text)" } else { "rolling: \(text)" } }
}

private func list(_ words: [String]) -> String { "[\(words.joined(separator: ", "))]" }
private func text(_ per: [CountingKey.Part]) -> String { list(per.map(\.rawValue)) }
