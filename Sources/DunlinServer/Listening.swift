// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc
import NIOCore

/// What would keep a server from listening there now; nil where nothing would. Takes the address for a moment, without listening.
///
/// - Parameter mayBeTaken: a daemon of ours runs, which may be who has the port.
public func listenFault(_ address: ListenAddress, mayBeTaken: Bool = false) -> DunlinError? {
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(address.host, String(address.port), &hints, &found)
    guard code == 0, let place = found else {
        return DunlinError(
            .failure, "cannot listen on \(address)",
            why: "'\(address.host)' is no address that can be found: \(String(cString: gai_strerror(code)))",
            remedy: "choose an address of this machine, such as 127.0.0.1")
    }
    defer { freeaddrinfo(place) }
    let descriptor = socket(place.pointee.ai_family, place.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return listenError(IOError(errnoCode: errno, reason: "socket"), at: address) }
    defer { close(descriptor) }
    var yes: Int32 = 1
    // As the server does: connections of the last run that are still being closed are no hindrance.
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, place.pointee.ai_addr, place.pointee.ai_addrlen) != 0 else { return nil }
    let failure = errno
    if failure == EADDRINUSE, mayBeTaken { return nil }
    return listenError(IOError(errnoCode: failure, reason: "bind"), at: address)
}

/// What to say when a port cannot be opened.
func listenError(_ error: any Error, at address: ListenAddress) -> DunlinError {
    let why: String
    let remedy: String
    switch (error as? IOError)?.errnoCode {
    case EADDRINUSE?:
        why = "another program listens there"
        remedy = "stop it, or choose another port"
    case EACCES?:
        why = "ports below 1024 need a privilege"
        remedy = "choose a port from 1024 on"
    case EADDRNOTAVAIL?:
        why = "this machine has no such address"
        remedy = "choose an address of this machine, such as 127.0.0.1"
    default:
        why = "the address cannot be used (\(error))"
        remedy = "choose an address of this machine, such as 127.0.0.1:8025"
    }
    return DunlinError(.failure, "cannot listen on \(address)", why: why, remedy: remedy)
}
