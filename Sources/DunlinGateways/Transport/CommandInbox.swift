// SPDX-License-Identifier: Apache-2.0

import CLinux
import DunlinModel
import Glibc
import Synchronization

/// What other threads ask of the transport's thread.
enum TransportCommand: Sendable {
    case submit([Transfer])
    case setLanes([Int])
    case withdrawWaiting(Reason)
    case recall(lane: Int, Reason)
    case shutdown(grace: Duration)
    /// Makes the multi fail; for the test of what follows.
    case breakMulti
    /// Makes the multi forget time-outs; for the same.
    case loseTimers
}

/// Hands commands to one thread in order. The descriptor is written only when that thread sleeps on it, so a busy
/// transport costs its callers no system call.
final class CommandInbox: Sendable {
    private struct State {
        var commands: [TransportCommand] = []
        var isSleeping = false
        var isClosed = false
    }

    /// Readable when there is something for a sleeping reader.
    let descriptor: Int32
    private let state = Mutex(State())

    init() throws {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw systemFailure("cannot make an event descriptor") }
    }

    deinit { Glibc.close(descriptor) }

    /// False when the reader has gone.
    func post(_ command: TransportCommand) -> Bool {
        let (isTaken, mustWake) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.commands.append(command)
            defer { state.isSleeping = false }
            return (true, state.isSleeping)
        }
        if mustWake { eventfd_write(descriptor, 1) }
        return isTaken
    }

    /// What has come in. If nothing has, the reader is about to sleep on `descriptor`.
    func take() -> [TransportCommand] {
        state.withLock { state in
            state.isSleeping = state.commands.isEmpty
            defer { state.commands = [] }
            return state.commands
        }
    }

    /// The last take: from now on `post` refuses.
    func close() -> [TransportCommand] {
        state.withLock { state in
            state.isClosed = true
            defer { state.commands = [] }
            return state.commands
        }
    }
}
