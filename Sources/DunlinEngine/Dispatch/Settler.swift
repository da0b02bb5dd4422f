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
    private let snapshot: Snapshot
    private var random: any RandomNumberGenerator

    init(_ snapshot: Snapshot, random: any RandomNumberGenerator) {
        unknown = snapshot.unknown
        templates = snapshot.templates
        attempts = snapshot.attempts
        self.snapshot = snapshot
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
        case .withdrawn(let reason):
            try append(.withdrawn, .scheduled, reason)
            try tx.endFlight(flight, refund: true)
            var queued = flight.queued
            (queued.state, queued.reason) = (.scheduled, nil)
            try tx.enqueue(queued)
        case .refused(let refusal):
            try append(.refused, .scheduled, refusal.reason, refusal.detail)
            try tx.endFlight(flight, refund: true)
            try follow(refusal, of: flight, tx, at: now)
        case .unknown(let reason, let detail):
            try append(.unknown, .unknown, reason, detail)
            try tx.endFlight(flight, refund: false)
            let message = try tx.reminder(flight.queued.key).message
            if (templates.message(message)?.unknown ?? self.unknown) == .resend { try resend(flight, tx, at: now) }
        }
    }

    /// After a definite no: the next channel, the next gateway, later, or never.
    private mutating func follow(_ refusal: Refusal, of flight: Flight, _ tx: any LedgerTransaction, at now: Instant)
        throws
    {
        var queued = flight.queued
        (queued.state, queued.reason) = (.scheduled, nil)
        if refusal.kind == .recipient {
            // The fact of the next channel's attempt, or of the end, says how it went on.
            queued.spent.insert(flight.channel)
            (queued.reason, queued.due) = (refusal.reason, now)
            let left = try tx.reminder(queued.key).channels.first { !queued.spent.contains($0) }
            guard let left else {
                try tx.append(
                    Fact(.undeliverable, of: queued.key, at: now, reason: refusal.reason), from: .scheduled,
                    to: .undeliverable)
                return
            }
            queued.lane = left
            return try tx.enqueue(queued)
        }
        if refusal.kind != .throttled { queued.attempts += 1 }
        guard queued.attempts < attempts else {
            try tx.append(
                Fact(.failed, of: queued.key, at: now, reason: .outOfAttempts), from: .scheduled, to: .failed)
            return
        }
        // The next gateway of the route is tried at once; when all have had their turn, it waits.
        // Only which gateways a chat can take hangs on its address.
        let address = flight.channel == .chat ? try tx.reminder(queued.key).recipient.chat ?? "" : ""
        let route = max(1, snapshot.route(for: flight.channel, to: address).count)
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

    /// What nobody can tell goes out again, because the configuration prefers two copies to none.
    private func resend(_ flight: Flight, _ tx: any LedgerTransaction, at now: Instant) throws {
        var queued = flight.queued
        queued.attempts += 1
        guard queued.attempts < attempts else { return }
        (queued.state, queued.reason, queued.due) = (.scheduled, nil, now)
        try tx.append(
            Fact(.resent, of: queued.key, at: now, attempt: flight.attempt), from: .unknown, to: .scheduled)
        try tx.enqueue(queued)
    }
}
