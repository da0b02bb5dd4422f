// SPDX-License-Identifier: Apache-2.0

/// A way to reach a person.
public enum Channel: String, CaseIterable, Sendable, Codable {
    case sms, email, call
    /// A text in a messaging app.
    case chat
    /// Something that people do: a visit, a letter, a legal referral. It is handed to them.
    case task
}

/// One thing to say to one person about one account, once, in a stretch of time.
public struct Reminder: Hashable, Sendable {
    /// The integrator's own id; importing it twice changes nothing.
    public var id: String
    /// The folder name of the message in the template library.
    public var message: String
    /// From when it may go out.
    public var due: Instant
    /// From when it must not go out any more; always after `due`.
    public var expires: Instant
    /// The channels it may take, the preferred one first; never empty, no channel twice.
    public var channels: [Channel]
    public var account: Account
    public var recipient: Recipient
    /// Values for the message beyond account and recipient, by name.
    public var vars: [String: String]

    public init(
        id: String, message: String, due: Instant, expires: Instant, channels: [Channel], account: Account,
        recipient: Recipient, vars: [String: String] = [:]
    ) {
        self.id = id
        self.message = message
        self.due = due
        self.expires = expires
        self.channels = channels
        self.account = account
        self.recipient = recipient
        self.vars = vars
    }
}

/// The debt a reminder is about.
public struct Account: Hashable, Sendable {
    public var id: String
    /// Whom the money is owed to, as the recipient knows them.
    public var creditor: String
    public var amount: Money
    public var dueDate: CivilDate
    /// Whoever sends, as the law sees them; nil when nobody said.
    public var party: Party?
    /// The kind of debt in the company's own word, such as `credit-card`; nil when nobody said.
    public var product: String?

    public init(
        id: String, creditor: String, amount: Money, dueDate: CivilDate, party: Party? = nil, product: String? = nil
    ) {
        self.id = id
        self.creditor = creditor
        self.amount = amount
        self.dueDate = dueDate
        self.party = party
        self.product = product
    }
}

/// The person who receives a reminder.
public struct Recipient: Hashable, Sendable {
    public var id: String
    public var name: String
    /// BCP 47, such as `zh-Hant-HK`.
    public var locale: String
    /// IANA names of every zone the person may be in; empty when nobody knows.
    public var zones: [String]
    /// ISO 3166-1 country or 3166-2 subdivision, such as `US-MA`, then perhaps a place in it, such as `US-NY-NYC`.
    public var region: String?
    /// E.164, with the plus.
    public var phone: String?
    public var email: String?
    /// A ``ChatAddress`` as text, such as `whatsapp:+8613800138000`.
    public var chat: String?
    /// What the person is to the debt.
    public var role: Role

    public init(
        id: String, name: String, locale: String, zones: [String] = [], region: String? = nil, phone: String? = nil,
        email: String? = nil, chat: String? = nil, role: Role = .borrower
    ) {
        self.id = id
        self.name = name
        self.locale = locale
        self.zones = zones
        self.region = region
        self.phone = phone
        self.email = email
        self.chat = chat
        self.role = role
    }

    /// The address a channel uses, if the person has one. Whoever does a task finds the person by their id, so all have one.
    public func address(for channel: Channel) -> String? {
        switch channel {
        case .sms, .call: phone
        case .email: email
        case .chat: chat
        case .task: id
        }
    }
}
