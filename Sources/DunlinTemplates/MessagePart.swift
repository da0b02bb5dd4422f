// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What a message says on one channel in one language, compiled.
enum MessagePart: Sendable {
    case sms(TemplateText)
    case email(EmailTemplate)
    case call(CallTemplate)

    /// The file in a language's folder that holds the part for `channel`.
    static func fileName(_ channel: Channel) -> String { "\(channel.rawValue).mustache" }

    /// Compiles a file; what is wrong with it is added to `findings`.
    static func compile(
        _ source: SourceText, channel: Channel, variables: VariableTable, findings: inout [TemplateFinding]
    ) -> MessagePart {
        switch channel {
        case .sms: .sms(TemplateParser.compile(source, variables: variables, findings: &findings))
        case .email: .email(EmailTemplate(source, variables: variables, findings: &findings))
        case .call: .call(CallTemplate(source, variables: variables, findings: &findings))
        }
    }

    /// Every piece of text in it.
    var texts: [TemplateText] {
        switch self {
        case .sms(let text): [text]
        case .email(let email): [email.subject, email.preheader, email.body].compactMap(\.self)
        case .call(let call): call.texts
        }
    }

    /// - Parameter language: of the text, BCP 47; `voice` the same for a speaking voice.
    func render(
        _ values: borrowing ReminderValues, language: LanguageTag, voice: String
    ) throws(RenderError) -> MessageContent {
        switch self {
        case .sms(let text): .sms(String(try text.render(values, escaping: .sms).trimmed))
        case .email(let email): .email(try email.render(values, language: language))
        case .call(let call): .call(try call.render(values, voice: voice))
        }
    }
}
