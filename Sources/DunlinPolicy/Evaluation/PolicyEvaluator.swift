// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// Answers "may this reminder go out now?" from packs, zones and past contacts alone. Pure but for the history it reads;
/// safe to share between threads.
public struct PolicyEvaluator: Sendable {
    private let zones: ZoneDatabase
    private let applicable: ApplicablePacks

    public init(policies: PolicySet, zones: ZoneDatabase) {
        self.zones = zones
        applicable = ApplicablePacks(policies)
    }

    /// May this reminder go out at `now` over `channel` to `address`?
    ///
    /// - `send` if every rule of every pack that applies allows it; `holdsUntil` is the first instant at which the windows
    ///   no longer do (at most eight days ahead).
    /// - `defer` to the first instant at which all of them allow it if nobody contacts the person before; the reason is that
    ///   of the rule which, of those that say no now, says so longest.
    /// - `suppress(.forbidden)` if the windows leave no such instant within 400 days.
    /// - `hold` if no pack applies or a zone that is needed is not known.
    ///
    /// Findings name every rule consulted. Throws only what `history` throws.
    public func decide(
        _ reminder: Reminder, channel: Channel, address: String, at now: Instant, history: any ContactHistory
    ) throws -> Explained {
        let group = applicable.to(reminder.recipient.region)
        guard !group.packs.isEmpty else { return .hold(.noPolicy, rule: "policy", "no pack applies") }
        guard let known = clocks(of: reminder.recipient, at: now) else {
            return .hold(.unknownZone, rule: "zone", "a zone of the recipient is not in the time zone database")
        }
        var consultation = Consultation(channel: channel, address: address, now: now, capacity: group.ruleCount)
        var contacts = CountedContacts(
            of: reminder, address: address, in: history, at: now, lookback: group.lookback)
        for pack in group.packs {
            var clocks = known
            if clocks.isEmpty {
                guard let name = pack.defaultZone, let zone = try? zones.zone(name) else {
                    let presumed = pack.defaultZone == nil ? "none" : "one that does not exist"
                    return .hold(.unknownZone, rule: "zone", "no zone is known, and \(pack.name) presumes \(presumed)")
                }
                clocks = [LocalClock(zone, at: now)]
                consultation.note("zone", "none is known, \(pack.name) presumes \(name)")
            }
            for rule in pack.rules where rule.channels.contains(channel) {
                switch rule.kind {
                case .window(let window):
                    guard let clocks = self.clocks(for: window, recipient: clocks) else {
                        return .hold(.unknownZone, rule: rule.label, "its zone is not in the time zone database")
                    }
                    consultation.consult(window, of: rule, clocks)
                case .cap(let cap):
                    try consultation.consult(cap, of: rule, clocks, &contacts)
                case .coolOff(let coolOff):
                    try consultation.consult(coolOff, of: rule, clocks, &contacts)
                }
            }
        }
        return consultation.conclusion()
    }

    /// The clocks of every zone the recipient may be in; nil if one of them does not exist.
    private func clocks(of recipient: Recipient, at now: Instant) -> [LocalClock]? {
        var clocks: [LocalClock] = []
        clocks.reserveCapacity(recipient.zones.count)
        for name in recipient.zones {
            guard let zone = try? zones.zone(name) else { return nil }
            clocks.append(LocalClock(zone, at: now))
        }
        return clocks
    }

    /// The clocks a window goes by; nil if its zone does not exist.
    private func clocks(for window: ContactWindow, recipient clocks: [LocalClock]) -> [LocalClock]? {
        guard case .zone(let name) = window.clock else { return clocks }
        return (try? zones.zone(name)).map { [LocalClock($0, at: clocks[0].now)] }
    }
}

extension Explained {
    /// It cannot be decided: silence, and the one line that says why.
    static func hold(_ reason: Reason, rule: String, _ figures: String) -> Explained {
        let finding = Finding(rule: rule, citation: "", figures: figures, allows: false)
        return Explained(.hold(reason), findings: [finding], holdsUntil: .distantFuture)
    }
}
