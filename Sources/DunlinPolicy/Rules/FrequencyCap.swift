// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// At most so many contacts, or so much talk, with the same key in a period.
public final class FrequencyCap: Sendable {
    /// What is added up.
    public enum Unit: Hashable, Sendable {
        case contacts
        /// Milliseconds of talk; an attempt of unknown length is taken to last `assumed`.
        case talk(assumed: Int64)
    }

    /// In contacts, or in milliseconds of talk.
    public let limit: Int64
    public let unit: Unit
    public let per: CountingKey
    public let period: Period
    public let counts: Counted
    /// Only contacts after the first such event count.
    public let startsAfter: ContactKind?
    /// ` of 7 calls in 7 days`.
    private let suffix: String

    init(
        limit: Int64, unit: Unit, per: CountingKey, period: Period, counts: Counted, startsAfter: ContactKind?,
        channels: ChannelSet
    ) {
        self.limit = limit
        self.unit = unit
        self.per = per
        self.period = period
        self.counts = counts
        self.startsAfter = startsAfter
        switch unit {
        case .contacts:
            let noun = counts.noun(over: channels)
            suffix = " of \(limit) \(noun)\(limit == 1 ? "" : "s") \(period)"
        case .talk: suffix = " of \(Period.minutes(Int(limit / 60_000)).length) of talk \(period)"
        }
    }

    /// `2 of 7 calls in 7 days`.
    func figures(used: Int64) -> String {
        switch unit {
        case .contacts: "\(used)\(suffix)"
        case .talk: "\(used / 60_000) min \(used / 1000 % 60) s\(suffix)"
        }
    }

    /// What a contact adds to the count, and what the one that is asked for would add.
    func weight(of contact: Contact) -> Int64 {
        switch unit {
        case .contacts: 1
        case .talk(let assumed): contact.figure > 0 ? Int64(contact.figure) * 1000 : assumed
        }
    }

    var nextWeight: Int64 { if case .talk(let assumed) = unit { assumed } else { 1 } }
}

/// Which contacts count.
public struct Counted: Hashable, Sendable {
    /// What may have gone out, answered or not; attempts of others included.
    public var attempts: Bool
    /// What reached the person, or may have.
    public var reached: Bool
    /// Events of these kinds, whoever began them.
    public var kinds: [ContactKind]

    public init(attempts: Bool = false, reached: Bool = false, kinds: [ContactKind] = []) {
        self.attempts = attempts
        self.reached = reached
        self.kinds = kinds
    }

    /// Whether an attempt of ours counts, as far as nothing more is known of it.
    var countsOurs: Bool { attempts || reached }

    /// Whether an event counts.
    func counts(_ event: Contact) -> Bool {
        if event.kind != .attempt, kinds.contains(event.kind) { return true }
        // What the person began, and what tells more of an attempt that counts already, is no attempt of ours.
        if event.isInbound || event.isOwn { return false }
        switch event.kind {
        case .attempt: return attempts || reached && event.channel != .call
        case .conversation, .messageLeft: return reached
        default: return false
        }
    }

    func noun(over channels: ChannelSet) -> String {
        if countsOurs || kinds.isEmpty { return channels.contactNoun }
        return kinds.count == 1 ? kinds[0].rawValue : "contact"
    }
}

extension ChannelSet {
    /// What one contact over these channels is called in figures.
    var contactNoun: String {
        switch self {
        case .all: "contact"
        case ChannelSet(.call): "call"
        case ChannelSet(.sms), ChannelSet(.sms).withChat: "text"
        case ChannelSet(.email): "mail"
        default: Channel.allCases.filter(contains).map(\.rawValue).joined(separator: "+") + " contact"
        }
    }
}
