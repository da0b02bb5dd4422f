// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Something that happened with a person outside Dunlin and that rules count or heed, as the integrator tells it.
public struct ContactEvent: Hashable, Sendable {
    /// What the ids of events begin with that Dunlin learns by itself; integrators cannot use it.
    public static let ownPrefix = "dunlin:"

    /// The integrator's own id; storing it twice changes nothing.
    public var id: String
    /// What happened. An event without a recipient has ``ContactKey/any`` there and is found by its address.
    public var contact: Contact
    /// The id of the reminder whose attempt it tells more of; nil where it is about none.
    public var reminder: String?

    public init(id: String, contact: Contact, reminder: String? = nil) {
        self.id = id
        self.contact = contact
        self.reminder = reminder
    }
}

/// An event with what the ledger knows of it.
public struct EventRecord: Hashable, Sendable {
    /// The ledger's own number for it, in the order of import.
    public var number: Int64
    public var event: ContactEvent
    public var imported: Instant

    public init(number: Int64, event: ContactEvent, imported: Instant) {
        self.number = number
        self.event = event
        self.imported = imported
    }
}
