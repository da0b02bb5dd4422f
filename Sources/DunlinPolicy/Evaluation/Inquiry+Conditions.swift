// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Whether a rule binds. What nobody knows is read so that rules bind: `when` takes it for granted, `unless` does not.
extension Inquiry {
    /// Whether the rule binds debts of this kind; one that nobody stated may be of any.
    func isOfProduct(of rule: Rule) -> Bool { product.map(rule.applicability.products.contains) ?? true }

    /// Whether the rule may begin or cease to bind within the days that an answer can be in use.
    func mayChangeSoon(_ rule: Rule, _ clocks: [LocalClock]) throws -> Bool {
        guard let today = clocks.first?.date else { return false }
        if rule.applicability.changes(near: today, dueDate: dueDate) { return true }
        for relaxation in rule.relaxations {
            if relaxation.conditions.changes(near: today, dueDate: dueDate) { return true }
            if relaxation.event != nil, try !events().isEmpty { return true }
        }
        return false
    }

    /// Whether the rule binds at an instant; if a relaxation turns it off, which.
    func binding(of rule: Rule, at instant: Instant, _ clocks: [LocalClock]) throws -> Binding {
        guard try isInForce(rule.applicability, at: instant, clocks) else { return .notInForce }
        for relaxation in rule.relaxations
        where try holds(relaxation, of: rule, at: instant, purpose: purpose, about: subject(), clocks) {
            return .relaxed(relaxation)
        }
        return .binds
    }

    enum Binding {
        case binds
        case notInForce
        case relaxed(Relaxation)

        var binds: Bool { if case .binds = self { true } else { false } }
    }

    /// Whether the rule was off for an attempt when it was made, so that it does not count.
    func isExcused(_ attempt: Contact, from rule: Rule, _ clocks: [LocalClock]) throws -> Bool {
        // Nobody knows what an event was for.
        let purpose = attempt.kind == .attempt ? attempt.purpose : nil
        let purposes = rule.applicability.purposes
        if let purpose, !purposes.isEmpty, !purposes.contains(purpose) { return true }
        for relaxation in rule.relaxations
        where try holds(
            relaxation, of: rule, at: attempt.at, purpose: purpose,
            about: Subject(keys: ContactKeys(of: attempt), channel: attempt.channel ?? channel), clocks)
        {
            return true
        }
        return false
    }

    /// The instants after now at which the rule may begin or cease to bind, in order.
    func changes(of rule: Rule, _ clocks: [LocalClock]) throws -> [Instant] {
        var changes: [Instant] = []
        for clock in clocks {
            changes += rule.applicability.changes(dueDate: dueDate, in: clock)
            for relaxation in rule.relaxations {
                changes += relaxation.conditions.changes(dueDate: dueDate, in: clock)
            }
        }
        for event in rule.relaxations.compactMap(\.event) {
            for candidate in try events() where candidate.kind == event.kind {
                let force = try force(of: candidate, for: event.period, per: event.per, clocks)
                changes += [force.lowerBound, force.upperBound]
            }
        }
        return Array(Set(changes.filter { $0 > now })).sorted()
    }

    /// The parts of `when` that change with time.
    private func isInForce(_ when: Conditions, at instant: Instant, _ clocks: [LocalClock]) throws -> Bool {
        guard try isPhase(when.phase) else { return false }
        if when.daysPastDue.isEmpty, when.from == nil, when.until == nil { return true }
        // In force where the person may be is in force.
        return clocks.contains { clock in
            let today = clock.date(at: instant)
            return when.daysPastDue.allSatisfy { $0.holds(today, dueDate: dueDate) }
                && (when.from.map { today >= $0 } ?? true) && (when.until.map { today <= $0 } ?? true)
        }
    }

    private func holds(
        _ relaxation: Relaxation, of rule: Rule, at instant: Instant, purpose: Purpose?, about subject: Subject,
        _ clocks: [LocalClock]
    ) throws -> Bool {
        if relaxation.event != nil, try events().isEmpty { return false }
        let conditions = relaxation.conditions
        guard conditions.isMet(by: self, purpose: purpose, unknown: false), try isPhase(conditions.phase) else {
            return false
        }
        let isDue = clocks.allSatisfy { clock in
            let today = clock.date(at: instant)
            return conditions.daysPastDue.allSatisfy { $0.holds(today, dueDate: dueDate) }
        }
        guard isDue else { return false }
        guard let wanted = relaxation.event else { return true }
        for event in try events() where event.kind == wanted.kind && event.at <= instant {
            guard subject.isConcerned(by: event, in: wanted.per, .asSaid(rule.channels)) else { continue }
            if try force(of: event, for: wanted.period, per: wanted.per, about: subject, clocks).contains(instant) {
                return true
            }
        }
        return false
    }

    private func isPhase(_ phase: Conditions.Phase?) throws -> Bool {
        guard let phase else { return true }
        var isFirst = try allAttempts(by: .account).isEmpty
        for event in try events() where isFirst && Counted(attempts: true, reached: true).counts(event) {
            isFirst = !isConcerned(by: event, in: .account, .asSaid(.all))
        }
        return (phase == .first) == isFirst
    }
}

extension Conditions {
    /// The parts that do not change with time. `unknown` is what a party, product or purpose that nobody stated counts as.
    fileprivate func isMet(by inquiry: Inquiry, purpose: Purpose?, unknown: Bool) -> Bool {
        (parties.isEmpty || inquiry.party.map(parties.contains) ?? unknown)
            && (products.isEmpty || inquiry.product.map(products.contains) ?? unknown)
            && (roles.isEmpty || roles.contains(inquiry.role))
            && (purposes.isEmpty || purpose.map(purposes.contains) ?? unknown)
    }

    /// Whether it may begin or cease to hold between yesterday and ten days ahead.
    fileprivate func changes(near today: CivilDate, dueDate: CivilDate) -> Bool {
        let days = today - 1...today + 10
        return from.map(days.contains) ?? false || until.map(days.contains) ?? false
            || daysPastDue.contains { days.contains(dueDate + $0.days) }
    }

    /// The instants at which it may begin or cease to hold.
    fileprivate func changes(dueDate: CivilDate, in clock: LocalClock) -> [Instant] {
        var days = daysPastDue.map { dueDate + ($0.days + 1) }
        if let from { days.append(from) }
        if let until { days.append(until + 1) }
        return days.map(clock.zone.start)
    }
}

extension Conditions.DaysPastDue {
    fileprivate var days: Int {
        switch self {
        case .over(let n), .atMost(let n): n
        }
    }

    fileprivate func holds(_ today: CivilDate, dueDate: CivilDate) -> Bool {
        let past = today.daysSince1970 - dueDate.daysSince1970
        switch self {
        case .over(let n): return past > n
        case .atMost(let n): return past <= n
        }
    }
}
