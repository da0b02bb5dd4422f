// SPDX-License-Identifier: Apache-2.0

import Dispatch
import DunlinModel
import Synchronization

/// Where other threads leave word for the engine, and where the engine waits. A signal is sent only to a sleeper.
public final class Mailbox<Letter: Sendable>: Sendable {
    private struct State {
        var letters: [Letter] = []
        var isAsleep = false
        var isRung = false
    }
    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)

    public init() {}

    public func post(_ letters: [Letter]) {
        let wake = state.withLock { state in
            state.letters.append(contentsOf: letters)
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if wake { bell.signal() }
    }

    /// Wakes the reader without a letter.
    public func ring() {
        let wake = state.withLock { state in
            state.isRung = true
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if wake { bell.signal() }
    }

    public func take() -> [Letter] {
        state.withLock { state in
            defer { state.letters = [] }
            return state.letters
        }
    }

    /// Returns when there is a letter or a ring, or after `timeout`.
    public func wait(timeout: Duration) {
        let sleeps = state.withLock { state in
            if !state.letters.isEmpty || state.isRung {
                state.isRung = false
                return false
            }
            state.isAsleep = true
            return true
        }
        guard sleeps else { return }
        _ = bell.wait(timeout: .now() + .milliseconds(Int(max(0, timeout.milliseconds))))
        // A signal that crosses our time-out wakes the next wait too early, which costs one look and nothing else.
        state.withLock { state in
            state.isAsleep = false
            state.isRung = false
        }
    }
}
