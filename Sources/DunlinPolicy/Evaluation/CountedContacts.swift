// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The past contacts of one decision: asks the history at most once for each part of a counting key, and only when a
/// rule needs it.
struct CountedContacts {
    private let history: any ContactHistory
    private let names: ByPart<String>
    /// Hashed when the first rule counts.
    private var keys: ByPart<ContactKey>?
    private let now: Instant
    private let lookback: ByPart<Int64>
    private var found = ByPart<[Contact]?>(recipient: nil, account: nil, address: nil)

    /// - Parameter lookback: how far back the rules look at most, in milliseconds, by the leading part of their key.
    init(
        of reminder: Reminder, address: String, in history: any ContactHistory, at now: Instant,
        lookback: ByPart<Int64>
    ) {
        self.history = history
        self.now = now
        self.lookback = lookback
        names = ByPart(recipient: reminder.recipient.id, account: reminder.account.id, address: address)
    }

    /// How many contacts of these kinds count now, and, if that is `limit` or more, from when on fewer will.
    ///
    /// With several clocks the strictest counts: the period that reaches back furthest, the release that comes last.
    mutating func count(
        _ kinds: [Contact.Kind], over channels: ChannelSet, by key: CountingKey, in period: Period, limit: Int,
        _ clocks: [LocalClock]
    ) throws -> (used: Int, released: Instant?) {
        var used = 0
        var start: Instant?
        var deciding: Instant?
        let keys = hashed()
        for contact in try candidates(for: key.leading, keys).reversed()
        where channels.contains(contact.channel) && kinds.contains(contact.kind) && keys.agree(with: contact, in: key) {
            let begin = start ?? clocks.lazy.map { period.start(at: $0) }.min() ?? contact.at
            guard contact.at >= begin else { break }
            start = begin
            used += 1
            if used == limit { deciding = contact.at }
        }
        return (used, deciding.flatMap { last in clocks.lazy.map { period.end(of: last, in: $0.zone) }.max() })
    }

    private mutating func hashed() -> ByPart<ContactKey> {
        if let keys { return keys }
        let hashed = ByPart<ContactKey>(
            recipient: .recipient(names.recipient), account: .account(names.account), address: .address(names.address))
        keys = hashed
        return hashed
    }

    /// Contacts that bear one part of our key, oldest first.
    private mutating func candidates(for part: CountingKey.Part, _ keys: ByPart<ContactKey>) throws -> [Contact] {
        if let known = found[part] { return known }
        let contacts = try history.contacts(
            of: keys[part], since: Instant(milliseconds: now.milliseconds - lookback[part]))
        found[part] = contacts
        return contacts
    }
}

/// One value for each part of a counting key.
struct ByPart<Value> {
    var recipient: Value
    var account: Value
    var address: Value

    subscript(part: CountingKey.Part) -> Value {
        get {
            switch part {
            case .recipient: recipient
            case .account: account
            case .address: address
            }
        }
        set {
            switch part {
            case .recipient: recipient = newValue
            case .account: account = newValue
            case .address: address = newValue
            }
        }
    }
}

extension ByPart: Sendable where Value: Sendable {}

extension ByPart<ContactKey> {
    /// Whether a contact bears these keys in every part of `key`.
    func agree(with contact: Contact, in key: CountingKey) -> Bool {
        (!key.contains(.recipient) || contact.recipient == recipient)
            && (!key.contains(.account) || contact.account == account)
            && (!key.contains(.address) || contact.address == address)
    }
}
