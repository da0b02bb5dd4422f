// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// At most `limit` contacts with the same key in a period.
public final class FrequencyCap: Sendable {
    public let limit: Int
    public let per: CountingKey
    public let period: Period
    /// The kinds of contact that count.
    public let counts: [Contact.Kind]
    /// The figures of each use below the limit, up to a few, ready to be shown: the send path should not format.
    let figures: [String]
    /// ` of 7 calls in 7 days`.
    let suffix: String

    init(limit: Int, per: CountingKey, period: Period, counts: [Contact.Kind], channels: ChannelSet) {
        self.limit = limit
        self.per = per
        self.period = period
        self.counts = counts
        let noun = counts == [.conversation] ? "conversation" : channels.contactNoun
        let suffix = " of \(limit) \(noun)\(limit == 1 ? "" : "s") \(period)"
        self.suffix = suffix
        figures = (0..<min(limit, 32)).map { "\($0)\(suffix)" }
    }

    func figures(used: Int) -> String { used < figures.count ? figures[used] : "\(used)\(suffix)" }
}

/// No contact for a while after an event with the same key.
public final class CoolOff: Sendable {
    public let after: Contact.Kind
    /// Never of the calendar kind. The day of the event is the first of its days.
    public let period: Period
    public let per: CountingKey
    /// `no conversation in 7 days`.
    let clear: String
    /// `after`, as a list to count by.
    let counts: [Contact.Kind]

    init(after: Contact.Kind, period: Period, per: CountingKey) {
        self.after = after
        self.period = period
        self.per = per
        counts = [after]
        clear = "no \(after.rawValue) \(period)"
    }
}

/// How long a contact counts.
public enum Period: Hashable, Sendable, CustomStringConvertible {
    /// The unit of a calendar period; weeks begin on Monday.
    public enum Unit: String, CaseIterable, Sendable {
        case day, week, month
    }

    /// So many consecutive days of the recipient's calendar, the contact's own day being the first.
    case days(Int)
    /// So many times 3,600 seconds, to the millisecond.
    case hours(Int)
    /// To the end of the recipient's calendar day, week or month.
    case calendar(Unit)

    public var description: String {
        switch self {
        case .days(let n): n == 1 ? "in 1 day" : "in \(n) days"
        case .hours(let n): n == 1 ? "in 1 hour" : "in \(n) hours"
        case .calendar(let unit): "in the calendar \(unit.rawValue)"
        }
    }
}

extension ChannelSet {
    /// What one contact over these channels is called in figures.
    var contactNoun: String {
        switch self {
        case .all: "contact"
        case ChannelSet(.call): "call"
        case ChannelSet(.sms): "text"
        case ChannelSet(.email): "mail"
        default: Channel.allCases.filter(contains).map(\.rawValue).joined(separator: "+") + " contact"
        }
    }
}
