// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// One line of an explanation: a rule, what it compared, and what it said.
public struct Finding: Hashable, Sendable {
    public enum Verdict: String, CaseIterable, Sendable {
        case allows
        case forbids
        /// Guidance that says no: nothing is forbidden.
        case warns
        /// The rule is off for this contact.
        case off
    }

    /// `pack/rule`, such as `us-reg-f/calls-7-in-7`; a plain word for what no pack says, such as `zone`.
    public let rule: String
    /// The article of law or the company policy behind it, as the pack cites it.
    public let citation: String
    /// The figures that were compared: `2 of 7 calls in 7 days`.
    public let figures: String
    public let verdict: Verdict
    /// How hard the rule is in law and how sure we are of it; nil for what no pack says.
    public let strength: Strength?
    public let confidence: Confidence?

    init(_ rule: Rule, _ figures: String, _ verdict: Verdict) {
        self.rule = rule.label
        citation = rule.citation
        self.figures = figures
        self.verdict = verdict
        strength = rule.strength
        confidence = rule.confidence
    }

    /// What no pack says.
    init(subject: String, _ figures: String, _ verdict: Verdict) {
        rule = subject
        citation = ""
        self.figures = figures
        self.verdict = verdict
        strength = nil
        confidence = nil
    }

    public var allows: Bool { verdict != .forbids }
}

/// A decision with everything that led to it.
public struct Explained: Sendable {
    public let decision: Decision
    /// For `send`: the instant from which this answer no longer holds (a window closes, a consent ends). The wire is refused
    /// from then on.
    public let holdsUntil: Instant
    private let notes: Notes

    init(_ decision: Decision, holdsUntil: Instant = .distantFuture, notes: Notes) {
        self.decision = decision
        self.holdsUntil = holdsUntil
        self.notes = notes
    }

    /// Every rule that concerned the contact. Written out when asked for: a decision keeps figures and no texts.
    public var findings: [Finding] { notes.findings }

    /// The notices that rules require and the message does not hold: they are added to what goes out. As a rule empty.
    public var requiredNotices: [String] { notes.addedNotices }

    /// How many there are, without writing them out.
    public var findingCount: Int { notes.lines.count }
}

/// What was found in the course of one decision, as figures.
struct Notes: Sendable {
    struct Line: Sendable {
        /// The rule's place in the group; -1 for what no pack says.
        let rule: Int32
        let verdict: Finding.Verdict
        let figures: Figures
    }

    let group: RuleGroup
    private(set) var lines: [Line] = []
    /// What is said in words.
    private var texts: [(subject: String, text: String)] = []
    private var zones: [Zone] = []

    init(of group: RuleGroup, on channel: Channel) {
        self.group = group
        lines.reserveCapacity(group.entries(on: channel).count)
    }

    mutating func note(_ rule: Int32, _ figures: Figures, _ verdict: Finding.Verdict) {
        lines.append(Line(rule: rule, verdict: verdict, figures: figures))
    }

    mutating func note(_ subject: String, _ text: String, _ verdict: Finding.Verdict) {
        lines.append(Line(rule: -1, verdict: verdict, figures: say(text, of: subject)))
    }

    /// Figures that are words.
    mutating func say(_ text: String, of subject: String = "") -> Figures {
        texts.append((subject, text))
        return .text(Int32(texts.count - 1))
    }

    /// A zone's place among those that clocks were read in.
    mutating func place(of zone: Zone) -> Int32 {
        if let known = zones.firstIndex(where: { $0 === zone }) { return Int32(known) }
        zones.append(zone)
        return Int32(zones.count - 1)
    }

    /// In the order of rules, each once.
    var addedNotices: [String] {
        var notices: [String] = []
        for line in lines {
            guard case .notices(let added) = line.figures, !added.isEmpty,
                case .content(let content) = group.rules[Int(line.rule)].kind
            else { continue }
            for (place, notice) in content.require.enumerated()
            where added.contains(place) && !notices.contains(notice) {
                notices.append(notice)
            }
        }
        return notices
    }

    var findings: [Finding] {
        lines.map { line in
            if line.rule < 0, case .text(let place) = line.figures {
                return Finding(subject: texts[Int(place)].subject, texts[Int(place)].text, line.verdict)
            }
            let rule = group.rules[Int(line.rule)]
            let figures =
                switch line.figures {
                case .text(let place): texts[Int(place)].text
                case .clock(let reading): reading.text(of: rule, in: zones[Int(reading.zone)])
                default: line.figures.text(of: rule)
                }
            return Finding(rule, figures, line.verdict)
        }
    }
}
