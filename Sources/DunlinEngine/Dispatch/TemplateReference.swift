// SPDX-License-Identifier: Apache-2.0

import DunlinTemplates

/// Which text went out, as an attempt records it: `payment-overdue@1f2e3d4c5b6a/pt-BR#short`.
public struct TemplateReference: Hashable, Sendable, CustomStringConvertible {
    public var message: String
    public var version: String
    /// BCP 47.
    public var language: String
    /// Nil for the plain text.
    public var variant: String?

    public init(_ rendered: RenderedMessage, of message: String) {
        self.message = message
        version = rendered.version
        language = rendered.language
        variant = rendered.variant
    }

    /// Reads what `description` writes; nil for anything else.
    public init?(_ text: String) {
        let halves = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let path = halves[0].split(separator: "/", omittingEmptySubsequences: false)
        let name = path[0].split(separator: "@", omittingEmptySubsequences: false)
        guard path.count == 2, name.count == 2, !(halves + path + name).contains("") else { return nil }
        (message, version, language) = (String(name[0]), String(name[1]), String(path[1]))
        variant = halves.count == 2 ? String(halves[1]) : nil
    }

    public var description: String { "\(message)@\(version)/\(language)\(variant.map { "#\($0)" } ?? "")" }
}
