// SPDX-License-Identifier: Apache-2.0

/// The parts of `scheme://host:port/path` that matter here.
public struct ServerURL {
    public let scheme: Substring
    /// A name or an address; IPv6 without its brackets.
    public let host: Substring
    public let port: Int?
    public let path: Substring

    /// Nil for anything with a user, a query, a fragment, spaces or characters beyond ASCII.
    public init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"?#@\"<>\\^`{|}".utf8.contains($0) }),
            let mark = text.firstRange(of: "://")
        else { return nil }
        scheme = text[..<mark.lowerBound]
        let rest = text[mark.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var authority = rest[..<slash]
        path = rest[slash...]
        // The colon before a port, not one inside of an IPv6 address.
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            guard let number = UInt16(authority[authority.index(after: colon)...]), number > 0 else { return nil }
            port = Int(number)
            authority = authority[..<colon]
        } else {
            port = nil
        }
        if authority.hasPrefix("["), authority.hasSuffix("]") { authority = authority.dropFirst().dropLast() }
        guard !authority.isEmpty else { return nil }
        host = authority
    }

    /// Whether it is this machine: what is said there crosses no wire.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.allSatisfy { $0 == "." || $0.isNumber }
    }
}
