// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinLedger

/// A ledger that the conformance suite runs against. Add a line to `all` and the whole suite holds for it.
struct LedgerKind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Lives in memory for one plan: it knows no histories, undoes nothing and is gone when it is closed.
    var isPlan = false
    let open: @Sendable (_ directory: TemporaryDirectory) throws -> any Ledger

    /// What holds for the ledger of a plan too.
    static let withPlan = all + [LedgerKind(testDescription: "of a plan", isPlan: true) { _ in PlanLedger() }]

    static let all = [
        LedgerKind(testDescription: "SQLite") {
            try SQLiteLedger.open(path: $0.file("ledger.db"), role: .owner)
        },
        // Generations so small that every test moves contacts and ids from memory to their tables.
        LedgerKind(testDescription: "SQLite, settling all the time") {
            try SQLiteLedger(path: $0.file("ledger.db"), role: .owner, generationSize: 4)
        },
    ]
}

/// Removed with everything in it when the test is done.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "dunlin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}

let t0 = Instant(rfc3339: "2026-11-25T09:00:00Z")!

/// A reminder due `due` seconds after `t0`, for a day. Account and recipient follow `person`, so several can share one.
func sample(
    _ id: String, due: Int64 = 0, lasts: Duration = .days(1), channels: [Channel] = [.sms, .email], person: Int = 1,
    amount: Int64 = 123_450, vars: [String: String] = [:]
) -> Reminder {
    Reminder(
        id: id, message: "payment-overdue", due: t0 + .seconds(due), expires: t0 + .seconds(due) + lasts,
        channels: channels,
        account: Account(
            id: "A-\(person)", creditor: "Harbor Credit",
            amount: Money(minorUnits: amount, currency: Currency(code: "USD")!),
            dueDate: CivilDate(iso8601: "2026-11-20")!),
        recipient: Recipient(
            id: "P-\(person)", name: "Alex Kim", locale: "en-US", zones: ["America/New_York", "America/Chicago"],
            region: "US-MA", phone: "+1617555\(1000 + person)", email: nil),
        vars: vars)
}

func contact(_ person: Int, at: Instant = t0, channel: Channel = .sms) -> Contact {
    Contact(
        at: at, channel: channel, recipient: .recipient("P-\(person)"), account: .account("A-\(person)"),
        address: .address("+1617555\(1000 + person)"))
}

/// A conversation with every key, `at` seconds after `t0`.
func event(
    _ id: String, _ kind: ContactKind = .conversation, person: Int = 1, at: Int64 = 0, figure: Int32 = 0
) -> ContactEvent {
    ContactEvent(
        id: id,
        contact: Contact(
            kind, at: t0 + .seconds(at), channel: .call, recipient: .recipient("P-\(person)"),
            account: .account("A-\(person)"), address: .address("+1617555\(1000 + person)"),
            creditor: .creditor("Harbor Credit"), figure: figure))
}

extension LedgerTransaction {
    /// Takes the oldest entry of the SMS lane and puts it in flight.
    func launch(person: Int = 1, at now: Instant = t0) throws -> Flight {
        let entry = try takeDue(in: .sms, upTo: now, limit: 1)[0]
        return try beginFlight(
            of: entry, channel: .sms, gateway: "sms-main", contact: contact(person, at: now), detail: "strict/daily",
            at: now)
    }

    func land(_ flight: Flight, _ event: Event, refund: Bool = false, at now: Instant = t0) throws {
        try endFlight(flight, refund: refund)
        try append(
            Fact(
                event, of: flight.queued.key, at: now, channel: flight.channel, gateway: flight.gateway,
                attempt: flight.attempt),
            from: .sending, to: State.sending.after(event)!)
    }
}

struct Mishap: Error {}
