// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// One line of an explanation: a rule, what it compared, and what it said.
///
/// One is made for each rule of each decision, so the figures are kept as they are and become text when somebody reads.
public struct Finding: Sendable {
    public enum Verdict: String, CaseIterable, Sendable {
        case allows
        case forbids
        /// Guidance that says no: nothing is forbidden.
        case warns
        /// The rule is off for this contact.
        case off
    }

    private let source: Source
    let details: Figures
    public let verdict: Verdict

    private enum Source: Sendable {
        case rule(Rule)
        /// What no pack says.
        case subject(StaticString)
    }

    init(_ rule: Rule, _ details: Figures, _ verdict: Verdict) {
        source = .rule(rule)
        self.details = details
        self.verdict = verdict
    }

    init(subject: StaticString, _ text: String, _ verdict: Verdict) {
        source = .subject(subject)
        details = .text(text)
        self.verdict = verdict
    }

    /// `pack/rule`, such as `us-reg-f/calls-7-in-7`; a plain word for what no pack says, such as `zone`.
    public var rule: String {
        switch source {
        case .rule(let rule): rule.label
        case .subject(let subject): "\(subject)"
        }
    }

    /// The article of law or the company policy behind it, as the pack cites it.
    public var citation: String { if case .rule(let rule) = source { rule.citation } else { "" } }

    /// The figures that were compared: `2 of 7 calls in 7 days`.
    public var figures: String { details.text }

    /// How hard the rule is in law; nil for what no pack says.
    public var strength: Strength? { if case .rule(let rule) = source { rule.strength } else { nil } }

    public var confidence: Confidence? { if case .rule(let rule) = source { rule.confidence } else { nil } }

    public var allows: Bool { verdict != .forbids }
}

/// A decision with everything that led to it.
public struct Explained: Sendable {
    public var decision: Decision
    public var findings: [Finding]
    /// For `send`: the instant from which this answer no longer holds (a window closes, a consent ends). The wire is refused
    /// from then on.
    public var holdsUntil: Instant

    init(_ decision: Decision, findings: [Finding], holdsUntil: Instant) {
        self.decision = decision
        self.findings = findings
        self.holdsUntil = holdsUntil
    }

    /// It cannot be decided: silence, and the line that says why.
    static func hold(_ reason: Reason, _ finding: Finding) -> Explained {
        Explained(.hold(reason), findings: [finding], holdsUntil: .distantFuture)
    }
}
