// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// One line of the control file that stops sends.
public struct Pause: Hashable, Sendable {
    /// Nil stands for "any" in each of the four; a pause that names nothing stops everything.
    public var channel: Channel?
    public var gateway: String?
    public var message: String?
    public var creditor: String?
    /// When it ends by itself.
    public var until: Instant?
    public var by: String?
    public var reason: String?

    public init(
        channel: Channel? = nil, gateway: String? = nil, message: String? = nil, creditor: String? = nil,
        until: Instant? = nil, by: String? = nil, reason: String? = nil
    ) {
        self.channel = channel
        self.gateway = gateway
        self.message = message
        self.creditor = creditor
        self.until = until
        self.by = by
        self.reason = reason
    }

    public func isOver(at now: Instant) -> Bool { until.map { $0 <= now } ?? false }

    public var stopsEverything: Bool { channel == nil && gateway == nil && message == nil && creditor == nil }

    /// Whether it names this send. A pause of one gateway leaves the others of a route free.
    public func covers(_ scope: SendScope) -> Bool {
        (channel == nil || channel == scope.channel) && (gateway == nil || gateway == scope.gateway)
            && (message == nil || message == scope.message) && (creditor == nil || creditor == scope.creditor)
    }

    /// Whether it names the same sends as `other`, whoever set it and until when.
    public func hasSameScope(as other: Pause) -> Bool {
        channel == other.channel && gateway == other.gateway && message == other.message && creditor == other.creditor
    }
}

/// What the control file says. Design section 8: nothing in it means running; what cannot be understood stops everything.
public struct Control: Hashable, Sendable {
    public var pauses: [Pause]
    /// Which line could not be understood and why; nil where all is well.
    public var fault: String?

    public init(pauses: [Pause] = [], fault: String? = nil) {
        self.pauses = pauses
        self.fault = fault
    }

    /// Whether nothing at all may go out.
    public func stopsEverything(at now: Instant) -> Bool {
        fault != nil || pauses.contains { $0.stopsEverything && !$0.isOver(at: now) }
    }

    /// Whether this send may not go out.
    public func stops(_ scope: SendScope, at now: Instant) -> Bool {
        fault != nil || pauses.contains { $0.covers(scope) && !$0.isOver(at: now) }
    }

    /// Those that are in force.
    public func active(at now: Instant) -> [Pause] { pauses.filter { !$0.isOver(at: now) } }
}
