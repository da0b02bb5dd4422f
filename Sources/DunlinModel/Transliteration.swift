// SPDX-License-Identifier: Apache-2.0
// Stand-in while the real one is being built.

public enum Transliteration: String, CaseIterable, Sendable {
    case none, punctuation, letters

    public func applied(to text: String) -> (text: String, changes: [(from: Character, to: String)]) { (text, []) }
}
