// SPDX-License-Identifier: Apache-2.0

/// Where a server listens: `127.0.0.1:8025`, `localhost:8025`, `[::1]:8025`. Port 0 takes a free one.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    public var host: String
    /// 0 to 65535.
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Throws `DunlinError` where `text` is no host and port.
    public init(_ text: String) throws {
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

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether two servers could not have both: one port, and one address or one that stands for all.
    public func collides(with other: ListenAddress) -> Bool {
        func name(_ host: String) -> String { host == "localhost" ? "127.0.0.1" : host }
        let isEverywhere = [host, other.host].contains { $0 == "0.0.0.0" || $0 == "::" }
        return port != 0 && port == other.port && (isEverywhere || name(host) == name(other.host))
    }
}
