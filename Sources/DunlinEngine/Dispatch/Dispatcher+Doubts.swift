// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinPolicy
import DunlinTemplates

/// A request that asks about an attempt in doubt, or sends it again under the same name.
struct Question {
    enum Kind {
        /// Asks whether the gateway has it. At the last try an answer that does not know it may prove that it never arrived.
        case lookup(provesAbsence: Bool)
        /// The same message with the same token, which the gateway takes for the same.
        case repetition

        /// How it settles a doubt.
        var reason: Reason { if case .lookup = self { .lookedUp } else { .repeated } }
    }

    var attempt: Int64
    var ticket: LaneTicket
    var kind: Kind
}

extension Dispatcher {
    /// How many follow-ups one turn takes up.
    static let followUpBatch = 200

    /// How long after a start gateways are given to repeat what they could not tell before it.
    static let hearingTime = Duration.minutes(30)

    /// Does what is due about attempts that have left. False where receipts of an import may still wait: there may be refusals
    /// among them that bind the next decision.
    func takeFollowUps(_ plan: inout TurnPlan, _ tx: any LedgerTransaction) throws -> Bool {
        let due = try tx.takeFollowUps(upTo: plan.now, limit: Dispatcher.followUpBatch)
        let isAll = due.count < Dispatcher.followUpBatch
        if !isAll { plan.hasMore = true }
        for followUp in due {
            if followUp.kind == .receipt {
                try takeReceipts(of: followUp.attempt, &plan, tx)
                continue
            }
            guard let delivery = try tx.delivery(of: followUp.attempt) else { continue }
            switch (followUp.kind, delivery.state) {
            case (.ask, .unknown): try ask(about: delivery, followUp, &plan, tx)
            case (.fallback, .accepted), (.fallback, .unknown):
                // Silence says nothing where nobody can be heard any more, and is no matter where nobody waits for news.
                guard let intent = try tx.intent(of: delivery.attempt)?.fact, let gateway = intent.gateway,
                    snapshot.following.offer(of: gateway)?.tells == true,
                    let channel = intent.channel, snapshot.fallback[channel] != nil
                else { break }
                let heard = (hearingSince ?? plan.now) + Dispatcher.hearingTime
                guard followUp.at >= heard || plan.now >= heard else {
                    try tx.schedule(FollowUp(.fallback, of: delivery.attempt, at: heard))
                    break
                }
                if let last = turnedAway[gateway], last >= intent.at {
                    let later = plan.now + Dispatcher.hearingTime
                    if later < delivery.queued.expires {
                        try tx.schedule(FollowUp(.fallback, of: delivery.attempt, at: later))
                    }
                    break
                }
                let isMoved = try receiver.goOn(
                    from: delivery, by: gateway, because: .notDelivered, detail: "no receipt", tx, at: plan.now)
                if isMoved { plan.moved += 1 }
            default: break  // It has arrived, or its reminder has gone on.
            }
        }
        return isAll || !due.contains { $0.kind == .receipt }
    }

    /// What an attempt's trace keeps of the gateway; nil where nobody will ask it.
    func setup(of gateway: Gateway) -> String? {
        gateway.lookup == nil && gateway.repeatable == nil ? nil : tokens.mark(of: gateway.identity)
    }

    /// What an import has left for an attempt; for one without an outcome it waits for that.
    private func takeReceipts(of attempt: Int64, _ plan: inout TurnPlan, _ tx: any LedgerTransaction) throws {
        guard airborne[attempt] == nil, let gateway = try tx.intent(of: attempt)?.fact.gateway else { return }
        try receiver.takeEarly(attempt, id: nil, by: gateway, tx, at: plan.now)
        plan.moved += 1
    }

    private func ask(
        about delivery: Delivery, _ followUp: FollowUp, _ plan: inout TurnPlan, _ tx: any LedgerTransaction
    ) throws {
        let now = plan.now
        guard let intent = try tx.intent(of: delivery.attempt), let name = intent.fact.gateway,
            let ask = snapshot.following.offer(of: name)?.ask, let lane = lanes.lane(named: name),
            followUp.tries < ask.tries
        else { return try settler.giveUp(on: delivery, tx, at: now) }
        // The next one is settled before this one leaves, so that a crash forgets nothing.
        func again(_ tries: Int) throws {
            let wait = min(ask.after * (1 << min(tries, 12)), .hours(6))
            try tx.schedule(FollowUp(.ask, of: delivery.attempt, at: now + wait, tries: tries))
        }
        let remains = try tx.remains(of: delivery.queued.key)
        // The question is written from the message, and the message cannot be written any more: a receipt may settle it yet.
        guard !remains.isErased else { return }
        let reminder = remains.reminder
        let scope = SendScope(
            channel: intent.contact.channel ?? lanes[lane].gateway.channel, gateway: name, message: reminder.message,
            creditor: reminder.account.creditor)
        guard !plan.control.stops(scope, at: now), lanes.hasRoom(lane, at: now), asking[delivery.attempt] == nil else {
            return try again(followUp.tries)
        }
        try again(followUp.tries + 1)
        let isLast = followUp.tries + 1 == ask.tries
        guard
            let (asked, transfer) = try question(
                about: intent, delivery, reminder, lane, scope, try: followUp.tries, isLast: isLast, tx, at: now)
        else { return }
        var question = asked
        question.ticket = lanes.depart(lane, at: now)
        plan.questions.append((question, transfer))
    }

    /// Nil where nothing can be asked now: the text cannot be written any more, or the rules do not allow another try.
    private func question(
        about intent: Intent, _ delivery: Delivery, _ reminder: Reminder, _ lane: Int, _ scope: SendScope,
        try number: Int,
        isLast: Bool, _ tx: any LedgerTransaction, at now: Instant
    ) throws -> (Question, Transfer)? {
        let gateway = lanes[lane].gateway
        guard let message = message(of: intent, delivery.attempt, reminder, on: scope.channel, for: gateway) else {
            return nil
        }
        func transfer(_ request: WireRequest, _ reader: any OutcomeReader, notAfter: Instant) -> Transfer {
            Transfer(
                attempt: delivery.attempt, lane: lane, slot: nil, request: request, reader: reader,
                timeout: gateway.timeout, notAfter: notAfter, scope: scope)
        }
        if let lookup = gateway.lookup {
            guard let request = try? lookup.request(for: message, now, try: number) else { return nil }
            let kind = Question.Kind.lookup(provesAbsence: isLast && lookup.provesAbsence)
            return (
                Question(attempt: delivery.attempt, ticket: LaneTicket(lane: lane), kind: kind),
                transfer(.http(request), lookup.reader(for: message), notAfter: .distantFuture)
            )
        }
        // A clock that was set back must not reopen the window.
        guard let window = gateway.repeatable, now >= intent.fact.at, now < intent.fact.at + window,
            now < reminder.expires
        else { return nil }
        // Whether it may go out now, as if this attempt had not been: the person may have paid or refused meanwhile.
        let explained = try snapshot.evaluator.decide(
            reminder, channel: scope.channel, address: message.to, at: now,
            history: OtherContacts(all: tx, own: intent.contact))
        guard case .send = explained.decision, let request = try? gateway.adapter.request(for: message) else {
            return nil
        }
        return (
            Question(attempt: delivery.attempt, ticket: LaneTicket(lane: lane), kind: .repetition),
            transfer(
                request, gateway.adapter, notAfter: min(explained.holdsUntil, reminder.expires, intent.fact.at + window)
            )
        )
    }

    /// What an attempt said, written again; nil where it cannot be, or where the gateway of this name is not the one that had it.
    private func message(
        of intent: Intent, _ attempt: Int64, _ reminder: Reminder, on channel: Channel, for gateway: Gateway
    ) -> OutboundMessage? {
        guard let trace = DecisionTrace(detail: intent.fact.detail), trace.setup == setup(of: gateway),
            let day = trace.day.flatMap(CivilDate.init(iso8601:)),
            let address = reminder.recipient.address(for: channel),
            let rendered = try? snapshot.templates.render(
                reminder, channel: channel, today: day, notices: trace.notices ?? [])
        else { return nil }
        let values =
            gateway.adapter.needsValues ? snapshot.templates.values(of: reminder, channel: channel, today: day) : [:]
        return OutboundMessage(
            attempt: attempt, token: tokens.token(forAttempt: attempt),
            reminderToken: tokens.token(for: intent.fact.reminder), to: address, recipientName: reminder.recipient.name,
            account: reminder.account.id, creditor: reminder.account.creditor, name: reminder.message,
            language: rendered.language,
            content: rendered.content, values: values, at: intent.fact.at, expires: reminder.expires)
    }

    /// Records what a gateway says about an attempt in doubt. An answer that does not settle it leaves it to the next try.
    func settle(_ question: Question, _ outcome: Outcome, _ plan: inout TurnPlan, _ tx: any LedgerTransaction) throws {
        try receiver.heed(outcome, of: question.attempt, tx, at: plan.now)
        guard let delivery = try tx.delivery(of: question.attempt), delivery.state == .unknown,
            let intent = try tx.intent(of: question.attempt)
        else { return }
        switch (question.kind, outcome) {
        case (_, .accepted(let id)):
            try tx.append(
                Fact(
                    .accepted, of: delivery.queued.key, at: plan.now, channel: intent.fact.channel,
                    gateway: intent.fact.gateway, reason: question.kind.reason, attempt: question.attempt,
                    detail: id ?? ""),
                from: .unknown, to: .accepted)
            try tx.setState(.accepted, of: question.attempt)
            if let id, let gateway = intent.fact.gateway {
                try tx.name(question.attempt, id, by: gateway)
                try receiver.takeEarly(question.attempt, id: id, by: gateway, tx, at: plan.now)
            }
            plan.moved += 1
        case (.lookup(provesAbsence: true), .refused(let refusal)) where refusal.reason == .notFound:
            try settler.settleAbsent(delivery, intent, refusal, tx, at: plan.now)
            plan.moved += 1
        // A refused repetition says nothing of the first: that one may have been taken all the same.
        default: break
        }
    }
}

/// What rules count, but for one attempt.
private struct OtherContacts: ContactHistory {
    let all: any ContactHistory
    let own: Contact

    func contacts(of key: ContactKey, since: Instant) throws -> [Contact] {
        var contacts = try all.contacts(of: key, since: since)
        if let index = contacts.firstIndex(of: own) { contacts.remove(at: index) }
        return contacts
    }

    func events(recipient: ContactKey, account: ContactKey, address: ContactKey) throws -> [Contact] {
        try all.events(recipient: recipient, account: account, address: address)
    }
}
