// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Pieces of text that messages share: `fragments/LANGUAGE/CHANNEL.mustache`, each behind a line with its name in brackets.
struct Fragments {
    private var blocks: [LanguageTag: [Channel: [String: SourceText]]] = [:]

    /// The languages that have any, sorted.
    var languages: [LanguageTag] { blocks.keys.sorted { $0.identifier < $1.identifier } }

    /// Those for a text in `language`; a text for one region takes those of its language where it has none of its own, and one
    /// for a chat or a task those for SMS, which are plain text too.
    func named(for language: LanguageTag, on channel: Channel) -> [String: SourceText] {
        switch channel {
        case .sms, .email, .call: written(for: language, on: channel)
        case .chat, .task:
            written(for: language, on: .sms).merging(written(for: language, on: channel)) { $1 }
        }
    }

    private func written(for language: LanguageTag, on channel: Channel) -> [String: SourceText] {
        let general = blocks[language.with(region: nil)]?[channel] ?? [:]
        guard language.region != nil, let own = blocks[language]?[channel] else { return general }
        return general.merging(own) { $1 }
    }

    /// Reads a file; a fragment that is there already is replaced.
    mutating func read(
        _ source: SourceText, language: LanguageTag, channel: Channel, findings: inout [TemplateFinding]
    ) {
        var name: String?
        var lines: [SourceText] = []
        var seen: Set<String> = []
        func close(_ blocks: inout [String: SourceText]) {
            guard let name else { return }
            while lines.last?.text.trimmed.isEmpty == true { lines.removeLast() }
            guard let first = lines.first else { return }
            let text = lines.map(\.text).joined(separator: "\n")
            blocks[name] = SourceText(file: first.file, text: text, line: first.line, column: first.column)
        }
        for line in source.lines {
            let text = line.text.trimmed
            if text.hasPrefix("["), text.hasSuffix("]") {
                close(&blocks[language, default: [:]][channel, default: [:]])
                name = String(text.dropFirst().dropLast())
                lines = []
                if !isPlainName(name!) || !seen.insert(name!).inserted {
                    findings.append(
                        TemplateFinding(
                            .error, at: line.place(0),
                            "'\(name!.prefix(40))' cannot be a fragment's name, or stands here twice",
                            remedy: "use small letters, digits and hyphens, each name once"))
                }
            } else if name != nil {
                if !lines.isEmpty || !text.isEmpty { lines.append(line) }
            } else if !text.isEmpty, !text.hasPrefix("#") {
                findings.append(
                    TemplateFinding(
                        .error, at: line.place(0), "this text belongs to no fragment",
                        remedy: "begin with a line such as '[opt-out]'"))
            }
        }
        close(&blocks[language, default: [:]][channel, default: [:]])
    }
}

/// Small letters, digits and hyphens: the names of messages, fragments, notices and variants.
func isPlainName(_ name: some StringProtocol) -> Bool {
    !name.isEmpty && name.utf8.count <= 60
        && name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
}
