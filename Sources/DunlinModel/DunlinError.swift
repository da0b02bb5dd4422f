// SPDX-License-Identifier: Apache-2.0

/// An error for the person at the keyboard: what, why, and what to do about it.
public struct DunlinError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// Wrong usage or bad configuration: exit code 2.
        case usage
        /// Something failed: exit code 1.
        case failure
    }

    public var kind: Kind
    public var what: String
    public var why: String
    public var remedy: String

    public init(_ kind: Kind, _ what: String, why: String, remedy: String) {
        self.kind = kind
        self.what = what
        self.why = why
        self.remedy = remedy
    }

    /// `what: why; what to do`, as section 9 of the design has it.
    public var description: String { "\(what): \(why)" + (remedy.isEmpty ? "" : "; \(remedy)") }
}
