// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a configuration and what is only worth knowing, gathered while its readers go on: whoever mends it sees all
/// of it at once.
public final class Faults {
    /// In the order in which they were found, each once.
    public private(set) var errors: [DunlinError] = []
    public private(set) var notes: [Note] = []

    public init() {}

    public func add(_ error: DunlinError) { if !errors.contains(error) { errors.append(error) } }

    public func add(_ note: Note) { if !notes.contains(note) { notes.append(note) } }

    /// Takes over what another has gathered.
    public func add(_ other: Faults) {
        other.errors.forEach(add)
        other.notes.forEach(add)
    }

    /// What `read` gives; nil where it throws, and then the error is kept.
    @discardableResult public func attempt<Value>(_ read: () throws -> Value) -> Value? {
        do {
            return try read()
        } catch {
            add(error as? DunlinError ?? DunlinError(.failure, "configuration", why: "\(error)", remedy: ""))
            return nil
        }
    }

    /// Throws the error there is: a `DunlinError`, or `DunlinErrors` where there are several.
    public func check() throws {
        if errors.count > 1 { throw DunlinErrors(errors: errors) }
        if let error = errors.first { throw error }
    }
}

/// Something that Dunlin can work with, and that somebody may not have meant.
public struct Note: Hashable, Sendable, CustomStringConvertible {
    public var what: String
    public var why: String
    public var remedy: String

    public init(_ what: String, why: String, remedy: String) {
        self.what = what
        self.why = why
        self.remedy = remedy
    }

    public var description: String { "\(what): \(why)" + (remedy.isEmpty ? "" : "; \(remedy)") }
}

/// Several mistakes at once, at least two.
public struct DunlinErrors: Error, Hashable, Sendable, CustomStringConvertible {
    public let errors: [DunlinError]

    public init(errors: [DunlinError]) { self.errors = errors }

    /// One line each.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}
