// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Both ends of a TCP connection, which tell it from every other one that stands.
struct Endpoints: Equatable {
    /// Numeric, as `inet_ntop` writes it.
    var peer: String, local: String
    var peerPort: Int32, localPort: Int32
}

extension Endpoints {
    /// Of a connected socket; nil for any other.
    init?(of socket: Int32) {
        guard let peer = address({ getpeername(socket, $0, $1) }), let local = address({ getsockname(socket, $0, $1) })
        else { return nil }
        self.init(peer: peer.text, local: local.text, peerPort: peer.port, localPort: local.port)
    }
}

/// The kernel's name for a socket, which no other gets while the machine is up (SO_COOKIE, Linux 4.12).
struct SocketCookie: Equatable {
    private let value: UInt64

    /// Nil for what is no socket.
    init?(of socket: Int32) {
        var value: UInt64 = 0
        var length = socklen_t(MemoryLayout<UInt64>.size)
        guard getsockopt(socket, SOL_SOCKET, SO_COOKIE, &value, &length) == 0 else { return nil }
        self.value = value
    }
}

private func address(
    _ ask: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
) -> (text: String, port: Int32)? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutableBytes(of: &storage) { bytes in
        guard ask(bytes.assumingMemoryBound(to: sockaddr.self).baseAddress!, &length) == 0 else { return nil }
        let family = Int32(bytes.load(as: sa_family_t.self))
        // Both families have the port at 2; the address is at 4 in sockaddr_in and at 8 in sockaddr_in6.
        guard family == AF_INET || family == AF_INET6 else { return nil }
        let port = UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes.baseAddress! + (family == AF_INET ? 4 : 8), &text, socklen_t(text.count)) != nil
        else { return nil }
        return (String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self), Int32(port))
    }
}
