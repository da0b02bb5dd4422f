// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// One message in all its languages, checked and compiled.
public struct MessageTemplate: Sendable {
    /// The name of its folder.
    public let name: String
    public let purpose: String
    /// What it is for, as contact rules tell messages apart.
    public let about: Purpose
    /// The notices it declares to hold, such as `opt-out`; contact rules may ask for some.
    public let notices: [String]
    /// A short hash of every file of it: the same text has the same version.
    public let version: String
    /// Which variables it can insert, the built-in ones first.
    public var variables: [Variable] { table.all }
    public let defaultLanguage: String
    /// A longer SMS is not sent.
    public let maxSegments: Int
    /// What becomes of it when nobody can tell whether the gateway has it; nil where the configuration decides.
    public let unknown: UnknownPolicy?
    public let sample: Sample

    let table: VariableTable
    let parts: [Channel: [LocalizedPart]]

    public var channels: [Channel] { Channel.allCases.filter { parts[$0] != nil } }

    /// The languages in which it speaks on `channel`, sorted.
    public func languages(on channel: Channel) -> [String] { (parts[channel] ?? []).map(\.language.identifier) }

    /// The variables that its text uses on `channel`, in any language.
    public func variables(on channel: Channel) -> Set<String> {
        let used = Set((parts[channel] ?? []).flatMap { $0.part.texts }.flatMap(\.used))
        return Set(used.map { table.all[$0].name })
    }

    /// The part for a recipient's locale: in the language that fits best, else in the default language.
    func part(for locale: LanguageTag?, on channel: Channel) -> LocalizedPart? {
        guard let offered = parts[channel] else { return nil }
        let best = locale?.lookup(among: offered.map(\.language))
        return best.map { offered[$0] } ?? offered.first { $0.language.identifier == defaultLanguage }
    }
}

struct LocalizedPart: Sendable {
    let language: LanguageTag
    /// Relative to the library's root, for findings.
    let file: String
    let part: MessagePart
}
