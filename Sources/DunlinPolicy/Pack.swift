// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The contact rules of one jurisdiction or one company, as one YAML file states them.
///
/// Every rule of every pack that applies must allow a contact, so the strictest wins and a further pack can only tighten.
/// Packs, rules and what rules hold are immutable classes: deciding copies one reference instead of a dozen strings.
public final class Pack: Sendable {
    /// Lower-case letters, digits and hyphens, such as `us-reg-f`.
    public let name: String
    public let title: String
    public let applies: Applicability
    /// When a person last compared the pack with its sources.
    public let reviewed: CivilDate
    /// The IANA zone presumed for a recipient of whom no zone is known; nil: nothing is sent to them.
    public let defaultZone: String?
    public let rules: [Rule]
    /// What the pack does not cover or is not sure of, in words.
    public let notes: [String]
    /// FNV-1a (64 bits) of the file's text: tells versions apart, and is no protection against forgery.
    public let digest: UInt64
    /// Whether the pack lists holidays.
    let hasHolidays: Bool

    init(
        name: String, title: String, applies: Applicability, reviewed: CivilDate, defaultZone: String?, rules: [Rule],
        notes: [String], digest: UInt64, hasHolidays: Bool
    ) {
        self.name = name
        self.title = title
        self.applies = applies
        self.reviewed = reviewed
        self.defaultZone = defaultZone
        self.rules = rules
        self.notes = notes
        self.digest = digest
        self.hasHolidays = hasHolidays
    }
}

/// To whom a pack applies.
public enum Applicability: Hashable, Sendable {
    /// To recipients in one of these ISO 3166 countries or subdivisions; `US` covers `US-MA`.
    case regions([String])
    /// To recipients in whose region no pack of the `regions` kind applies, or whose region is unknown.
    case byDefault
    /// To everybody: a company's own rules.
    case always

    var namedRegions: [String] { if case .regions(let regions) = self { regions } else { [] } }

    /// Whether a pack for certain regions covers `region`.
    func covers(_ region: String) -> Bool {
        guard case .regions(let regions) = self else { return false }
        return regions.contains { region == $0 || region.hasPrefix($0 + "-") }
    }
}

/// How sure we are of a rule's figures.
public enum Confidence: String, CaseIterable, Sendable {
    /// Read in the source itself: statute, regulator's page, judgment, or the company's own decision.
    case source
    /// Read in a secondary text: law firm, press, trade body.
    case secondary
    /// From memory.
    case memory
    /// Nobody has looked yet.
    case unreviewed
}
