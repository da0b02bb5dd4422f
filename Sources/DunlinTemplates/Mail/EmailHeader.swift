// SPDX-License-Identifier: Apache-2.0

/// The lines above a mail's body: `subject: …`, and if wanted `preheader: …` and up to three `attach: {{variable}}`.
struct EmailHeader: Sendable {
    /// More files than this nobody opens, and servers grow suspicious.
    static let mostAttachments = 3

    private(set) var subject = TemplateText(steps: [])
    /// Nil for none.
    private(set) var preheader: TemplateText?
    /// The numbers of variables of type `file`.
    private(set) var attachments: [Int] = []

    init(
        _ lines: some Collection<SourceText>, of source: SourceText, scope: TemplateScope,
        findings: inout [TemplateFinding]
    ) {
        var seen: Set<String> = []
        for line in lines {
            let key = String(line.text.prefix { $0 != ":" })
            let text = line.dropFirst(key.count + 1)
            let isKnown = key.count < line.text.count && ["subject", "preheader", "attach"].contains(key)
            guard isKnown, key == "attach" || seen.insert(key).inserted else {
                findings.append(
                    TemplateFinding(
                        .error, at: line.place(0), "this is not a header field of a mail",
                        remedy: "begin the file with 'subject: …' and 'preheader: …', each once, then an empty line"))
                continue
            }
            switch key {
            case "attach": attach(text, scope.variables, &findings)
            case "subject": subject = TemplateParser.compile(text, scope: scope.withinLine, findings: &findings)
            default: preheader = TemplateParser.compile(text, scope: scope.withinLine, findings: &findings)
            }
        }
        if !seen.contains("subject") {
            findings.append(
                TemplateFinding(
                    .error, at: source.place(0), "the mail has no subject", remedy: "add a line 'subject: …'"))
        }
    }

    private mutating func attach(
        _ source: SourceText, _ variables: VariableTable, _ findings: inout [TemplateFinding]
    ) {
        let tag = source.text.trimmed
        let name = tag.hasPrefix("{{") && tag.hasSuffix("}}") ? tag.dropFirst(2).dropLast(2).trimmed : ""
        func complain(_ what: String, _ remedy: String) {
            findings.append(TemplateFinding(.error, at: source.place(0), what, remedy: remedy))
        }
        guard let number = variables.number(of: String(name)), variables[number].type == .file else {
            return complain(
                "'attach' takes one variable of type file",
                "write 'attach: {{statement}}', and declare 'statement' in message.yaml with 'type: file'")
        }
        guard !attachments.contains(number) else {
            return complain("'\(name)' is attached twice", "remove one of the lines")
        }
        guard attachments.count < Self.mostAttachments else {
            return complain("a mail takes up to \(Self.mostAttachments) attachments", "put them into one file")
        }
        attachments.append(number)
    }

    /// Every piece of text in it. A file that is attached is used, though nobody reads its name.
    var texts: [TemplateText] {
        [subject, preheader].compactMap(\.self) + attachments.map { TemplateText(steps: [.value($0)]) }
    }

    /// The names of the files that the reminder gives, each once.
    func files(_ values: borrowing ReminderValues) throws(RenderError) -> [String] {
        var files: [String] = []
        for number in attachments where values.isShown(number) {
            let file = try values.text(number)
            if !files.contains(file) { files.append(file) }
        }
        return files
    }
}
