// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// An attempt that a gateway took, or may have taken, and that is not settled for good: a receipt, a look-up or its reminder's
/// next channel may still come. Kept only where the gateway tells or can be asked what became of it.
public struct Delivery: Hashable, Sendable {
    public var attempt: Int64
    /// Where its reminder stood in the queue, to go back there for another channel.
    public var queued: QueuedReminder
    /// `accepted` or `unknown`: what its reminder is, as far as this attempt goes. `scheduled` once the reminder has gone on without
    /// it: what comes now is too late, but for the news that it arrived.
    public var state: State

    public init(attempt: Int64, queued: QueuedReminder, state: State) {
        self.attempt = attempt
        self.queued = queued
        self.state = state
    }
}

/// An intent as its fact has it.
public struct Intent: Hashable, Sendable {
    public var fact: Fact
    public var contact: Contact

    public init(fact: Fact, contact: Contact) {
        self.fact = fact
        self.contact = contact
    }
}

/// Something to be done about an attempt at a later time.
public struct FollowUp: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// Ask the gateway whether it has it.
        case ask
        /// If it has not arrived by then, try the next channel.
        case fallback
        /// Take up the receipts that another process has left for it.
        case receipt
    }

    public var at: Instant
    public var attempt: Int64
    public var kind: Kind
    /// How often it was done before.
    public var tries: Int

    public init(_ kind: Kind, of attempt: Int64, at: Instant, tries: Int = 0) {
        self.kind = kind
        self.attempt = attempt
        self.at = at
        self.tries = tries
    }
}

/// A receipt that belongs to no attempt we know: its record may come yet, or it is about a test message.
public struct StrayReceipt: Hashable, Sendable {
    public var gateway: String
    /// A token of ours, or the gateway's id.
    public var reference: String
    /// Codes as the gateway's definition reads them.
    public var status: String
    public var reason: Reason?
    public var code: String?
    public var at: Instant?
    public var received: Instant

    public init(
        gateway: String, reference: String, status: String, reason: Reason? = nil, code: String? = nil,
        at: Instant? = nil, received: Instant
    ) {
        self.gateway = gateway
        self.reference = reference
        self.status = status
        self.reason = reason
        self.code = code
        self.at = at
        self.received = received
    }
}

/// What a person wrote back. Sender and text are personal data and can be erased by themselves.
public struct StoredReply: Hashable, Sendable {
    /// The ledger's own number, in the order of arrival; 0 before it is stored.
    public var number: Int64
    public var gateway: String
    /// The gateway's id for it.
    public var id: String
    public var channel: Channel
    public var at: Instant
    public var received: Instant
    /// What it was taken for: `opt-out`, `opt-in`, `help`, `perhaps-opt-out`, `unplaced` or `other`.
    public var meaning: String
    public var address: ContactKey
    public var sender: String
    public var text: String

    public init(
        number: Int64 = 0, gateway: String, id: String, channel: Channel, at: Instant, received: Instant,
        meaning: String, address: ContactKey, sender: String, text: String
    ) {
        self.number = number
        self.gateway = gateway
        self.id = id
        self.channel = channel
        self.at = at
        self.received = received
        self.meaning = meaning
        self.address = address
        self.sender = sender
        self.text = text
    }
}

/// What one group commit may do about attempts that have left.
public protocol DeliveryTransaction: AnyObject {
    /// Remembers an attempt that may still hear something; `id` is the gateway's own, where its receipts bear no other name.
    func track(_ delivery: Delivery, gateway: String, id: String?) throws

    /// Remembers what the gateway calls an attempt; the newest that it calls so counts.
    func name(_ attempt: Int64, _ id: String, by gateway: String) throws

    /// Nil where nothing more is expected of it.
    func delivery(of attempt: Int64) throws -> Delivery?

    /// The attempt that the gateway calls so.
    func attempt(named id: String, by gateway: String) throws -> Int64?

    /// Changes what is remembered of it; nil forgets it.
    func setState(_ state: State?, of attempt: Int64) throws

    /// That a message arrived whose reminder had gone on without it.
    func markArrived(_ reminder: ReminderKey) throws
    func hasArrived(_ reminder: ReminderKey) throws -> Bool

    /// Remembers what is told of an attempt, a `Receipt.Status` by name or the meaning of a key; false where it is known already.
    func markTold(_ status: String, of attempt: Int64) throws -> Bool
    func isTold(_ status: String, of attempt: Int64) throws -> Bool

    /// Whether it counts no longer: refused, withdrawn, or never taken.
    func isRefunded(_ attempt: Int64) throws -> Bool

    /// Appends a fact that moves its reminder nowhere.
    func note(_ fact: Fact) throws

    /// What was intended with it; nil where there is no such attempt.
    func intent(of attempt: Int64) throws -> Intent?

    /// Takes an attempt that provably never arrived out of the count of contacts.
    func refund(_ attempt: Int64, _ contact: Contact) throws

    func schedule(_ followUp: FollowUp) throws
    /// The oldest that are due, no longer in the list.
    func takeFollowUps(upTo now: Instant, limit: Int) throws -> [FollowUp]

    /// Keeps a receipt until its attempt is known: `attempt` is the one of ours that it waits for, nil where nobody knows one, and of these
    /// only the newest stay. False where one of its reference says the same already (status and reason, which decide what it does).
    @discardableResult
    func keep(_ receipt: StrayReceipt, for attempt: Int64?) throws -> Bool
    /// What came for this reference before we knew it, oldest first; no longer kept.
    func takeStrays(of reference: String, by gateway: String) throws -> [StrayReceipt]

    /// As `Ledger.store(events:at:)`, in this transaction.
    @discardableResult
    func store(_ event: ContactEvent, at now: Instant) throws -> StoreResult

    /// False where it is there already.
    func store(_ reply: StoredReply) throws -> Bool

    /// Deletes a bounded number of rows that can no longer matter: of attempts, strays and replies older than `retention` says. Nothing
    /// that comes within these periods is answered otherwise for it. True if there is more to delete.
    func prune(_ retention: Retention, at now: Instant) throws -> Bool

    /// What a gateway has cost on a day (days since 1970), in millionths of its currency. Replaces what was known.
    func setSpending(_ spending: Spending) throws
}

/// What a gateway has cost on a day.
public struct Spending: Hashable, Sendable {
    public var gateway: String
    public var day: CivilDate
    /// In millionths of the currency.
    public var micros: Int64
    /// ISO 4217.
    public var currency: String

    public init(gateway: String, day: CivilDate, micros: Int64, currency: String) {
        self.gateway = gateway
        self.day = day
        self.micros = micros
        self.currency = currency
    }
}
