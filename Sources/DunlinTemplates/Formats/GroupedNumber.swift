// SPDX-License-Identifier: Apache-2.0

/// A phone number in its country's groups, or in one piece where these are not known.
struct GroupedNumber {
    private let digits: Substring
    private let code: Int
    private let groups: [PhoneGroups.Group]

    /// - Parameter digits: of E.164, without `+`.
    init(digits: Substring) {
        self.digits = digits
        (code, groups) = PhoneGroups.shared.split(digits.utf8) ?? (digits.utf8.count, [])
    }

    /// In international format: `+34 612 34 56 78`.
    var text: String {
        String(unsafeUninitializedCapacity: 1 + digits.utf8.count + groups.count) { buffer in
            var rest = digits.utf8[...]
            var end = 0
            func append(_ byte: UInt8) {
                buffer[end] = byte
                end += 1
            }
            append(UInt8(ascii: "+"))
            for _ in 0..<code { append(rest.removeFirst()) }
            for group in groups {
                append(group.separator)
                for _ in 0..<group.digits { append(rest.removeFirst()) }
            }
            return end
        }
    }

    /// The calling code, then the groups behind it.
    var parts: [Substring] {
        var rest = digits
        return ([code] + groups.map(\.digits)).map { length in
            defer { rest = rest.dropFirst(length) }
            return rest.prefix(length)
        }
    }
}
