// SPDX-License-Identifier: Apache-2.0

/// A fragment that is added to a text because a rule asks for it.
struct Notice: Sendable {
    let name: String
    /// BCP 47.
    let language: String
    let text: TemplateText

    /// Its words. Throws where its sections leave none: without the notice the message must not go out.
    func words(_ values: borrowing ReminderValues, escaping: Escaping) throws(RenderError) -> Substring {
        let words = try text.render(values, escaping: escaping).trimmed
        guard !words.isEmpty else {
            throw .missingNotice(message: values.message, notice: name, language: language)
        }
        return words
    }
}
