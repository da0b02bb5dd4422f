// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel

/// Brings into the ledger what gateways tell: what became of attempts, and what people answered. Told twice or in any order it
/// comes to the same.
struct Receiver {
    /// What receipts say of a gateway's work.
    struct News {
        var gateway: String
        var isDelivered: Bool
        /// When the message left.
        var sent: Instant
    }

    let tokens: AttemptTokens
    /// Since whoever reads them last emptied them.
    var news: [News] = []

    init(tokens: AttemptTokens) { self.tokens = tokens }

    /// `airborne` tells attempts without an outcome: a receipt that overtakes it is kept until the outcome is there.
    mutating func take(
        _ batch: CallbackBatch, airborne: (Int64) -> Bool, _ tx: any LedgerTransaction, at now: Instant
    ) throws {
        for entry in batch.entries {
            switch entry {
            case .receipt(let receipt, let attempt):
                try take(receipt, attempt: attempt, by: batch.gateway, airborne, tx, at: now)
            case .reply(let reply): try take(reply, of: batch, tx, at: now)
            case .unsubscribed(let attempt):
                // By whichever gateway it went: the token is the proof.
                let receipt = Receipt(.token(tokens.token(forAttempt: attempt)), .unsubscribed)
                let intent = try tx.intent(of: attempt)
                if let intent { try refuse(intent, of: attempt, tx, at: now) }
                try take(receipt, attempt: attempt, by: intent?.fact.gateway ?? "", airborne, tx, at: now)
            case .pressed(let meaning, let attempt): try press(meaning, in: attempt, tx, at: now)
            }
        }
    }

    // MARK: Receipts

    private mutating func take(
        _ receipt: Receipt, attempt: Int64?, by gateway: String, _ airborne: (Int64) -> Bool,
        _ tx: any LedgerTransaction, at now: Instant
    ) throws {
        guard let attempt = try attempt ?? known(receipt, gateway, tx) else {
            try tx.keep(StrayReceipt(receipt, from: gateway, received: now), for: nil)
            return
        }
        // A token of another gateway's attempt: whoever shows it here has it from elsewhere.
        guard try tx.intent(of: attempt)?.fact.gateway == gateway else {
            try tx.keep(StrayReceipt(receipt, from: gateway, received: now), for: nil)
            return
        }
        if airborne(attempt) {
            // What it says of the person binds at once, and a kept receipt does not remember who took a call.
            try tell(receipt, of: attempt, tx, at: now)
            var early = StrayReceipt(receipt, from: gateway, received: now)
            early.reference = tokens.token(forAttempt: attempt)
            try tx.keep(early, for: attempt)
            return
        }
        try apply(receipt, to: attempt, by: gateway, tx, at: now)
    }

    private func known(_ receipt: Receipt, _ gateway: String, _ tx: any LedgerTransaction) throws -> Int64? {
        guard case .id(let id) = receipt.attempt else { return nil }
        return try tx.attempt(named: id, by: gateway)
    }

    /// What overtook the outcome of an attempt, now that it is there.
    mutating func takeEarly(_ flight: Flight, _ outcome: Outcome, _ tx: any LedgerTransaction, at now: Instant) throws {
        var id: String?
        if case .accepted(let named) = outcome { id = named }
        try takeEarly(flight.attempt, id: id, by: flight.gateway, tx, at: now)
    }

    /// What is kept for an attempt under its token or the gateway's own name.
    mutating func takeEarly(
        _ attempt: Int64, id: String?, by gateway: String, _ tx: any LedgerTransaction, at now: Instant
    ) throws {
        for reference in [tokens.token(forAttempt: attempt), id].compactMap(\.self) {
            for stray in try tx.takeStrays(of: reference, by: gateway) {
                guard let receipt = Receipt(stray) else { continue }
                try apply(receipt, to: attempt, by: gateway, tx, at: now)
            }
        }
    }

    private mutating func apply(
        _ receipt: Receipt, to attempt: Int64, by gateway: String, _ tx: any LedgerTransaction, at now: Instant
    ) throws {
        try tell(receipt, of: attempt, tx, at: now)
        guard let delivery = try tx.delivery(of: attempt) else {
            return try takeLate(receipt, of: attempt, by: gateway, tx, at: now)
        }
        let key = delivery.queued.key
        try note(receipt, of: delivery, by: gateway, tx)
        func append(_ event: Event, _ state: State, _ reason: Reason? = nil) throws {
            try tx.append(
                Fact(
                    event, of: key, at: now, gateway: gateway, reason: reason, attempt: attempt,
                    detail: receipt.said),
                from: delivery.state, to: state)
        }
        switch (delivery.state, receipt.status) {
        case (.unknown, .accepted):
            try append(.accepted, .accepted)
            try tx.setState(.accepted, of: attempt)
        case (.accepted, .delivered), (.accepted, .complained), (.accepted, .unsubscribed),
            (.unknown, .delivered), (.unknown, .complained), (.unknown, .unsubscribed):
            try append(.delivered, .delivered)
            try tx.setState(nil, of: attempt)
        case (.accepted, .failed), (.unknown, .failed):
            let reason = receipt.reason ?? .notDelivered
            _ = try tx.markTold(Receipt.Status.failed.rawValue, of: attempt)
            if try tx.hasArrived(key) {
                // An earlier attempt has arrived after all, so that the reminder did.
                try record(receipt, of: attempt, by: gateway, tx, at: now)
                try tx.append(Fact(.delivered, of: key, at: now), from: delivery.state, to: .delivered)
                try tx.setState(nil, of: attempt)
            } else if try !goOn(from: delivery, by: gateway, because: reason, detail: receipt.code ?? "", tx, at: now) {
                try append(.bounced, .undeliverable, reason)
                try tx.setState(nil, of: attempt)
            }
        case (.scheduled, .delivered), (.scheduled, .complained), (.scheduled, .unsubscribed):
            try tx.markArrived(key)
            try tx.setState(nil, of: attempt)
            if try tx.markTold(Receipt.Status.delivered.rawValue, of: attempt) {
                try record(receipt, of: attempt, by: gateway, tx, at: now)
            }
        case (.scheduled, .failed):
            if try tx.markTold(receipt.status.rawValue, of: attempt) {
                try record(receipt, of: attempt, by: gateway, tx, at: now)
            }
        default: break  // No news.
        }
    }

    /// A number that leads nowhere and a person who refuses say nothing of the gateway.
    private mutating func note(
        _ receipt: Receipt, of delivery: Delivery, by gateway: String, _ tx: any LedgerTransaction
    ) throws {
        let isEnd = receipt.status != .accepted && receipt.reason == nil
        guard isEnd, delivery.state == .accepted || delivery.state == .unknown,
            let intent = try tx.intent(of: delivery.attempt)
        else { return }
        news.append(News(gateway: gateway, isDelivered: receipt.status != .failed, sent: intent.fact.at))
    }

    /// Sends a reminder to its next channel; false where it has none.
    func goOn(
        from delivery: Delivery, by gateway: String, because reason: Reason, detail: String,
        _ tx: any LedgerTransaction,
        at now: Instant
    ) throws -> Bool {
        var queued = delivery.queued
        guard queued.expires > now, let intent = try tx.intent(of: delivery.attempt), let channel = intent.fact.channel
        else { return false }
        queued.spent.insert(channel)
        let remains = try tx.remains(of: queued.key)
        let reminder = remains.reminder
        let next = reminder.channels.first {
            !queued.spent.contains($0) && reminder.recipient.address(for: $0) != nil
        }
        // What is erased cannot be written a second time.
        guard !remains.isErased, let next else { return false }
        (queued.state, queued.reason, queued.lane, queued.due) = (.scheduled, reason, next, now)
        try tx.append(
            Fact(
                .nextChannel, of: queued.key, at: now, channel: channel, gateway: gateway, reason: reason,
                attempt: delivery.attempt, detail: detail),
            from: delivery.state, to: .scheduled)
        try tx.enqueue(queued)
        try tx.setState(.scheduled, of: delivery.attempt)
        return true
    }

    // MARK: What rules count and heed

    /// The events that a receipt means for the person.
    private func tell(_ receipt: Receipt, of attempt: Int64, _ tx: any LedgerTransaction, at now: Instant) throws {
        var kinds: [ContactKind] = []
        let source = EventOrigin.Source(receipt.status)
        if source != .receipt || receipt.reason == .optedOut { kinds.append(.optOut) }
        if receipt.status == .failed, receipt.reason == .recipientRefused { kinds.append(.deadAddress) }
        switch receipt.answeredBy {
        case .person: kinds.append(.conversation)
        case .machine: if receipt.status == .delivered { kinds.append(.messageLeft) }
        case .nobody: kinds.append(.unanswered)
        case nil: break
        }
        for kind in kinds {
            // A refusal holds from when we know of it: a gateway's clock must not date it before an earlier START.
            let at = kind == .optOut || kind == .deadAddress ? now : min(receipt.at ?? now, now)
            try tell(kind, of: attempt, at: at, seconds: receipt.seconds ?? 0, source: source, tx, now)
        }
    }

    /// A click is an act of its own, unlike a receipt that is told again: after a START it refuses anew.
    private func refuse(_ intent: Intent, of attempt: Int64, _ tx: any LedgerTransaction, at now: Instant) throws {
        let starts = try optIns(intent.contact.address, of: intent.contact.recipient, tx).count
        guard starts > 0 else { return }
        try tell(.optOut, of: attempt, at: now, source: .unsubscription, after: starts, tx, now)
    }

    private func press(_ meaning: String, in attempt: Int64, _ tx: any LedgerTransaction, at now: Instant) throws {
        // Once, however often the gateway repeats its question.
        if try tx.markTold("pressed \(meaning)", of: attempt), let intent = try tx.intent(of: attempt) {
            try tx.note(
                Fact(
                    .pressed, of: intent.fact.reminder, at: now, channel: intent.fact.channel,
                    gateway: intent.fact.gateway, attempt: attempt, detail: meaning))
        }
        switch meaning {
        case "opt-out": try tell(.optOut, of: attempt, at: now, source: .key, tx, now)
        case "agent": try tell(.request, of: attempt, at: now, source: .key, tx, now)
        // Whoever this number belongs to is not the person: nothing more to it, by whichever channel.
        case "wrong-person":
            try tell(.deadAddress, of: attempt, at: now, source: .key, onEveryChannel: true, tx, now)
        case "promise": try tell(.promise, of: attempt, at: now, source: .key, tx, now)
        default: break
        }
    }

    private func tell(
        _ kind: ContactKind, of attempt: Int64, at instant: Instant, seconds: Int = 0, source: EventOrigin.Source,
        after starts: Int = 0, onEveryChannel: Bool = false,
        _ tx: any LedgerTransaction, _ now: Instant
    ) throws {
        guard let intent = try tx.intent(of: attempt) else { return }
        var contact = intent.contact
        (contact.kind, contact.at, contact.isOwn) = (kind, max(instant, intent.contact.at), true)
        contact.isInbound = kind == .optOut || kind == .request || kind == .promise
        contact.figure = Int32(clamping: min(seconds, 86_400))
        if onEveryChannel { contact.channel = nil }
        // A STOP holds for the address, whatever debt it answered.
        if kind == .optOut || kind == .deadAddress { (contact.account, contact.creditor) = (.any, .any) }
        if kind == .optOut { contact.at = try afterOptIns(contact.address, of: contact.recipient, contact.at, tx) }
        try tx.store(
            ContactEvent(
                id: EventOrigin.attempt(attempt, source).id(kind, after: starts), contact: contact,
                reminder: try tx.remains(of: intent.fact.reminder).reminder.id), at: now)
    }

    /// What a gateway has refused because the person said STOP to it is a STOP for all of them.
    func heed(_ outcome: Outcome, of attempt: Int64, _ tx: any LedgerTransaction, at now: Instant) throws {
        guard case .refused(let refusal) = outcome, refusal.reason == .optedOut else { return }
        try tell(.optOut, of: attempt, at: now, source: .receipt, tx, now)
    }

    /// Later than every START that is known: whatever clock dated that one, and where both come at one instant.
    private func afterOptIns(
        _ address: ContactKey, of recipient: ContactKey = .any, _ instant: Instant, _ tx: any LedgerTransaction
    ) throws -> Instant {
        try optIns(address, of: recipient, tx).reduce(instant) { max($0, $1.at + .milliseconds(1)) }
    }

    private func optIns(_ address: ContactKey, of recipient: ContactKey, _ tx: any LedgerTransaction) throws
        -> [Contact]
    {
        try tx.events(recipient: recipient, account: .any, address: address).filter { $0.kind == .optIn }
    }

    // MARK: Replies

    private func take(_ reply: Reply, of batch: CallbackBatch, _ tx: any LedgerTransaction, at now: Instant) throws {
        var meaning = reply.understood ?? ReplyMatcher.meaning(of: reply.text)
        let isRefusal = meaning == .optOut || meaning == .perhapsOptOut
        if isRefusal, !batch.channel.isAddress(reply.from) { meaning = .unplaced }
        let address = ContactKey.address(reply.from)
        let isNew = try tx.store(
            StoredReply(
                gateway: batch.gateway, id: reply.id, channel: batch.channel, at: min(reply.at ?? now, now),
                received: now,
                meaning: meaning.rawValue, address: address, sender: reply.from, text: reply.text))
        let kind: ContactKind
        let at: Instant
        switch meaning {
        // Whoever may have asked to be left alone is left alone until somebody has read it; also where the gateway has given
        // this reply the id of another one.
        case .optOut, .perhapsOptOut: (kind, at) = (.optOut, try afterOptIns(address, now, tx))
        // Taken back is what was said before it was written, not what was said while it was on its way.
        case .optIn where isNew: (kind, at) = (.optIn, min(reply.at ?? now, now))
        case .optIn, .help, .other, .unplaced: return
        }
        try tx.store(
            ContactEvent(
                id: EventOrigin.reply(gateway: batch.gateway, id: reply.id, address).id(kind),
                contact: Contact(
                    kind, at: at, channel: batch.channel, recipient: .any, address: address,
                    isInbound: true)), at: now)
    }
}

extension Receipt {
    /// What its fact keeps: the code, and that the person refused by it.
    fileprivate var said: String {
        (EventOrigin.Source(status) == .receipt ? [code] : [status.rawValue, code]).compactMap(\.self)
            .joined(separator: " ")
    }
}

extension StrayReceipt {
    init(_ receipt: Receipt, from gateway: String, received: Instant) {
        let reference: String
        switch receipt.attempt {
        case .token(let token): reference = token
        case .id(let id): reference = id
        }
        self.init(
            gateway: gateway, reference: reference, status: receipt.status.rawValue, reason: receipt.reason,
            code: receipt.code, at: receipt.at, received: received)
    }
}

extension Receipt {
    /// Nil where a later version kept it.
    init?(_ stray: StrayReceipt) {
        guard let status = Status(rawValue: stray.status) else { return nil }
        self.init(.token(stray.reference), status, reason: stray.reason, code: stray.code, at: stray.at)
    }
}

extension Channel {
    /// Whether a reminder on this channel could go to `text`.
    fileprivate func isAddress(_ text: String) -> Bool {
        switch self {
        case .sms, .call: text.isE164
        case .email: text.isMailAddress
        case .chat: ChatAddress(text) != nil
        case .task: !text.isEmpty
        }
    }
}
