// SPDX-License-Identifier: Apache-2.0

/// Where a reminder stands. The names are stable: ledger, metrics, console and docs use the same ones.
public enum State: String, CaseIterable, Sendable {
    /// Imported, in the queue.
    case scheduled
    /// In the queue until a later instant, for a reason.
    case deferred
    /// Not sent because it could not be decided or was forbidden for now; asked again from time to time.
    case held
    /// An intent is durable and its outcome is not: the only state in which a request may be on the wire.
    case sending
    /// The gateway took it.
    case accepted
    /// The gateway reported that it arrived.
    case delivered
    /// The gateway may have it; nobody can tell.
    case unknown
    /// Refused for good, or out of attempts.
    case failed
    /// The gateway took it and could not deliver it, or no address could be reached.
    case undeliverable
    /// A rule or the person forbids it for good.
    case suppressed
    /// Its time passed before it could go.
    case expired
    /// Withdrawn by the integrator.
    case cancelled

    /// Whether the reminder still waits in the queue.
    public var isWaiting: Bool { self == .scheduled || self == .deferred || self == .held }
}

/// What can happen to a reminder. Every fact of the ledger has one of these.
public enum Event: String, CaseIterable, Sendable {
    /// An attempt began: its intent is durable and it may be on the wire from now on.
    case intent
    /// The attempt never reached the wire and the reminder went back to the queue.
    case withdrawn
    case accepted
    /// The gateway definitely did not take it.
    case refused
    case unknown
    /// What was unknown, or interrupted by a crash, goes out again by the message's policy.
    case resent
    case deferred
    case held
    case suppressed
    case expired
    case cancelled
    /// Out of attempts or channels.
    case failed
    /// No channel has an address that could be reached.
    case undeliverable
    case delivered
    /// A receipt says that it did not arrive.
    case bounced
    /// It did not arrive, or nobody says that it did, and the next channel is tried.
    case nextChannel = "next-channel"
    /// A receipt that moves the reminder nowhere: it has gone on without that attempt, or ended.
    case receipt
    /// The person pressed a key in a call.
    case pressed
}

extension State {
    /// The one table of transitions: the state after `event`, or nil where the event cannot happen in this state.
    ///
    /// A receipt that comes late or twice has no entry here and so never moves a state backwards.
    public func after(_ event: Event) -> State? {
        switch (self, event) {
        case (.scheduled, .intent), (.deferred, .intent), (.held, .intent): .sending
        case (.scheduled, .deferred), (.deferred, .deferred), (.held, .deferred): .deferred
        case (.scheduled, .held), (.deferred, .held), (.held, .held): .held
        case (.scheduled, .suppressed), (.deferred, .suppressed), (.held, .suppressed): .suppressed
        case (.scheduled, .expired), (.deferred, .expired), (.held, .expired): .expired
        case (.scheduled, .cancelled), (.deferred, .cancelled), (.held, .cancelled): .cancelled
        case (.scheduled, .undeliverable), (.deferred, .undeliverable), (.held, .undeliverable): .undeliverable
        case (.scheduled, .failed), (.deferred, .failed), (.held, .failed): .failed
        case (.sending, .withdrawn), (.sending, .refused): .scheduled
        case (.sending, .accepted): .accepted
        case (.sending, .unknown): .unknown
        case (.unknown, .resent): .scheduled
        case (.accepted, .delivered), (.unknown, .delivered): .delivered
        case (.accepted, .bounced), (.unknown, .bounced): .undeliverable
        case (.unknown, .accepted): .accepted
        // The gateway says that it never had it.
        case (.unknown, .refused): .scheduled
        case (.accepted, .nextChannel), (.unknown, .nextChannel): .scheduled
        // It arrived after all, before the next channel had its turn.
        case (.scheduled, .delivered), (.deferred, .delivered), (.held, .delivered): .delivered
        default: nil
        }
    }
}
