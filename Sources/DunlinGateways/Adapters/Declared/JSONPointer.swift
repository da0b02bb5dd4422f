// SPDX-License-Identifier: Apache-2.0

/// A JSON Pointer (RFC 6901) such as `/messages/0/id`. Beyond the RFC `*` stands for any index or name.
struct JSONPointer: Sendable {
    let components: [[UInt8]]
    /// Whether one of them is `*`.
    let hasAny: Bool

    static let any = [UInt8(ascii: "*")]
    /// The document itself, for which the RFC has the empty text.
    static let document = JSONPointer(components: [])

    private init(components: [[UInt8]]) {
        self.components = components
        hasAny = components.contains(JSONPointer.any)
    }

    /// Nil unless `text` begins with a slash, and where a `~` is not `~0` or `~1`.
    init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        var components: [[UInt8]] = [[]]
        var escaped = false
        for byte in text.utf8.dropFirst() {
            switch (escaped, byte) {
            case (true, UInt8(ascii: "0")): components[components.count - 1].append(UInt8(ascii: "~"))
            case (true, UInt8(ascii: "1")): components[components.count - 1].append(UInt8(ascii: "/"))
            case (true, _): return nil
            case (false, UInt8(ascii: "~")): break
            case (false, UInt8(ascii: "/")): components.append([])
            case (false, _): components[components.count - 1].append(byte)
            }
            escaped = !escaped && byte == UInt8(ascii: "~")
        }
        guard !escaped else { return nil }
        self.init(components: components)
    }
}
