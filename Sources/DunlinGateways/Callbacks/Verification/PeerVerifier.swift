// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A second line: nothing but what comes from the gateway's own addresses is looked at.
struct PeerVerifier: CallbackVerifier {
    let networks: [Network]
    let verifier: any CallbackVerifier

    func proof(of request: CallbackRequest) -> CallbackProof {
        guard let address = request.peer.flatMap(Network.address), networks.contains(where: { $0.contains(address) })
        else { return .refused(.forged) }
        return verifier.proof(of: request)
    }
}

/// A range of addresses in CIDR notation (RFC 4632, RFC 4291), such as `54.172.60.0/23`, or one address.
struct Network: Sendable {
    private let prefix: [UInt8]
    private let length: Int

    /// Nil for what is malformed, or has bits set behind its prefix: whoever wrote it meant something else.
    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = Network.parsed(String(parts[0])) else { return nil }
        var length = address.count * 8
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy(\.isASCIIDigit), parts[1] == "0" || parts[1].first != "0",
                let given = Int(parts[1]), given <= length
            else { return nil }
            length = given
        }
        self.prefix = address
        self.length = length
        guard (length..<address.count * 8).allSatisfy({ address[$0 / 8] & (0x80 >> UInt8($0 % 8)) == 0 }) else {
            return nil
        }
    }

    func contains(_ address: [UInt8]) -> Bool {
        guard address.count == prefix.count else { return false }
        return (0..<length).allSatisfy { (address[$0 / 8] ^ prefix[$0 / 8]) & (0x80 >> UInt8($0 % 8)) == 0 }
    }

    /// The 4 or 16 bytes of a peer's address. An IPv4 address that a socket for IPv6 wrote, `::ffff:192.0.2.1`, is IPv4.
    static func address(_ text: String) -> [UInt8]? {
        guard let bytes = parsed(text) else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return bytes.count == 16 && bytes.starts(with: mapped) ? Array(bytes.dropFirst(12)) : bytes
    }

    private static func parsed(_ text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
