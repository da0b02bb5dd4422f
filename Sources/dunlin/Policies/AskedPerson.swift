// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinModel
import DunlinPolicy

/// A person as `policies ask` has them described: nothing of it needs to be in the ledger.
struct AskedPerson: ParsableArguments {
    @Option(help: "ISO 3166 country or subdivision, such as US-MA.") var region: String?
    @Option(help: "E.164 number.") var phone: String?
    @Option(help: "Mail address.") var email: String?
    @Option(help: "Chat, such as whatsapp:+8613800138000.") var chat: String?
    @Option(help: "IANA zone of the record; repeat it if several are possible.") var zone: [String] = []
    @Option(help: "What the person is to the debt.") var role: Role?
    @Option(help: "What you are in law: bank, lender, collector, purchaser.") var party: Party?
    @Option(help: "The kind of debt, as packs name it.") var product: String?
    @Option(help: "The day the debt was due, such as 2026-11-01.") var dueDate: CivilDate?
    @Option(help: "The creditor's name.") var creditor: String?
    @Option(help: "The name of the message.") var message: String?
    @Option(name: .customLong("for"), help: "What the message is for, such as reminder or marketing.")
    var purpose: Purpose?

    /// The reminder that is asked about: what is said here goes before what the ledger knows.
    func reminder(besides known: Reminder?) throws -> Reminder {
        let today = CivilDate(iso8601: "2026-01-01")!
        var reminder =
            known
            ?? Reminder(
                id: "asked", message: message ?? "asked", due: Instant(seconds: 0), expires: .distantFuture,
                channels: Channel.allCases,
                account: Account(
                    id: "asked", creditor: creditor ?? "asked",
                    amount: Money(minorUnits: 0, currency: Currency(code: "USD")!), dueDate: dueDate ?? today),
                recipient: Recipient(id: "asked", name: "", locale: "en"))
        if let message { reminder.message = message }
        if let creditor { reminder.account.creditor = creditor }
        if let dueDate { reminder.account.dueDate = dueDate }
        reminder.account.party = party ?? reminder.account.party
        reminder.account.product = product ?? reminder.account.product
        reminder.recipient.role = role ?? reminder.recipient.role
        reminder.recipient.region = region ?? reminder.recipient.region
        reminder.recipient.phone = phone ?? reminder.recipient.phone
        reminder.recipient.email = email ?? reminder.recipient.email
        reminder.recipient.chat = chat ?? reminder.recipient.chat
        if !zone.isEmpty { reminder.recipient.zones = zone }
        // Where nobody knows the address, the question is about hours and counts: any that tells nothing will do.
        if known == nil {
            reminder.recipient.phone = reminder.recipient.phone ?? "+15550000000"
            reminder.recipient.email = reminder.recipient.email ?? "asked@invalid"
            reminder.recipient.chat = reminder.recipient.chat ?? "whatsapp:+15550000000"
        }
        return reminder
    }
}

/// An event as `policies ask` has it on the command line.
struct AskedEvent: ExpressibleByArgument {
    let kind: ContactKind
    let at: Instant
    private var until = Instant.distantFuture
    private var channel: Channel?
    private var account, creditor, address: String?
    private var isInbound = false
    private var isOwn = false
    private var figure: Int32 = 0

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let head = parts[0].split(separator: "@", maxSplits: 1)
        guard head.count == 2, let kind = ContactKind(rawValue: String(head[0])),
            let at = Instant(rfc3339: String(head[1]))
        else { return nil }
        (self.kind, self.at) = (kind, at)
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            switch (pair.first, pair.dropFirst().first) {
            case ("inbound", nil): isInbound = true
            case ("own", nil): isOwn = true
            case ("until", let text?):
                guard let until = Instant(rfc3339: text) else { return nil }
                self.until = until
            case ("channel", let text?):
                guard let channel = Channel(rawValue: text) else { return nil }
                self.channel = channel
            case ("account", let text?): account = text
            case ("creditor", let text?): creditor = text
            case ("address", let text?): address = text
            case ("seconds", let text?):
                guard let seconds = Int32(text), seconds > 0 else { return nil }
                figure = seconds
            case ("hours", let text?):
                guard let hours = BlockedHours(text: text) else { return nil }
                figure = hours.figure
            default: return nil
            }
        }
        // What has a channel of its own must have one; by default it is the one that is asked about.
        if kind == .blocked, figure == 0 { return nil }
    }

    func contact(about reminder: Reminder, address asked: String, over channel: Channel) -> Contact {
        let isAttempt = kind == .attempt || kind == .unanswered
        return Contact(
            kind, at: at, until: until, channel: self.channel ?? (isAttempt ? channel : nil),
            recipient: .recipient(reminder.recipient.id),
            account: account.map(ContactKey.account) ?? .account(reminder.account.id),
            address: address.map(ContactKey.address) ?? (isAttempt ? .address(asked) : .any),
            creditor: creditor.map(ContactKey.creditor) ?? .creditor(reminder.account.creditor), isOwn: isOwn,
            isInbound: isInbound, figure: figure)
    }
}

/// An instant on the command line, RFC 3339.
struct AskedInstant: ExpressibleByArgument {
    let instant: Instant

    init?(argument: String) {
        guard let instant = Instant(rfc3339: argument) else { return nil }
        self.instant = instant
    }
}

/// The events of the question, and what the ledger has besides.
struct AskedHistory: ContactHistory {
    private let attempts, told: [Contact]
    private let ledger: (any ContactHistory)?

    init(events: [Contact], ledger: (any ContactHistory)?) {
        let sorted = events.sorted { $0.at < $1.at }
        attempts = sorted.filter { $0.kind == .attempt }
        told = sorted.filter { $0.kind != .attempt }
        self.ledger = ledger
    }

    func contacts(of key: ContactKey, since: Instant) throws -> [Contact] {
        let own = attempts.filter { $0.at >= since && [$0.recipient, $0.account, $0.address].contains(key) }
        guard let ledger else { return own }
        return (try ledger.contacts(of: key, since: since) + own).sorted { $0.at < $1.at }
    }

    func events(recipient: ContactKey, account: ContactKey, address: ContactKey) throws -> [Contact] {
        guard let ledger else { return told }
        let known = try ledger.events(recipient: recipient, account: account, address: address)
        return (known + told).sorted { $0.at < $1.at }
    }
}

extension Role: ExpressibleByArgument {}
extension Party: ExpressibleByArgument {}
extension Purpose: ExpressibleByArgument {}
extension CivilDate: ExpressibleByArgument {
    public init?(argument: String) { self.init(iso8601: argument) }
}
