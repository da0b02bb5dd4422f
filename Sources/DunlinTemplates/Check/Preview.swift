// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension TemplateLibrary {
    /// A message with its sample, in exactly the language and variant that are asked for.
    /// - Parameters:
    ///   - language: one of `MessageTemplate.languages(on:)`.
    ///   - region: ISO 3166-1, for amounts and dates; nil for the language's own.
    ///   - variant: nil for the plain text; one that the language lacks gives the plain text too.
    ///   - bare: without the values that may be missing.
    public func preview(
        _ name: String, language: String, region: String?, channel: Channel, variant: String?, bare: Bool
    ) throws(RenderError) -> RenderedMessage {
        guard let message = message(name) else { throw .unknownMessage(name) }
        let part = message.offered[channel, default: []].first { $0.language.identifier == language }
        guard let part else { throw .noPart(message: name, channel: channel) }
        let choice = LanguageChoice(part, channel: channel, locale: part.language, country: region)
        let sample = message.sample
        return try render(
            bare ? message.bare(sample.reminder) : sample.reminder, of: message, as: choice,
            variant.flatMap { part.variants[$0] == nil ? nil : $0 }, today: sample.today)
    }
}
