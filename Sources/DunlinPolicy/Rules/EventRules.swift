// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// No contact for a while after an event with the same key.
public final class CoolOff: Sendable {
    public enum Length: Sendable {
        /// The day of the event is the first of its days.
        case period(Period)
        /// To the event's own `until`, and no longer than this.
        case itsOwnEnd(atMost: Period?)
        /// Until a later event ends it.
        case untilLifted
    }

    public let after: [ContactKind]
    public let length: Length
    public let per: CountingKey
    /// `no conversation in 7 days`: what is found nearly always, ready to be shown.
    let clear: String

    init(after: [ContactKind], length: Length, per: CountingKey) {
        self.after = after
        self.length = length
        self.per = per
        let kinds = after.map(\.rawValue).joined(separator: ", ")
        if case .period(let period) = length {
            clear = "no \(kinds) \(period)"
        } else {
            clear = "no \(kinds) in force"
        }
    }
}

/// Something that must have happened before.
public final class Precondition: Sendable {
    public let event: ContactKind
    /// So long after it contact is allowed; its own day is the first.
    public let wait: Period?
    /// It must not be older than this.
    public let within: Period?
    public let per: CountingKey
    /// The channels it must have been on.
    public let over: ChannelSet

    init(event: ContactKind, wait: Period?, within: Period?, per: CountingKey, over: ChannelSet) {
        self.event = event
        self.wait = wait
        self.within = within
        self.per = per
        self.over = over
    }
}

/// Once contacted over one channel, not over another one in the same period.
public final class OneChannel: Sendable {
    public let per: CountingKey
    public let period: Period

    init(per: CountingKey, period: Period) {
        self.per = per
        self.period = period
    }
}

/// Who may be contacted, and what for, at all. An empty set admits all.
public final class Admission: Sendable {
    public let roles: Set<Role>
    public let purposes: Set<Purpose>

    init(roles: Set<Role>, purposes: Set<Purpose>) {
        self.roles = roles
        self.purposes = purposes
    }
}

/// What a message must and must not hold.
public final class ContentRule: Sendable {
    /// Notices that the message must hold, or that are added to it; at most ``NoticeChoice/most``.
    public let require: [String]
    /// Variables that it must not use.
    public let forbid: [String]
    /// BCP 47 languages, of which it must be in one; empty: any.
    public let languages: [String]

    init(require: [String], forbid: [String], languages: [String]) {
        self.require = require
        self.forbid = forbid
        self.languages = languages
    }
}

/// How long records must be kept at least.
public final class Retention: Sendable {
    public enum Subject: String, CaseIterable, Sendable { case records, recordings }
    public enum Start: String, CaseIterable, Sendable {
        case lastActivity = "last-activity"
        case recording
    }

    public let of: Subject
    public let keep: Period
    public let after: Start

    init(of: Subject, keep: Period, after: Start) {
        self.of = of
        self.keep = keep
        self.after = after
    }
}

extension ContactKind {
    /// Whether such an event, where it names a channel, concerns that channel alone.
    var isOfOneChannel: Bool {
        switch self {
        case .consent, .consentWithdrawn, .optOut, .optIn, .refusal, .appointment, .blocked, .deadAddress: true
        default: false
        }
    }
}
