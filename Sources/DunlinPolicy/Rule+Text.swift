// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension Rule {
    /// What it says, in a line for a person: `calls: at most 7 in 7 days per recipient and account`.
    public var summary: String {
        switch kind {
        case .window(let window): over("\(window)")
        case .cap(let cap): over(cap.summary(over: channels))
        case .coolOff(let coolOff): over(coolOff.summary)
        case .needs(let needs): over(needs.summary)
        case .oneChannel(let one): "over one channel only \(one.period), per \(one.per.phrase)"
        case .borrowerHours(let most):
            over("the hours that the person has blocked are heeded" + (most.map { ", \($0 / 60) a week by law" } ?? ""))
        case .only(let admission): over(admission.summary)
        case .content(let content): over(content.summary)
        case .retention(let retention):
            "\(retention.of.rawValue) are kept \(retention.keep.length) after \(retention.after.rawValue)"
        case .duty(let text): text
        }
    }

    /// When it binds and when it is off, in a line; nil if always.
    public var scope: String? {
        var lasting = applicability
        (lasting.from, lasting.until) = (nil, nil)
        var parts = lasting.isEmpty ? [] : ["only for \(lasting)"]
        if let from = applicability.from { parts.append("in force from \(from)") }
        if let until = applicability.until { parts.append("in force until \(until)") }
        parts += relaxations.map { "off with \($0)" }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private func over(_ text: String) -> String { channels == .all ? text : "\(channels): \(text)" }
}

extension CountingKey {
    fileprivate var phrase: String {
        Part.allCases.filter { contains(CountingKey($0)) }.map(\.rawValue).joined(separator: " and ")
    }
}

extension ContactWindow: CustomStringConvertible {
    /// `mon-fri 08:00-21:00, sat-sun closed; holidays closed`.
    public var description: String {
        var days: [String] = []
        var first = 0
        for day in 1...7 where day == 7 || week[day].description != week[first].description {
            let (from, to) = (Weekday(rawValue: first)!.shortName, Weekday(rawValue: day - 1)!.shortName)
            days.append("\(from == to ? from : "\(from)-\(to)") \(week[first])")
            first = day
        }
        var text = days.joined(separator: "; ")
        if let holidays { text += "; holidays \(holidays.hours)" }
        if case .zone(let zone) = clock { text += ", by the clock of \(zone)" }
        return text
    }
}

extension FrequencyCap {
    fileprivate func summary(over channels: ChannelSet) -> String {
        let most =
            switch unit {
            case .contacts: "at most \(limit) \(counts.noun(over: channels))\(limit == 1 ? "" : "s")"
            case .talk: "at most \(Period.minutes(Int(limit / 60_000)).length) of talk"
            }
        let after = startsAfter.map { ", counted after the first \($0.rawValue)" } ?? ""
        let reached = counts.reached && !counts.attempts ? " that reached the person" : ""
        return "\(most)\(reached) \(period) per \(per.phrase)\(after)"
    }
}

extension CoolOff {
    fileprivate var summary: String {
        let kinds = after.map(\.rawValue).joined(separator: " or ")
        let end =
            switch length {
            case .period(let period): "for \(period.length)"
            case .itsOwnEnd(let most): "until its own end" + (most.map { ", at most \($0.length)" } ?? "")
            case .untilLifted: "until it is lifted"
            }
        return "none after \(kinds) \(end), per \(per.phrase)"
    }
}

extension Precondition {
    fileprivate var summary: String {
        let channels = over == .all ? "" : " over \(over)"
        let before = wait.map { " at least \($0.length) before" } ?? " before"
        return
            "needs \(event.rawValue)\(channels)\(before)\(within.map { ", within \($0.length)" } ?? "") per \(per.phrase)"
    }
}

extension Admission {
    fileprivate var summary: String {
        var parts: [String] = []
        if !roles.isEmpty { parts.append("to \(roles.map(\.rawValue).sorted().joined(separator: ", "))") }
        if !purposes.isEmpty { parts.append("for \(purposes.map(\.rawValue).sorted().joined(separator: ", "))") }
        return "only " + parts.joined(separator: " and ")
    }
}

extension ContentRule {
    fileprivate var summary: String {
        var parts: [String] = []
        if !require.isEmpty { parts.append("must hold \(require.joined(separator: ", "))") }
        if !forbid.isEmpty { parts.append("must not use \(forbid.joined(separator: ", "))") }
        if !languages.isEmpty { parts.append("must be written in \(languages.joined(separator: " or "))") }
        return "the message " + parts.joined(separator: "; ")
    }
}
