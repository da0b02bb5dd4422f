// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What one rule says of one contact now.
enum Answer {
    /// It allows it, by itself until then.
    case allows(until: Instant)
    /// It says no until then, if nobody contacts the person before.
    case waits(until: Instant, Reason)
    /// It says no until a person has done something.
    case holds(Reason)
    /// It says no for good.
    case ends(Reason)

    /// The same after what the pack says shall become of it.
    func followed(by consequence: Consequence) -> Answer {
        switch (self, consequence) {
        case (.allows, _), (_, .defer): self
        case (.waits(_, let reason), .hold), (.holds(let reason), .hold), (.ends(let reason), .hold): .holds(reason)
        case (.waits(_, let reason), .suppress), (.holds(let reason), .suppress), (.ends(let reason), .suppress):
            .ends(reason)
        }
    }

    var allows: Bool { if case .allows = self { true } else { false } }
}

extension Inquiry {
    /// Asks a rule that binds.
    func ask(_ rule: Rule, _ clocks: [LocalClock]) throws -> (Answer, Figures) {
        switch rule.kind {
        case .window(let window): ask(window, clocks)
        case .cap(let cap): try ask(cap, of: rule, clocks)
        case .coolOff(let coolOff): try ask(coolOff, of: rule, clocks)
        case .needs(let needs): try ask(needs, of: rule, clocks)
        case .oneChannel(let one): try ask(one, of: rule, clocks)
        case .borrowerHours(let most): try askBlockedHours(atMost: most, clocks)
        case .only(let admission): ask(admission)
        case .content(let content): ask(content)
        case .retention, .duty: (.allows(until: .distantFuture), .clear)
        }
    }

    private func ask(_ window: ContactWindow, _ clocks: [LocalClock]) -> (Answer, Figures) {
        var shuts = Instant.distantFuture
        var shut: (clock: LocalClock, isHoliday: Bool)?
        for clock in clocks {
            let closes = window.closing(from: clock)
            if closes > now {
                shuts = min(shuts, closes)
            } else if shut == nil {
                shut = (clock, window.interval(on: clock.date, at: clock.time).isHoliday)
            }
        }
        guard let shut else {
            let reading = Figures.Reading(clocks[0], zone: notes.place(of: clocks[0].zone), isOpen: true)
            return (.allows(until: shuts), .clock(reading))
        }
        let opens = PlacedWindow.commonOpening(
            of: clocks.map { PlacedWindow(window: window, zone: $0.zone) }, from: now)
        let reading = Figures.Reading(
            shut.clock, zone: notes.place(of: shut.clock.zone), isOpen: false, opens: opens ?? .distantFuture)
        // One that never opens may still cease to bind.
        return (.waits(until: opens ?? .distantFuture, shut.isHoliday ? .holiday : .quietHours), .clock(reading))
    }

    private func ask(_ cap: FrequencyCap, of rule: Rule, _ clocks: [LocalClock]) throws -> (Answer, Figures) {
        let (used, released) = try count(cap, of: rule, clocks)
        guard let released, released > now else {
            return (.allows(until: .distantFuture), .count(used: used, released: nil))
        }
        return (.waits(until: released, .frequencyCap), .count(used: used, released: released))
    }

    private func ask(_ coolOff: CoolOff, of rule: Rule, _ clocks: [LocalClock]) throws -> (Answer, Figures) {
        var last: (kind: ContactKind, end: Instant)?
        for event in try matches(of: coolOff.after, per: coolOff.per, rule.channels) {
            let end = try end(of: event, in: coolOff, of: rule, clocks)
            if end > last?.end ?? now { last = (event.kind, end) }
        }
        guard let last else { return (.allows(until: .distantFuture), .clear) }
        let figures = Figures.event(last.kind, released: last.end)
        let reason: Reason =
            switch last.kind {
            case .optOut, .cease: .optedOut
            case .deadAddress: .recipientRefused
            default: .coolingOff
            }
        return (last.end == .distantFuture ? .ends(reason) : .waits(until: last.end, reason), figures)
    }

    /// The first instant at which a cool-off that an event began is over; `distantFuture` if only a later event can end it.
    private func end(
        of event: Contact, in coolOff: CoolOff, of rule: Rule, _ clocks: [LocalClock]
    ) throws -> Instant {
        func last(_ period: Period) -> Instant {
            clocks.reduce(event.at) { max($0, period.end(of: event.at, in: $1.zone)) }
        }
        var end: Instant
        switch coolOff.length {
        case .period(let period): end = last(period)
        case .itsOwnEnd(let most): end = most.map { min(event.until, last($0)) } ?? event.until
        case .untilLifted: end = .distantFuture
        }
        if let lifted = try lifting(of: event, per: coolOff.per) { end = min(end, lifted) }
        return min(end, event.until)
    }

    private func ask(_ needs: Precondition, of rule: Rule, _ clocks: [LocalClock]) throws -> (Answer, Figures) {
        var waiting: Instant?
        for (event, span) in try spans(of: needs, under: rule, clocks) where now < span.upperBound {
            guard span.lowerBound > now else {
                return (.allows(until: span.upperBound), .since(needs.event, event.at))
            }
            waiting = min(waiting ?? span.lowerBound, span.lowerBound)
        }
        let wait = needs.wait.map { ", \($0.length) before" } ?? ""
        guard let waiting else { return (.holds(.precondition), notes.say("no \(needs.event.rawValue)\(wait)")) }
        return (
            .waits(until: waiting, .precondition), notes.say("\(needs.event.rawValue)\(wait), from \(waiting)")
        )
    }

    /// What may serve as the event that is needed, with from when to when it does.
    func spans(of needs: Precondition, under rule: Rule, _ clocks: [LocalClock]) throws -> [(
        event: Contact, span: Range<Instant>
    )] {
        var spans: [(Contact, Range<Instant>)] = []
        // Who agreed to an SMS has not agreed to a chat: where a rule binds chats like SMS, a chat needs its own consent.
        let isChat =
            channel == .chat && rule.takesChatForSMS && needs.event.isOfOneChannel && needs.over != .all
            && needs.over.contains(.sms)
        let over = isChat ? needs.over.subtracting(ChannelSet(.sms)).union(ChannelSet(.chat)) : needs.over
        for event in try matches(of: [needs.event], per: needs.per, over) {
            let force = try force(of: event, for: needs.within, per: needs.per, clocks)
            let ready = needs.wait.map { wait in
                clocks.reduce(event.at) { max($0, wait.end(of: event.at, in: $1.zone)) }
            }
            if let ready, ready >= force.upperBound { continue }
            spans.append((event, (ready ?? event.at)..<force.upperBound))
        }
        return spans
    }

    /// The events, or attempts, of these kinds over these channels that concern what is asked.
    private func matches(
        of kinds: [ContactKind], per key: CountingKey, _ channels: ChannelSet
    ) throws -> [Contact] {
        var found: [Contact] = []
        for event in try events() where kinds.contains(event.kind) {
            // What the person began, and what tells more of an attempt of ours, is no attempt.
            if event.kind == .attempt, event.isInbound || event.isOwn { continue }
            if isConcerned(by: event, in: key, Scope(channels)) { found.append(event) }
        }
        if kinds.contains(.attempt) {
            found += try allAttempts(by: key).filter { $0.channel.map(channels.contains) ?? true }
        }
        return found
    }

    private func ask(_ one: OneChannel, of rule: Rule, _ clocks: [LocalClock]) throws -> (Answer, Figures) {
        guard let (other, end) = try release(of: one, of: rule, clocks) else {
            return (.allows(until: .distantFuture), .clear)
        }
        return (
            .waits(until: end, .oneChannel),
            notes.say("\(other.rawValue) \(one.period), \(channel.rawValue) from \(end)")
        )
    }

    private func askBlockedHours(atMost most: Int?, _ clocks: [LocalClock]) throws -> (Answer, Figures) {
        let all = try blockedHours()
        let next = all.map(\.at).filter { $0 > now }.min() ?? .distantFuture
        let blocked = all.filter { $0.at <= now && now < $0.until }
        if blocked.isEmpty { return (.allows(until: next), .clear) }
        let hours = blocked.map { BlockedHours(figure: $0.figure) }
        let minutes = hours.reduce(0) { $0 + $1.weekdays.nonzeroBitCount * ($1.until - $1.from) }
        let share = "the person blocked \(minutes / 60)\(most.map { " of \($0 / 60)" } ?? "") hours a week"
        let placed = hours.flatMap { hours in
            clocks.map { PlacedWindow(window: ContactWindow(blocking: hours), zone: $0.zone) }
        }
        guard let opens = Deferrer.commonOpening(of: try blockedDeferrers(clocks), from: now) else {
            return (.ends(.blockedHours), notes.say("\(share), all of them"))
        }
        guard opens > now else {
            let shuts = placed.map { $0.window.closing(from: LocalClock($0.zone, at: now)) }.min()
            return (.allows(until: min(shuts ?? next, next)), notes.say("\(share), not this one"))
        }
        return (.waits(until: opens, .blockedHours), notes.say("\(share), this one too; open from \(opens)"))
    }

    /// The hours that are, will be or were blocked.
    func blockedHours() throws -> [Contact] {
        try matches(of: [.blocked], per: .recipient, .all)
    }

    private func ask(_ admission: Admission) -> (Answer, Figures) {

        if !admission.roles.isEmpty, !admission.roles.contains(role) {
            return (.ends(.forbidden), notes.say("the recipient is \(role.rawValue) to the debt"))
        }
        if !admission.purposes.isEmpty, !admission.purposes.contains(purpose) {
            return (.ends(.forbidden), notes.say("the message is for \(purpose.rawValue)"))
        }
        return (.allows(until: .distantFuture), .contact(purpose, role))
    }

    private func ask(_ content: ContentRule) -> (Answer, Figures) {
        guard let message else { return (.allows(until: .distantFuture), notes.say("the message is not known here")) }
        let faults = content.faults(of: message, over: channel)
        if faults.isEmpty { return (.allows(until: .distantFuture), .notices(added: content.additions(to: message))) }
        return (.holds(.contentRule), notes.say("the message \(faults.joined(separator: "; "))"))
    }
}
