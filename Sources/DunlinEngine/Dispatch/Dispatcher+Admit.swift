// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinPolicy
import DunlinTemplates
import DunlinTime

extension Dispatcher {
    /// What one reminder may do now, over all its channels.
    private enum Verdict {
        case send(Channel, address: String, lane: Int, Explained, LaneTable.Choosing)
        /// It may go, but its gateways are full: it stays in the queue of this channel, where it is or until its turn.
        case noRoom(Channel, until: Instant?)
        case wait(until: Instant, Reason, [Finding])
        /// `change` is when time alone may change the answer; `fault` says what is missing, where no rule does.
        case hold(Reason, [Finding], change: Instant, fault: String? = nil)
        case suppress(Reason, [Finding])
        /// No channel is left.
        case exhausted
    }

    /// Takes what is due on one channel, as much as its gateways have room for, and decides each.
    func admit(_ channel: Channel, _ plan: inout TurnPlan, _ tx: any LedgerTransaction) throws {
        let route = snapshot.routes[channel] ?? []
        let room = min(Dispatcher.batchSize, slots.available, lanes.room(route: route, at: plan.now))
        guard room > 0 else { return }
        let taken = try tx.takeDue(in: channel, upTo: plan.now, limit: room)
        let before = plan.moved
        for queued in taken { try place(queued, &plan, tx) }
        // Where nothing moved, a gateway that has room is paused by name: looking again at once would only spin.
        if taken.count == room, plan.moved > before { plan.hasMore = true }
    }

    /// Ends what has expired on a channel from which nothing is taken now.
    func sweep(_ channel: Channel, because reason: Reason, _ plan: inout TurnPlan, _ tx: any LedgerTransaction) throws {
        for queued in try tx.takeExpired(in: channel, upTo: plan.now, limit: Dispatcher.batchSize) {
            try expire(queued, because: queued.reason ?? reason, &plan, tx)
        }
    }

    private func expire(
        _ queued: QueuedReminder, because reason: Reason, _ plan: inout TurnPlan, _ tx: any LedgerTransaction
    ) throws {
        if try endIfArrived(queued, &plan, tx) { return }
        try tx.append(Fact(.expired, of: queued.key, at: plan.now, reason: reason), from: queued.state, to: .expired)
        plan.moved += 1
    }

    /// An earlier attempt of it has arrived after all, while it waited for its next one.
    private func endIfArrived(
        _ queued: QueuedReminder, _ plan: inout TurnPlan, _ tx: any LedgerTransaction
    ) throws -> Bool {
        guard try tx.hasArrived(queued.key) else { return false }
        try tx.append(Fact(.delivered, of: queued.key, at: plan.now), from: queued.state, to: .delivered)
        plan.moved += 1
        return true
    }

    /// Decides one reminder and puts it where it belongs.
    private func place(_ taken: QueuedReminder, _ plan: inout TurnPlan, _ tx: any LedgerTransaction) throws {
        var queued = taken
        let now = plan.now
        if queued.expires <= now { return try expire(queued, because: queued.reason ?? .backlog, &plan, tx) }
        if try endIfArrived(queued, &plan, tx) { return }
        let remains = try tx.remains(of: queued.key)
        let reminder = remains.reminder
        var passed: [DecisionTrace.PassedChannel] = []
        // Nobody knows any more whom to write to, or what.
        let verdict =
            remains.isErased
            ? .exhausted : try self.verdict(on: reminder, &queued, &passed, plan.control, tx, at: now)
        // Nobody asks a plan why.
        if snapshot.templates.isRehearsing { passed = [] }
        func trace(_ findings: [Finding], fault: String? = nil) -> DecisionTrace {
            var trace = DecisionTrace(policy: snapshot.policies.version, fault: fault, findings: findings)
            trace.passed = passed.isEmpty ? nil : passed
            return trace
        }
        plan.moved += 1
        switch verdict {
        case .send(let channel, let address, let lane, let explained, let choosing):
            try depart(queued, reminder, channel, address, lane, explained, choosing, passed, &plan, tx)
        case .noRoom(let channel, let until):
            plan.moved -= 1
            queued.lane = channel
            if let until { queued.due = min(until, queued.expires) }
            try tx.enqueue(queued)
        case .wait(let until, let reason, let findings):
            let spread = Spread(width: snapshot.spread)
            let later = min(spread.instant(from: until, for: queued.key, expires: queued.expires), queued.expires)
            try park(queued, .deferred, reason, until: later, trace(findings), tx, at: now)
        case .hold(let reason, let findings, let change, let fault):
            // Money comes with the next day and not before; a reload with more asks at once.
            let next = reason == .budgetSpent ? change : askAgain(from: now, change: change)
            try park(
                queued, .held, reason, until: min(next, queued.expires), trace(findings, fault: fault), tx, at: now)
        case .suppress(let reason, let findings):
            try tx.append(
                Fact(.suppressed, of: queued.key, at: now, reason: reason, detail: trace(findings).detail),
                from: queued.state, to: .suppressed)
        case .exhausted:
            try tx.append(
                Fact(
                    .undeliverable, of: queued.key, at: now, reason: queued.reason ?? .noAddress,
                    detail: passed.isEmpty ? "" : trace([]).detail),
                from: queued.state, to: .undeliverable)
        }
    }

    /// How often what is held is asked again; a resume, a reload and a mended record ask at once.
    static let holdInterval = Duration.minutes(5)

    private func askAgain(from now: Instant, change: Instant) -> Instant {
        guard skipsVainAsking else { return now + Dispatcher.holdInterval }
        guard change < .distantFuture else { return .distantFuture }
        let interval = Dispatcher.holdInterval.milliseconds
        return now + .milliseconds(max(interval, ((change - now).milliseconds + interval - 1) / interval * interval))
    }

    /// `passed` gets the channels that the verdict is not about, and are not spent by an attempt.
    private func verdict(
        on reminder: Reminder, _ queued: inout QueuedReminder, _ passed: inout [DecisionTrace.PassedChannel],
        _ control: Control, _ tx: any LedgerTransaction, at now: Instant
    ) throws -> Verdict {
        var best: Verdict?
        var decided: Channel?
        for channel in reminder.channels {
            guard let address = reminder.recipient.address(for: channel) else {
                queued.spent.insert(channel)
                passed.append(DecisionTrace.PassedChannel(channel, .noAddress))
                continue
            }
            if queued.spent.contains(channel) { continue }
            let route = snapshot.routes[channel] ?? []
            if route.isEmpty {
                if best == nil {
                    best = .hold(
                        .noRoute, [], change: .distantFuture, fault: "'routes' names no gateway for \(channel.rawValue)"
                    )
                    decided = channel
                }
                passed.append(DecisionTrace.PassedChannel(channel, .noRoute))
                continue
            }
            let explained = try snapshot.evaluator.decide(
                reminder, channel: channel, address: address, at: now, history: tx)
            switch explained.decision {
            case .send:
                let scope = SendScope(
                    channel: channel, gateway: "", message: reminder.message, creditor: reminder.account.creditor)
                let request = LaneTable.Request(
                    scope: scope, address: address,
                    purpose: snapshot.templates.message(reminder.message)?.about ?? .reminder)
                var choosing = LaneTable.Choosing()
                switch lanes.choose(route, turnOf: queued.attempts, request, control, &choosing, at: now) {
                case .lane(let lane): return .send(channel, address: address, lane: lane, explained, choosing)
                case .full(let until): return .noRoom(channel, until: until)
                case .unrouted:
                    if best == nil {
                        best = .hold(
                            .noRoute, explained.findings, change: .distantFuture,
                            fault: "no entry of the routes of \(channel.rawValue) fits the address and the purpose")
                        decided = channel
                    }
                    passed.append(DecisionTrace.PassedChannel(channel, .noRoute))
                // The money of one channel is no licence to spend that of the next.
                case .spent(let until):
                    return .hold(
                        .budgetSpent, explained.findings, change: until,
                        fault: "the gateways of \(channel.rawValue) have spent their money of the day")
                // A pause of the preferred channel is no licence to use the next one.
                case .paused:
                    var change = explained.holdsUntil
                    if case .wait(let until, _, _)? = best { change = min(change, until) }
                    return .hold(
                        .paused, explained.findings, change: change,
                        fault: "the gateways of \(channel.rawValue) are paused")
                }
            case .defer(let until, let reason):
                let findings = explained.findings
                passed.append(DecisionTrace.PassedChannel(channel, reason, until: until, findings))
                if case .wait(let earlier, _, _)? = best, earlier <= until { continue }
                best = .wait(until: until, reason, findings)
                decided = channel
            case .hold(let reason):
                let findings = explained.findings
                passed.append(DecisionTrace.PassedChannel(channel, reason, findings))
                if case .wait? = best { continue }
                best = .hold(reason, findings, change: .distantFuture)
                decided = channel
            case .suppress(let reason):
                let findings = explained.findings
                passed.append(DecisionTrace.PassedChannel(channel, reason, findings))
                if best == nil {
                    best = .suppress(reason, findings)
                    decided = channel
                }
            }
        }
        passed.removeAll { $0.channel == decided?.rawValue }
        return best ?? .exhausted
    }

    /// Renders, and makes the intent durable with everything that led to it.
    private func depart(
        _ queued: QueuedReminder, _ reminder: Reminder, _ channel: Channel, _ address: String, _ lane: Int,
        _ explained: Explained, _ choosing: LaneTable.Choosing, _ passed: [DecisionTrace.PassedChannel],
        _ plan: inout TurnPlan, _ tx: any LedgerTransaction
    ) throws {
        let now = plan.now
        let day = today(for: reminder, at: now)
        let rendered: RenderedMessage
        do throws(RenderError) {
            rendered = try snapshot.templates.render(
                reminder, channel: channel, today: day, notices: explained.requiredNotices)
        } catch {
            return try hold(queued, error.reason, fault: error.description, tx, at: now)
        }
        if case .email(let mail) = rendered.content, let found = snapshot.attachments.fault(in: mail.attachments) {
            let variable = snapshot.templates.message(reminder.message)?.variable(naming: found.name, in: reminder)
            let fault = "message '\(reminder.message)', '\(variable ?? "attach")': \(found.fault.rawValue)"
            return try hold(queued, .renderingFailed, fault: fault, tx, at: now)
        }
        let contact = Contact(
            at: now, channel: channel, recipient: .recipient(reminder.recipient.id),
            account: .account(reminder.account.id), address: .address(address),
            creditor: .creditor(reminder.account.creditor),
            purpose: snapshot.templates.message(reminder.message)?.about ?? .reminder)
        let gateway = lanes[lane].gateway
        var trace = DecisionTrace(
            policy: snapshot.policies.version, rendered, of: reminder.message, day: day,
            isRehearsed: snapshot.templates.isRehearsing, findings: explained.findings)
        trace.setup = setup(of: gateway)
        trace.passed = passed.isEmpty ? nil : passed
        trace.entry = choosing.entry
        let over = lanes.record(choosing, at: now)
        trace.over = over.isEmpty ? nil : over
        let flight = try tx.beginFlight(
            of: queued, channel: channel, gateway: gateway.name, contact: contact, detail: trace.detail, at: now)
        guard let slot = slots.take() else { preconditionFailure("admit takes no more than there are slots") }
        let ticket = lanes.depart(lane, to: address, rendered.content, at: now)
        plan.departures.append(
            Departure(
                flight: flight, ticket: ticket, slot: slot, reminder: reminder, address: address,
                content: rendered.content, language: rendered.language, day: day, notAfter: explained.holdsUntil))
    }

    /// The day it is for the person: the date that "due today" and "days overdue" speak of.
    private func today(for reminder: Reminder, at now: Instant) -> CivilDate {
        let recipient = reminder.recipient
        let name = recipient.zones.first ?? snapshot.evaluator.context(of: recipient).zones.first
        guard let name, let zone = try? snapshot.zones.zone(name) else {
            return CivilDate(daysSince1970: Int(now.seconds.flooredQuotient(by: 86400)))
        }
        return zone.local(at: now).date
    }

    /// Keeps back what cannot be written until somebody has mended it.
    private func hold(
        _ queued: QueuedReminder, _ reason: Reason, fault: String, _ tx: any LedgerTransaction, at now: Instant
    ) throws {
        let trace = DecisionTrace(policy: snapshot.policies.version, fault: fault)
        let again = min(askAgain(from: now, change: .distantFuture), queued.expires)
        try park(queued, .held, reason, until: again, trace, tx, at: now)
    }

    /// Puts a reminder back into the queue for later. Asked again with the same answer, it writes no second fact.
    private func park(
        _ queued: QueuedReminder, _ state: State, _ reason: Reason, until: Instant, _ trace: DecisionTrace,
        _ tx: any LedgerTransaction, at now: Instant
    ) throws {
        var parked = queued
        (parked.state, parked.reason, parked.due) = (state, reason, until)
        if !(state == .held && queued.state == .held && queued.reason == reason) {
            let event: Event = state == .held ? .held : .deferred
            try tx.append(
                Fact(event, of: queued.key, at: now, reason: reason, until: until, detail: trace.detail),
                from: queued.state, to: state)
        }
        try tx.enqueue(parked)
    }
}
