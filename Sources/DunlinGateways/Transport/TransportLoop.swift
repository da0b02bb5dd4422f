// SPDX-License-Identifier: Apache-2.0

import CCurl
import DunlinModel

/// What the transport's thread owns and does: starts what its lanes allow, lets libcurl work, hands results over once a
/// turn. Nothing here is touched by another thread.
final class TransportLoop {
    private let gate: any WireGuard
    private let inbox: CommandInbox
    private let caFile: String?
    private let epoll: Epoll
    private var multi: CurlMulti
    private var lanes: [Lane]
    /// By the index that is in `CURLOPT_PRIVATE`.
    private var slots: [TransferSlot] = []
    private var running = 0
    private var results: [(transfer: Transfer, outcome: Outcome)] = []
    /// Monotonic nanoseconds at which a shutdown stops waiting.
    private var stopAt: UInt64?
    /// When to look next for what libcurl has forgotten.
    private var nextLook: UInt64 = 0
    private static let lookInterval: UInt64 = 1_000_000_000

    /// Throws `DunlinError` where the system has no descriptors left.
    init(gate: any WireGuard, inbox: CommandInbox, lanes: [Int], caFile: String?) throws {
        self.gate = gate
        self.inbox = inbox
        self.caFile = caFile
        self.lanes = lanes.map(Lane.init)
        epoll = try Epoll(wake: inbox.descriptor)
        multi = CurlMulti(connections: lanes.reduce(0, +), epoll: epoll)
    }

    /// Works until a shutdown has come and everything on the wire has ended or run out of grace.
    func run() {
        while true {
            let commands = inbox.take()
            for command in commands { obey(command) }
            for lane in lanes.indices { startWaiting(in: lane) }
            if let stopAt, running == 0 || stopAt <= monotonicNanoseconds() { break }
            let code = commands.isEmpty && results.isEmpty ? multi.turn(limit: patience) : multi.turn(limit: 0)
            takeEnded()
            if code != CURLM_OK { replaceMulti(after: code) }
            endOverdue()
            deliver()
        }
        endRunning { $0.isOnTheWire ? .unknown(.shuttingDown, detail: "stopped before the answer") : nil }
        for command in inbox.close() { obey(command) }
        deliver()
        dispose()
    }

    /// Gives back every handle, connection and descriptor.
    func dispose() {
        multi.dispose(easies: slots.map(\.easy))
        slots = []
        lanes = []
        epoll.close()
    }

    private var connections: Int { lanes.reduce(0) { $0 + $1.concurrency } }

    private var patience: UInt64? {
        let look = running > 0 ? TransportLoop.lookInterval : nil
        guard let stopAt else { return look }
        let now = monotonicNanoseconds()
        return min(stopAt > now ? stopAt - now : 0, look ?? .max)
    }

    // MARK: - Commands

    private func obey(_ command: TransportCommand) {
        switch command {
        case .submit(let transfers):
            guard stopAt == nil else {
                results += transfers.map { ($0, .withdrawn(.shuttingDown)) }
                return
            }
            for transfer in transfers { lanes[transfer.lane].waiting.append(transfer) }
        case .setLanes(let concurrency):
            for (lane, count) in concurrency.enumerated() {
                if lane < lanes.count {
                    lanes[lane].concurrency = count
                } else {
                    lanes.append(Lane(concurrency: count))
                }
            }
            multi.keep(connections: connections)
        case .withdrawWaiting(let reason):
            withdrawWaiting(reason)
        case .recall(let lane, let reason):
            withdrawWaiting(reason) { $0.lane == lane && $0.slot != nil }
        case .shutdown(let grace):
            withdrawWaiting(.shuttingDown)
            let stop = monotonicNanoseconds() + UInt64(max(0, grace.milliseconds)) * 1_000_000
            stopAt = min(stopAt ?? .max, stop)
        case .breakMulti:
            multi.refusesToWatch = true
        case .loseTimers:
            multi.losesTimers = true
        }
    }

    /// Ends what waits in a lane and what has a connection but has not begun its request.
    private func withdrawWaiting(_ reason: Reason, where isMeant: (Transfer) -> Bool = { _ in true }) {
        for lane in lanes.indices {
            results += lanes[lane].waiting.remove(where: isMeant).map { ($0, .withdrawn(reason)) }
        }
        endRunning { $0.isOnTheWire || !isMeant($0.transfer!) ? nil : .withdrawn(reason) }
    }
}

// MARK: - Transfers

extension TransportLoop {
    private func startWaiting(in lane: Int) {
        while let transfer = lanes[lane].startNext() {
            if case .file(let file) = transfer.request {
                results.append(drop(file, of: transfer))
                lanes[lane].running -= 1
                // The disk is slow: before the next file, the wires have their turn.
                return
            }
            guard let slot = lanes[lane].idle.popLast() ?? newSlot(in: lane) else {
                lanes[lane].running -= 1
                results.append((transfer, notConnected("libcurl has no memory")))
                continue
            }
            running += 1
            let code = slot.begin(transfer)
            guard code == CURLE_OK else {
                finish(slot, slot.end(code))
                continue
            }
            let added = curl_multi_add_handle(multi.handle, slot.easy)
            if added != CURLM_OK { replaceMulti(after: added) }
        }
    }

    private func drop(_ file: FileRequest, of transfer: Transfer) -> (transfer: Transfer, outcome: Outcome) {
        if let refusal = gate.refusal(for: transfer) { return (transfer, .withdrawn(refusal)) }
        return (transfer, transfer.reader.outcome(of: file.write()))
    }

    private func newSlot(in lane: Int) -> TransferSlot? {
        let slot = TransferSlot(index: slots.count, lane: lane, gate: gate, multi: multi, caFile: caFile)
        if let slot { slots.append(slot) }
        return slot
    }

    private func takeEnded() {
        var code = CURLE_OK
        while let easy = ccurl_multi_next_done(multi.handle, &code) {
            let slot = slots[ccurl_get_private(easy)]
            let result = slot.end(code)
            curl_multi_remove_handle(multi.handle, easy)
            finish(slot, result)
            startWaiting(in: slot.lane)
        }
    }

    /// libcurl before 8.4 drops a timer that is due less than a millisecond after another of the same transfer (curl#11937), and
    /// without its time-out a transfer would hold its connection for ever.
    private func endOverdue() {
        guard running > 0, case let now = monotonicNanoseconds(), now >= nextLook else { return }
        nextLook = now + TransportLoop.lookInterval
        for slot in slots where slot.isOverdue(at: now) {
            let result = slot.end(CURLE_OPERATION_TIMEDOUT)
            curl_multi_remove_handle(multi.handle, slot.easy)
            finish(slot, result)
        }
    }

    /// Ends those running transfers for which `outcome` has one.
    private func endRunning(_ outcome: (TransferSlot) -> Outcome?) {
        for slot in slots where slot.transfer != nil {
            guard let outcome = outcome(slot) else { continue }
            curl_multi_remove_handle(multi.handle, slot.easy)
            finish(slot, (slot.release(), outcome))
        }
    }

    private func finish(_ slot: TransferSlot, _ result: (transfer: Transfer, outcome: Outcome)) {
        results.append(result)
        running -= 1
        lanes[slot.lane].running -= 1
        lanes[slot.lane].idle.append(slot)
    }

    private func deliver() {
        guard !results.isEmpty else { return }
        gate.finished(results)
        results.removeAll(keepingCapacity: true)
    }

    /// A multi that has failed once is unusable: what runs in it ends, and a new one takes over.
    private func replaceMulti(after code: CURLMcode) {
        let detail = "libcurl's multi failed with \(code.rawValue)"
        endRunning { $0.isOnTheWire ? .unknown(.connectionLost, detail: detail) : notConnected(detail) }
        for lane in lanes.indices { lanes[lane].idle = [] }
        multi.dispose(easies: slots.map(\.easy))
        slots = []
        multi = CurlMulti(connections: connections, epoll: epoll)
    }
}

private func notConnected(_ detail: String) -> Outcome {
    .refused(Refusal(.transient, .notConnected, detail: detail))
}
