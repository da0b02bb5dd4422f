// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What a contact must be for a rule to bind it; all of them must hold, and an empty one always does.
public struct Conditions: Hashable, Sendable {
    /// Days since the account's due date.
    public enum DaysPastDue: Hashable, Sendable {
        case over(Int)
        case atMost(Int)
    }

    /// Whether anybody was contacted about the account before.
    public enum Phase: String, CaseIterable, Sendable {
        case first, later
    }

    // Empty sets and nil ask for nothing.
    public var parties: Set<Party> = []
    public var products: Set<String> = []
    public var roles: Set<Role> = []
    public var purposes: Set<Purpose> = []
    /// Any of these spans; two come from a pack and its rule.
    public var daysPastDue: [DaysPastDue] = []
    public var phase: Phase?
    /// First and last day, in the recipient's calendar.
    public var from: CivilDate?
    public var until: CivilDate?

    public init() {}

    /// Whether some number of days past due meets them.
    var canBeDue: Bool {
        var least = Int.min
        var most = Int.max
        for days in daysPastDue {
            switch days {
            case .over(let n): least = max(least, n + 1)
            case .atMost(let n): most = min(most, n)
            }
        }
        return least <= most
    }

    var isEmpty: Bool { self == Conditions() }

    /// Both: a pack's and its rule's. Nil where no contact can meet both.
    func and(_ other: Conditions) -> Conditions? {
        func both<Element>(_ a: Set<Element>, _ b: Set<Element>) -> Set<Element>? {
            if a.isEmpty || b.isEmpty { return a.union(b) }
            let common = a.intersection(b)
            return common.isEmpty ? nil : common
        }
        var result = self
        guard let parties = both(parties, other.parties), let products = both(products, other.products),
            let roles = both(roles, other.roles), let purposes = both(purposes, other.purposes),
            phase == nil || other.phase == nil || phase == other.phase
        else { return nil }
        (result.parties, result.products, result.roles, result.purposes) = (parties, products, roles, purposes)
        result.daysPastDue += other.daysPastDue
        result.phase = phase ?? other.phase
        result.from = [from, other.from].compactMap { $0 }.max()
        result.until = [until, other.until].compactMap { $0 }.min()
        if let from = result.from, let until = result.until, from > until { return nil }
        if !result.canBeDue { return nil }
        return result
    }
}

/// A state of things in which a rule is off.
public final class Relaxation: Sendable {
    /// An event that must be in force.
    public struct Event: Sendable {
        public let kind: ContactKind
        /// At most so long after it.
        public let period: Period?
        public let per: CountingKey
    }

    public let conditions: Conditions
    public let event: Event?

    init(conditions: Conditions, event: Event?) {
        self.conditions = conditions
        self.event = event
    }
}

extension Conditions: CustomStringConvertible {
    /// As packs write it, in words: `purpose notice, more than 15 days past due`.
    public var description: String {
        func named(_ noun: String, _ values: [String]) -> String? {
            values.isEmpty ? nil : "\(noun) \(values.sorted().joined(separator: " or "))"
        }
        var parts = [
            named("party", parties.map(\.rawValue)), named("product", Array(products)),
            named("role", roles.map(\.rawValue)), named("purpose", purposes.map(\.rawValue)),
        ].compactMap { $0 }
        for days in daysPastDue {
            switch days {
            case .over(let n): parts.append("more than \(n) days past due")
            case .atMost(let n): parts.append("at most \(n) days past due")
            }
        }
        if let phase { parts.append("\(phase.rawValue) contact about the account") }
        if let from { parts.append("from \(from)") }
        if let until { parts.append("until \(until)") }
        return parts.joined(separator: ", ")
    }
}

extension Relaxation: CustomStringConvertible {
    /// `consent for 7 days`, `more than 15 days past due`.
    public var description: String {
        var parts = conditions.isEmpty ? [] : [conditions.description]
        if let event { parts.append(event.kind.rawValue + (event.period.map { " for \($0.length)" } ?? "")) }
        return parts.joined(separator: ", ")
    }
}
