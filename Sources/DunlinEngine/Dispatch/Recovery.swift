// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

/// What start-up found and settled of the run before.
public struct RecoveryReport: Hashable, Sendable {
    /// Never on the wire: back in the queue.
    public var requeued = 0
    /// Answered before the crash: recorded now.
    public var recorded = 0
    /// On the wire without an answer: in doubt.
    public var unknown = 0
}

/// Resolves every attempt that a crash left without an outcome, before anything else is sent (design section 3).
///
/// The wire journal tells what became of each: no mark means that it never reached the wire, a mark alone that nobody can
/// tell, a mark with an answer how it ended. Without a journal of this boot all are in doubt. The old journal must stay
/// until this has returned: only then is what it says in the ledger.
public enum Recovery {
    public static func run(
        _ ledger: any Ledger, snapshot: Snapshot, leftover: WireJournal.Leftover, tokens: AttemptTokens,
        at now: Instant, random: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) throws -> RecoveryReport {
        var settler = Settler(snapshot, random: random)
        var receiver = Receiver(tokens: tokens)
        return try ledger.write { tx in
            var report = RecoveryReport()
            for flight in try tx.flights() {
                let outcome = outcome(of: flight.attempt, leftover)
                switch outcome {
                case .withdrawn: report.requeued += 1
                case .unknown(.crashed, _): report.unknown += 1
                default: report.recorded += 1
                }
                try settler.settle(flight, outcome, tx, at: now)
                try receiver.heed(outcome, of: flight.attempt, tx, at: now)
                try receiver.takeEarly(flight, outcome, tx, at: now)
                if case .unknown = outcome { try settler.giveUp(on: flight, tx, at: now) }
            }
            return report
        }
    }

    private static func outcome(of attempt: Int64, _ leftover: WireJournal.Leftover) -> Outcome {
        guard case .sameBoot(let traces) = leftover else { return .unknown(.crashed, detail: "no wire journal") }
        switch traces[attempt] {
        case nil: return .withdrawn(.interrupted)
        case .onWire?: return .unknown(.crashed, detail: "on the wire when the process ended")
        case .answered(let outcome)?: return outcome
        }
    }
}
