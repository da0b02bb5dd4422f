// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Everything that can be said about folders of messages without sending one.
public struct TemplateCheck: Sendable {
    /// What is wrong, or could be better, in the order of the files.
    public let findings: [TemplateFinding]
    /// The messages without errors.
    public let library: TemplateLibrary
    /// What each message has, sorted by name; those with errors are missing.
    public let completeness: [Completeness]
    /// Whether a daemon would take the library.
    public var isSound: Bool { !findings.contains { $0.severity == .error } }

    /// Reads `roots` as the daemon would, and renders every text with its sample, with and without the values that may be
    /// missing.
    public init(roots: [String]) {
        let loader = LibraryLoader(folders: roots)
        library = TemplateLibrary(loader.messages)
        findings = loader.findings + library.sampleFindings() + Wording.findings(in: loader)
        completeness = library.messages.map(Completeness.init)
    }
}

/// Which languages and channels a message has, beside those that it should have.
public struct Completeness: Sendable {
    public let message: String
    public let channels: [Channel]
    /// Those that the message or the library promises.
    public let promised: [String]
    /// By language.
    public let present: [String: [Channel]]

    init(_ message: MessageTemplate) {
        self.message = message.name
        channels = message.channels
        promised = message.promisedLanguages
        present = message.channels.reduce(into: [:]) { present, channel in
            for language in message.languages(on: channel) { present[language, default: []].append(channel) }
        }
    }
}

extension TemplateLibrary {
    /// Renders every part of every message with its sample, once complete and once without what may be missing.
    func sampleFindings() -> [TemplateFinding] {
        messages.flatMap { message in
            message.channels.flatMap { channel in
                message.parts[channel, default: []].flatMap { findings(about: message, part: $0, channel: channel) }
            }
        }
    }

    private func findings(about message: MessageTemplate, part: LocalizedPart, channel: Channel) -> [TemplateFinding] {
        let choice = LanguageChoice(part, channel: channel, locale: part.language, country: nil)
        var found: [TemplateFinding] = []
        for variant in [nil] + part.variants.keys.sorted().map(Optional.some) {
            let file = variant.map { part.file(of: channel, variant: $0) } ?? part.file
            for reminder in [message.sample.reminder, message.bare(message.sample.reminder)] {
                do {
                    let rendered = try render(reminder, of: message, as: choice, variant, today: message.sample.today)
                    if case .sms(let text) = rendered.content { found += encodingFindings(text, rendered, file: file) }
                } catch {
                    found.append(
                        TemplateFinding(
                            .error, at: file, "with the sample data: \(error)", remedy: "change the text or the sample")
                    )
                }
            }
        }
        return found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// A text in GSM 7-bit but for a few characters costs more than twice for their sake.
    private func encodingFindings(_ text: String, _ rendered: RenderedMessage, file: String) -> [TemplateFinding] {
        let offenders = SMSEncoding.offenders(in: text)
        guard (1...5).contains(offenders.count), rendered.segments > 1 else { return [] }
        let list = offenders.map { "'\($0)'" }.joined(separator: ", ")
        let gsm = SMSEncoding.measure(String(text.filter { !offenders.contains($0) })).segments
        guard gsm < rendered.segments else { return [] }
        return [
            TemplateFinding(
                .warning, at: file,
                "not in the GSM alphabet: \(list); for their sake the SMS takes \(rendered.segments) segments instead of \(gsm)",
                remedy: "find other words, or set 'transliterate'")
        ]
    }
}

extension LocalizedPart {
    /// The file of a variant.
    func file(of channel: Channel, variant: String) -> String {
        file.dropLast(MessagePart.fileName(channel).count) + MessagePart.fileName(channel, variant: variant)
    }
}

extension MessageTemplate {
    /// The same reminder without every value that may be missing.
    public func bare(_ reminder: Reminder) -> Reminder {
        var bare = reminder
        bare.recipient.name = ""
        for variable in variables where !variable.isRequired { bare.vars[variable.name] = nil }
        return bare
    }
}
