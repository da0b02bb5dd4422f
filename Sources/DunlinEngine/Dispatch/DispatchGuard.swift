// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import Synchronization

/// An attempt's outcome, on its way from the transport to the engine.
public struct Answer: Sendable {
    public var attempt: Int64
    public var outcome: Outcome
}

/// The engine's hand at the wire: asks the last question before a request leaves, and leaves the mark that it left.
public final class DispatchGuard: WireGuard {
    private let clock: any Clock
    private let journal: WireJournal
    private let mailbox: Mailbox<Answer>
    private let control = Mutex(Control())
    private let isStopping = Atomic(false)

    public init(clock: any Clock, journal: WireJournal, mailbox: Mailbox<Answer>) {
        self.clock = clock
        self.journal = journal
        self.mailbox = mailbox
    }

    /// What operators paused; takes effect with the next request.
    public func setControl(_ new: Control) { control.withLock { $0 = new } }

    /// From now on nothing new goes on the wire.
    public func stop() { isStopping.store(true, ordering: .releasing) }

    public func refusal(for transfer: Transfer) -> Reason? {
        if isStopping.load(ordering: .acquiring) { return .shuttingDown }
        let now = clock.now
        if control.withLock({ $0.stops(transfer.scope, at: now) }) { return .paused }
        if now >= transfer.notAfter { return .windowClosed }
        if let slot = transfer.slot { journal.markOnWire(slot: slot, attempt: transfer.attempt) }
        return nil
    }

    public func finished(_ results: [(transfer: Transfer, outcome: Outcome)]) {
        for (transfer, outcome) in results {
            guard let slot = transfer.slot else { continue }
            if case .withdrawn = outcome { continue }
            journal.markAnswered(slot: slot, attempt: transfer.attempt, outcome: outcome)
        }
        mailbox.post(results.map { Answer(attempt: $0.transfer.attempt, outcome: $0.outcome) })
    }
}
