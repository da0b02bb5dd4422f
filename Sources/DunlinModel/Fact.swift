// SPDX-License-Identifier: Apache-2.0

/// The ledger's own number for a reminder, in the order of import.
public struct ReminderKey: Hashable, Comparable, Sendable {
    public let value: Int64
    public init(value: Int64) { self.value = value }
    public static func < (a: ReminderKey, b: ReminderKey) -> Bool { a.value < b.value }
}

/// Something that happened to a reminder. Only ever appended; carries ids, codes and figures, never personal data.
public struct Fact: Hashable, Sendable {
    public var reminder: ReminderKey
    public var at: Instant
    public var event: Event
    public var channel: Channel?
    public var gateway: String?
    public var reason: Reason?
    /// For `deferred` and `held`: when it is asked again.
    public var until: Instant?
    /// The number of the intent fact that this one answers; nil on the intent itself and on decisions.
    public var attempt: Int64?
    /// Codes, figures and rules for `why`.
    public var detail: String

    public init(
        _ event: Event, of reminder: ReminderKey, at: Instant, channel: Channel? = nil, gateway: String? = nil,
        reason: Reason? = nil, until: Instant? = nil, attempt: Int64? = nil, detail: String = ""
    ) {
        self.reminder = reminder
        self.at = at
        self.event = event
        self.channel = channel
        self.gateway = gateway
        self.reason = reason
        self.until = until
        self.attempt = attempt
        self.detail = detail
    }
}
