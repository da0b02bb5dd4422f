// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// What the readers of packs share.
extension YAMLValue {
    /// Lower-case letters, digits and hyphens.
    func identifier() throws -> String {
        let text = try string()
        let isPlain = text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
        guard isPlain, !text.isEmpty else { throw error(expected: "lower-case letters, digits and hyphens") }
        return text
    }

    /// A list with something in it; a single value counts as a list of one.
    func nonEmptyList(of noun: String) throws -> [YAMLValue] {
        let entries = list()
        guard !entries.isEmpty else { throw error(expected: "at least one \(noun)") }
        return entries
    }

    func place(_ why: String, remedy: String) -> DunlinError { DunlinError(.usage, place, why: why, remedy: remedy) }

    func missing(_ what: String, remedy: String) -> DunlinError { place("\(field) lacks \(what)", remedy: remedy) }

    func repeated() -> DunlinError { place("\(field) stands in the list already", remedy: "remove it") }
}
