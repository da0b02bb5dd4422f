// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// `email.mustache`: a header block (`subject: …`, and if wanted `preheader: …`), an empty line, a body in Markdown.
struct EmailTemplate: Sendable {
    let subject: TemplateText
    /// Nil for none.
    let preheader: TemplateText?
    let body: TemplateText

    var texts: [TemplateText] { [subject, preheader, body].compactMap(\.self) }

    init(_ source: SourceText, scope: TemplateScope, findings: inout [TemplateFinding]) {
        let lines = source.lines
        let header = lines.prefix { !$0.text.trimmed.isEmpty }
        var fields: [String: TemplateText] = [:]
        for line in header {
            let key = line.text.prefix { $0 != ":" }
            guard key.count < line.text.count, ["subject", "preheader", "attach"].contains(key), fields[String(key)] == nil else {
                findings.append(
                    TemplateFinding(
                        .error, at: line.place(0), "this is not a header field of a mail",
                        remedy: "begin the file with 'subject: …' and 'preheader: …', each once, then an empty line"))
                continue
            }
            let text = line.dropFirst(key.count + 1)
            if key == "attach" { continue }
            fields[String(key)] = TemplateParser.compile(text, scope: scope, findings: &findings)
        }
        if fields["subject"] == nil {
            findings.append(
                TemplateFinding(
                    .error, at: source.place(0), "the mail has no subject", remedy: "add a line 'subject: …'"))
        }
        subject = fields["subject"] ?? TemplateText(steps: [])
        preheader = fields["preheader"]

        let text = lines.dropFirst(header.count + 1).map(\.text).joined(separator: "\n")
        let markdown = SourceText(file: source.file, text: text, line: source.line + header.count + 1)
        body = TemplateParser.compile(markdown, scope: scope, findings: &findings)
        findings += Self.faults(in: markdown, variables: scope.variables)
    }

    /// Raw HTML, code and images (a mail is text), and links that are neither safe nor a variable of type link.
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
            if isSafeLink(address[...]) || (address.hasPrefix("mailto:") && !address.contains("{{")) { return nil }
            return TemplateFinding(
                .error, at: place(line),
                "a link must go to an https:// or mailto: address or to a variable of type link",
                remedy: "declare the variable with 'type: link', or write the whole address")
        }
        return nodes + links
    }

    /// - Parameter notices: what a rule asks to be added; they stand in the footer.
    func render(
        _ values: borrowing ReminderValues, language: LanguageTag, notices: [TemplateText]
    ) throws(RenderError) -> Email {
        let subject = String(try self.subject.render(values, escaping: .none).trimmed)
        let preheader = String(try self.preheader?.render(values, escaping: .none).trimmed ?? "")
        var text = try body.render(values, escaping: .markdown)
        // Values cannot hold the line: their hyphens are escaped.
        if !notices.isEmpty, !text.contains("\n---\n") { text += "\n\n---\n" }
        for notice in notices { text += "\n\n" + (try notice.render(values, escaping: .markdown)) }
        let markdown = Markdown(text)
        guard let markdown, !subject.isEmpty else { throw .empty(message: values.message, channel: .email) }
        let html = EmailLayout.page(subject: subject, preheader: preheader, body: markdown.html, language: language)
        return Email(subject: subject, preheader: preheader, text: markdown.plainText, html: html)
    }
}
