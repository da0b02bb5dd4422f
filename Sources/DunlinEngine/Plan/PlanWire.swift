// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import Synchronization

/// A wire that leads nowhere: every request is accepted after the same time on a virtual clock. As on the real one a lane
/// works on no more than its concurrency at once, the rest waits its turn, and the guard is asked before each begins.
final class PlanWire: Wire {
    private struct Lane {
        var concurrency: Int
        var running = 0
        var waiting: ArraySlice<Transfer> = []
    }

    private struct Running {
        var until: Instant
        var transfer: Transfer
    }

    private struct State {
        var lanes: [Lane] = []
        /// In the order in which they end, which is that in which they began: each takes the same time.
        var running: ArraySlice<Running> = []
    }

    private let answerTime: Duration
    private let clock: VirtualClock
    private let gate: any WireGuard
    private let state = Mutex(State())

    init(answerTime: Duration, clock: VirtualClock, gate: any WireGuard) {
        self.answerTime = answerTime
        self.clock = clock
        self.gate = gate
    }

    func setLanes(_ concurrency: [Int]) {
        state.withLock { state in
            for (lane, limit) in concurrency.enumerated() {
                if lane < state.lanes.count {
                    state.lanes[lane].concurrency = limit
                } else {
                    state.lanes.append(Lane(concurrency: limit))
                }
            }
        }
    }

    func submit(_ transfers: [Transfer]) {
        state.withLock { state in
            for transfer in transfers { state.lanes[transfer.lane].waiting.append(transfer) }
            for lane in state.lanes.indices { start(lane, &state) }
        }
    }

    func recall(_ lane: Int, because reason: Reason) {
        let waiting = state.withLock { state in
            defer { state.lanes[lane].waiting = [] }
            return state.lanes[lane].waiting
        }
        if !waiting.isEmpty { gate.finished(waiting.map { ($0, .withdrawn(reason)) }) }
    }

    /// When the next answer arrives; nil where nothing is under way.
    var nextAnswer: Instant? { state.withLock { $0.running.first?.until } }

    /// Lets the requests end that do by `now`, each at its own instant, and others begin in their place.
    func advance(to now: Instant) {
        state.withLock { state in
            while let first = state.running.first, first.until <= now {
                state.running.removeFirst()
                clock.set(first.until)
                gate.finished([(first.transfer, .accepted(id: nil))])
                state.lanes[first.transfer.lane].running -= 1
                start(first.transfer.lane, &state)
            }
            clock.set(now)
        }
    }

    private func start(_ lane: Int, _ state: inout State) {
        while state.lanes[lane].running < state.lanes[lane].concurrency,
            let transfer = state.lanes[lane].waiting.popFirst()
        {
            if let reason = gate.refusal(for: transfer) {
                gate.finished([(transfer, .withdrawn(reason))])
            } else {
                state.lanes[lane].running += 1
                state.running.append(Running(until: clock.now + answerTime, transfer: transfer))
            }
        }
    }
}
