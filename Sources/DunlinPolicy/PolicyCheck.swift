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
    /// - Parameter zones: to check the names of zones as well.
    public func check(zones: ZoneDatabase? = nil) -> [PolicyWarning] {
        packs.flatMap { $0.check(zones) } + ApplicablePacks(self).all.flatMap { $0.group.check(in: $0.region) }
    }
}

extension Pack {
    fileprivate func check(_ zones: ZoneDatabase?) -> [PolicyWarning] {
        var warnings: [PolicyWarning] = []
        func warn(_ message: String, _ rule: Rule? = nil) {
            warnings.append(PolicyWarning(pack: name, rule: rule?.id, message: message))
        }
        func checkZone(_ zone: String, _ rule: Rule? = nil) {
            guard let zones else { return }
            do { _ = try zones.zone(zone) } catch { warn("\(error)", rule) }
        }
        if let defaultZone { checkZone(defaultZone) }
        for rule in rules {
            if rule.confidence == .memory { warn("from memory: compare it with its source", rule) }
            if rule.confidence == .unreviewed { warn("unreviewed: nobody has compared it with a source yet", rule) }
            guard let window = rule.window else { continue }
            if window.neverOpens { warn("the window never opens: nothing goes out over \(rule.channels)", rule) }
            if case .zone(let zone) = window.clock { checkZone(zone, rule) }
        }
        if hasHolidays, rules.allSatisfy({ $0.window?.holidays == nil }) {
            warn("it lists holidays, and no window heeds them")
        }
        return warnings
    }
}

extension ApplicablePacks.Group {
    /// Warns of channels that no window limits, and of those on which the windows never open together in any week.
    fileprivate func check(in region: String?) -> [PolicyWarning] {
        let place = region.map { "in \($0)" } ?? "where no pack names the region"
        return Channel.allCases.compactMap { channel in
            let placed = packs.flatMap { pack in pack.rules.map { (pack: pack, rule: $0) } }
                .filter { $0.rule.channels.contains(channel) && $0.rule.window != nil }
            guard let last = placed.last else {
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
}

extension ContactWindow {
    /// Whether it is open in the middle of a minute of an ordinary week.
    fileprivate func isOpen(inMinute minute: Int, ofWeekday day: Int) -> Bool {
        week[day].interval(at: Int64(minute) * 60_000 + 30_000) != nil
    }
}
