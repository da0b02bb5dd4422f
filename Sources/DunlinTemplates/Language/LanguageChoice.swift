// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// What a recipient's locale comes to for one message on one channel.
final class LanguageChoice: Sendable {
    let part: LocalizedPart
    /// What it is for; the part may be another one's.
    let channel: Channel
    let formats: ValueFormats
    let voice: String
    /// Whether it is heard and not read.
    let isSpoken: Bool

    /// - Parameters:
    ///   - locale: what the recipient asks for; nil if it is no language tag.
    ///   - country: ISO 3166-1, for a locale that names no region.
    init(_ part: LocalizedPart, channel: Channel, locale: LanguageTag?, country: String?) {
        (self.part, self.channel) = (part, channel)
        // Never a foreign way of writing in a text: the region counts only if it is the recipient's own language.
        let isOwn = locale.map { $0.language == part.language.language && $0.script == part.language.script } ?? false
        let region = part.language.region ?? (isOwn ? locale?.region ?? country : nil)
        let tag = part.language.with(region: region)
        // Where CLDR does not know the language in that region, Foundation mixes the two: Russian in the US would be written
        // with American separators.
        let written = tag.isKnown ? tag : part.language
        formats = ValueFormats(locale: written.identifier, channel: channel)
        voice = tag.voice
        isSpoken = channel == .call
    }
}

/// Remembers the choices, since making formats is dear and recipients share few locales.
final class LanguageChoices: Sendable {
    private struct Key: Hashable {
        var message: Int
        var channel: Channel
        var locale: String
        var country: String?
    }
    private let known = Mutex<[Key: LanguageChoice]>([:])
    /// Locales come from outside: what is remembered has a bound.
    private static let most = 4000

    /// Nil if the message has no part for the channel.
    func choice(
        _ number: Int, of message: MessageTemplate, channel: Channel, for recipient: Recipient
    ) -> LanguageChoice? {
        let country = recipient.region.map { String($0.prefix(2)) }
        let key = Key(message: number, channel: channel, locale: recipient.locale, country: country)
        return known.withLock { known in
            if let choice = known[key] { return choice }
            let locale = LanguageTag(recipient.locale)
            guard let part = message.part(for: locale, on: channel) else { return nil }
            if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
            let choice = LanguageChoice(part, channel: channel, locale: locale, country: country)
            known[key] = choice
            return choice
        }
    }
}
