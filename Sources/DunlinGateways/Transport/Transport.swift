// SPDX-License-Identifier: Apache-2.0

import CLinux
import DunlinModel
import Glibc
import Synchronization

/// Puts requests on the wire: one thread that owns one libcurl multi, its connections and its handles.
///
/// Each lane runs at most its concurrency of transfers at a time and keeps the rest in its own queue. A transfer asks
/// the guard once, when its connection stands and the next byte would be the request, and is told to it once when it has
/// ended. Nothing is ever sent twice: what may have left and has no answer ends as the adapter's reading of
/// `.interrupted`, even where libcurl would have tried again.
///
/// `shutdown` must be called before the last reference goes: a thread that nobody can stop would be left behind.
public final class Transport: Sendable {
    private let gate: any WireGuard
    private let inbox: CommandInbox
    /// Nil once joined.
    private let thread: Mutex<pthread_t?>

    /// Starts the thread. The guard is held strongly until the transport goes. `lanes` holds the concurrency of each;
    /// `caFile` is a PEM bundle to trust instead of the system's. From here on the process ignores SIGPIPE.
    /// Throws `DunlinError` where the system has no descriptors or threads left.
    public init(guard gate: any WireGuard, lanes: [Int], caFile: String? = nil) throws {
        self.gate = gate
        inbox = try CommandInbox()
        let loop = try TransportLoop(gate: gate, inbox: inbox, lanes: lanes, caFile: caFile)
        var id = pthread_t()
        let retained = Unmanaged.passRetained(loop)
        let code = pthread_create(&id, nil, runTransport, retained.toOpaque())
        thread = Mutex(code == 0 ? id : nil)
        guard code == 0 else {
            retained.takeRetainedValue().dispose()
            errno = code
            throw systemFailure("cannot start the transport's thread")
        }
    }

    deinit { precondition(thread.withLock { $0 == nil }, "Transport.shutdown was not called") }

    /// Lanes may be changed while running: new concurrency for each, in order, and lanes appended. None goes away; one
    /// with concurrency 0 starts nothing.
    public func setLanes(_ concurrency: [Int]) { _ = inbox.post(.setLanes(concurrency)) }

    /// Takes transfers, in order within each lane. After a shutdown they are withdrawn at once, on the caller's thread.
    public func submit(_ transfers: [Transfer]) {
        guard !transfers.isEmpty, !inbox.post(.submit(transfers)) else { return }
        gate.finished(transfers.map { ($0, .withdrawn(.shuttingDown)) })
    }

    /// Ends as withdrawn whatever has been submitted and is not yet on the wire. For a pause.
    public func withdrawWaiting(_ reason: Reason) { _ = inbox.post(.withdrawWaiting(reason)) }

    /// Ends as withdrawn those messages of one lane that are not yet on the wire: they wait behind others, or have no
    /// connection. For a gateway that has fallen ill, so that another can have them. Questions (without a slot) stay.
    public func recall(_ lane: Int, because reason: Reason) { _ = inbox.post(.recall(lane: lane, reason)) }

    /// Withdraws what is not yet on the wire, gives the rest `grace` to finish, then ends it as unknown. Returns when
    /// the thread has gone and with it every connection. Idempotent. Never call it from the guard.
    public func shutdown(grace: Duration) {
        _ = inbox.post(.shutdown(grace: grace))
        thread.withLock { thread in
            guard let id = thread else { return }
            pthread_join(id, nil)
            thread = nil
        }
    }

    /// Makes the multi fail at the next socket, as it does when epoll runs out of watches.
    func breakMulti() { _ = inbox.post(.breakMulti) }

    /// Makes libcurl forget time-outs from now on.
    func loseTimers() { _ = inbox.post(.loseTimers) }
}

@c(dunlin_transport_run)
private func runTransport(_ loop: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    clinux_name_thread("transport")
    Unmanaged<TransportLoop>.fromOpaque(loop!).takeRetainedValue().run()
    return nil
}
