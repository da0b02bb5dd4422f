// SPDX-License-Identifier: Apache-2.0

/// The answer to "may this go out now?".
public enum Decision: Hashable, Sendable {
    case send(Channel, address: String)
    /// Not now; ask again at `until`, the first instant at which the answer can change.
    case `defer`(until: Instant, Reason)
    /// Never.
    case suppress(Reason)
    /// It cannot be decided; a person has to mend something first.
    case hold(Reason)
}

/// One line of an explanation: a rule, what it compared, and what it said.
public struct Finding: Hashable, Sendable {
    /// `pack/rule`, such as `us-reg-f/calls-7-in-7`; a plain word for what no pack says, such as `zone`.
    public var rule: String
    /// The article of law or the company policy behind it, as the pack cites it.
    public var citation: String
    /// The figures that were compared: `2 of 7 calls in 7 days`.
    public var figures: String
    public var allows: Bool

    public init(rule: String, citation: String, figures: String, allows: Bool) {
        self.rule = rule
        self.citation = citation
        self.figures = figures
        self.allows = allows
    }
}

/// A decision with everything that led to it.
public struct Explained: Hashable, Sendable {
    public var decision: Decision
    public var findings: [Finding]
    /// For `send`: the instant from which this answer no longer holds (a window closes). The wire is refused from then on.
    public var holdsUntil: Instant

    public init(_ decision: Decision, findings: [Finding], holdsUntil: Instant) {
        self.decision = decision
        self.findings = findings
        self.holdsUntil = holdsUntil
    }
}
