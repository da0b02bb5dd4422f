// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The durable memory: what is to be sent, and every fact about it. One writer thread uses it; nothing here is async.
///
/// Everything the daemon does in one turn is one `write`: a group commit. What `write` returned is on the disk.
public protocol Ledger: AnyObject {
    /// Stores reminders that passed every check, durably, as one transaction; one result a reminder, in order.
    func store(_ reminders: [Reminder], at now: Instant) throws -> [StoreResult]

    /// Stores events that passed every check, as `store(_:at:)` stores reminders. Every transaction that begins afterwards
    /// heeds them, in whichever process.
    func store(events: [ContactEvent], at now: Instant) throws -> [StoreResult]

    /// Runs `body` in one transaction, durable on return; nothing of it happened if it throws.
    func write<R>(_ body: (any LedgerTransaction) throws -> R) throws -> R

    /// When the first reminder of a lane falls due; nil when none waits there.
    func nextDue(in lane: Channel) throws -> Instant?

    /// Leaves receipts for the owner to take up, durably, as one transaction; each with its attempt. False for those whose attempt is
    /// not in this ledger. Storing one twice comes to the same as once.
    func store(receipts: [(attempt: Int64, receipt: StrayReceipt)], at now: Instant) throws -> [Bool]

    /// When the first follow-up is due; nil when none waits.
    func nextFollowUp() throws -> Instant?

    /// What people wrote back, in the order of arrival, from number `first` on, at most `limit`. Erased ones have no sender and text.
    func replies(from first: Int64, limit: Int) throws -> [StoredReply]

    /// The newest `limit` of one meaning, of any where nil, in the order of arrival.
    func newestReplies(of meaning: String?, limit: Int) throws -> [StoredReply]

    /// The newest `limit` from any of these addresses, in the order of arrival, without sender and text.
    func replies(from addresses: Set<ContactKey>, limit: Int) throws -> [StoredReply]

    /// What is still to be done about these attempts, the soonest first. Reads all there is of others.
    func followUps(of attempts: [Int64]) throws -> [FollowUp]

    /// Receipts that belong to no attempt we know: how many there are.
    func strayCount() throws -> Int

    /// Those of one reference, oldest first; they stay.
    func strays(of reference: String, by gateway: String) throws -> [StrayReceipt]

    /// What gateways have cost on `day` or later.
    func spending(since day: CivilDate) throws -> [Spending]

    /// How many reminders are in each state, and when the oldest one waiting fell due. O(1).
    func summary() throws -> LedgerSummary

    /// Everything known about the reminder with this id, or about every reminder of this account or recipient id.
    func histories(of id: String, limit: Int) throws -> [ReminderHistory]

    /// What an attempt was to say; nil where there is no such attempt. Costs the same however much there is in the ledger.
    func sent(_ attempt: Int64) throws -> SentAttempt?

    /// Keeps the texts of these versions for good, durably, as one transaction; each text and each version once. Whoever sends
    /// calls it before the first attempt that names a version.
    func archive(_ versions: [ArchivedTemplate]) throws

    /// The texts of a version that was archived; nil if none was. Throws if they are not what was stored.
    func archived(message: String, version: String) throws -> ArchivedTemplate?

    /// The newest `limit` events, oldest first, that have this id themselves, are about the recipient, account or reminder
    /// that has it, or bear one of `addresses`.
    func events(of id: String, addresses: Set<ContactKey>, limit: Int) throws -> [EventRecord]
}

public enum StoreResult: Hashable, Sendable {
    case imported
    /// The same id with the same content is there already.
    case duplicate
    /// The same id is there with other content; nothing was changed.
    case conflict
}

/// What there is of a reminder, whether or not its personal data are erased.
public struct ReminderRemains: Hashable, Sendable {
    /// Where ``isErased``, without name, addresses, locale, zones, amount and variables: write nothing from it.
    public var reminder: Reminder
    public var isErased: Bool

    public init(reminder: Reminder, isErased: Bool = false) {
        self.reminder = reminder
        self.isErased = isErased
    }
}

/// One attempt and the reminder it was for.
public struct SentAttempt: Hashable, Sendable {
    public var number: Int64
    public var intent: Fact
    public var remains: ReminderRemains

    public init(number: Int64, intent: Fact, remains: ReminderRemains) {
        self.number = number
        self.intent = intent
        self.remains = remains
    }
}

/// A place in the queue.
public struct QueuedReminder: Hashable, Sendable {
    public var key: ReminderKey
    /// The channel it will be tried on first; each has a queue of its own, so that a slow gateway holds up no other.
    public var lane: Channel
    public var due: Instant
    public var expires: Instant
    /// `scheduled`, `deferred` or `held`.
    public var state: State
    /// Why it waits; nil while `scheduled`.
    public var reason: Reason?
    /// Attempts that were refused for a passing reason so far.
    public var attempts: Int
    /// Channels that are used up: no address, or the address was refused for good.
    public var spent: Set<Channel>

    public init(
        key: ReminderKey, lane: Channel, due: Instant, expires: Instant, state: State, reason: Reason? = nil,
        attempts: Int = 0, spent: Set<Channel> = []
    ) {
        self.key = key
        self.lane = lane
        self.due = due
        self.expires = expires
        self.state = state
        self.reason = reason
        self.attempts = attempts
        self.spent = spent
    }
}

/// An attempt whose outcome is not durable yet.
public struct Flight: Hashable, Sendable {
    /// The number of its intent fact.
    public var attempt: Int64
    /// The queue entry it came from, to go back to.
    public var queued: QueuedReminder
    public var channel: Channel
    public var gateway: String
    /// What it counts as, until it is definitely refused or withdrawn.
    public var contact: Contact

    public init(attempt: Int64, queued: QueuedReminder, channel: Channel, gateway: String, contact: Contact) {
        self.attempt = attempt
        self.queued = queued
        self.channel = channel
        self.gateway = gateway
        self.contact = contact
    }
}

/// What one group commit may do. Reads see the writes before them.
public protocol LedgerTransaction: AnyObject, ContactHistory, DeliveryTransaction {
    /// Takes the oldest due entries of a lane out of the queue, in order of (due, key). Every one of them must be put
    /// somewhere by the same transaction: back into the queue, into flight, or to its end.
    func takeDue(in lane: Channel, upTo now: Instant, limit: Int) throws -> [QueuedReminder]

    /// Takes entries whose reminder has expired, whatever they wait for; for lanes from which nothing is taken now. One
    /// call looks at a bounded number of entries, so it may return fewer than there are; the next one goes on from there.
    func takeExpired(in lane: Channel, upTo now: Instant, limit: Int) throws -> [QueuedReminder]

    /// Puts a reminder (back) into the queue.
    func enqueue(_ queued: QueuedReminder) throws

    /// Makes every held entry that is not due yet due at `now`, because what held it may have been mended. Returns how
    /// many.
    func releaseHeld(at now: Instant) throws -> Int

    /// The reminder itself, personal data included; throws where they are erased.
    func reminder(_ key: ReminderKey) throws -> Reminder

    /// What there is of the reminder, for whoever writes nothing to the person.
    func remains(of key: ReminderKey) throws -> ReminderRemains

    /// Appends a fact and moves the reminder from one state to the next in the tally. Returns the fact's number.
    @discardableResult
    func append(_ fact: Fact, from: State, to: State) throws -> Int64

    /// Appends an intent (state to `sending`), counts its contact and returns the flight with its attempt number. The contact
    /// is an attempt of ours at `now` on `channel`; recipient, account, address, creditor and purpose are as `contact` says.
    func beginFlight(
        of queued: QueuedReminder, channel: Channel, gateway: String, contact: Contact, detail: String, at now: Instant
    ) throws -> Flight

    /// Forgets a flight whose outcome fact this transaction appends; `refund` takes its contact out of the count.
    func endFlight(_ flight: Flight, refund: Bool) throws

    /// Every attempt without an outcome: what a crash left behind.
    func flights() throws -> [Flight]
}

public struct LedgerSummary: Hashable, Sendable {
    /// Every state, also those with no reminder.
    public var states: [State: Int]
    public var oldestDue: Instant?
    public var inFlight: Int
    /// Version of the schema.
    public var version: Int

    public init(states: [State: Int], oldestDue: Instant?, inFlight: Int, version: Int) {
        self.states = states
        self.oldestDue = oldestDue
        self.inFlight = inFlight
        self.version = version
    }
}

/// A reminder with all its facts, oldest first.
public struct ReminderHistory: Sendable {
    public var key: ReminderKey
    /// Without personal data where ``isErased``.
    public var reminder: Reminder
    public var imported: Instant
    public var state: State
    /// Its personal data were erased: name, addresses, locale and variables are empty, the amount is 0
    /// of some currency.
    public var isErased: Bool
    /// Where it waits, if it does.
    public var queued: QueuedReminder?
    /// Each with its number.
    public var facts: [(number: Int64, fact: Fact)]

    public init(
        key: ReminderKey, reminder: Reminder, imported: Instant, state: State, isErased: Bool = false,
        queued: QueuedReminder?, facts: [(number: Int64, fact: Fact)]
    ) {
        self.key = key
        self.reminder = reminder
        self.imported = imported
        self.state = state
        self.isErased = isErased
        self.queued = queued
        self.facts = facts
    }
}
