// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel

/// Receipts that come when their reminders have gone on or ended.
extension Receiver {
    /// A receipt of an attempt of which nothing more was expected: as a rule a repetition, else a contradiction, which is kept and
    /// moves nothing but what still waits.
    func takeLate(
        _ receipt: Receipt, of attempt: Int64, by gateway: String, _ tx: any LedgerTransaction, at now: Instant
    ) throws {
        let isRefunded = try tx.isRefunded(attempt)
        switch receipt.status {
        case .accepted where !isRefunded: return
        case .accepted, .delivered, .complained, .unsubscribed:
            // It was refused, never known, or had failed, and was taken or has arrived all the same.
            let told = receipt.status == .accepted ? receipt.status : .delivered
            guard try isRefunded || tx.isTold(Receipt.Status.failed.rawValue, of: attempt),
                try tx.markTold(told.rawValue, of: attempt), let intent = try tx.intent(of: attempt)
            else { return }
            try tx.markArrived(intent.fact.reminder)
            if isRefunded { try countAgain(intent, of: attempt, tx, now) }
        case .failed where isRefunded:
            // A call that was refused and rang all the same was a contact, though nobody took it.
            guard receipt.answeredBy != nil, try tx.markTold(receipt.status.rawValue, of: attempt),
                let intent = try tx.intent(of: attempt)
            else { return }
            try countAgain(intent, of: attempt, tx, now)
        case .failed:
            guard try tx.markTold(receipt.status.rawValue, of: attempt) else { return }
        }
        try record(receipt, of: attempt, by: gateway, tx, at: now)
    }

    /// Keeps what a receipt says where it moves nothing: `delivered code 7 at 2026-11-25T12:00:00Z`, by the gateway's clock.
    func record(
        _ receipt: Receipt, of attempt: Int64, by gateway: String, _ tx: any LedgerTransaction, at now: Instant
    ) throws {
        guard let intent = try tx.intent(of: attempt) else { return }
        let code = receipt.code.map { " code \($0)" } ?? ""
        let at = receipt.at.map { " at \($0)" } ?? ""
        try tx.note(
            Fact(
                .receipt, of: intent.fact.reminder, at: now, channel: intent.fact.channel, gateway: gateway,
                reason: receipt.reason, attempt: attempt, detail: "\(receipt.status.rawValue)\(code)\(at)"))
    }

    /// What was refused, and reached the person all the same, was a contact: as an event, because the count of attempts has
    /// forgotten it.
    private func countAgain(_ intent: Intent, of attempt: Int64, _ tx: any LedgerTransaction, _ now: Instant) throws {
        try tx.store(
            ContactEvent(
                id: EventOrigin.attempt(attempt, .receipt).id(.attempt), contact: intent.contact,
                reminder: try tx.remains(of: intent.fact.reminder).reminder.id), at: now)
    }
}
