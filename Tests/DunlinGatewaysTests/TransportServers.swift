// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Glibc
import Synchronization

/// What has happened so far, in order, and a way to wait for more of it.
final class Log<Element: Sendable>: Sendable {
    private typealias Waiter = (count: Int, continuation: CheckedContinuation<Void, Never>)
    private let state = Mutex<(items: [Element], waiters: [Waiter])>(([], []))

    var all: [Element] { state.withLock { $0.items } }

    func append(_ items: some Sequence<Element>) {
        let ready = state.withLock { state in
            state.items += items
            let ready = state.waiters.filter { $0.count <= state.items.count }
            state.waiters.removeAll { $0.count <= state.items.count }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    /// Everything, once there are `count` of them; what there is after 20 seconds, so that a failing test ends.
    func wait(for count: Int) async -> [Element] {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                guard state.items.count < count else { return true }
                state.waiters.append((count, continuation))
                return false
            }
            guard !isThere else { return continuation.resume() }
            DispatchQueue.global().asyncAfter(deadline: .now() + 20) { self.giveUp() }
        }
        return all
    }

    private func giveUp() {
        let left = state.withLock { state in
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in left { waiter.continuation.resume() }
    }
}

/// Holds threads back until `count` of them have come, then lets everybody through.
final class Barrier: Sendable {
    private let arrived: Mutex<Int>
    private let gate = DispatchSemaphore(value: 0)

    init(_ count: Int) { arrived = Mutex(count) }

    func pass() {
        let left = arrived.withLock { left in
            left -= 1
            return left
        }
        if left > 0 { _ = gate.wait(timeout: .now() + 20) }
        gate.signal()
    }
}

/// A connection as a scripted server sees it: lines in, text out.
final class Peer {
    private let socket: Int32
    private let listener: Int32
    private var unread: [UInt8] = []

    fileprivate init(_ socket: Int32, of listener: Int32) { (self.socket, self.listener) = (socket, listener) }

    /// A line without its end; nil once the other side has closed.
    func readLine() -> String? {
        while true {
            if let end = unread.firstIndex(of: 10) {
                let line = String(decoding: unread[..<end], as: UTF8.self)
                unread.removeSubrange(...end)
                return line.hasSuffix("\r") ? String(line.dropLast()) : line
            }
            guard fill() else { return nil }
        }
    }

    func read(_ count: Int) -> String? {
        while unread.count < count { guard fill() else { return nil } }
        defer { unread.removeSubrange(..<count) }
        return String(decoding: unread[..<count], as: UTF8.self)
    }

    func readToEnd() { while fill() { unread = [] } }

    func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    /// Ends the connection as a machine that crashes does: with a reset instead of an end, when `serve` returns.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// From now on nobody else can connect to its server.
    func refuseOthers() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func fill() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        unread += buffer[..<count]
        return true
    }
}

/// A TCP server on a free port of the loopback, one thread a connection. A connection ends when `serve` returns.
final class LoopbackServer: Sendable {
    let port: Int
    /// The connections that have been closed.
    let ended = Log<Int>()
    private let listener: Int32
    private let connections = Mutex<(count: Int, open: Set<Int32>)>((0, []))
    private let threads = DispatchGroup()

    /// `serve` gets the number of the connection, from 1, and its peer.
    init(serve: @escaping @Sendable (Int, Peer) -> Void) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(listener, $0, length) == 0 && listen(listener, 512) == 0)
                getsockname(listener, $0, &length)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        let threads = threads
        threads.enter()
        Thread.detachNewThread { [self] in
            while case let socket = accept(listener, nil, nil), socket >= 0 { begin(socket, serve) }
            threads.leave()
        }
    }

    private func begin(_ socket: Int32, _ serve: @escaping @Sendable (Int, Peer) -> Void) {
        let number = connections.withLock { connections in
            connections.count += 1
            connections.open.insert(socket)
            return connections.count
        }
        threads.enter()
        Thread.detachNewThread { [self] in
            serve(number, Peer(socket, of: listener))
            connections.withLock { connections in
                connections.open.remove(socket)
                close(socket)
            }
            ended.append([number])
            threads.leave()
        }
    }

    /// How many connections have come so far.
    var connectionCount: Int { connections.withLock { $0.count } }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        connections.withLock { for socket in $0.open { shutdown(socket, Int32(SHUT_RDWR)) } }
        threads.wait()
        close(listener)
    }
}

/// A port of the loopback at which connecting hangs: its backlog is full and nobody accepts.
final class HangingPort {
    let port: Int
    private let descriptors: [Int32]

    init() {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        (descriptors, port) = withUnsafeMutablePointer(to: &address) { pointer in
            let fillers = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                precondition(bind(listener, address, length) == 0 && listen(listener, 0) == 0)
                getsockname(listener, address, &length)
                return (0..<4).map { _ in
                    let filler = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
                    connect(filler, address, length)
                    return filler
                }
            }
            return ([listener] + fillers, Int(UInt16(bigEndian: pointer.pointee.sin_port)))
        }
    }

    func stop() { for descriptor in descriptors { close(descriptor) } }
}

/// Two ends of one connection within the process.
final class SocketPair {
    private let ends: [Int32]

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        self.ends = ends
    }

    /// Whether what goes in at either end comes out at the other.
    var isOpen: Bool {
        [(0, 1), (1, 0)].allSatisfy { from, to in
            var byte: UInt8 = 7
            return send(ends[from], &byte, 1, Int32(MSG_NOSIGNAL)) == 1
                && recv(ends[to], &byte, 1, Int32(MSG_DONTWAIT)) == 1
        }
    }

    func stop() { for end in ends { close(end) } }
}

/// An HTTP server that answers as a script says and remembers what it has read.
final class HTTPServer: Sendable {
    struct Request: Sendable {
        /// Of the connection and, on it, of the request; both from 1.
        var connection: Int, number: Int
        var head: [String]
        var body: String

        func header(_ name: String) -> String? {
            head.first { $0.lowercased().hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 2)) }
        }
    }

    enum Reply: Sendable {
        case answer(Int = 201, headers: [String] = [], body: String = "{}")
        /// These bytes, then the end of the connection.
        case raw(String)
        /// Nothing until the client goes.
        case hold
        /// The end of the connection, and no other after it.
        case vanish
    }

    let requests = Log<Request>()
    private let server: LoopbackServer
    var connectionCount: Int { server.connectionCount }
    var ended: Log<Int> { server.ended }
    var url: String { "http://127.0.0.1:\(server.port)/messages" }
    var port: Int { server.port }

    init(script: @escaping @Sendable (Request) -> Reply) {
        let requests = requests
        server = LoopbackServer { connection, peer in
            var number = 0
            while var request = readRequest(peer) {
                number += 1
                request.connection = connection
                request.number = number
                requests.append([request])
                switch script(request) {
                case .answer(let status, let headers, let body):
                    let lines = ["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)"] + headers
                    peer.write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
                case .raw(let text): return peer.write(text)
                case .hold: return peer.readToEnd()
                case .vanish: return peer.refuseOthers()
                }
            }
        }
    }

    func stop() { server.stop() }
}

/// A whole request; nil once the other side has closed.
func readRequest(_ peer: Peer) -> HTTPServer.Request? {
    var request = HTTPServer.Request(connection: 0, number: 0, head: [], body: "")
    while let line = peer.readLine() {
        guard line.isEmpty else {
            request.head.append(line)
            continue
        }
        guard let body = peer.read(Int(request.header("content-length") ?? "0")!) else { return nil }
        request.body = body
        return request
    }
    return nil
}

/// A mail server that answers as a script says and remembers the messages it has read to the final dot.
final class SMTPServer: Sendable {
    let messages = Log<String>()
    /// The commands in order, without the lines of messages.
    let commands = Log<String>()
    private let server: LoopbackServer
    var connectionCount: Int { server.connectionCount }
    var url: String { "smtp://127.0.0.1:\(server.port)/client.example" }

    /// `replies` by verb (`MAIL`, `AUTH`, …; `.` for the end of a message, `220` for the greeting) replace the usual
    /// ones; an empty reply drops the connection and `…` never answers. `dropping` a verb drops it at its second time.
    init(
        _ replies: [String: String] = [:], extensions: [String] = ["AUTH PLAIN LOGIN", "SIZE 10240000"],
        dropping dropped: String? = nil
    ) {
        let usual = [
            "220": "220 sink ESMTP", "EHLO": (["sink"] + extensions).replyLines, "AUTH": "235 2.7.0 ok",
            "MAIL": "250 2.1.0 ok", "RCPT": "250 2.1.5 ok", "DATA": "354 go", ".": "250 2.0.0 Ok: queued as ABC123",
            "QUIT": "221 bye",
        ]
        let (messages, commands) = (messages, commands)
        server = LoopbackServer { _, peer in
            var seen = 0
            func reply(_ verb: String) -> Bool {
                if verb == dropped { seen += 1 }
                guard seen < 2 else { return false }
                let text = replies[verb] ?? usual[verb] ?? "500 what"
                if text == "…" { peer.readToEnd() }
                guard !text.isEmpty, text != "…" else { return false }
                peer.write(text + "\r\n")
                return true
            }
            guard reply("220") else { return }
            while let line = peer.readLine() {
                commands.append([line])
                let verb = String(line.prefix(4)).uppercased()
                guard reply(verb), verb != "QUIT" else { return }
                guard verb == "DATA", replies["DATA"] == nil else { continue }
                var lines: [String] = []
                while let line = peer.readLine(), line != "." { lines.append(line) }
                messages.append([lines.joined(separator: "\n")])
                guard reply(".") else { return }
            }
        }
    }

    func stop() { server.stop() }
}

extension [String] {
    /// As the lines of one 250 reply.
    fileprivate var replyLines: String {
        enumerated().map { "250\($0.offset == count - 1 ? " " : "-")\($0.element)" }.joined(separator: "\r\n")
    }
}
