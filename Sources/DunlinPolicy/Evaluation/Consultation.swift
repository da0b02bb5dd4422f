// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// What the rules of all packs have said so far about one contact.
struct Consultation {
    private var inquiry: Inquiry
    private var findings: [Finding] = []
    /// When the first rule may cease to allow.
    private var holdsUntil = Instant.distantFuture
    /// The rules that may say "not now", with the clocks they go by.
    private var asked: [(rule: Rule, clocks: [LocalClock])] = []
    /// The rule that says no for longest, of those that say "not now".
    private var waiting: (reason: Reason, until: Instant)?
    private var holding: Reason?
    private var ending: Reason?

    init(_ inquiry: Inquiry, capacity: Int) {
        self.inquiry = inquiry
        findings.reserveCapacity(capacity)
        asked.reserveCapacity(capacity)
    }

    /// Adds a finding that no rule makes.
    mutating func note(_ subject: StaticString, _ text: String) {
        findings.append(Finding(subject: subject, text, .allows))
    }

    /// Asks every rule of a pack.
    mutating func consult(_ pack: Pack, _ clocks: [LocalClock], _ zones: ZoneDatabase) throws {
        for rule in pack.rules where rule.isAsked && rule.channels.contains(inquiry.channel) {
            guard !rule.isConditional || inquiry.concerns(rule) else { continue }
            guard case .window(let window) = rule.kind, case .zone(let name) = window.clock else {
                try consult(rule, clocks)
                continue
            }
            if let zone = try? zones.zone(name) {
                try consult(rule, [LocalClock(zone, at: inquiry.now)])
            } else {
                findings.append(Finding(rule, .text("\(name) is not in the time zone database"), .forbids))
                holding = .unknownZone
            }
        }
    }

    private mutating func consult(_ rule: Rule, _ clocks: [LocalClock]) throws {
        if rule.isConditional {
            let binding = try inquiry.binding(of: rule, at: inquiry.now, clocks)
            if !binding.binds { return try pass(rule, clocks, binding) }
        }
        let (answer, figures) = try inquiry.ask(rule, clocks)
        guard rule.strength != .guidance else {
            return findings.append(Finding(rule, figures, answer.allows ? .allows : .warns))
        }
        findings.append(Finding(rule, figures, answer.allows ? .allows : .forbids))
        if rule.consequence == .defer { asked.append((rule, clocks)) }
        switch answer.followed(by: rule.consequence) {
        case .allows(let until): holdsUntil = min(holdsUntil, until)
        case .waits(let until, let reason): if until > waiting?.until ?? inquiry.now { waiting = (reason, until) }
        case .holds(let reason): holding = holding ?? reason
        case .ends(let reason): ending = ending ?? reason
        }
    }

    /// A rule that is off may come into force while the answer is still in use.
    private mutating func pass(_ rule: Rule, _ clocks: [LocalClock], _ binding: Inquiry.Binding) throws {
        if case .relaxed(let relaxation) = binding {
            findings.append(Finding(rule, .text("off: \(relaxation)"), .off))
        }
        guard rule.strength != .guidance else { return }
        if rule.consequence == .defer { asked.append((rule, clocks)) }
        for change in try inquiry.changes(of: rule, clocks)
        where try inquiry.binding(of: rule, at: change, clocks).binds {
            holdsUntil = min(holdsUntil, change)
            break
        }
    }

    /// The decision, once every rule has been asked.
    consuming func conclusion() throws -> Explained {
        if let ending { return Explained(.suppress(ending), findings: findings, holdsUntil: .distantFuture) }
        if let holding { return Explained(.hold(holding), findings: findings, holdsUntil: .distantFuture) }
        guard let waiting else {
            return Explained(
                .send(inquiry.channel, address: inquiry.address), findings: findings, holdsUntil: holdsUntil)
        }
        var deferrers: [Deferrer] = []
        for (rule, clocks) in asked { deferrers += try inquiry.deferrers(of: rule, clocks) }
        guard let until = Deferrer.commonOpening(of: deferrers, from: inquiry.now) else {
            return Explained(.suppress(.forbidden), findings: findings, holdsUntil: .distantFuture)
        }
        return Explained(.defer(until: until, waiting.reason), findings: findings, holdsUntil: until)
    }
}
