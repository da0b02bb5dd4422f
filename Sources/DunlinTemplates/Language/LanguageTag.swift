// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import FoundationInternationalization

/// A BCP 47 language tag as far as choosing a language needs it: language, script and region, with the script that CLDR
/// says is likely where none is written (`zh-TW` is `Hant`).
struct LanguageTag: Hashable, Sendable {
    let language: String
    /// ISO 15924; empty only for languages that CLDR does not know.
    let script: String
    /// Only if the tag names one: ISO 3166-1 or a UN M.49 area.
    let region: String?
    /// The canonical spelling, with the script for Chinese and where it is not the likely one.
    let identifier: String
    let isRightToLeft: Bool

    /// Reads a tag with `-` or `_`; variants and extensions are passed over. Nil for what is no tag.
    init?(_ text: String) {
        let subtags = text.split(whereSeparator: { $0 == "-" || $0 == "_" }).prefix(5)
        guard text.utf8.count <= 100, let first = subtags.first, (2...3).contains(first.utf8.count),
            first.utf8.allSatisfy({ (0x61...0x7a).contains($0 | 0x20) })
        else { return nil }
        let region = subtags.dropFirst().prefix { $0.utf8.count > 1 }
            .first { $0.utf8.count == 2 || ($0.utf8.count == 3 && $0.first!.isNumber) }
        // CLDR's likely subtags (UTS 35, part 1, 4.3) know Mandarin as `zh` only.
        let likely = Self.likely(first.lowercased() == "cmn" ? "zh" + text.dropFirst(3) : text)
        let found = likely.languageCode?.identifier ?? first.lowercased()
        // Who speaks Cantonese is written to in standard Chinese.
        self.init(
            language: found == "yue" ? "zh" : found, script: likely.script?.identifier ?? "",
            region: region?.uppercased())
    }

    private init(language: String, script: String, region: String?) {
        self.language = language
        self.script = script
        self.region = region
        let isLikely = Self.likely(language).script?.identifier == script && language != "zh"
        identifier = [language, isLikely ? "" : script, region ?? ""].filter { !$0.isEmpty }.joined(separator: "-")
        let written = Locale.Language(identifier: script.isEmpty ? language : "\(language)-\(script)")
        isRightToLeft = written.characterDirection == .rightToLeft
    }

    /// Whether CLDR has data for the language in its region.
    var isKnown: Bool { Self.known.contains(identifier.replacing("-", with: "_")) }
    private static let known = Set(Locale.availableIdentifiers)

    func with(region: String?) -> LanguageTag { LanguageTag(language: language, script: script, region: region) }

    /// The best of `offered` for this tag by RFC 4647 lookup (section 3.4), except that a script is never crossed:
    /// the same language, script and region, else the same language and script without a region, else in the region
    /// where most speak it (`pt` and `pt-AO` take `pt-BR`); nil for none.
    func lookup(among offered: [LanguageTag]) -> Int? {
        let kin = offered.indices.filter { offered[$0].language == language && offered[$0].script == script }
        guard !kin.isEmpty else { return nil }
        if let same = kin.first(where: { offered[$0].region == region }) { return same }
        if let general = kin.first(where: { offered[$0].region == nil }) { return general }
        let likely = Self.likely(script.isEmpty ? language : "\(language)-\(script)").region?.identifier
        return kin.first { offered[$0].region == likely } ?? kin.first
    }

    /// The voice for it: in its own region where voices commonly exist, else in the language's likely one.
    var voice: String {
        let common = [
            "en": ["AU", "GB", "IN", "US"], "es": ["ES", "MX", "US"], "zh": ["CN", "HK", "TW"], "fr": ["CA", "FR"],
            "pt": ["BR", "PT"],
        ]
        if let region, common[language]?.contains(region) == true { return "\(language)-\(region)" }
        let likely = Self.likely(script.isEmpty ? language : "\(language)-\(script)").region
        return likely.map { "\(language)-\($0.identifier)" } ?? language
    }

    private static func likely(_ tag: String) -> Locale.Language {
        Locale.Language(identifier: Locale.Language(identifier: tag).maximalIdentifier)
    }
}
