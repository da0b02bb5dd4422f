// SPDX-License-Identifier: Apache-2.0

import CCurl
import CLinux
import Glibc

/// One `CURLM` driven by `curl_multi_socket_action` over epoll. Belongs to one thread; `dispose` ends it.
final class CurlMulti {
    let handle: UnsafeMutableRawPointer
    private let epoll: Epoll
    /// Monotonic nanoseconds at which libcurl wants to be called; 0 is at once, nil is never.
    private var deadline: UInt64?
    /// What libcurl has opened, those of idle connections too. libcurl 7.88 to 8.2 closes a socket that is still connecting
    /// without a word (curl#11439), and its number may be anybody's since: hence the cookies.
    private var sockets: [Int32: SocketCookie] = [:]
    /// A test's way to make the multi fail as it does when epoll runs out of watches.
    var refusesToWatch = false
    /// A test's way to make libcurl forget time-outs, as it does by itself (see `TransportLoop.endOverdue`).
    var losesTimers = false

    /// `connections` is how many transfers may run at once.
    init(connections: Int, epoll: Epoll) {
        precondition(curlIsInitialized, "libcurl does not start")
        handle = curl_multi_init()!  // null only without memory
        self.epoll = epoll
        let this = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_set_socket(handle, watchSocket, this)
        ccurl_multi_set_timer(handle, setTimer, this)
        ccurl_multi_set_long(handle, CURLMOPT_PIPELINING, CURLPIPE_NOTHING)
        keep(connections: connections)
    }

    /// How many transfers may run at once, and so how many connections stay open for reuse.
    func keep(connections: Int) {
        // Twice: after a reload those to old addresses are still there, and to make room libcurl may block.
        ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, 2 * connections + 16)
    }

    /// Makes `easy` tell us of the sockets it opens and closes.
    func attachSockets(of easy: UnsafeMutableRawPointer) {
        ccurl_set_sockets(easy, openSocket, closeSocket, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Waits at most `limit` nanoseconds (nil: without end) for sockets, libcurl's timer or the wake-up, then lets
    /// libcurl act. Not `CURLM_OK`: the multi is unusable from now on.
    func turn(limit: UInt64?) -> CURLMcode {
        var running: Int32 = 0
        var code = CURLM_OK
        epoll.wait(nanoseconds: patience(limit)) { socket, mask in
            code = curl_multi_socket_action(handle, socket, curlEvents(mask), &running)
            return code == CURLM_OK
        }
        guard code == CURLM_OK, let due = deadline, due == 0 || due <= monotonicNanoseconds() else { return code }
        deadline = nil
        return curl_multi_socket_action(handle, CURL_SOCKET_TIMEOUT, 0, &running)
    }

    /// Lets libcurl read no more from a connection: it comes upon the end instead of waiting.
    func stopReading(_ connection: Endpoints) {
        for socket in sockets.keys where Endpoints(of: socket) == connection { stopReading(socket) }
    }

    private func stopReading(_ socket: Int32) {
        guard let ours = sockets[socket], SocketCookie(of: socket) == ours else { return }
        shutdown(socket, Int32(SHUT_RD))
    }

    /// Ends everything: the callbacks first, since cleaning up would call them; then the handles; then the multi.
    func dispose(easies: [UnsafeMutableRawPointer]) {
        ccurl_multi_set_socket(handle, nil, nil)
        ccurl_multi_set_timer(handle, nil, nil)
        for easy in easies {
            curl_multi_remove_handle(handle, easy)
            curl_easy_cleanup(easy)
        }
        // Without this libcurl waits up to two minutes for a mail server's answer to QUIT.
        for socket in sockets.keys { stopReading(socket) }
        curl_multi_cleanup(handle)
    }

    private func patience(_ limit: UInt64?) -> UInt64? {
        guard let deadline, limit != 0 else { return limit }
        let now = monotonicNanoseconds()
        return min(limit ?? .max, deadline > now ? deadline - now : 0)
    }

    // MARK: - What libcurl asks for, through the callbacks

    fileprivate func watch(_ socket: Int32, _ what: Int32) -> Bool {
        if what == CURL_POLL_REMOVE {
            epoll.forget(socket)
            return true
        }
        var mask: UInt32 = 0
        if what & CURL_POLL_IN != 0 { mask |= EPOLLIN.rawValue }
        if what & CURL_POLL_OUT != 0 { mask |= EPOLLOUT.rawValue }
        return !refusesToWatch && epoll.watch(socket, mask)
    }

    fileprivate func callAgain(in milliseconds: Int) {
        switch milliseconds {
        case ..<0: deadline = nil
        case 1... where losesTimers: deadline = nil
        case 0: deadline = 0
        default: deadline = monotonicNanoseconds() + UInt64(milliseconds) * 1_000_000
        }
    }

    fileprivate func open(_ address: curl_sockaddr) -> Int32 {
        let socket = socket(address.family, address.socktype | Int32(SOCK_CLOEXEC.rawValue), address.protocol)
        sockets[socket] = SocketCookie(of: socket)
        return socket
    }

    fileprivate func close(_ socket: Int32) -> Int32 {
        sockets[socket] = nil
        return Glibc.close(socket)
    }
}

/// libcurl's global state: made once a process, never torn down. Writing to a closed connection must not end the process.
private let curlIsInitialized: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}()

private func curlEvents(_ mask: UInt32) -> Int32 {
    var result: Int32 = 0
    if mask & EPOLLIN.rawValue != 0 { result |= CURL_CSELECT_IN }
    if mask & EPOLLOUT.rawValue != 0 { result |= CURL_CSELECT_OUT }
    if mask & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { result |= CURL_CSELECT_ERR }
    return result
}

// MARK: - C callbacks

private func multi(_ data: UnsafeMutableRawPointer?) -> CurlMulti {
    Unmanaged<CurlMulti>.fromOpaque(data!).takeUnretainedValue()
}

@c(dunlin_curl_watch_socket)
private func watchSocket(
    _ easy: UnsafeMutableRawPointer?, _ socket: Int32, _ what: Int32, _ data: UnsafeMutableRawPointer?,
    _ perSocket: UnsafeMutableRawPointer?
) -> Int32 {
    multi(data).watch(socket, what) ? 0 : -1
}

@c(dunlin_curl_set_timer)
private func setTimer(
    _ handle: UnsafeMutableRawPointer?, _ milliseconds: Int, _ data: UnsafeMutableRawPointer?
) -> Int32 {
    multi(data).callAgain(in: milliseconds)
    return 0
}

@c(dunlin_curl_open_socket)
private func openSocket(
    _ data: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> Int32 {
    multi(data).open(address!.pointee)
}

@c(dunlin_curl_close_socket)
private func closeSocket(_ data: UnsafeMutableRawPointer?, _ socket: Int32) -> Int32 {
    multi(data).close(socket)
}
