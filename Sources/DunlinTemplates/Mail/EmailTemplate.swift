// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// `email.mustache`: a header block, an empty line, a body in Markdown.
struct EmailTemplate: Sendable {
    let header: EmailHeader
    let body: TemplateText

    init(_ source: SourceText, scope: TemplateScope, findings: inout [TemplateFinding]) {
        let lines = source.lines
        let head = lines.prefix { !$0.text.trimmed.isEmpty }
        header = EmailHeader(head, of: source, scope: scope, findings: &findings)
        let text = lines.dropFirst(head.count + 1).map(\.text).joined(separator: "\n")
        let markdown = SourceText(file: source.file, text: text, line: source.line + head.count + 1)
        body = TemplateParser.compile(markdown, scope: scope, findings: &findings)
        findings += Self.faults(in: markdown, variables: scope.variables)
    }

    /// Every piece of text in it.
    var texts: [TemplateText] { header.texts + [body] }

    /// Raw HTML, code, images and deep nesting (a mail is text), and links that are neither safe nor a variable of type
    /// link, in a piece of Markdown with its tags.
    static func faults(in source: SourceText, variables: VariableTable) -> [TemplateFinding] {
        guard let markdown = Markdown(source.text) else { return [] }
        let place = { (line: Int) in "\(source.file):\(source.line + line - 1):1" }
        let nodes = markdown.faults().map {
            TemplateFinding(.error, at: place($0.line), "\($0.what) in a mail", remedy: "write plain Markdown")
        }
        let links = markdown.links().compactMap { line, address -> TemplateFinding? in
            let name =
                address.hasPrefix("{{") && address.hasSuffix("}}") ? address.dropFirst(2).dropLast(2).trimmed : ""
            if let number = variables.number(of: String(name)), variables[number].type == .link { return nil }
            if isSafeLink(address[...]) || isSafeMailto(address[...]) { return nil }
            return TemplateFinding(
                .error, at: place(line),
                "a link must go to an https:// or mailto: address or to a variable of type link",
                remedy: "declare the variable with 'type: link', or write the whole address")
        }
        return Array((nodes + links).prefix(TemplateParser.mostFindings))
    }

    /// - Parameter notices: paragraphs of Markdown that rules ask for and the text does not hold; they end the footer.
    func render(
        _ values: borrowing ReminderValues, language: LanguageTag, notices: [Notice] = []
    ) throws(RenderError) -> Email {
        let subject = String(try header.subject.render(values, escaping: .none).trimmed)
        let preheader = String(try header.preheader?.render(values, escaping: .none).trimmed ?? "")
        let text = try body.render(values, escaping: .markdown)
        guard !subject.isEmpty, !text.trimmed.isEmpty, let own = Markdown(text) else {
            throw .empty(message: values.message, channel: .email)
        }
        let files = try header.files(values)
        guard !notices.isEmpty else {
            return try mail(own, subject, preheader, files, language, message: values.message)
        }
        var whole = text + (own.footerRule == nil ? "\n\n---" : "")
        for notice in notices { whole += "\n\n" + (try notice.words(values, escaping: .markdown)) }
        guard let noticed = Markdown(whole) else { throw .empty(message: values.message, channel: .email) }
        return try mail(noticed, subject, preheader, files, language, message: values.message)
    }

    private func mail(
        _ markdown: borrowing Markdown, _ subject: String, _ preheader: String, _ files: [String],
        _ language: LanguageTag, message: String
    ) throws(RenderError) -> Email {
        let html = EmailLayout.page(subject: subject, preheader: preheader, body: markdown, language: language)
        guard html.utf8.count <= EmailLayout.mostBytes else {
            throw .tooLarge(message: message, bytes: html.utf8.count, limit: EmailLayout.mostBytes)
        }
        return Email(
            subject: subject, preheader: preheader, text: PlainTextWriter.text(of: markdown), html: html,
            attachments: files)
    }
}

extension MessageTemplate {
    /// The variable through which `reminder` names `file`, to tell which one is at fault without telling the file's name.
    public func variable(naming file: String, in reminder: Reminder) -> String? {
        variables.first { $0.type == .file && (reminder.vars[$0.name] ?? $0.fallback)?.trimmed[...] == file[...] }?.name
    }
}
