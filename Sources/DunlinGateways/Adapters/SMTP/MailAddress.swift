// SPDX-License-Identifier: Apache-2.0

/// A mail address with an optional display name (RFC 5322, section 3.4).
struct MailAddress: Hashable, Sendable {
    var name: String
    /// `local@domain`, ASCII.
    var address: String

    /// The part behind the at sign.
    var domain: Substring { address[address.index(after: address.lastIndex(of: "@")!)...] }

    /// Nil unless `address` is a dot-atom in ASCII at a domain name; quoted local parts are too rare to let through.
    init?(name: String, address: String) {
        guard let at = address.lastIndex(of: "@"), address.utf8.count <= 254 else { return nil }
        let local = address[..<at].utf8, domain = address[address.index(after: at)...].utf8
        guard MailAddress.isDotted(local, limit: 64, isAtomText),
            MailAddress.isDotted(domain, limit: 253, MailAddress.isHostText)
        else {
            return nil
        }
        self.name = name
        self.address = address
    }

    /// Reads `Harbor Credit <care@example.com>` or a bare address, as an operator writes it.
    init?(_ text: String) {
        guard let open = text.lastIndex(of: "<") else {
            self.init(name: "", address: text)
            return
        }
        guard text.last == ">" else { return nil }
        var name = text[..<open]
        while name.last == " " { name.removeLast() }
        if name.count >= 2, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
        self.init(name: String(name), address: String(text[text.index(after: open)...].dropLast()))
    }

    private static func isDotted(
        _ text: Substring.UTF8View, limit: Int, _ isAllowed: (UInt8) -> Bool
    ) -> Bool {
        guard text.count <= limit else { return false }
        return text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0.allSatisfy(isAllowed) }
    }

    private static func isHostText(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-")
    }
}

/// `atext` of RFC 5322, section 3.2.3.
func isAtomText(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
}

extension UInt8 {
    var isASCIILetter: Bool { self | 0x20 >= 0x61 && self | 0x20 <= 0x7A }
    var isASCIIDigit: Bool { self >= 0x30 && self <= 0x39 }
}
