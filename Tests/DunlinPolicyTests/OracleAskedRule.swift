// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTime

/// One rule of a pack that applies, asked about one contact.
final class OracleAskedRule {
    let rule: OracleRule
    let pack: OraclePack
    let label: String
    let zones: [Zone]
    unowned let oracle: Oracle
    let clock: Zone?
    /// The contacts that count for the rule as long as its period says, each with its day in each zone.
    private(set) var counted: [(contact: Contact, days: [CivilDate])] = []

    init(_ rule: OracleRule, pack: OraclePack, zones: [Zone], oracle: Oracle) throws {
        (self.rule, self.pack, self.zones, self.oracle) = (rule, pack, zones, oracle)
        label = "\(pack.name)/\(rule.id)"
        if case .window(let window) = rule.kind, let name = window.clock {
            clock = try DunlinPolicyTests.zones.zone(name)
        } else {
            clock = nil
        }
        counted = countable().map { contact in (contact, zones.map { $0.local(at: contact.at).date }) }
    }

    /// What it says, where it binds: all zones must allow.
    func answer(at instant: Instant) -> OracleAnswer {
        let subject = oracle.world.subject(over: oracle.channel, at: instant)
        if rule.strength == .guidance || !binds(at: instant) || rule.unless.contains(where: { isOff($0, subject) }) {
            return .allows
        }
        let answer = zones.indices.map { says(at: instant, $0) }.max() ?? .allows
        if answer == .allows { return .allows }
        switch rule.then {
        case .defer: return answer
        case .hold: return .hold
        case .suppress: return .end
        }
    }

    /// Whether its conditions, and its pack's, hold where the person may be.
    func binds(at instant: Instant) -> Bool {
        let subject = oracle.world.subject(over: oracle.channel, at: instant)
        return zones.contains { zone in
            [pack.when, rule.when].allSatisfy { hold($0, subject, zone, whereUnknown: true) }
        }
    }

    // MARK: Conditions

    private func hold(
        _ conditions: OracleConditions, _ subject: OracleSubject, _ zone: Zone, whereUnknown: Bool
    ) -> Bool {
        let world = oracle.world
        func admits<Value: Equatable>(_ admitted: [Value], _ value: Value?) -> Bool {
            admitted.isEmpty || value.map(admitted.contains) ?? whereUnknown
        }
        guard admits(conditions.parties, world.party), admits(conditions.products, world.product),
            admits(conditions.roles, world.role),
            conditions.purposes.isEmpty || subject.purpose.map(conditions.purposes.contains) ?? false
        else { return false }
        let day = zone.local(at: subject.at).date
        if let from = conditions.from, day < from { return false }
        if let until = conditions.until, day > until { return false }
        let late = day.daysSince1970 - world.dueDate.daysSince1970
        if let over = conditions.over, late <= over { return false }
        if let most = conditions.atMost, late > most { return false }
        // The phase is that of what is asked: a first contact is not excused from what binds later ones.
        return conditions.phase.map { ($0 == .later) == wasContacted } ?? true
    }

    /// Whether anybody was contacted about the account.
    private var wasContacted: Bool {
        let subject = oracle.world.subject(over: oracle.channel, at: Instant(milliseconds: 0))
        return oracle.ours.contains { $0.account == subject.account }
            || oracle.events.contains { event in
                let isContact = [.attempt, .conversation, .messageLeft].contains(event.kind)
                return isContact && !event.isOwn && !event.isInbound
                    && oracle.concerns(event, subject, per: [.account])
            }
    }

    /// Whether a relaxation holds wherever the person may be.
    private func isOff(_ relaxation: OracleRelaxation, _ subject: OracleSubject) -> Bool {
        guard zones.allSatisfy({ hold(relaxation.conditions, subject, $0, whereUnknown: false) }) else { return false }
        guard let kind = relaxation.event else { return true }
        return oracle.events.contains { event in
            let isOver =
                kind.holdsForItsChannel ? oracle.holds(event, over: subject.channel, stated: []) : covers(event.channel)
            return event.kind == kind && event.at <= subject.at && isOver
                && oracle.concerns(event, subject, per: relaxation.per)
                && !oracle.isEnded(event, for: subject, per: relaxation.per, at: subject.at)
                && zones.allSatisfy { zone in
                    relaxation.length?.counts(
                        (event.at, zone.local(at: event.at).date),
                        at: (subject.at, zone.local(at: subject.at).date), isHoliday: pack.isHoliday) ?? true
                }
        }
    }

    // MARK: What was made and happened

    private var channels: [Channel] { pack.bound(by: rule.channels) }

    private func covers(_ channel: Channel?) -> Bool {
        channels.isEmpty || channel.map(channels.contains) ?? true
    }

    private var purposes: [Purpose] {
        if pack.when.purposes.isEmpty || rule.when.purposes.isEmpty { return pack.when.purposes + rule.when.purposes }
        return pack.when.purposes.filter(rule.when.purposes.contains)
    }

    /// The contacts that matter to the rule, whenever they were.
    private func countable() -> [Contact] {
        let subject = oracle.world.subject(over: oracle.channel, at: Instant(milliseconds: 0))
        switch rule.kind {
        case .cap(let cap):
            let first = cap.startsAfter.map { kind in
                oracle.events.filter {
                    $0.kind == kind && oracle.concerns($0, subject, per: cap.per)
                        && oracle.holds($0, over: oracle.channel, stated: channels)
                }.map(\.at).min() ?? .distantFuture
            }
            return contacts(cap.counts, per: cap.per, subject).filter { contact in first.map { contact.at > $0 } ?? true
            }
        case .oneChannel(let per, _):
            return contacts(["attempt", "reached"], per: per, subject).filter {
                $0.channel != nil && $0.channel != oracle.channel
            }
        case .coolOff(let after, _, let per):
            return oracle.events.filter { event in
                after.contains(event.kind) && oracle.concerns(event, subject, per: per)
                    && oracle.holds(event, over: oracle.channel, stated: channels)
            }
        case .needs(let need):
            let ours = need.event == .attempt ? oracle.ours.filter { agrees($0, subject, need.per) } : []
            let theirs = oracle.events.filter {
                $0.kind == need.event && oracle.concerns($0, subject, per: need.per)
                    && !($0.kind == .attempt && ($0.isOwn || $0.isInbound))
            }
            let over = pack.over(need, under: rule, asking: oracle.channel)
            return (ours + theirs).filter { oracle.holds($0, over: oracle.channel, stated: over) }
        case .borrowerHours:
            return oracle.events.filter {
                $0.kind == .blocked && oracle.concerns($0, subject, per: [.recipient])
                    && oracle.holds($0, over: oracle.channel, stated: [])
            }
        default: return []
        }
    }

    /// What a cap counts.
    private func contacts(
        _ counts: [String], per: [CountingKey.Part], _ subject: OracleSubject
    ) -> [Contact] {
        let (attempts, reached) = (counts.contains("attempt"), counts.contains("reached"))
        let ours = oracle.ours.filter { contact in
            (attempts || reached && !oracle.world.isUnanswered(contact)) && agrees(contact, subject, per)
        }
        let theirs = oracle.events.filter { event in
            if !oracle.concerns(event, subject, per: per) { return false }
            let counts = event.kind != .attempt && counts.contains(event.kind.rawValue)
            if event.isOwn || event.isInbound { return counts }
            switch event.kind {
            case .attempt: return attempts || reached && event.channel != .call
            case .conversation, .messageLeft: return reached || counts
            default: return counts
            }
        }
        return (ours + theirs).filter { contact in
            let isAttempt = contact.kind == .attempt
            return covers(contact.channel) && !isExcused(contact)
                && (!isAttempt || purposes.isEmpty || purposes.contains(contact.purpose))
        }
    }

    /// Whether an attempt of ours agrees with the contact in every part.
    private func agrees(_ contact: Contact, _ subject: OracleSubject, _ per: [CountingKey.Part]) -> Bool {
        per.allSatisfy { part in
            switch part {
            case .recipient: contact.recipient == subject.recipient
            case .account: contact.account == subject.account
            case .address: contact.address == subject.address
            case .creditor: contact.creditor == subject.creditor
            }
        }
    }

    /// Whether a contact was made while the rule was off.
    private func isExcused(_ contact: Contact) -> Bool {
        let subject = OracleSubject(
            recipient: contact.recipient, account: contact.account, address: contact.address,
            creditor: contact.creditor, channel: contact.channel,
            purpose: contact.kind == .attempt ? contact.purpose : nil, at: contact.at)
        return rule.unless.contains { isOff($0, subject) }
    }
}
