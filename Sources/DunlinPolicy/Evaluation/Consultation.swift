// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// What the rules of all packs have said so far about one contact.
struct Consultation {
    private let inquiry: Inquiry
    /// The packs for certain regions that limit the hours of this contact.
    private var limiting: [Pack] = []
    private var findings: [Finding] = []
    /// When the first rule may cease to allow.
    private var holdsUntil = Instant.distantFuture
    /// The rules that may say "not now", with the recipient's clocks and those that their hours go by.
    private var asked: [(rule: Rule, clocks: [LocalClock], hours: [LocalClock])] = []
    /// The rule that says no for longest, of those that say "not now".
    private var waiting: (reason: Reason, until: Instant)?
    private var holding: Reason?
    private var ending: Reason?

    init(_ inquiry: Inquiry, capacity: Int) {
        self.inquiry = inquiry
        findings.reserveCapacity(capacity)
        asked.reserveCapacity(capacity)
    }

    /// Asks every rule of a pack. Returns the decision if it cannot be asked, because a zone is not known.
    mutating func consult(_ pack: Pack, _ clocks: inout ClocksOfPacks) throws -> Explained? {
        let own: [LocalClock]
        switch clocks.clocks(of: pack) {
        case .known(let known): own = known
        case .presumed(let presumed, let zone):
            own = presumed
            note("zone", "none is known, \(pack.name) presumes \(zone)", .allows)
        case .unknown(let why):
            // What a person has said holds without a clock; only hours that they have blocked need one.
            guard !pack.needsZone, try inquiry.blockedHours().isEmpty, let utc = clocks.clock("UTC") else {
                return .hold(.unknownZone, Finding(subject: "zone", why, .forbids))
            }
            own = [utc]
        }
        for rule in pack.rules where rule.isAsked && rule.channels.contains(inquiry.channel) {
            guard !rule.isConditional || inquiry.concerns(rule) else { continue }
            guard case .window(let window) = rule.kind else {
                try consult(rule, own, hours: own)
                continue
            }
            var hours = own
            if case .zone(let name) = window.clock {
                guard let clock = clocks.clock(name) else {
                    return .hold(.unknownZone, Finding(rule, .text(ClocksOfPacks.notThere(name)), .forbids))
                }
                hours = [clock]
            }
            let isAsked = try consult(rule, own, hours: hours)
            if isAsked, case .regions = pack.applies, rule.strength != .guidance { limiting.append(pack) }
        }
        return nil
    }

    /// Whether packs of each of these regions limit the hours of this contact.
    func limitsHours(in regions: [String]) -> Bool {
        if regions.count < 2 || limiting.isEmpty { return !limiting.isEmpty }
        return regions.allSatisfy { region in limiting.contains { $0.applies.covers(region) } }
    }

    /// Adds a finding that no rule makes.
    private mutating func note(_ subject: StaticString, _ text: String, _ verdict: Finding.Verdict) {
        findings.append(Finding(subject: subject, text, verdict))
    }

    /// Asks a rule. False if it is not in force; one that is relaxed for this contact is.
    @discardableResult
    private mutating func consult(_ rule: Rule, _ clocks: [LocalClock], hours: [LocalClock]) throws -> Bool {
        if rule.isConditional {
            let binding = try inquiry.binding(of: rule, at: inquiry.now, clocks)
            guard binding.binds else {
                try pass(rule, clocks, hours, binding)
                if case .notInForce = binding { return false } else { return true }
            }
        }
        let (answer, figures) = try inquiry.ask(rule, hours)
        guard rule.strength != .guidance else {
            findings.append(Finding(rule, figures, answer.allows ? .allows : .warns))
            return true
        }
        findings.append(Finding(rule, figures, answer.allows ? .allows : .forbids))
        if rule.consequence == .defer { asked.append((rule, clocks, hours)) }
        switch answer.followed(by: rule.consequence) {
        case .allows(let until): holdsUntil = min(holdsUntil, until)
        case .waits(let until, let reason): if until > waiting?.until ?? inquiry.now { waiting = (reason, until) }
        case .holds(let reason): holding = holding ?? reason
        case .ends(let reason): ending = ending ?? reason
        }
        return true
    }

    /// A rule that is off may come into force while the answer is still in use.
    private mutating func pass(
        _ rule: Rule, _ clocks: [LocalClock], _ hours: [LocalClock], _ binding: Inquiry.Binding
    ) throws {
        if case .relaxed(let relaxation) = binding {
            findings.append(Finding(rule, .text("off: \(relaxation)"), .off))
        }
        guard rule.strength != .guidance else { return }
        if rule.consequence == .defer { asked.append((rule, clocks, hours)) }
        for change in try inquiry.changes(of: rule, clocks)
        where try inquiry.binding(of: rule, at: change, clocks).binds {
            holdsUntil = min(holdsUntil, change)
            break
        }
    }

    /// Whether the zones of some window are so far apart that its hours never meet: nobody knows enough of where the person is.
    private var neverMeets: Bool {
        asked.contains { rule, _, hours in
            guard case .window(let window) = rule.kind, hours.count > 1 else { return false }
            let placed = hours.map { PlacedWindow(window: window, zone: $0.zone) }
            return PlacedWindow.commonOpening(of: placed, from: inquiry.now) == nil
                && placed.allSatisfy { PlacedWindow.commonOpening(of: [$0], from: inquiry.now) != nil }
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
        for (rule, clocks, hours) in asked { deferrers += try inquiry.deferrers(of: rule, clocks, hours: hours) }
        guard let until = Deferrer.commonOpening(of: deferrers, from: inquiry.now) else {
            let decision = neverMeets ? Decision.hold(.unknownZone) : .suppress(.forbidden)
            return Explained(decision, findings: findings, holdsUntil: .distantFuture)
        }
        return Explained(.defer(until: until, waiting.reason), findings: findings, holdsUntil: until)
    }
}
