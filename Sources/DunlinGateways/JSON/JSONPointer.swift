// SPDX-License-Identifier: Apache-2.0

/// A way into a JSON document: a JSON Pointer (RFC 6901) such as `/messages/0/id`, of which `*` means any name or index.
///
/// `/` alone is the document itself, for which the RFC has the empty text: no gateway has a member without a name.
struct JSONPointer: Sendable {
    enum Step: Sendable {
        case any
        /// A member's name, and what it says as an index of a list.
        case named([UInt8], index: Int?)
    }

    let steps: [Step]

    /// Whether it may lead to several values.
    var hasAny: Bool { steps.contains { if case .any = $0 { true } else { false } } }

    /// Nil unless `text` begins with a slash, and where a `~` is not `~0` or `~1`.
    init?(_ text: some StringProtocol) {
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        guard text.utf8.count > 1 else {
            steps = []
            return
        }
        var steps: [Step] = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let name = JSONPointer.unescaped(part) else { return nil }
            steps.append(part == "*" ? .any : JSONPointer.step(name))
        }
        self.steps = steps
    }

    /// The one member of that name.
    init(member name: String) { steps = [JSONPointer.step(name)] }

    private static func step(_ name: String) -> Step {
        let isIndex = name == "0" || (name.first != "0" && name.utf8.allSatisfy { $0.isASCIIDigit })
        return .named(Array(name.utf8), index: isIndex ? Int(name) : nil)
    }

    /// `~1` is a slash and `~0` a tilde; nil for any other.
    private static func unescaped(_ part: some StringProtocol) -> String? {
        var text = ""
        var isEscaped = false
        for character in part {
            switch (isEscaped, character) {
            case (true, "0"): text.append("~")
            case (true, "1"): text.append("/")
            case (true, _): return nil
            case (false, "~"): break
            case (false, _): text.append(character)
            }
            isEscaped = !isEscaped && character == "~"
        }
        return isEscaped ? nil : text
    }
}
