// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What is asked: one reminder on one channel at one instant, with the past as far as a rule has needed it.
///
/// One lives as long as one decision, on one thread, and everything asks it: it keeps of the reminder only what rules compare,
/// and its variables are not checked for overlapping access, which would cost as much as a rule.
final class Inquiry {
    let channel: Channel
    let address: String
    let now: Instant
    let party: Party?
    let product: String?
    let dueDate: CivilDate
    let role: Role
    let purpose: Purpose
    let message: MessageProfile?
    let keys: ContactKeys
    let group: RuleGroup
    private let history: any ContactHistory
    /// What was found.
    @exclusivity(unchecked) var notes: Notes
    /// Whether everything has been noted already: rules are asked once more for the time to come.
    @exclusivity(unchecked) var isNoted = false

    // Found when the first rule needs them.
    @exclusivity(unchecked) private var knownEvents: [Contact]?
    @exclusivity(unchecked) private var attempts = ByPart<[Contact]?>(recipient: nil, account: nil, address: nil)

    init(
        _ reminder: borrowing Reminder, channel: Channel, address: String, now: Instant, party: Party?,
        message: MessageProfile?, history: any ContactHistory, group: RuleGroup
    ) {
        self.channel = channel
        self.address = address
        self.now = now
        self.party = reminder.account.party ?? party
        product = reminder.account.product
        dueDate = reminder.account.dueDate
        role = reminder.recipient.role
        purpose = message?.purpose ?? .reminder
        self.message = message
        keys = ContactKeys(reminder, address: address)
        self.group = group
        self.history = history
        notes = Notes(of: group, on: channel)
    }

    /// What the contact is, as bits to compare with what rules ask of it; no bit of a party that nobody stated.
    var bits: (parties: UInt16, roles: UInt16, purposes: UInt16) { (party?.bit ?? 0, role.bit, purpose.bit) }

    /// Every event that concerns the person, the account or the address, oldest first.
    func events() throws -> [Contact] {
        if let knownEvents { return knownEvents }
        let events = try history.events(recipient: keys.recipient, account: keys.account, address: keys.address)
        knownEvents = events
        return events
    }

    /// Our attempts that bear one part of the key and may still count, oldest first.
    func attempts(by part: CountingKey.Part) throws -> [Contact] {
        if let known = attempts[part] { return known }
        let since = Instant(milliseconds: now.milliseconds - group.lookback[part])
        let found = try history.contacts(of: keys[part], since: since)
        attempts[part] = found
        return found
    }

    /// Our attempts of all time.
    func allAttempts(by key: CountingKey) throws -> [Contact] {
        let keys = keys
        return try history.contacts(of: keys[key.leading], since: Instant(milliseconds: 0))
            .filter { keys.agree(with: $0, in: key) }
    }
}

/// The person, the account, the address and the creditor that a reminder contacts.
struct ContactKeys {
    let recipient, account, address, creditor: ContactKey

    init(_ reminder: borrowing Reminder, address: String) {
        recipient = .recipient(reminder.recipient.id)
        account = .account(reminder.account.id)
        self.address = .address(address)
        creditor = .creditor(reminder.account.creditor)
    }

    /// Those of a contact that was made.
    init(of contact: Contact) {
        (recipient, account) = (contact.recipient, contact.account)
        (address, creditor) = (contact.address, contact.creditor)
    }

    subscript(part: CountingKey.Part) -> ContactKey {
        switch part {
        case .recipient: recipient
        case .account: account
        case .address: address
        case .creditor: creditor
        }
    }

    /// Whether an attempt of ours bears these keys in every part of `key`.
    func agree(with attempt: Contact, in key: CountingKey) -> Bool {
        (!key.contains(.recipient) || attempt.recipient == recipient)
            && (!key.contains(.account) || attempt.account == account)
            && (!key.contains(.address) || attempt.address == address)
            && (!key.contains(.creditor) || attempt.creditor == creditor)
    }

    /// Whether an event concerns these keys in every part of `key`. One that names no account, address or creditor concerns
    /// all of its recipient's, and one that names no recipient everybody who has its address.
    func areConcerned(by event: Contact, in key: CountingKey) -> Bool {
        let isOurs = event.recipient == recipient || event.recipient == .any
        func agrees(_ part: CountingKey, _ theirs: ContactKey, _ ours: ContactKey) -> Bool {
            !key.contains(part) || (theirs == .any ? isOurs : theirs == ours)
        }
        return agrees(.recipient, event.recipient, recipient) && agrees(.account, event.account, account)
            && agrees(.address, event.address, address) && agrees(.creditor, event.creditor, creditor)
    }
}

extension ContactKeys {
    /// Whether a later event is about what an earlier one is about, as far as that concerns these keys: a dispute over one
    /// debt is not resolved with another one.
    func isAboutTheSame(_ later: Contact, as earlier: Contact) -> Bool {
        func covers(_ later: ContactKey, _ earlier: ContactKey, _ own: ContactKey) -> Bool {
            later == .any || later == earlier || earlier == .any && later == own
        }
        // A START comes from whoever holds the telephone: it takes back what was said of this address on this channel, and not
        // what a person said of all of theirs.
        if later.kind == .optIn, later.recipient == .any {
            guard later.address == earlier.address, later.channel == nil || later.channel == earlier.channel else {
                return false
            }
        }
        return covers(later.account, earlier.account, account) && covers(later.address, earlier.address, address)
            && covers(later.creditor, earlier.creditor, creditor)
    }
}

/// One value for each part of a counting key that leads.
struct ByPart<Value> {
    var recipient: Value
    var account: Value
    var address: Value

    subscript(part: CountingKey.Part) -> Value {
        get {
            switch part {
            case .recipient, .creditor: recipient
            case .account: account
            case .address: address
            }
        }
        set {
            switch part {
            case .recipient, .creditor: recipient = newValue
            case .account: account = newValue
            case .address: address = newValue
            }
        }
    }
}

extension ByPart: Sendable where Value: Sendable {}
