// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel

/// One message in all its languages, checked and compiled.
public struct MessageTemplate: Sendable {
    /// The name of its folder.
    public let name: String
    public let purpose: String
    /// What it is for, as contact rules tell messages apart.
    public let about: Purpose
    /// The notices that all its texts hold, such as `opt-out`: because the manifest says so, or because they always
    /// insert the fragment of that name.
    public let notices: [String]
    /// Those that all its texts hold or can be given.
    public let insertableNotices: Set<String>
    /// The texts it was made from.
    public let sources: TemplateSources
    /// A short hash of `sources`: the same texts have the same version.
    public let version: String
    /// Which variables it can insert, the built-in ones first.
    public var variables: [Variable] { table.all }
    public let defaultLanguage: String
    /// The languages that it is meant to have.
    public let promisedLanguages: [String]
    /// A longer SMS is not sent.
    public let maxSegments: Int
    /// What becomes of it when nobody can tell whether the gateway has it; nil where the configuration decides.
    public let unknown: UnknownPolicy?
    public let sample: Sample

    let table: VariableTable
    /// What was written for each channel.
    let parts: [Channel: [LocalizedPart]]
    /// The same, with what stands in where nothing was written.
    let offered: [Channel: [LocalizedPart]]
    let transliteration: Transliteration
    /// The variables without which a reminder cannot be sent.
    let required: [Variable]
    private let ownNotices: Set<String>
    private let shares: [(name: String, percent: Int)]

    init(
        name: String, manifest: Manifest, sources: TemplateSources, version: String, sample: Sample,
        table: VariableTable, parts: [Channel: [LocalizedPart]]
    ) {
        self.name = name
        (self.sources, self.version, self.sample, self.table, self.parts) = (sources, version, sample, table, parts)
        (purpose, about, unknown) = (manifest.purpose, manifest.about, manifest.unknown)
        (defaultLanguage, promisedLanguages) = (manifest.settings.defaultLanguage, manifest.settings.languages)
        (maxSegments, transliteration) = (manifest.settings.maxSegments, manifest.settings.transliteration)
        offered = Dictionary(
            uniqueKeysWithValues: Channel.allCases.compactMap { channel in
                let all = ([channel] + channel.standIns).flatMap { parts[$0] ?? [] }
                var seen: Set<LanguageTag> = []
                let first = all.filter { seen.insert($0.language).inserted }
                return first.isEmpty
                    ? nil : (channel, first.sorted { $0.language.identifier < $1.language.identifier })
            })
        shares = manifest.variants
        required = table.all.filter { $0.builtIn == nil && $0.isRequired && $0.fallback == nil }
        let own = Set(manifest.notices)
        ownNotices = own
        let all = parts.values.joined()
        let held = all.flatMap(\.allParts).map(\.fragments).common
        notices = own.union(held).sorted()
        let possible = all.flatMap { localized in
            localized.allParts.map { $0.takesNotices ? $0.fragments.union(localized.insertable.keys) : $0.fragments }
        }
        insertableNotices = own.union(possible.common)
    }

    /// The channels for which something was written.
    public var channels: [Channel] { Channel.allCases.filter { parts[$0] != nil } }

    /// The channels it can take, those with another one's text among them.
    public var usableChannels: [Channel] { Channel.allCases.filter { offered[$0] != nil } }

    /// The languages in which it speaks on `channel`, sorted.
    public func languages(on channel: Channel) -> [String] { (offered[channel] ?? []).map(\.language.identifier) }

    /// The variants that some language has on `channel`, sorted.
    public func variants(on channel: Channel) -> [String] {
        Set((offered[channel] ?? []).flatMap(\.variants.keys)).sorted()
    }

    /// The variables that its text uses on `channel`, in any language.
    public func variables(on channel: Channel) -> Set<String> {
        let used = Set((offered[channel] ?? []).flatMap(\.allParts).flatMap { $0.texts }.flatMap(\.used))
        return Set(used.map { table.all[$0].name })
    }

    /// The part for a recipient's locale: in the language that fits best, else in the default language.
    func part(for locale: LanguageTag?, on channel: Channel) -> LocalizedPart? {
        guard let offered = offered[channel] else { return nil }
        let best = locale?.lookup(among: offered.map(\.language))
        return best.map { offered[$0] } ?? offered.first { $0.language.identifier == defaultLanguage }
    }

    /// The variant that falls to a recipient in this language; nil for the plain text. The same person always gets the
    /// same one, whatever else changes.
    func variant(of part: LocalizedPart, for recipient: String) -> String? {
        guard !shares.isEmpty, !part.variants.isEmpty else { return nil }
        let digest = SHA256.hash(data: Array("\(name)\u{0}\(recipient)".utf8))
        var ticket = Int(digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } % 100)
        for (name, percent) in shares {
            if ticket < percent { return part.variants[name] == nil ? nil : name }
            ticket -= percent
        }
        return nil
    }

    /// Of the notices that rules ask for, those that `part` does not hold by itself.
    func missing(_ notices: [String], in part: MessagePart) -> [String] {
        let held = part.fragments
        return notices.filter { !ownNotices.contains($0) && !held.contains($0) }
    }
}

extension Sequence where Element == Set<String> {
    /// What is in all of them; empty for none.
    fileprivate var common: Set<String> {
        var iterator = makeIterator()
        guard var common = iterator.next() else { return [] }
        while let next = iterator.next() { common.formIntersection(next) }
        return common
    }
}
