// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTime

extension OracleAskedRule {
    /// What it says at an instant by the clock of one zone, where nothing turns it off.
    func says(at instant: Instant, _ zone: Int) -> OracleAnswer {
        let now = (at: instant, day: zones[zone].local(at: instant).date)
        func counts(_ entry: (contact: Contact, days: [CivilDate]), _ length: OracleLength) -> Bool {
            length.counts((entry.contact.at, entry.days[zone]), at: now, isHoliday: pack.isHoliday)
        }
        let subject = oracle.world.subject(over: oracle.channel, at: instant)
        switch rule.kind {
        case .window(let window):
            let clock = clock ?? zones[zone]
            // No gap between hours is shorter than half an hour.
            let isOpen = stride(from: 0, through: window.margin, by: 5).allSatisfy {
                pack.isOpen(window, clock.local(at: instant + .minutes(Int64($0))), instant)
            }
            return isOpen ? .allows : .notNow
        case .cap(let cap):
            let now = counted.filter { counts($0, cap.period) }
            guard let assume = cap.assume else { return now.count < cap.limit ? .allows : .notNow }
            let seconds = now.map { $0.contact.figure > 0 ? Int($0.contact.figure) : assume * 60 }.reduce(0, +)
            return seconds + assume * 60 <= cap.limit * 60 ? .allows : .notNow
        case .oneChannel(_, let period): return counted.contains { counts($0, period) } ? .notNow : .allows
        case .coolOff(_, let length, let per):
            let inForce = counted.filter {
                counts($0, length) && !oracle.isEnded($0.contact, for: subject, per: per, at: instant)
            }
            let isForGood =
                [.untilLifted, .ownEnd(atMost: nil)].contains(length)
                && inForce.contains {
                    !oracle.isEnded($0.contact, for: subject, per: per, at: .distantFuture - .milliseconds(1))
                }
            return inForce.isEmpty ? .allows : isForGood ? .end : .notNow
        case .needs(let need):
            if counted.contains(where: { satisfies($0.contact, need, at: instant) }) { return .allows }
            let comes = counted.contains { entry in
                var start = instant
                while start < entry.contact.at || need.wait.map({ isWaiting(entry.contact, $0, start) }) ?? false {
                    start = nextEdge(after: start, entry.contact, need.wait)
                }
                return start > instant && satisfies(entry.contact, need, at: start)
            }
            return comes ? .notNow : .hold
        case .borrowerHours:
            let local = zones[zone].local(at: instant)
            let isBlocked = counted.contains { contact, _ in
                let hours = BlockedHours(figure: contact.figure)
                return contact.at <= instant && instant < contact.until && hours.contains(local.date.weekday)
                    && hours.from * 60 <= local.secondOfDay && local.secondOfDay < hours.until * 60
            }
            return isBlocked ? .notNow : .allows
        case .only(let roles, let purposes):
            let isAdmitted =
                (roles.isEmpty || roles.contains(oracle.world.role))
                && (purposes.isEmpty || purposes.contains(oracle.world.purpose))
            return isAdmitted ? .allows : .end
        case .content(let require, let forbid, let languages):
            // One that the library does not know cannot be rendered.
            guard let message = oracle.world.message else { return .allows }
            let complies =
                require.allSatisfy(message.notices.union(message.insertable).contains)
                && !forbid.contains { message.variables[oracle.channel]?.contains($0) ?? false }
                && (languages.isEmpty
                    || message.languages.contains { has in languages.contains { has == $0 || has.hasPrefix($0 + "-") } })
            return complies ? .allows : .hold
        }
    }

    /// The next instant at which the wait for an event may be over.
    private func nextEdge(after start: Instant, _ event: Contact, _ wait: OracleLength?) -> Instant {
        let quarter = Instant(milliseconds: (start.milliseconds.flooredQuotient(by: 900_000) + 1) * 900_000)
        let exact = Instant(milliseconds: event.at.milliseconds + (wait?.exact ?? 0))
        return [quarter, event.at, exact].filter { $0 > start }.min()!
    }

    /// Whether a contact is so young anywhere.
    private func isWaiting(_ contact: Contact, _ wait: OracleLength, _ instant: Instant) -> Bool {
        zones.contains { isYoung(contact, wait, instant, $0) }
    }

    private func isYoung(_ contact: Contact, _ length: OracleLength, _ instant: Instant, _ zone: Zone) -> Bool {
        length.counts(
            (contact.at, zone.local(at: contact.at).date), at: (instant, zone.local(at: instant).date),
            isHoliday: pack.isHoliday)
    }

    private func satisfies(_ contact: Contact, _ need: OracleNeed, at instant: Instant) -> Bool {
        let subject = oracle.world.subject(over: oracle.channel, at: instant)
        return contact.at <= instant && !oracle.isEnded(contact, for: subject, per: need.per, at: instant)
            && !(need.wait.map { isWaiting(contact, $0, instant) } ?? false)
            && need.within.map { length in zones.allSatisfy { isYoung(contact, length, instant, $0) } } ?? true
    }
}

extension OraclePack {
    fileprivate func isOpen(_ window: OracleWindow, _ local: LocalTime, _ instant: Instant) -> Bool {
        let hours =
            isHoliday(local.date)
            ? window.holiday ?? window.week[local.date.weekday.rawValue]
            : window.week[local.date.weekday.rawValue]
        // Every offset since 1972 is a whole number of seconds.
        let time = local.secondOfDay * 1000 + Int(instant.milliseconds - instant.seconds * 1000)
        return hours.contains {
            let (from, until) = ($0.lowerBound * 60_000, $0.upperBound * 60_000)
            return from <= time && (window.endIncluded ? time <= until : time < until)
        }
    }
}
