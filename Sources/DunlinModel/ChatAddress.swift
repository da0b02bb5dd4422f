// SPDX-License-Identifier: Apache-2.0

/// Where a person is reached in a messaging app, written `service:id`: `whatsapp:+8613800138000`, `line:U4af4980629`.
public struct ChatAddress: Hashable, Sendable {
    /// The apps. Closed; the names stand in rows, definitions of gateways and the ledger.
    public enum Service: String, CaseIterable, Sendable {
        /// The person's number, E.164 with the plus.
        case whatsapp
        /// The person's open id with an official account.
        case wechat
        /// A user's id with an enterprise.
        case wecom
        /// A user's id with a channel.
        case line
    }

    public let service: Service
    /// An E.164 number for WhatsApp, else 1 to 128 visible ASCII characters, as the service gave it.
    public let id: String

    /// Nil if `text` is none.
    public init?(_ text: String) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            let service = Service(rawValue: String(text[..<colon]))
        else { return nil }
        let id = String(text[text.utf8.index(after: colon)...])
        switch service {
        case .whatsapp: guard id.isE164 else { return nil }
        case .wechat, .wecom, .line:
            guard (1...128).contains(id.utf8.count), id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        }
        (self.service, self.id) = (service, id)
    }

    /// What it looks like, for whoever wrote another one.
    public static let shape = "a chat such as whatsapp:+8613800138000, or wechat, wecom or line and the id there"
}

extension String {
    /// E.164: a plus and 7 to 15 digits, the first not zero (ITU-T E.164 section 6).
    public var isE164: Bool {
        var bytes = utf8.makeIterator()
        guard utf8.count >= 8, utf8.count <= 16, bytes.next() == UInt8(ascii: "+"), let first = bytes.next(),
            first >= 0x31, first <= 0x39
        else { return false }
        while let byte = bytes.next() { if byte < 0x30 || byte > 0x39 { return false } }
        return true
    }
}
