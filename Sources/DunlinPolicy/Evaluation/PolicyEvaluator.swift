// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// Answers "may this reminder go out now?" from packs, places, zones and the past alone. Pure but for the history it reads;
/// safe to share between threads.
public struct PolicyEvaluator: Sendable {
    private let zones: ZoneDatabase
    private let places: Places
    private let applicable: ApplicablePacks
    private let party: Party?
    private let messages: [String: MessageProfile]

    /// - Parameters:
    ///   - party: what whoever sends is in law, where an account does not say; nil if nobody said.
    ///   - messages: the messages of the template library by name; one that is not among them counts as a reminder, and
    ///     rules of content let it pass, for it cannot be rendered.
    public init(
        policies: PolicySet, zones: ZoneDatabase, places: Places? = nil, party: Party? = nil,
        messages: [String: MessageProfile] = [:]
    ) {
        self.zones = zones
        self.places = places ?? Places(zones: zones)
        applicable = ApplicablePacks(policies)
        self.party = party
        self.messages = messages
    }

    /// May this reminder go out at `now` over `channel` to `address`?
    ///
    /// - `send` if every rule of every pack that applies allows it; `holdsUntil` is the first instant from which they may no
    ///   longer (at most eight days ahead where a window shuts).
    /// - `defer` to the first instant at which none of them says "not now", if nobody contacts the person before; the
    ///   reason is that of the rule which, of those that say no now, says so longest.
    /// - `hold` if no pack applies, a zone that is needed is not known, or a rule waits for a person.
    /// - `suppress` if a rule says no for good, or there is no such instant within 400 days.
    ///
    /// Findings name every rule that concerns the contact. Throws only what `history` throws.
    public func decide(
        _ reminder: Reminder, channel: Channel, address: String, at now: Instant, history: any ContactHistory
    ) throws -> Explained {
        let place = Whereabouts(of: reminder.recipient, places)
        let group = applicable.to(place)
        guard !group.isWithoutPolicy else {
            var notes = Notes(of: group, on: channel)
            notes.note("policy", "no pack applies", .forbids)
            return Explained(.hold(.noPolicy), notes: notes)
        }
        let inquiry = Inquiry(
            reminder, channel: channel, address: address, now: now, party: party,
            message: group.readsMessages ? messages[reminder.message] : nil, history: history, group: group)
        var consultation = Consultation(
            inquiry, ClocksOfPacks(place: place, zones: zones, now: now), place)
        return try consultation.decision()
    }

    /// Which packs would be asked about this recipient, and the regions and zones they may be in.
    public func context(of recipient: Recipient) -> (packs: [Pack], regions: [String], zones: [String]) {
        let place = Whereabouts(of: recipient, places)
        let group = applicable.to(place)
        let packs = group.packs + group.fallback
        var zones: [String] = []
        for zone in packs.flatMap({ $0.zones.zones(of: place) }) where !zones.contains(zone) { zones.append(zone) }
        return (packs, place.regions, zones)
    }
}
