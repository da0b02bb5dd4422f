// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The files of a message that nobody has written yet: whole in form, and refused until its author has put in the words.
public struct MessageScaffold: Sendable {
    /// Text by path, such as `rate-change/en/sms.mustache`.
    public let files: [String: String]

    /// - Parameters:
    ///   - languages: BCP 47; the first is the default.
    ///   - roots: the library's folders, for the fragments and the example that are there to be shared.
    public init(name: String, languages: [String], channels: [Channel], roots: [String]) throws(DunlinError) {
        let fault = { (why: String, remedy: String) in DunlinError(.usage, name, why: why, remedy: remedy) }
        guard isPlainName(name), !LibraryLoader.reserved.contains(name) else {
            throw fault("this cannot be a message's name", "use small letters, digits and hyphens, such as rate-change")
        }
        guard !languages.isEmpty, !channels.isEmpty else {
            throw fault("no language or no channel", "name one of each")
        }
        var files: [String: String] = [:]
        let library = LibraryLoader(folders: roots.filter(TemplateFiles.isFolder))
        for language in languages {
            guard let tag = LanguageTag(language), tag.identifier == language else {
                let near = LanguageTag(language).map { "did you mean '\($0.identifier)'?" }
                throw fault("'\(language)' is no language", near ?? "use BCP 47, such as es, pt-BR or zh-Hant")
            }
            for channel in channels {
                let known = Set(library.fragments.named(for: tag, on: channel).keys)
                files["\(name)/\(language)/\(MessagePart.fileName(channel))"] = Self.text(of: channel, known)
            }
        }
        files["\(name)/message.yaml"] = Self.manifest(languages, channels, shared: library.shared)
        self.files = files
    }

    private static func manifest(_ languages: [String], _ channels: [Channel], shared: LibrarySettings) -> String {
        let extra = languages.filter { !shared.languages.contains($0) }
        let example = ["name: Alex Kim", "creditor: Harbor Credit", "amount: 1234.50 USD", "due_date: 2026-11-20"]
        let missing = example.filter { shared.sample[String($0.prefix { $0 != ":" })] == nil }
        var lines = [
            "purpose: What this message is for, in one sentence.",
            "channels: [\(channels.map(\.rawValue).joined(separator: ", "))]",
        ]
        if !extra.isEmpty { lines.append("languages: [\(extra.joined(separator: ", "))]") }
        if languages[0] != shared.defaultLanguage { lines.append("default_language: \(languages[0])") }
        lines += [
            "for: reminder                  # or notice, service, marketing …: what contact rules take it for",
            "notices: [identity]            # the texts name the creditor; fragments that they insert count by themselves",
            "sample:                        # an example; add a value for each variable that you declare",
        ]
        lines += (missing + ["today: 2026-11-25"]).map { "  \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The words are English in every language: whoever replaces them sees at once what is still to be written.
    private static func text(of channel: Channel, _ fragments: Set<String>) -> String {
        func include(_ names: String...) -> String {
            names.filter(fragments.contains).map { "{{> \($0)}}\n" }.joined(separator: channel == .email ? "\n" : "")
        }
        switch channel {
        case .sms, .chat:
            return """
                {{! \(TemplateParser.unwritten): replace the words below and remove this line }}
                {{creditor}}: one aim, the amount {{amount}} and the date {{due_date}} first.
                \(include("help", "opt-out"))
                """
        case .task:
            return """
                {{! \(TemplateParser.unwritten): replace the words below and remove this line }}
                What is to be done, for the colleague who does it: account {{account_id}} of {{creditor}}, {{amount}} due on {{due_date}}.
                """
        case .email:
            return """
                subject: What it is about
                preheader: One line that is shown behind the subject.

                {{! \(TemplateParser.unwritten): replace the words above and below and remove this line }}
                \(include("greeting"))
                One aim, the amount **{{amount}}** and the date **{{due_date}}** first.

                \(include("help", "signature"))
                ---

                \(include("footer", "opt-out"))
                """
        case .call:
            let opening = include("opening", "gate")
            let ending = include("help", "again", "goodbye")
            let voicemail = include("voicemail")
            return """
                # \(TemplateParser.unwritten): replace the words below and remove this line
                # Anybody may hear what comes before the first gather, and the voicemail part.
                \(opening.isEmpty ? "say: Hello. This is {{creditor}}.\ngather: 1 = continue, 2 = wrong-person, 9 = opt-out | If you are the person we are calling for, press 1.\n" : opening)\
                say: One aim, the amount {{amount}} and the date {{due_date}} first.
                \(ending)\(voicemail.isEmpty ? "voicemail: Hello. This is {{creditor}}. Please call us back.\n" : voicemail)
                """
        }
    }
}
