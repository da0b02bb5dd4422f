// SPDX-License-Identifier: Apache-2.0

/// A stable 64-bit name for a recipient, an account or an address, so that counting needs no personal data.
///
/// FNV-1a over the dimension and the text. Two texts that collide would be counted together, which can only make Dunlin
/// more silent; at ten million names the chance is below one in 300,000.
public struct ContactKey: Hashable, Sendable {
    public let value: Int64

    public init(value: Int64) { self.value = value }

    public static func recipient(_ id: String) -> ContactKey { ContactKey("r", id) }
    public static func account(_ id: String) -> ContactKey { ContactKey("a", id) }
    /// A phone number or a mail address; mail addresses count without regard to case.
    public static func address(_ text: String) -> ContactKey { ContactKey("@", text) }

    private init(_ dimension: Unicode.Scalar, _ text: String) {
        var hash: UInt64 = (0xcbf2_9ce4_8422_2325 ^ UInt64(UInt8(ascii: dimension))) &* 0x100_0000_01b3
        var text = text
        text.withUTF8 { bytes in
            for byte in bytes {
                let folded = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte
                hash = (hash ^ UInt64(folded)) &* 0x100_0000_01b3
            }
        }
        value = Int64(bitPattern: hash)
    }
}

/// A contact that counts: an intent that was not definitely refused, or an event that rules count.
public struct Contact: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// We sent, or may have sent, something.
        case attempt
        /// The person and somebody of ours talked, whoever began.
        case conversation
    }

    public var kind: Kind
    public var at: Instant
    public var channel: Channel
    public var recipient: ContactKey
    public var account: ContactKey
    public var address: ContactKey

    public init(
        _ kind: Kind = .attempt, at: Instant, channel: Channel, recipient: ContactKey, account: ContactKey,
        address: ContactKey
    ) {
        self.kind = kind
        self.at = at
        self.channel = channel
        self.recipient = recipient
        self.account = account
        self.address = address
    }
}

/// Who has been contacted when. The ledger answers in the daemon, an array in tests.
public protocol ContactHistory {
    /// Contacts that bear `key` in any of their three dimensions, at or after `since`, oldest first.
    func contacts(of key: ContactKey, since: Instant) throws -> [Contact]
}
