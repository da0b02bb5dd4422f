// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// The contact rules of one jurisdiction or one company, as one YAML file states them.
///
/// Every rule of every pack that applies must allow a contact, so the strictest wins and a further pack can only tighten.
/// Packs, rules and what rules hold are immutable classes: deciding copies one reference instead of a dozen strings.
public final class Pack: Sendable {
    /// Lower-case letters, digits and hyphens, such as `us-reg-f`.
    public let name: String
    public let title: String
    public let applies: Applicability
    public let layer: Layer
    /// When a person last compared the pack with its sources.
    public let reviewed: CivilDate
    public let zones: ZonePolicy
    public let rules: [Rule]
    /// What the pack does not cover or is not sure of, in words.
    public let notes: [String]
    /// FNV-1a (64 bits) of the file's text: tells versions apart, and is no protection against forgery.
    public let digest: UInt64
    /// The days that are holidays for its windows; nil if it names none.
    public let holidays: HolidayCalendar?

    init(
        name: String, title: String, applies: Applicability, layer: Layer, reviewed: CivilDate, zones: ZonePolicy,
        rules: [Rule], notes: [String], digest: UInt64, holidays: HolidayCalendar?
    ) {
        self.name = name
        self.title = title
        self.applies = applies
        self.layer = layer
        self.reviewed = reviewed
        self.zones = zones
        self.rules = rules
        self.notes = notes
        self.digest = digest
        self.holidays = holidays
        prefersRecord = zones.sources.first == .record
        needsZone = rules.contains(where: \.needsZone)
    }

    /// Whether the zones of a record that has some are all it goes by.
    let prefersRecord: Bool
    /// Whether some rule goes by the recipient's clock; a person's blocked hours do only once there are some.
    let needsZone: Bool
}

/// To whom a pack applies.
public enum Applicability: Hashable, Sendable, CustomStringConvertible {
    /// To contacts in one of these ISO 3166 countries or subdivisions; `US` covers `US-MA`.
    case regions([String])
    /// To contacts whose hours no pack of the `regions` kind limits.
    case byDefault
    /// To everybody: a company's own rules.
    case always

    public var description: String {
        switch self {
        case .regions(let regions): regions.joined(separator: ", ")
        case .byDefault: "default"
        case .always: "everybody"
        }
    }

    var namedRegions: [String] { if case .regions(let regions) = self { regions } else { [] } }

    /// Whether a pack for certain regions covers `region`.
    func covers(_ region: String) -> Bool {
        guard case .regions(let regions) = self else { return false }
        return regions.contains { region == $0 || region.hasPrefix($0 + "-") }
    }
}

/// Whose rules they are.
public enum Layer: String, CaseIterable, Sendable {
    case law
    /// A code of conduct that its members have signed.
    case code
    /// What telephone companies refuse, whatever the law allows.
    case carrier
    case company
}

/// Where a person's zones may be known from.
public enum ZoneSource: String, CaseIterable, Sendable {
    /// The record's `zones`.
    case record
    /// The record's region.
    case address
    /// The phone number's country and area.
    case number
}

/// How a pack finds a person's zones.
public struct ZonePolicy: Hashable, Sendable {
    public var sources = ZoneSource.allCases
    /// All sources together, and not just the first that knows any.
    public var combinesAll = false
    /// The IANA zone presumed where no source knows any; nil: nothing is sent then.
    public var presumed: String?

    public init() {}
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
