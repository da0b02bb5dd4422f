// SPDX-License-Identifier: Apache-2.0

/// The envelope sender with the attempt's token in it, such as `bounce+{token}@example.com`: whatever comes back to such an
/// address names the attempt, even if nothing of the mail is left in it (VERP, variable envelope return path).
public struct BounceAddress: Hashable, Sendable {
    private let before: String
    private let after: String

    /// Octets of the longest token, ``OutboundMessage/token``.
    static let longestToken = 40

    /// Nil unless `pattern` has one `{token}`, left of the at sign, and is a mail address in ASCII with a token for it; the
    /// local part may then have 64 octets (RFC 5321, section 4.5.3.1.1).
    public init?(_ pattern: String) {
        let mark = "{token}"
        guard let open = pattern.firstRange(of: mark), let at = pattern.lastIndex(of: "@"), open.upperBound <= at else {
            return nil
        }
        before = String(pattern[..<open.lowerBound])
        after = String(pattern[open.upperBound...])
        let longest = before + String(repeating: "a", count: BounceAddress.longestToken) + after
        guard !after.contains(mark), MailAddress(name: "", address: longest) != nil else { return nil }
    }

    /// The address for one attempt.
    public func address(token: String) -> String { before + token + after }

    /// What stands where the token would in the addresses of a header's value. Whatever the case: servers change it.
    func candidates(in value: String) -> [String] {
        let before = Array(before.lowercased().utf8), after = Array(after.lowercased().utf8)
        let words = value.lowercased().utf8.split {
            !(isAtomText($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "@"))
        }
        return words.compactMap { word in
            guard word.count > before.count + after.count, word.starts(with: before),
                word.suffix(after.count).elementsEqual(after)
            else { return nil }
            return String(decoding: word.dropFirst(before.count).dropLast(after.count), as: UTF8.self)
        }
    }
}
