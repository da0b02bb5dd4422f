// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import Logging
import Synchronization

/// Where gateways' callbacks come in: proves and reads each on the caller's thread, hands what it says to the engine, and answers
/// when that is on the disk.
public final class CallbackDesk: Sendable {
    /// What came, by gateway; the names are those of the metrics.
    public struct Counts: Codable, Hashable, Sendable {
        /// Genuine, understood and on the disk.
        public var taken = 0
        /// Without the gateway's proof, with a wrong one, or with one that is too old.
        public var forged = 0
        public var stale = 0
        public var malformed = 0
        /// Receipts of attempts that are none of ours, or not yet; kept.
        public var unknown = 0
        /// Not taken for want of the ledger, or of the certificate that would prove them: the gateway has been told to come again.
        public var failed = 0

        /// All of them, in this order.
        public var named: [(name: String, count: Int)] {
            [
                ("taken", taken), ("forged", forged), ("stale", stale), ("malformed", malformed), ("unknown", unknown),
                ("failed", failed),
            ]
        }
    }

    struct State {
        var gateways: [String: Gateway] = [:]
        var counts: [String: Counts] = [:]
        /// What is to be said once.
        var said: Set<String> = []
        var turnedAway: [String: Instant] = [:]
    }

    private let tokens: AttemptTokens
    private let inbox: CallbackInbox
    private let calls: CallDesk
    private let certificates: CertificateStore
    let fetch: @Sendable (_ url: String) async -> WireAnswer
    let logger: Logger
    let state = Mutex(State())

    /// `fetch` brings what a proven callback, or the proof of one, points to.
    init(
        tokens: AttemptTokens, inbox: CallbackInbox, calls: CallDesk, logger: Logger,
        fetch: @escaping @Sendable (_ url: String) async -> WireAnswer
    ) {
        self.tokens = tokens
        self.inbox = inbox
        self.calls = calls
        self.logger = logger
        self.fetch = fetch
        certificates = CertificateStore(fetch: fetch, logger: logger)
    }

    /// Takes up the gateways of a new configuration.
    func adopt(_ gateways: [Gateway]) {
        let byName = Dictionary(gateways.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        state.withLock { $0.gateways = byName.filter { $1.callbacks != nil } }
    }

    /// Whether a gateway of that name takes callbacks.
    public func knows(_ name: String) -> Bool { state.withLock { $0.gateways[name] != nil } }

    public var counts: [String: Counts] { state.withLock { $0.counts } }

    /// Gateways whose newest callback was not taken, as forged, too old, not understood or not to be proven, with when it
    /// came: whatever is wrong, it may have been a receipt.
    var turnedAway: [String: Instant] { state.withLock { $0.turnedAway } }

    /// What to answer to a callback for the gateway of this name.
    public func receive(_ request: CallbackRequest, for name: String) async -> CallbackReply {
        guard let gateway = state.withLock({ $0.gateways[name] }), let reader = gateway.callbacks else {
            return CallbackReply(status: 404, body: "no such gateway\n")
        }
        switch await read(request, by: reader) {
        case .handshake(let reply): return reply
        case .refused(let fault):
            turnAway(request, name)
            return refuse(fault, name)
        case .needs:
            turnAway(request, name)
            return comeAgain(name)
        case .notice(let notice):
            if case .weaklySigned = notice { turnAway(request, name) }
            return await heed(notice, name)
        case .events(let events, let reply, let isProven):
            return await take(events, reply, isProven: isProven, from: gateway, request)
        }
    }

    /// Takes the wish for no more mails from whoever follows the link in one, which bears the attempt's token. What has not been
    /// `confirmed` by a POST changes nothing.
    public func unsubscribe(_ token: String, confirmed: Bool) async -> Unsubscription {
        guard let attempt = tokens.attempt(of: token) else { return tokens.isTest(token) ? .test : .unknown }
        guard confirmed else { return .asks }
        let isStored = await store([.unsubscribed(attempt: attempt)], by: "", .email)
        count(Gateways.unsubscribePath) { if isStored { $0.taken += 1 } else { $0.failed += 1 } }
        return isStored ? .done : .failed
    }

    /// With the certificate that it names, where that is to be had.
    private func read(_ request: CallbackRequest, by reader: any CallbackReader) async -> CallbackReading {
        let reading = reader.read(request)
        guard case .needs(let address) = reading,
            let certificate = await certificates.certificate(at: address, request.at)
        else { return reading }
        var request = request
        request.certificates[address] = certificate
        return reader.read(request)
    }

    /// Counts a callback that nobody read: it was too large.
    public func countMalformed(for name: String) {
        guard state.withLock({ $0.gateways[name] != nil }) else { return }
        count(name) { $0.malformed += 1 }
    }

    func refuse(_ fault: CallbackFault, _ name: String) -> CallbackReply {
        count(name) { counts in
            switch fault {
            case .forged: counts.forged += 1
            case .stale: counts.stale += 1
            case .malformed: counts.malformed += 1
            }
        }
        return fault == .malformed
            ? CallbackReply(status: 400, body: "not understood\n") : CallbackReply(status: 403, body: "not genuine\n")
    }

    private func take(
        _ events: [CallbackEvent], _ reply: CallbackReply, isProven: Bool, from gateway: Gateway,
        _ request: CallbackRequest
    ) async -> CallbackReply {
        var entries: [CallbackBatch.Entry] = []
        var answer = reply
        var unknown = 0
        func forged() -> CallbackReply {
            turnAway(request, gateway.name)
            return refuse(.forged, gateway.name)
        }
        for event in events {
            switch event {
            case .receipt(let receipt):
                let attempt = attempt(of: receipt)
                guard attempt != nil || isProven || isTest(receipt) else { return forged() }
                if attempt == nil, case .token = receipt.attempt { unknown += 1 }
                entries.append(.receipt(receipt, attempt: attempt))
            case .reply(let reply):
                guard isProven else { return forged() }
                entries.append(.reply(reply))
            case .question(let question):
                guard let attempt = tokens.attempt(of: question.token) else { return forged() }
                let said = calls.answer(question, attempt: attempt, by: gateway, at: request.url)
                answer = said.reply
                if let meaning = said.meaning { entries.append(.pressed(meaning, attempt: attempt)) }
            }
        }
        let isStored = entries.isEmpty ? true : await store(entries, by: gateway.name, gateway.channel)
        guard isStored else { return comeAgain(gateway.name) }
        // Not what has come since.
        state.withLock { state in
            if let last = state.turnedAway[gateway.name], last <= request.at { state.turnedAway[gateway.name] = nil }
        }
        count(gateway.name) { counts in
            counts.taken += 1
            counts.unknown += unknown
        }
        return answer
    }

    private func turnAway(_ request: CallbackRequest, _ name: String) {
        state.withLock { $0.turnedAway[name] = max($0.turnedAway[name] ?? request.at, request.at) }
    }

    func comeAgain(_ name: String) -> CallbackReply {
        count(name) { $0.failed += 1 }
        return CallbackReply(status: 503, body: "come again\n")
    }

    private func store(_ entries: [CallbackBatch.Entry], by gateway: String, _ channel: Channel) async -> Bool {
        await withCheckedContinuation { continuation in
            inbox.post(
                CallbackBatch(gateway: gateway, channel: channel, entries: entries) {
                    continuation.resume(returning: $0)
                })
        }
    }

    private func attempt(of receipt: Receipt) -> Int64? {
        if case .token(let token) = receipt.attempt { tokens.attempt(of: token) } else { nil }
    }

    private func isTest(_ receipt: Receipt) -> Bool {
        if case .token(let token) = receipt.attempt { tokens.isTest(token) } else { false }
    }

    func count(_ name: String, _ change: (inout Counts) -> Void) {
        state.withLock { change(&$0.counts[name, default: Counts()]) }
    }
}

/// Callbacks on their way to the engine's thread.
final class CallbackInbox: Sendable {
    struct State {
        var batches: [CallbackBatch] = []
        var isClosed = false
    }

    let state = Mutex(State())
    private let ring: @Sendable () -> Void

    /// `ring` wakes the engine.
    init(ring: @escaping @Sendable () -> Void) { self.ring = ring }

    func post(_ batch: CallbackBatch) {
        let isTaken = state.withLock { state in
            if !state.isClosed { state.batches.append(batch) }
            return !state.isClosed
        }
        if isTaken { ring() } else { batch.done(false) }
    }

    /// The next ones, as many as one commit may take without holding up what is to be sent; if some are left, rings for them.
    func take() -> [CallbackBatch] {
        let (taken, isLeft) = state.withLock { state in
            var entries = 0
            let count = state.batches.prefix { batch in
                defer { entries += batch.entries.count }
                return entries < CallbackInbox.entriesPerTurn
            }.count
            let taken = Array(state.batches[..<count])
            state.batches.removeFirst(count)
            return (taken, !state.batches.isEmpty)
        }
        if isLeft { ring() }
        return taken
    }

    /// Some 60 ms of work, as `dunlin bench receipts` measures it.
    private static let entriesPerTurn = 1000

    /// Nobody reads any more: what waits, and what comes, is told so.
    func close() {
        let left = state.withLock { state in
            defer { state.batches = [] }
            state.isClosed = true
            return state.batches
        }
        for batch in left { batch.done(false) }
    }
}
