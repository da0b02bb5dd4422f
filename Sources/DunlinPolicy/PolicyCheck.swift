// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// Something in a pack that loads and still deserves a look.
public struct PolicyWarning: Hashable, Sendable, CustomStringConvertible {
    public var pack: String
    /// The rule's id; nil where it concerns the pack as a whole.
    public var rule: String?
    public var message: String

    public var description: String { "\(pack)\(rule.map { "/\($0)" } ?? ""): \(message)" }
}

extension PolicySet {
    /// What is doubtful or cannot work in packs that are right in form, in the order of packs and rules.
    ///
    /// - Parameters:
    ///   - zones: to check the names of zones as well.
    ///   - messages: to compare the messages of the template library with what rules ask of them, by name.
    ///   - today: to warn of rules that are over, of reviews long past and of holidays that nobody knows yet.
    public func check(
        zones: ZoneDatabase? = nil, messages: [String: MessageProfile] = [:], today: CivilDate? = nil
    ) -> [PolicyWarning] {
        packs.flatMap { $0.check(zones, messages, today) }
            + ApplicablePacks(self).all.flatMap { $0.group.check(in: $0.region) }
    }
}

extension PolicySet {
    /// What rules on content ask of messages in vain; advice is left to `check`.
    public func contentWarnings(_ messages: [String: MessageProfile]) -> [PolicyWarning] {
        packs.flatMap { pack in
            pack.rules.flatMap { rule -> [PolicyWarning] in
                guard case .content(let content) = rule.kind, rule.strength != .guidance else { return [] }
                return content.faults(of: messages, under: rule).map {
                    PolicyWarning(pack: pack.name, rule: rule.id, message: $0)
                }
            }
        }
    }
}

extension ContentRule {
    /// What each message lacks, by name.
    fileprivate func faults(of messages: [String: MessageProfile], under rule: Rule) -> [String] {
        messages.sorted { $0.key < $1.key }.compactMap { name, message in
            guard rule.binds(message) else { return nil }
            let faults = Channel.allCases.filter { rule.channels.contains($0) && message.variables[$0] != nil }
                .flatMap { self.faults(of: message, over: $0) }
            return faults.first.map { "the message \(name) \($0)" }
        }
    }
}

extension Pack {
    fileprivate func check(
        _ zones: ZoneDatabase?, _ messages: [String: MessageProfile], _ today: CivilDate?
    ) -> [PolicyWarning] {
        var warnings: [PolicyWarning] = []
        func warn(_ message: String, _ rule: Rule? = nil) {
            warnings.append(PolicyWarning(pack: name, rule: rule?.id, message: message))
        }
        func checkZone(_ zone: String, _ rule: Rule? = nil) {
            guard let zones else { return }
            do { _ = try zones.zone(zone) } catch { warn("\(error)", rule) }
        }
        if let presumed = self.zones.presumed { checkZone(presumed) }
        for rule in rules {
            for warning in rule.doubts { warn(warning, rule) }
            if let today, let until = rule.applicability.until, until < today {
                warn("it was in force until \(until) and binds nobody any more", rule)
            }
            switch rule.kind {
            case .window(let window):
                if window.neverOpens { warn("the window never opens: nothing goes out over \(rule.channels)", rule) }
                if case .zone(let zone) = window.clock { checkZone(zone, rule) }
            case .content(let content):
                for fault in content.faults(of: messages, under: rule) { warn(fault, rule) }
            default: break
            }
        }
        if let holidays {
            if rules.allSatisfy({ $0.window?.holidays == nil && !$0.countsBusinessDays }) {
                warn("it lists holidays, and no rule heeds them")
            } else if let today, let end = holidays.knownUntil, end <= today.components.year + 1 {
                warn("some of its holidays are listed by date and not known from \(end) on")
            }
        }
        if let today, today.daysSince1970 - reviewed.daysSince1970 > 550 {
            warn("nobody has compared it with its sources since \(reviewed)")
        }
        return warnings
    }
}

extension RuleGroup {
    /// Warns of channels that no window limits, and of those on which the windows never open together in any week.
    fileprivate func check(in region: String?) -> [PolicyWarning] {
        let place = region.map { "in \($0)" } ?? "where no pack names the region"
        return Channel.allCases.compactMap { channel in
            let limits = { (packs: [Pack]) in
                packs.flatMap { pack in pack.rules.map { (pack: pack, rule: $0) } }
                    .filter { $0.rule.channels.contains(channel) && $0.rule.window != nil && $0.rule.bindsReminders }
            }
            var placed = limits(packs)
            if !placed.contains(where: { !$0.pack.applies.namedRegions.isEmpty }) { placed += limits(fallback) }
            guard let last = placed.last else {
                // People go by their own hours when they do what was handed to them.
                if channel == .task { return nil }
                let message = "no window limits \(channel.rawValue) \(place): it may go out at any hour"
                return packs.last.map { PolicyWarning(pack: $0.name, rule: nil, message: message) }
            }
            // A window that never opens by itself has its own warning.
            let windows = placed.compactMap(\.rule.window).filter { $0.clock == .recipient && !$0.neverOpens }
            let isOpen = (0..<7 * 1440).contains { minute in
                windows.allSatisfy { $0.isOpen(inMinute: minute % 1440, ofWeekday: minute / 1440) }
            }
            if isOpen { return nil }
            let labels = placed.map(\.rule.label).joined(separator: ", ")
            return PolicyWarning(
                pack: last.pack.name, rule: last.rule.id,
                message: "never open together \(place), nothing goes out over \(channel.rawValue): \(labels)")
        }
    }
}

extension Rule {
    fileprivate var window: ContactWindow? { if case .window(let window) = kind { window } else { nil } }

    fileprivate var countsBusinessDays: Bool {
        let period: Period? =
            switch kind {
            case .coolOff(let coolOff): if case .period(let period) = coolOff.length { period } else { nil }
            case .needs(let needs): needs.wait ?? needs.within
            default: nil
            }
        if case .businessDays = period { return true }
        return false
    }

    /// What is doubtful in the rule by itself.
    fileprivate var doubts: [String] {
        var doubts: [String] = []
        if confidence == .memory { doubts.append("from memory: compare it with its source") }
        if confidence == .unreviewed { doubts.append("unreviewed: nobody has compared it with a source yet") }
        if case .cap(let cap) = kind, case .contacts = cap.unit, strength != .guidance {
            if cap.counts.kinds.contains(.unanswered) { doubts.append("it counts calls that reached nobody") }
        }
        return doubts
    }

    /// Whether it binds an ordinary reminder for ever.
    fileprivate var bindsReminders: Bool {
        let purposes = applicability.purposes
        return strength != .guidance && (purposes.isEmpty || purposes.contains(.reminder)) && applicability.until == nil
    }

    fileprivate func binds(_ message: MessageProfile) -> Bool {
        applicability.purposes.isEmpty || applicability.purposes.contains(message.purpose)
    }
}

extension ContactWindow {
    /// Whether it is open in the middle of a minute of an ordinary week.
    fileprivate func isOpen(inMinute minute: Int, ofWeekday day: Int) -> Bool {
        week[day].interval(at: Int64(minute) * 60_000 + 30_000) != nil
    }
}
