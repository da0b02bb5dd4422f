// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Compiles the part of Mustache that messages use: `{{value}}`, `{{#shown-if}}…{{/…}}`, `{{^shown-unless}}…{{/…}}`,
/// `{{> fragment}}`, `{{! comment }}`, and plurals of our own, `{{n | one: # day | other: # days}}`. All else is a finding:
/// lambdas, raw values, other delimiters, undeclared variables.
struct TemplateParser {
    static let deepestNesting = 8
    /// Per text: a file that is no template at all is not worth a thousand complaints.
    static let mostFindings = 20

    private let source: SourceText
    private let scope: TemplateScope
    private let bytes: [UInt8]
    private var steps: [TemplateText.Step] = []
    private var fragments: Set<String> = []
    private var open: [Section] = []
    private var textStart = 0
    private var findings: [TemplateFinding] = []

    private struct Section {
        var name: String
        var number: Int?
        var inverted: Bool
        /// Where its step stands; its end is filled in when it closes.
        var step: Int
        var offset: Int
    }

    /// Compiles `source`; what is wrong with it is added to `findings`.
    static func compile(
        _ source: SourceText, scope: TemplateScope, findings: inout [TemplateFinding]
    ) -> TemplateText {
        var parser = TemplateParser(source: source, scope: scope)
        parser.parse()
        findings += parser.findings
        return TemplateText(steps: parser.steps, fragments: parser.fragments)
    }

    private init(source: SourceText, scope: TemplateScope) {
        self.source = source
        self.scope = scope
        bytes = Array(source.text.utf8)
    }

    private mutating func parse() {
        while let start = find("{{", from: textStart) {
            guard let close = find("}}", from: start + 2) else {
                complain(start, "the tag '{{' is never closed", "close it with '}}'")
                return
            }
            let isTriple = bytes[start + 2] == UInt8(ascii: "{") && close + 2 < bytes.count
            let end = isTriple && bytes[close + 2] == UInt8(ascii: "}") ? close + 3 : close + 2
            let tag = text((start + 2)..<close).trimmed
            let line = ownLine(of: tag, start..<end)
            let span = line ?? start..<end
            flush(upTo: span.lowerBound)
            textStart = span.upperBound
            take(tag, at: start, hasOwnLine: line != nil)
        }
        flush(upTo: bytes.count)
        for section in open {
            complain(section.offset, "the section '\(section.name)' is never closed", "add {{/\(section.name)}}")
        }
    }

    private mutating func take(_ tag: Substring, at start: Int, hasOwnLine: Bool) {
        let name = String(tag.dropFirst().trimmed)
        switch tag.first {
        case "#": begin(name, inverted: false, at: start)
        case "^": begin(name, inverted: true, at: start)
        case "/": close(name, at: start)
        case "!": if name.hasPrefix(Self.unwritten) { complain(start, Self.unwrittenText.0, Self.unwrittenText.1) }
        case ">": include(name, at: start, hasOwnLine: hasOwnLine)
        case "{", "&":
            complain(
                start, "'{{\(tag.prefix(1))' would insert a raw value",
                "write {{name}}: values are always inserted safely")
        case "<", "$", "*", "=", "%", "@":
            complain(
                start, "'{{\(tag.prefix(1))' is not available in messages",
                "only values, plurals, sections, fragments and comments are")
        default: if tag.contains("|") { writePlural(tag, at: start) } else { write(String(tag), at: start) }
        }
    }

    /// What a comment begins with in a text that nobody has written yet; see `MessageScaffold`.
    static let unwritten = "unwritten"
    static let unwrittenText = (
        "this text is still the one that 'templates new' wrote", "write your own, and remove this line"
    )

    private mutating func write(_ name: String, at start: Int) {
        guard let number = resolve(name, at: start) else { return }
        let variable = scope.variables[number]
        if variable.type == .file {
            return complain(
                start, "'\(name)' is a file", "attach it: 'attach: {{\(name)}}' in the header of email.mustache")
        }
        checkPresence(of: variable, number, at: start)
        steps.append(.value(number))
    }

    /// `n | one: # day | other: # days`, or `n ordinal | one: #st | …`.
    private mutating func writePlural(_ tag: Substring, at start: Int) {
        let bar = tag.firstIndex(of: "|")!
        var head = tag[..<bar].split(whereSeparator: \.isWhitespace)
        let isOrdinal = head.count == 2 && head[1] == "ordinal"
        if isOrdinal { head.removeLast() }
        guard head.count == 1 else {
            return complain(
                start, "a plural begins with one variable", "write '{{days_overdue | one: # day | other: # days}}'")
        }
        guard let number = resolve(String(head[0]), at: start) else { return }
        let variable = scope.variables[number]
        guard variable.type == .number else {
            return complain(
                start, "'\(variable.name)' is of type \(variable.type.rawValue)", "only a number has plurals")
        }
        checkPresence(of: variable, number, at: start)
        var faults: [(String, String)] = []
        let choice = PluralChoice(
            tag[tag.index(after: bar)...], of: number, isOrdinal: isOrdinal, rules: scope.plurals
        ) { faults.append(($0, $1)) }
        for (what, remedy) in faults { complain(start, what, remedy) }
        if let choice { steps.append(.plural(choice)) }
    }

    private mutating func checkPresence(of variable: Variable, _ number: Int, at start: Int) {
        let name = variable.name
        let isGuarded = open.contains { $0.number == number && !$0.inverted }
        if variable.mayBeMissing, !isGuarded {
            complain(
                start, "'\(name)' may have no value here",
                "write {{#\(name)}}…{{/\(name)}} around it, or give it a default or 'required: true' in message.yaml")
        }
    }

    /// Compiles the fragment in place.
    private mutating func include(_ name: String, at start: Int, hasOwnLine: Bool) {
        guard let fragment = scope.fragments[name] else {
            let near = nearMiss(String(name.prefix(40)), among: Array(scope.fragments.keys)).map {
                "did you mean '\($0)'?"
            }
            complain(
                start, "there is no fragment '\(name.prefix(40))' for this language and channel",
                near
                    ?? (scope.isFragment
                        ? "write its words here"
                        : "add it under fragments/, or name the folder that has it before this one"))
            return
        }
        guard !scope.scripts.contains(name) else {
            return complain(
                start, "the fragment '\(name)' is whole lines of a call, and its 'say:' would be read out",
                "put {{> \(name)}} on a line of its own")
        }
        if open.isEmpty { fragments.insert(name) }
        // With the line end that its line had, so that a section which is not shown leaves no empty line behind.
        let source = SourceText(
            file: fragment.file, text: hasOwnLine ? fragment.text + "\n" : fragment.text, line: fragment.line,
            column: fragment.column)
        let text = Self.compile(source, scope: scope.insideFragment, findings: &findings)
        let offset = steps.count
        steps += text.steps.map { $0.moved(by: offset) }
    }

    private mutating func begin(_ name: String, inverted: Bool, at start: Int) {
        let number = resolve(name, at: start)
        if open.count == Self.deepestNesting {
            complain(start, "sections are nested more than \(Self.deepestNesting) deep", "split the text")
        }
        open.append(Section(name: name, number: number, inverted: inverted, step: steps.count, offset: start))
        steps.append(.section(number ?? 0, inverted: inverted, end: 0))
    }

    private mutating func close(_ name: String, at start: Int) {
        guard let section = open.last, section.name == name else {
            let expected = open.last.map { "close {{#\($0.name)}} first" } ?? "no section is open here: remove it"
            complain(start, "{{/\(name)}} closes nothing", expected)
            return
        }
        open.removeLast()
        steps[section.step] = .section(section.number ?? 0, inverted: section.inverted, end: steps.count)
    }

    private mutating func resolve(_ name: String, at start: Int) -> Int? {
        if let number = scope.variables.number(of: name) { return number }
        guard !name.contains(where: { "{}\n".contains($0) }) else {
            complain(
                start, "a '}' is missing behind '{{\(name.prefix { $0 != "}" && $0 != "\n" }.prefix(40))'",
                "write '}}' there")
            return nil
        }
        let near = nearMiss(name, among: scope.variables.all.map(\.name)).map { "did you mean '\($0)'?" }
        complain(
            start, "the variable '\(name.prefix(40))' is not declared",
            near ?? "declare it under 'variables' in message.yaml")
        return nil
    }

    private mutating func complain(_ offset: Int, _ what: String, _ remedy: String) {
        guard findings.count < Self.mostFindings else { return }
        findings.append(TemplateFinding(.error, at: source.place(offset), what, remedy: remedy))
    }

    // MARK: Text

    private mutating func flush(upTo end: Int) {
        guard textStart < end else { return }
        if let stray = find("}}", from: textStart), stray < end {
            complain(stray, "'}}' without '{{'", "open the tag with '{{'")
        }
        steps.append(.text(text(textStart..<end)))
    }

    private func text(_ range: Range<Int>) -> String {
        let text = String(decoding: bytes[range], as: UTF8.self)
        return scope.isOneLine ? text.replacing("\n", with: " ") : text
    }

    /// A section tag, a fragment or a comment that has its line to itself takes the whole line away (Mustache: standalone tags).
    private func ownLine(of tag: Substring, _ range: Range<Int>) -> Range<Int>? {
        guard let sigil = tag.first, "#^/!>".contains(sigil) else { return nil }
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var (start, end) = (range.lowerBound, range.upperBound)
        while start > 0, isBlank(bytes[start - 1]) { start -= 1 }
        while end < bytes.count, isBlank(bytes[end]) { end += 1 }
        guard start == 0 || bytes[start - 1] == newline, end == bytes.count || bytes[end] == newline else { return nil }
        return start..<min(end + 1, bytes.count)
    }

    private func find(_ pair: StaticString, from: Int) -> Int? {
        let mark = pair.utf8Start.pointee
        var index = from
        while index + 1 < bytes.count {
            if bytes[index] == mark, bytes[index + 1] == mark { return index }
            index += 1
        }
        return nil
    }
}

private let newline = UInt8(ascii: "\n")
