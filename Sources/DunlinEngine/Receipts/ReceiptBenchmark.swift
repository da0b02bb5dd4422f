// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import Synchronization

/// Receipts from the gateway's bytes to the disk, on one thread, while messages go out: for `dunlin bench receipts`.
public enum ReceiptBenchmark {
    public struct Figures: Sendable {
        public var receipts: Int
        public var seconds: Double
        /// Messages that were decided, written and recorded meanwhile, on the same thread.
        public var dispatched: Int
        /// Receipts a second that are proven and read, and not recorded.
        public var readPerSecond: Double
    }

    /// Sends everything that is due through a wire that takes all at once, then plays `receipts` receipts, one a message and some
    /// of them twice, in batches of `batch` for each commit, with as many new messages beside them as one turn takes up to
    /// `beside`. The ledger must hold at least twice as many due reminders. Throws what the ledger throws.
    public static func run(
        _ ledger: SQLiteLedger, snapshot: Snapshot, gateway name: String, journal: WireJournal, slots: Int,
        receipts: Int,
        batch: Int, beside: Int, clock: any Clock, random: inout some RandomNumberGenerator
    ) throws -> Figures {
        let wire = TakingWire()
        let tokens = AttemptTokens(secret: [1])
        let dispatcher = try Dispatcher(
            ledger: ledger, wire: wire, journal: journal, slots: slots, snapshot: snapshot, tokens: tokens)
        guard let reader = snapshot.gateways.first(where: { $0.name == name })?.callbacks else {
            throw DunlinError(.usage, name, why: "it takes no receipts", remedy: "give it 'callbacks'")
        }
        var answers: [Answer] = []
        var sent: [Int64] = []
        func turn(_ callbacks: [CallbackBatch], admits: Bool) throws {
            _ = try dispatcher.turn(answers, callbacks: callbacks, control: Control(), admits: admits, at: clock.now)
            let taken = wire.take()
            sent += taken
            answers = taken.map { Answer(attempt: $0, outcome: .accepted(id: nil)) }
        }
        while sent.count < receipts { try turn([], admits: true) }
        try turn([], admits: false)
        var requests = sent.prefix(receipts).map { request(for: tokens.token(forAttempt: $0), at: clock.now) }
        // Some come twice, in any order.
        for n in stride(from: 0, to: receipts, by: 10) { requests[n] = requests[(n + 1) % receipts] }
        requests.shuffle(using: &random)

        let clockwork = ContinuousClock()
        let reading = clockwork.measure { for request in requests { _ = reader.read(request) } }
        let before = sent.count
        let took = try clockwork.measure {
            for first in stride(from: 0, to: requests.count, by: batch) {
                let batches = requests[first..<min(first + batch, requests.count)].compactMap {
                    read($0, by: reader, tokens, gateway: name)
                }
                try turn(batches, admits: sent.count - before < beside * (first / batch + 1))
            }
            try turn([], admits: false)
        }
        return Figures(
            receipts: receipts, seconds: Double(took.milliseconds) / 1000, dispatched: sent.count - before,
            readPerSecond: Double(receipts) / max(0.001, Double(reading.milliseconds) / 1000))
    }

    private static func request(for token: String, at now: Instant) -> CallbackRequest {
        CallbackRequest(
            method: "POST", url: "https://dunlin.example.com/callbacks/gateway?a=\(token)",
            headers: [(name: "content-type", value: "application/json")],
            body: Array(#"{"id":"m-1","status":"delivered","to":"+447011111111","at":"2026-11-25T12:00:01Z"}"#.utf8),
            at: now)
    }

    private static func read(
        _ request: CallbackRequest, by reader: any CallbackReader, _ tokens: AttemptTokens, gateway: String
    ) -> CallbackBatch? {
        guard case .events(let events, _, _) = reader.read(request) else { return nil }
        let entries = events.compactMap { event -> CallbackBatch.Entry? in
            guard case .receipt(let receipt) = event, case .token(let token) = receipt.attempt,
                let attempt = tokens.attempt(of: token)
            else { return nil }
            return .receipt(receipt, attempt: attempt)
        }
        return CallbackBatch(gateway: gateway, channel: .sms, entries: entries, done: { _ in })
    }
}

/// Takes every request at once, and tells which.
private final class TakingWire: Wire {
    private let attempts = Mutex<[Int64]>([])

    func submit(_ transfers: [Transfer]) { attempts.withLock { $0 += transfers.map(\.attempt) } }
    func setLanes(_ concurrency: [Int]) {}
    func recall(_ lane: Int, because reason: Reason) {}

    func take() -> [Int64] {
        attempts.withLock { attempts in
            defer { attempts = [] }
            return attempts
        }
    }
}
