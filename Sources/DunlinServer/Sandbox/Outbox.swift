// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// What the sandbox has received: the newest messages whole, all of them in the totals.
final class Outbox: Sendable {
    private struct State {
        /// Oldest first, from `first` on; what lies before has been let go.
        var kept: [SandboxMessage?] = []
        var first = 0
        var weight = 0
        var count = 0
        var totals: [Channel: Sandbox.Total] = [:]
    }

    private let maxCount: Int
    private let maxWeight: Int
    private let state = Mutex(State())

    /// Keeps `maxCount` messages, and fewer where together they would hold more than `maxWeight` bytes.
    init(maxCount: Int = 10_000, maxWeight: Int = 128 << 20) {
        self.maxCount = maxCount
        self.maxWeight = maxWeight
    }

    func add(_ draft: Draft, at: Instant, answer: SandboxMessage.Answer) {
        state.withLock { state in
            state.count += 1
            let message = SandboxMessage(
                number: state.count, at: at, gateway: draft.gateway, from: draft.from, to: draft.to,
                content: draft.content, fields: draft.fields, answer: answer)
            switch answer {
            case .accepted: state.totals[message.channel, default: .init()].accepted += 1
            case .refused: state.totals[message.channel, default: .init()].refused += 1
            case .unanswered: state.totals[message.channel, default: .init()].unanswered += 1
            }
            state.kept.append(message)
            state.weight += message.weight
            trim(&state)
        }
    }

    /// Lets go of the oldest beyond the limits; the newest always stays. Amortised constant time.
    private func trim(_ state: inout State) {
        while state.kept.count - state.first > maxCount
            || (state.weight > maxWeight && state.kept.count - state.first > 1)
        {
            state.weight -= state.kept[state.first]?.weight ?? 0
            state.kept[state.first] = nil
            state.first += 1
        }
        if state.first > maxCount {
            state.kept.removeFirst(state.first)
            state.first = 0
        }
    }

    /// Oldest first.
    var messages: [SandboxMessage] { state.withLock { $0.kept[$0.first...].compactMap(\.self) } }

    /// How many messages came in, also those no longer kept.
    var totals: [Channel: Sandbox.Total] { state.withLock(\.totals) }
}
