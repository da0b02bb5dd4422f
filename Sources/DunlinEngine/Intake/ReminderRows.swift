// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinTemplates
import DunlinTime

/// The fields of a reminder row (design section 9).
enum ReminderField: Int, RowField {
    case id, message, due, expires, channels
    case accountID, creditor, amount, currency, dueDate, party, product
    case recipientID, name, locale, zones, region, phone, email, chat, role

    static let schema = RowSchema(
        [
            "id", "message", "due", "expires", "channels", "account.id", "account.creditor", "account.amount",
            "account.currency", "account.due_date", "account.party", "account.product", "recipient.id",
            "recipient.name", "recipient.locale", "recipient.zones", "recipient.region", "recipient.phone",
            "recipient.email", "recipient.chat", "recipient.role",
        ], lists: ["channels", "recipient.zones"], takesVariables: true)
}

/// Reminder rows: what is to be sent.
struct ReminderRows: RowKind {
    typealias Field = ReminderField

    /// How long a reminder without `expires` stays useful.
    static let defaultLifetime = Duration.days(3)

    let messages: TemplateLibrary
    let zones: ZoneDatabase

    func store(_ items: [Reminder], in ledger: any Ledger, at now: Instant) throws -> [StoreResult] {
        try ledger.store(items, at: now)
    }

    func item(from row: RawRow, at now: Instant) throws(RowErrors) -> Reminder {
        var check = RowCheck<ReminderField>(row)
        let id = check.required(.id, "1 to 128 visible characters") { $0.isIdentifier ? $0 : nil }
        let message = checkMessage(&check)
        let due = check.required(.due, "a time such as 2026-11-25T09:00:00Z") { Instant(rfc3339: $0) }
        let expires = check.optional(.expires, "a time such as 2026-11-28T00:00:00Z") { Instant(rfc3339: $0) }
        if let due, let expires, expires <= due {
            check.add(.expires, "a time after due, \(due)")
        }
        let channels = checkChannels(&check)
        let account = checkAccount(&check)
        let recipient = checkRecipient(&check)
        if let recipient, !channels.isEmpty, channels.allSatisfy({ recipient.address(for: $0) == nil }) {
            check.add(
                ReminderField(address: channels[0]),
                "an address for one of the channels \(channels.map(\.rawValue).joined(separator: ", "))")
        }
        if let template = message.flatMap(messages.message), let account {
            for fault in template.faults(in: row.vars, currency: account.amount.currency) {
                check.errors.append(RowError("vars.\(fault.name)", value: fault.value, expected: fault.expected))
            }
        }
        guard check.errors.isEmpty, let id, let message, let due, let account, let recipient else {
            throw RowErrors(check.errors)
        }
        return Reminder(
            id: id, message: message, due: due, expires: expires ?? due + ReminderRows.defaultLifetime,
            channels: channels, account: account, recipient: recipient, vars: row.vars)
    }

    private func checkMessage(_ check: inout RowCheck<ReminderField>) -> String? {
        guard let name = check.required(.message, "the name of a message", read: { $0 }) else { return nil }
        if messages.message(name) != nil { return name }
        let near = nearMiss(name, among: messages.messages.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
        check.add(.message, "a message of the template library\(near)")
        return nil
    }

    private func checkChannels(_ check: inout RowCheck<ReminderField>) -> [Channel] {
        let names = check.list(.channels)
        let channels = names.compactMap(Channel.init(rawValue:))
        let hasTwins = channels.indices.contains { channels[..<$0].contains(channels[$0]) }
        if names.isEmpty || channels.count < names.count || hasTwins {
            let all = Channel.allCases.map(\.rawValue).joined(separator: ", ")
            check.errors.append(
                RowError("channels", value: names.joined(separator: ";"), expected: "one or more of \(all), none twice")
            )
        }
        return channels
    }

    private func checkAccount(_ check: inout RowCheck<ReminderField>) -> Account? {
        let id = check.required(.accountID, "1 to 128 visible characters") { $0.isIdentifier ? $0 : nil }
        let creditor = check.required(.creditor, "the creditor's name, one line") { $0.isOneLine ? $0 : nil }
        let dueDate = check.required(.dueDate, "a day such as 2026-11-20") { CivilDate(iso8601: $0) }
        let currency = check.required(.currency, "an ISO 4217 code such as USD") { Currency(code: $0) }
        let decimals = currency.map { "at most \($0.minorDigits) decimals" } ?? "a decimal"
        let amount = check.required(.amount, "an amount of zero or more, \(decimals), such as 1234.50") { text in
            // Where the currency itself is wrong, that is the one error to report.
            guard let currency else { return Money?.none }
            return Money(decimal: text, currency: currency).flatMap { $0.minorUnits >= 0 ? $0 : nil }
        }
        if currency == nil { check.errors.removeAll { $0.field == ReminderField.amount.path && !$0.value.isEmpty } }
        let party = check.optional(.party, oneOf: Party.self)
        let product = check.optional(.product, "a word such as credit-card") { $0.isIdentifier ? $0 : nil }
        guard let id, let creditor, let dueDate, let amount else { return nil }
        return Account(id: id, creditor: creditor, amount: amount, dueDate: dueDate, party: party, product: product)
    }

    private func checkRecipient(_ check: inout RowCheck<ReminderField>) -> Recipient? {
        let id = check.required(.recipientID, "1 to 128 visible characters") { $0.isIdentifier ? $0 : nil }
        let name = check.optional(.name, "the person's name, one line") { $0.isOneLine ? $0 : nil }
        let locale = check.required(.locale, "a BCP 47 tag such as en-US or zh-Hant") { $0.isLanguageTag ? $0 : nil }
        let region = check.optional(.region, "an ISO 3166 code such as US, US-MA or US-NY-NYC") {
            $0.isRegion ? $0 : nil
        }
        let phone = check.optional(.phone, "an E.164 number such as +16175550123") { $0.isE164 ? $0 : nil }
        let email = check.optional(.email, "an address such as alex@example.com") { $0.isMailAddress ? $0 : nil }
        let chat = check.optional(.chat, ChatAddress.shape) { ChatAddress($0) == nil ? nil : $0 }
        let role = check.optional(.role, oneOf: Role.self)
        let zoneNames = check.list(.zones)
        for zone in zoneNames {
            do { _ = try zones.zone(zone) } catch {
                let hint = (error as? DunlinError).map { "; \($0.remedy)" } ?? ""
                check.errors.append(
                    RowError("recipient.zones", value: zone, expected: "an IANA zone such as America/New_York\(hint)"))
            }
        }
        guard let id, let locale else { return nil }
        return Recipient(
            id: id, name: name ?? "", locale: locale, zones: zoneNames, region: region, phone: phone, email: email,
            chat: chat, role: role ?? .borrower)
    }
}

extension ReminderField {
    /// The one that holds a channel's address.
    fileprivate init(address channel: Channel) {
        switch channel {
        case .sms, .call: self = .phone
        case .email: self = .email
        case .chat: self = .chat
        case .task: self = .recipientID
        }
    }
}
