// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// Checks a row completely and makes a reminder of it, or says everything that is wrong with it.
struct RowChecker {
    /// How long a reminder without `expires` stays useful.
    static let defaultLifetime = Duration.days(3)

    let messages: Set<String>
    let zones: ZoneDatabase

    func reminder(from row: RawRow) throws(RowErrors) -> Reminder {
        var check = Check(row: row)
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
            let field = channels[0] == .email ? RowField.email : .phone
            check.add(field, "an address for one of the channels \(channels.map(\.rawValue).joined(separator: ", "))")
        }
        guard check.errors.isEmpty, let id, let message, let due, let account, let recipient else {
            throw RowErrors(check.errors)
        }
        return Reminder(
            id: id, message: message, due: due, expires: expires ?? due + RowChecker.defaultLifetime,
            channels: channels, account: account, recipient: recipient, vars: row.vars)
    }

    private func checkMessage(_ check: inout Check) -> String? {
        guard let name = check.required(.message, "the name of a message", read: { $0 }) else { return nil }
        if messages.contains(name) { return name }
        let near = nearMiss(name, among: messages).map { "; did you mean '\($0)'?" } ?? ""
        check.add(.message, "a message of the template library\(near)")
        return nil
    }

    private func checkChannels(_ check: inout Check) -> [Channel] {
        let names = check.row.channels ?? []
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

    private func checkAccount(_ check: inout Check) -> Account? {
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
        if currency == nil { check.errors.removeAll { $0.field == RowField.amount.path && !$0.value.isEmpty } }
        guard let id, let creditor, let dueDate, let amount else { return nil }
        return Account(id: id, creditor: creditor, amount: amount, dueDate: dueDate)
    }

    private func checkRecipient(_ check: inout Check) -> Recipient? {
        let id = check.required(.recipientID, "1 to 128 visible characters") { $0.isIdentifier ? $0 : nil }
        let name = check.required(.name, "the person's name, one line") { $0.isOneLine ? $0 : nil }
        let locale = check.required(.locale, "a BCP 47 tag such as en-US or zh-Hant") { $0.isLanguageTag ? $0 : nil }
        let region = check.optional(.region, "an ISO 3166 code such as US or US-MA") { $0.isRegion ? $0 : nil }
        let phone = check.optional(.phone, "an E.164 number such as +16175550123") { $0.isE164 ? $0 : nil }
        let email = check.optional(.email, "an address such as alex@example.com") { $0.isMailAddress ? $0 : nil }
        let zoneNames = check.row.zones ?? []
        for zone in zoneNames {
            do { _ = try zones.zone(zone) } catch {
                let hint = (error as? DunlinError).map { "; \($0.remedy)" } ?? ""
                check.errors.append(
                    RowError("recipient.zones", value: zone, expected: "an IANA zone such as America/New_York\(hint)"))
            }
        }
        guard let id, let name, let locale else { return nil }
        return Recipient(
            id: id, name: name, locale: locale, zones: zoneNames, region: region, phone: phone, email: email)
    }
}

/// Everything that is wrong with one row.
struct RowErrors: Error {
    var errors: [RowError]
    init(_ errors: [RowError]) { self.errors = errors }
}

/// Collects the errors of one row, so that its owner mends it once.
private struct Check {
    let row: RawRow
    var errors: [RowError] = []

    init(row: RawRow) { self.row = row }

    mutating func add(_ field: RowField, _ expected: String) {
        errors.append(RowError(field.path, value: row[field] ?? "", expected: expected))
    }

    mutating func required<Value>(_ field: RowField, _ expected: @autoclosure () -> String, read: (String) -> Value?)
        -> Value?
    {
        if let text = row[field], let value = read(text) { return value }
        add(field, expected())
        return nil
    }

    mutating func optional<Value>(_ field: RowField, _ expected: @autoclosure () -> String, read: (String) -> Value?)
        -> Value?
    {
        guard let text = row[field], !text.isEmpty else { return nil }
        if let value = read(text) { return value }
        add(field, expected())
        return nil
    }
}
