// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Glibc

/// What a message may not say in one language: `wording/LANGUAGE.txt`, phrases under headings that name the reason.
struct Wording {
    enum Reason: String, CaseIterable {
        case threat, shame, authority, deception
        /// False urgency.
        case pressure

        var why: String {
            switch self {
            case .threat: "is a threat"
            case .shame: "shames the person"
            case .pressure: "puts pressure on the person"
            case .authority: "poses as an authority"
            case .deception: "deceives the person"
            }
        }
    }

    fileprivate struct Phrase {
        var text: String
        var shown: String
        var reason: Reason
        /// Whether other endings of its last word count too.
        var isOpen: Bool
    }

    fileprivate let language: LanguageTag
    fileprivate var phrases: [Phrase] = []

    private init(language: LanguageTag) { self.language = language }

    /// Every place in the library's texts that says what it may not.
    static func findings(in loader: LibraryLoader) -> [TemplateFinding] {
        var findings: [TemplateFinding] = []
        let lists = lists(of: loader.roots, &findings)
        var unlisted: Set<LanguageTag> = []
        for (language, source) in loader.texts {
            findings += shouting(in: source) + insecureLinks(in: source)
            if let list = lists[language] ?? lists[language.with(region: nil)] {
                findings += list.findings(in: source)
            } else if unlisted.insert(language).inserted, !lists.isEmpty {
                findings.append(
                    TemplateFinding(
                        .warning, at: source.file,
                        "nothing is listed that must not be said in '\(language.identifier)'",
                        remedy: "add wording/\(language.identifier).txt"))
            }
        }
        return findings
    }

    private static func lists(
        of roots: [TemplateRoot], _ findings: inout [TemplateFinding]
    ) -> [LanguageTag: Wording] {
        var lists: [LanguageTag: Wording] = [:]
        for root in roots {
            for entry in root.entries(of: "wording") {
                let path = "wording/\(entry)"
                let name = String(entry.dropLast(4))
                guard entry.hasSuffix(".txt"), let language = LanguageTag(name), language.identifier == name,
                    let text = try? root.text(path).get()
                else {
                    findings.append(
                        TemplateFinding(
                            .error, at: root.place(path), "this is no list of wording",
                            remedy: "name it by its language, such as es.txt, and save it as UTF-8"))
                    continue
                }
                let source = SourceText(file: root.place(path), text: text)
                lists[language, default: Wording(language: language)].read(source, &findings)
            }
        }
        return lists
    }

    private mutating func read(_ source: SourceText, _ findings: inout [TemplateFinding]) {
        var reason: Reason?
        for line in source.lines {
            let text = line.text.trimmed
            if text.isEmpty { continue }
            if text.hasPrefix("#") {
                let word = text.dropFirst().trimmed.prefix { !$0.isWhitespace }
                reason = Reason(rawValue: String(word))
                if reason != nil { continue }
            }
            guard let reason else {
                findings.append(
                    TemplateFinding(
                        .error, at: line.place(0), "'\(text.prefix(30))' stands under no reason",
                        remedy: "write a heading: # \(Reason.allCases.map(\.rawValue).joined(separator: ", # "))"))
                return
            }
            let isOpen = text.hasSuffix("*")
            let words = String(isOpen ? text.dropLast() : text)
            phrases.append(Phrase(text: folded(words), shown: words, reason: reason, isOpen: isOpen))
        }
    }

    private func findings(in source: SourceText) -> [TemplateFinding] {
        // Nearly no text says any of it: one quick search through the whole leaves nothing to look for in its lines.
        let text = folded(source.text)
        let phrases = self.phrases.filter { strstr(text, $0.text) != nil }
        if phrases.isEmpty { return [] }
        return source.lines.flatMap { line -> [TemplateFinding] in
            let text = folded(line.text)
            return phrases.compactMap { phrase -> TemplateFinding? in
                guard let offset = phrase.offset(in: text, isOpenEverywhere: hasNoSpaces) else { return nil }
                let place = SourceText(file: line.file, text: "", line: line.line, column: line.column + offset)
                return TemplateFinding(
                    .warning, at: place.place(0), "'\(phrase.shown)' \(phrase.reason.why)",
                    remedy: "say it civilly, or remove it")
            }
        }
    }

    /// Scripts that are written without spaces, or glue endings to words.
    private var hasNoSpaces: Bool { ["Hans", "Hant", "Jpan", "Kore", "Thai"].contains(language.script) }

    /// Without case and, in Latin script, without accents. Those of Vietnamese make other words.
    private func folded(_ text: String) -> String {
        let text = text.replacing("’", with: "'")
        return language.script == "Latn" && language.language != "vi"
            ? text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil) : text.lowercased()
    }

    /// Links without TLS in plain words; those of Markdown and of variables are errors before it comes to that.
    private static func insecureLinks(in source: SourceText) -> [TemplateFinding] {
        source.lines.compactMap { line in
            guard let range = line.text.range(of: "http://", options: .caseInsensitive) else { return nil }
            let offset = line.text.utf8.distance(from: line.text.startIndex, to: range.lowerBound)
            return TemplateFinding(
                .warning, at: line.place(offset), "this link has no TLS", remedy: "write an https:// address")
        }
    }

    /// Words in capitals, two or more in a row, and rows of exclamation marks.
    private static func shouting(in source: SourceText) -> [TemplateFinding] {
        source.lines.compactMap { line in
            let words = line.text.split(whereSeparator: { !$0.isLetter })
            let isLoud = words.map { $0.count > 2 && $0 == $0.uppercased() && $0 != $0.lowercased() }
            guard zip(isLoud, isLoud.dropFirst()).contains(where: { $0 && $1 }) || line.text.contains("!!") else {
                return nil
            }
            return TemplateFinding(
                .warning, at: line.place(0), "this shouts", remedy: "use small letters and no exclamation marks")
        }
    }
}

extension Wording.Phrase {
    /// The number of characters before it in `text`; nil if it is not there.
    fileprivate func offset(in text: String, isOpenEverywhere: Bool) -> Int? {
        var start = text.startIndex
        while let range = text.range(of: self.text, options: .literal, range: start..<text.endIndex) {
            let isWord =
                isOpenEverywhere
                || ((range.lowerBound == text.startIndex || !text[text.index(before: range.lowerBound)].isLetter)
                    && (isOpen || range.upperBound == text.endIndex || !text[range.upperBound].isLetter))
            if isWord { return text.distance(from: text.startIndex, to: range.lowerBound) }
            start = text.index(after: range.lowerBound)
        }
        return nil
    }
}
