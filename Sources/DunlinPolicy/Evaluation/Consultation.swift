// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// What the rules of all packs have said so far about one contact.
struct Consultation {
    private let inquiry: Inquiry
    private let group: RuleGroup
    private var clocks: ClocksOfPacks
    /// Regions whose packs' windows must limit the hours of this contact, or the fallback is asked as well.
    private let place: Whereabouts
    /// Whether some pack for certain regions does, and, where the person may be in several, which.
    private var isLimited = false
    private var limiting: [Int32] = []
    /// When the first rule may cease to allow.
    private var holdsUntil = Instant.distantFuture
    /// The rule that says no for longest, of those that say "not now".
    private var waiting: (reason: Reason, until: Instant)?
    private var holding: Reason?
    private var ending: Reason?

    init(_ inquiry: Inquiry, _ clocks: ClocksOfPacks, _ place: Whereabouts) {
        self.inquiry = inquiry
        group = inquiry.group
        self.clocks = clocks
        self.place = place
    }

    /// Asks every rule and decides.
    mutating func decision() throws -> Explained {
        do {
            try visit { consultation, entry, rule, clocks, hours in
                try consultation.consult(entry, rule, clocks, hours)
            }
        } catch let unknown as UnknownZone {
            inquiry.notes = Notes(of: group, on: inquiry.channel)
            if let rule = unknown.rule {
                inquiry.notes.note(rule, inquiry.notes.say(unknown.why), .forbids)
            } else {
                inquiry.notes.note("zone", unknown.why, .forbids)
            }
            return explained(.hold(.unknownZone))
        }
        if let ending { return explained(.suppress(ending)) }
        if let holding { return explained(.hold(holding)) }
        guard let waiting else {
            return Explained(
                .send(inquiry.channel, address: inquiry.address), holdsUntil: holdsUntil, notes: inquiry.notes)
        }
        return try deferral(because: waiting.reason)
    }

    private func explained(_ decision: Decision) -> Explained { Explained(decision, notes: inquiry.notes) }

    /// A zone that is needed and not known.
    private struct UnknownZone: Error {
        let why: String
        var rule: Int32?
    }

    /// Calls `body` with each rule that concerns the contact, the recipient's clocks and those that its hours go by, in the
    /// order of packs. Rules that allow whatever the time is are noted and passed over.
    private mutating func visit(
        _ body: (inout Consultation, RuleGroup.Entry, Rule, _ clocks: [LocalClock], _ hours: [LocalClock]) throws ->
            Void
    ) throws {
        try requireZones(ofFallback: false)
        let knowsNoEvent = try inquiry.events().isEmpty
        let (parties, roles, purposes) = inquiry.bits
        var pack: Int32 = -1
        var own: [LocalClock] = []
        let hasRecordedZones = place.hasRecordedZones
        var isOwnOfRecord = false
        var isFallback = false
        for entry in group.entries(on: inquiry.channel) {
            if entry.isOfFallback, !isFallback {
                if limitsHours() { return }
                isFallback = true
                try requireZones(ofFallback: true)
            }
            if entry.isConditional {
                guard entry.parties == 0 || parties == 0 || entry.parties & parties != 0,
                    entry.roles == 0 || entry.roles & roles != 0,
                    entry.purposes == 0 || entry.purposes & purposes != 0
                else { continue }
            }
            if knowsNoEvent, entry.isIdleWithoutEvents {
                if !inquiry.isNoted { inquiry.notes.note(entry.rule, .clear, .allows) }
                continue
            }
            let rule = group.rules[Int(entry.rule)]
            if entry.hasProducts, !inquiry.isOfProduct(of: rule) { continue }
            if pack != entry.pack {
                pack = entry.pack
                // Nearly all packs go by the record's zones, and then by the same clocks.
                let isOfRecord = entry.prefersRecord && hasRecordedZones
                if !isOfRecord || !isOwnOfRecord { own = try clocksOfPack(pack) }
                isOwnOfRecord = isOfRecord
            }
            guard entry.hasOwnClock, case .window(let window) = rule.kind, case .zone(let name) = window.clock else {
                try body(&self, entry, rule, own, own)
                continue
            }
            guard let clock = clocks.clock(name) else {
                throw UnknownZone(why: ClocksOfPacks.notThere(name), rule: entry.rule)
            }
            try body(&self, entry, rule, own, [clock])
        }
        if !isFallback, !limitsHours() { try requireZones(ofFallback: true) }
    }

    /// Throws where a pack that goes by the recipient's clock knows none, whatever its rules would say of this contact: who
    /// does not know where somebody is stays silent.
    private mutating func requireZones(ofFallback isFallback: Bool) throws {
        var isRecordKnown = false
        // Hours that the person has blocked need a zone, whoever asks.
        let hasBlockedHours = try !inquiry.events().isEmpty && !inquiry.blockedHours().isEmpty
        for pack in group.zonesOfPacks where pack.isOfFallback == isFallback && (pack.isNeeded || hasBlockedHours) {
            let isOfRecord = pack.prefersRecord && place.hasRecordedZones
            if isOfRecord, isRecordKnown { continue }
            if case .unknown(let why) = clocks.clocks(of: group.pack(pack.place)) { throw UnknownZone(why: why) }
            isRecordKnown = isRecordKnown || isOfRecord
        }
    }

    private mutating func clocksOfPack(_ place: Int32) throws -> [LocalClock] {
        let pack = group.pack(place)
        switch clocks.clocks(of: pack) {
        case .known(let known): return known
        case .presumed(let presumed, let zone):
            if !inquiry.isNoted {
                inquiry.notes.note("zone", "none is known, \(pack.name) presumes \(zone)", .allows)
            }
            return presumed
        case .unknown(let why):
            // Its rules need none, or `requireZones` had stopped here: what a person has said holds without a clock.
            guard let utc = clocks.clock("UTC") else { throw UnknownZone(why: why) }
            return [utc]
        }
    }

    private mutating func limit(_ pack: Int32) {
        isLimited = true
        if !place.others.isEmpty { limiting.append(pack) }
    }

    /// Whether packs of each of the regions limit the hours of this contact.
    private func limitsHours() -> Bool {
        if place.others.isEmpty || !isLimited { return isLimited }
        return place.regions.allSatisfy { region in limiting.contains { group.pack($0).applies.covers(region) } }
    }

    private mutating func consult(
        _ entry: RuleGroup.Entry, _ rule: Rule, _ clocks: [LocalClock], _ hours: [LocalClock]
    ) throws {
        if entry.mayBeOff {
            let binding = try inquiry.binding(of: rule, at: inquiry.now, clocks)
            guard binding.binds else { return try pass(entry, rule, clocks, binding) }
        }
        if entry.limitsRegion { limit(entry.pack) }
        let (answer, figures) = try inquiry.ask(rule, hours)
        guard rule.strength != .guidance else {
            return inquiry.notes.note(entry.rule, figures, answer.allows ? .allows : .warns)
        }
        inquiry.notes.note(entry.rule, figures, answer.allows ? .allows : .forbids)
        switch answer.followed(by: rule.consequence) {
        case .allows(let until): holdsUntil = min(holdsUntil, until)
        case .waits(let until, let reason): if until > waiting?.until ?? inquiry.now { waiting = (reason, until) }
        case .holds(let reason): holding = holding ?? reason
        case .ends(let reason): ending = ending ?? reason
        }
    }

    /// A rule that is off may come into force while the answer is still in use. One that is relaxed limits the hours of a
    /// region all the same: the law has spoken.
    private mutating func pass(
        _ entry: RuleGroup.Entry, _ rule: Rule, _ clocks: [LocalClock], _ binding: Inquiry.Binding
    ) throws {
        if case .relaxed(let relaxation) = binding {
            inquiry.notes.note(entry.rule, inquiry.notes.say("off: \(relaxation)"), .off)
            if entry.limitsRegion { limit(entry.pack) }
        }
        guard rule.strength != .guidance, try inquiry.mayChangeSoon(rule, clocks) else { return }
        for change in try inquiry.changes(of: rule, clocks)
        where try inquiry.binding(of: rule, at: change, clocks).binds {
            holdsUntil = min(holdsUntil, change)
            break
        }
    }

    /// To the first instant at which no rule says "not now": asks them all once more, for the time to come.
    private mutating func deferral(because reason: Reason) throws -> Explained {
        let inquiry = inquiry
        inquiry.isNoted = true
        isLimited = false
        limiting.removeAll()
        var deferrers: [Deferrer] = []
        var windows: [(ContactWindow, [LocalClock])] = []
        try visit { consultation, entry, rule, clocks, hours in
            if entry.limitsRegion {
                let binding = try inquiry.binding(of: rule, at: inquiry.now, clocks)
                if case .notInForce = binding {} else { consultation.limit(entry.pack) }
            }
            guard rule.strength != .guidance, rule.consequence == .defer else { return }
            deferrers += try inquiry.deferrers(of: rule, clocks, hours: hours)
            if case .window(let window) = rule.kind, hours.count > 1 { windows.append((window, hours)) }
        }
        if let until = Deferrer.commonOpening(of: deferrers, from: inquiry.now) {
            return Explained(.defer(until: until, reason), holdsUntil: until, notes: inquiry.notes)
        }
        // Zones so far apart that the hours of a window never meet: nobody knows enough of where the person is.
        let neverMeets = windows.contains { window, clocks in
            let placed = clocks.map { PlacedWindow(window: window, zone: $0.zone) }
            return PlacedWindow.commonOpening(of: placed, from: inquiry.now) == nil
                && placed.allSatisfy { PlacedWindow.commonOpening(of: [$0], from: inquiry.now) != nil }
        }
        return explained(neverMeets ? .hold(.unknownZone) : .suppress(.forbidden))
    }
}
