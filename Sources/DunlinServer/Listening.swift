// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc
import NIOCore

/// Where a server listens: `127.0.0.1:8025`, `localhost:8025`, `[::1]:8025`. Port 0 takes a free one.
struct ListenAddress: Hashable, CustomStringConvertible {
    var host: String
    /// 0 to 65535.
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Throws `DunlinError` where `text` is no host and port.
    init(_ text: String) throws {
        func mistake(_ why: String) -> DunlinError {
            DunlinError(
                .usage, "listen: \"\(text)\"", why: why,
                remedy: "write an address and a port, such as 127.0.0.1:8025 or [::1]:8025")
        }
        guard let colon = text.lastIndex(of: ":") else { throw mistake("it has no port") }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw mistake("an IPv6 address stands in brackets")
        }
        guard !host.isEmpty else { throw mistake("it has no address") }
        guard !host.contains(where: { $0.isWhitespace || $0 == "/" }) else {
            throw mistake("the address is no address")
        }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits), port <= 65535 else {
            throw mistake("the port is not a number from 0 to 65535")
        }
        self.init(host: String(host), port: port)
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
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
