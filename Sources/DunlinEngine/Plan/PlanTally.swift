// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinTime

/// Counts a plan's facts while they happen, and keeps each reminder's fate in sixteen bytes.
final class PlanTally: PlanObserver {
    /// What a plan has found for one reminder so far.
    struct Fate: Hashable {
        /// When it was sent, when it ended otherwise, or until when it waits.
        var at: Instant
        var state: State
        /// The one it was sent on.
        var channel: Channel?
        var reason: Reason?
        /// Its number in `rules`.
        var rules: UInt16 = 0
    }

    /// A request under way, with all it is counted by.
    private struct Departed {
        var at: Instant
        var day: CivilDate
        var hour: Int
        var channel: Channel
        var region: String
        var message: String
    }

    private let ledger: PlanLedger
    private let zones: ZoneDatabase
    private(set) var report: PlanReport
    private(set) var fates: [Fate] = []
    /// Names of rules, joined where several said no; the first is none.
    private(set) var rules = [""]
    private var ruleNumbers: [String: UInt16] = ["": 0]
    private var departed: [Int64: Departed] = [:]
    private var causes: [PlanReport.Cause: Int] = [:]

    init(_ ledger: PlanLedger, zones: ZoneDatabase, from: Instant, until: Instant) {
        self.ledger = ledger
        self.zones = zones
        report = PlanReport(from: from, until: until)
        report.reminders = ledger.count
        fates.reserveCapacity(ledger.count)
        for number in 0..<ledger.count {
            let place = ledger.place(number)
            fates.append(Fate(at: place.due, state: place.state, channel: nil, reason: place.reason))
        }
    }

    func observe(_ fact: Fact, number: Int64, from: State, to: State, reminder: () throws -> Reminder) throws {
        switch fact.event {
        case .intent: departed[number] = departure(fact, try reminder())
        case .accepted, .unknown:
            guard let attempt = fact.attempt, let sent = departed.removeValue(forKey: attempt) else { break }
            report.count(sent.at, sent.day, sent.hour, sent.channel, sent.region, sent.message)
            return setFate(of: fact, Fate(at: sent.at, state: to, channel: sent.channel, reason: nil))
        case .withdrawn, .refused:
            if let attempt = fact.attempt { departed[attempt] = nil }
        default: break
        }
        if to == .sending { return }
        var fate = Fate(at: fact.until ?? fact.at, state: to, channel: nil, reason: fact.reason)
        if fact.event != .withdrawn, fact.event != .refused, let reason = fact.reason {
            fate.rules = ruleNumber(for: fact)
            causes[PlanReport.Cause(event: fact.event, reason: reason, rules: rules[Int(fate.rules)]), default: 0] += 1
        }
        setFate(of: fact, fate)
    }

    private func setFate(of fact: Fact, _ fate: Fate) {
        if let number = ledger.number(of: fact.reminder) { fates[number] = fate }
    }

    /// The rules of this decision; what ends after a wait without a new one ends by the rules of that wait.
    private func ruleNumber(for fact: Fact) -> UInt16 {
        if fact.event == .expired { return ledger.number(of: fact.reminder).map { fates[$0].rules } ?? 0 }
        let names = DecisionTrace.forbiddingRules(in: fact.detail)
        if let known = ruleNumbers[names] { return known }
        guard rules.count <= Int(UInt16.max) else { return 0 }
        let number = UInt16(rules.count)
        rules.append(names)
        ruleNumbers[names] = number
        return number
    }

    private func departure(_ fact: Fact, _ reminder: Reminder) -> Departed {
        let zone = reminder.recipient.zones.first.flatMap { try? zones.zone($0) }
        let local = fact.at.seconds + Int64(zone?.offset(at: fact.at) ?? 0)
        let day = local.flooredQuotient(by: 86400)
        return Departed(
            at: fact.at, day: CivilDate(daysSince1970: Int(day)), hour: Int(local - day * 86400) / 3600,
            channel: fact.channel ?? reminder.channels[0],
            region: reminder.recipient.region ?? PlanReport.unknownRegion,
            message: reminder.message)
    }

    /// The report, once everything has happened.
    func finish() -> PlanReport {
        for fate in fates { report.ends[fate.state, default: 0] += 1 }
        report.causes = causes
        return report
    }
}
