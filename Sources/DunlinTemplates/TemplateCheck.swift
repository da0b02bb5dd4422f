// SPDX-License-Identifier: Apache-2.0

import DunlinModel

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
        for reminder in [message.sample.reminder, message.sample.reminder.bare(for: message)] {
            do {
                let rendered = try render(reminder, of: message, as: choice, today: message.sample.today)
                if case .sms(let text) = rendered.content { found += encodingFindings(text, part: part) }
            } catch {
                found.append(
                    TemplateFinding(
                        .error, at: part.file, "with the sample data: \(error)", remedy: "change the text or the sample"
                    ))
            }
        }
        return found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// A text in GSM 7-bit but for a few characters costs more than twice for their sake.
    private func encodingFindings(_ text: String, part: LocalizedPart) -> [TemplateFinding] {
        let offenders = SMSEncoding.offenders(in: text)
        guard (1...5).contains(offenders.count) else { return [] }
        let list = offenders.map { "'\($0)'" }.joined(separator: ", ")
        return [
            TemplateFinding(
                .warning, at: part.file, "\(list) make the whole SMS UCS-2, which holds 70 characters instead of 160",
                remedy: "find other words, if there are any")
        ]
    }
}

extension Reminder {
    /// Without every value that may be missing.
    fileprivate func bare(for message: MessageTemplate) -> Reminder {
        var bare = self
        bare.recipient.name = ""
        for variable in message.variables where !variable.isRequired { bare.vars[variable.name] = nil }
        return bare
    }
}
