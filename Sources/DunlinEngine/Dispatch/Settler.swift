// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTemplates

/// Records how an attempt ended, and decides what becomes of its reminder.
struct Settler {
    /// What becomes of an attempt of which nobody knows, where its message does not say.
    let unknown: UnknownPolicy
    private let templates: TemplateLibrary
    /// How often a reminder is tried.
    let attempts: Int
    /// How many gateways a reminder may try that took the one of this name.
    let gateways: [String: Int]
    private let following: Following
    private var random: any RandomNumberGenerator

    init(_ snapshot: Snapshot, random: any RandomNumberGenerator) {
        unknown = snapshot.unknown
        templates = snapshot.templates
        attempts = snapshot.attempts
        gateways = snapshot.routeWidths
        following = snapshot.following
        self.random = random
    }

    mutating func settle(_ flight: Flight, _ outcome: Outcome, _ tx: any LedgerTransaction, at now: Instant) throws {
        func append(_ event: Event, _ state: State, _ reason: Reason? = nil, _ detail: String = "") throws {
            try tx.append(
                Fact(
                    event, of: flight.queued.key, at: now, channel: flight.channel, gateway: flight.gateway,
                    reason: reason, attempt: flight.attempt, detail: detail),
                from: .sending, to: state)
        }
        switch outcome {
        case .accepted(let id):
            try append(.accepted, .accepted, nil, id ?? "")
            try tx.endFlight(flight, refund: false)
            if let offer = following.offer(of: flight.gateway) {
                try tx.track(Delivery(flight, .accepted), gateway: flight.gateway, id: id)
                try awaitArrival(of: flight, offer, tx, at: now)
            }
        case .withdrawn(let reason):
            try append(.withdrawn, .scheduled, reason)
            try tx.endFlight(flight, refund: true)
            var queued = flight.queued
            (queued.state, queued.reason) = (.scheduled, nil)
            try tx.enqueue(queued)
        case .refused(let refusal):
            try append(.refused, .scheduled, refusal.reason, refusal.detail)
            try tx.endFlight(flight, refund: true)
            try follow(refusal, of: flight.queued, on: flight.channel, by: flight.gateway, tx, at: now)
        case .unknown(let reason, let detail):
            try append(.unknown, .unknown, reason, detail)
            try tx.endFlight(flight, refund: false)
            let delivery = Delivery(flight, .unknown)
            if let offer = following.offer(of: flight.gateway) {
                try tx.track(delivery, gateway: flight.gateway, id: nil)
                try awaitArrival(of: flight, offer, tx, at: now)
                if let ask = offer.ask { try tx.schedule(FollowUp(.ask, of: flight.attempt, at: now + ask.after)) }
            } else {
                try giveUp(on: delivery, tx, at: now)
            }
        }
    }

    /// If no receipt says in time that it arrived, the next channel has its turn.
    private func awaitArrival(
        of flight: Flight, _ offer: Following.Offer, _ tx: any LedgerTransaction, at now: Instant
    ) throws {
        guard offer.tells, let wait = following.fallback[flight.channel], now + wait < flight.queued.expires else {
            return
        }
        let remains = try tx.remains(of: flight.queued.key)
        let reminder = remains.reminder
        let left = reminder.channels.filter { $0 != flight.channel && !flight.queued.spent.contains($0) }
        guard !remains.isErased, left.contains(where: { reminder.recipient.address(for: $0) != nil }) else { return }
        try tx.schedule(FollowUp(.fallback, of: flight.attempt, at: now + wait))
    }

    /// What is known of it by now, receipts that came before the outcome included, leaves it in doubt, and nobody can be asked.
    func giveUp(on flight: Flight, _ tx: any LedgerTransaction, at now: Instant) throws {
        guard let offer = following.offer(of: flight.gateway), offer.ask == nil,
            let delivery = try tx.delivery(of: flight.attempt), delivery.state == .unknown
        else { return }
        try giveUp(on: delivery, tx, at: now)
    }

    /// Nobody can tell what became of it: the message's policy decides. What is erased cannot be sent again.
    func giveUp(on delivery: Delivery, _ tx: any LedgerTransaction, at now: Instant) throws {
        let remains = try tx.remains(of: delivery.queued.key)
        guard !remains.isErased, (templates.message(remains.reminder.message)?.unknown ?? unknown) == .resend else {
            return
        }
        try resend(delivery, tx, at: now)
    }

    /// The gateway says that it never had an attempt that was in doubt: as if it had refused it.
    mutating func settleAbsent(
        _ delivery: Delivery, _ intent: Intent, _ refusal: Refusal, _ tx: any LedgerTransaction, at now: Instant
    ) throws {
        try tx.append(
            Fact(
                .refused, of: delivery.queued.key, at: now, channel: intent.fact.channel, gateway: intent.fact.gateway,
                reason: refusal.reason, attempt: delivery.attempt, detail: refusal.detail),
            from: .unknown, to: .scheduled)
        try tx.refund(delivery.attempt, intent.contact)
        try tx.setState(nil, of: delivery.attempt)
        guard let channel = intent.fact.channel else { return }
        try follow(refusal, of: delivery.queued, on: channel, by: intent.fact.gateway, tx, at: now)
    }

    /// After a definite no: the next channel, the next gateway, later, or never.
    private mutating func follow(
        _ refusal: Refusal, of place: QueuedReminder, on channel: Channel, by gateway: String?,
        _ tx: any LedgerTransaction, at now: Instant
    ) throws {
        var queued = place
        (queued.state, queued.reason) = (.scheduled, nil)
        if refusal.kind == .recipient {
            // The fact of the next channel's attempt, or of the end, says how it went on.
            queued.spent.insert(channel)
            (queued.reason, queued.due) = (refusal.reason, now)
            let left = try tx.remains(of: queued.key).reminder.channels.first { !queued.spent.contains($0) }
            guard let left else { return try end(queued, .undeliverable, .undeliverable, refusal.reason, tx, at: now) }
            queued.lane = left
            return try tx.enqueue(queued)
        }
        if refusal.kind != .throttled { queued.attempts += 1 }
        guard queued.attempts < attempts else {
            return try end(queued, .failed, .failed, .outOfAttempts, tx, at: now)
        }
        // The next gateway of the route is tried at once; when all have had their turn, it waits.
        let route = max(1, gateway.flatMap { gateways[$0] } ?? 1)
        let isNextGateway = refusal.kind != .throttled && queued.attempts % route != 0
        let delay =
            isNextGateway
            ? Duration.zero
            : Backoff().delay(attempt: queued.attempts, retryAfter: refusal.retryAfter, using: &random)
        queued.due = min(now + delay, queued.expires)
        if !isNextGateway {
            (queued.state, queued.reason) = (.deferred, .retryBackoff)
            try tx.append(
                Fact(.deferred, of: queued.key, at: now, reason: .retryBackoff, until: queued.due), from: .scheduled,
                to: .deferred)
        }
        try tx.enqueue(queued)
    }

    /// Ends a reminder that is back in the queue: as delivered, where an earlier attempt of it has arrived after all.
    private func end(
        _ queued: QueuedReminder, _ event: Event, _ state: State, _ reason: Reason, _ tx: any LedgerTransaction,
        at now: Instant
    ) throws {
        let hasArrived = try tx.hasArrived(queued.key)
        try tx.append(
            Fact(hasArrived ? .delivered : event, of: queued.key, at: now, reason: hasArrived ? nil : reason),
            from: .scheduled, to: hasArrived ? .delivered : state)
    }

    /// What nobody can tell goes out again, because the configuration prefers two copies to none.
    private func resend(_ delivery: Delivery, _ tx: any LedgerTransaction, at now: Instant) throws {
        var queued = delivery.queued
        queued.attempts += 1
        guard queued.attempts < attempts else { return }
        (queued.state, queued.reason, queued.due) = (.scheduled, nil, now)
        try tx.append(
            Fact(.resent, of: queued.key, at: now, attempt: delivery.attempt), from: .unknown, to: .scheduled)
        try tx.enqueue(queued)
        try tx.setState(.scheduled, of: delivery.attempt)
    }
}
