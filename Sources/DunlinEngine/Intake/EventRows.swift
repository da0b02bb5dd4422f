// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

/// The fields of an event row (`docs/events.md`).
enum EventField: Int, RowField {
    case id, kind, at, until, channel, direction, recipient, account, creditor, address, reminder, seconds, hours

    static let schema = RowSchema([
        "id", "kind", "at", "until", "channel", "direction", "recipient", "account", "creditor", "address", "reminder",
        "seconds", "hours",
    ])
}

/// Event rows: what happened with people outside Dunlin.
struct EventRows: RowKind {
    typealias Field = EventField

    private enum Direction: String, CaseIterable { case inbound, outbound }

    func item(from row: RawRow, at now: Instant) throws(RowErrors) -> ContactEvent {
        var check = RowCheck<EventField>(row)
        let identifier = "1 to 128 visible characters"
        let own = "\(identifier) that do not begin with dunlin:, as Dunlin's own do"
        let id = check.required(.id, own) { $0.isIdentifier && !$0.hasPrefix(ContactEvent.ownPrefix) ? $0 : nil }
        let kind = check.required(.kind, oneOf: ContactKind.self)
        let (at, until) = checkTimes(kind, now, &check)
        let channel = check.optional(.channel, oneOf: Channel.self)
        if kind?.needsChannel == true, check[.channel] == nil {
            check.add(.channel, "the channel it took: \(Channel.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let direction = check.optional(.direction, oneOf: Direction.self)
        let address = checkAddress(channel, &check)
        let recipient = checkRecipient(kind, &check)
        let account = check.optional(.account, identifier) { $0.isIdentifier ? $0 : nil }
        let creditor = check.optional(.creditor, "the creditor's name, one line") { $0.isOneLine ? $0 : nil }
        let reminder = check.optional(.reminder, identifier) { $0.isIdentifier ? $0 : nil }
        let figure = checkFigure(kind, &check)
        guard check.errors.isEmpty, let id, let kind, let at else { throw RowErrors(check.errors) }
        return ContactEvent(
            id: id,
            contact: Contact(
                kind, at: at, until: until ?? .distantFuture, channel: channel,
                recipient: recipient.map(ContactKey.recipient) ?? .any,
                account: account.map(ContactKey.account) ?? .any,
                address: address.map(ContactKey.address) ?? .any,
                creditor: creditor.map(ContactKey.creditor) ?? .any,
                isOwn: reminder != nil, isInbound: direction == .inbound, figure: figure),
            reminder: reminder)
    }

    func store(_ items: [ContactEvent], in ledger: any Ledger, at now: Instant) throws -> [StoreResult] {
        try ledger.store(events: items, at: now)
    }

    private func checkTimes(_ kind: ContactKind?, _ now: Instant, _ check: inout RowCheck<EventField>)
        -> (at: Instant?, until: Instant?)
    {
        let at = check.required(.at, "a time such as 2026-11-10T15:00:00Z") { Instant(rfc3339: $0) }
        let until = check.optional(.until, "a time such as 2026-11-28T00:00:00Z") { Instant(rfc3339: $0) }
        if let at, let kind, !kind.mayLieAhead, at > now + .days(1) {
            check.add(.at, "a time that has come: it is \(now)")
        }
        if let at, let until, until <= at { check.add(.until, "a time after at, \(at)") }
        if kind == .appointment, check[.until] == nil { check.add(.until, "the end of the appointment") }
        return (at, until)
    }

    private func checkAddress(_ channel: Channel?, _ check: inout RowCheck<EventField>) -> String? {
        switch channel {
        case .email: check.optional(.address, "a mail address such as alex@example.com") { $0.isMailAddress ? $0 : nil }
        case .sms, .call: check.optional(.address, "an E.164 number such as +16175550123") { $0.isE164 ? $0 : nil }
        case .chat: check.optional(.address, ChatAddress.shape) { ChatAddress($0) == nil ? nil : $0 }
        case .task: check.optional(.address, "the recipient's id") { $0.isIdentifier ? $0 : nil }
        case nil:
            check.optional(.address, "an E.164 number such as +16175550123, a mail address or \(ChatAddress.shape)") {
                $0.isE164 || $0.isMailAddress || ChatAddress($0) != nil ? $0 : nil
            }
        }
    }

    private func checkRecipient(_ kind: ContactKind?, _ check: inout RowCheck<EventField>) -> String? {
        if check[.recipient] == nil, let kind, kind.mayComeFromAnAddress {
            if check[.address] == nil { check.add(.recipient, "the recipient's id, or an address alone") }
            return nil
        }
        return check.required(.recipient, "1 to 128 visible characters") { $0.isIdentifier ? $0 : nil }
    }

    private func checkFigure(_ kind: ContactKind?, _ check: inout RowCheck<EventField>) -> Int32 {
        let day = 86_400 as Int32
        let seconds = check.optional(.seconds, "whole seconds of talk, 0 to \(day)") { text in
            Int32(text).flatMap { (0...day).contains($0) && text.utf8.first != UInt8(ascii: "+") ? $0 : nil }
        }
        let form = "hours of a day or of a range of days, such as mon-fri 09:00-12:00"
        let hours = check.optional(.hours, form) { BlockedHours(text: $0) }
        guard let kind else { return 0 }
        if seconds != nil, !kind.hasDuration {
            check.add(.seconds, "nothing here: only attempt and conversation have it")
        }
        if kind == .blocked, check[.hours] == nil { check.add(.hours, form) }
        if hours != nil, kind != .blocked { check.add(.hours, "nothing here: only blocked has it") }
        return hours?.figure ?? seconds ?? 0
    }
}

extension ContactKind {
    fileprivate var needsChannel: Bool { self == .attempt || self == .unanswered }
    fileprivate var hasDuration: Bool { self == .attempt || self == .conversation }
    /// A reply such as STOP or START bears nothing but the address it came from.
    fileprivate var mayComeFromAnAddress: Bool { self == .optOut || self == .optIn || self == .deadAddress }
    /// It is arranged before it begins.
    fileprivate var mayLieAhead: Bool { [.consent, .appointment, .lifeEvent, .blocked].contains(self) }
}
