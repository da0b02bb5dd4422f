// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// `call.mustache`: a call as lines, spoken from top to bottom, each a word, a colon and a text.
///
/// ```
/// say: Hello. This is a message from {{creditor}}.
/// pause: 1
/// gather: 1 = continue, 9 = opt-out | If you are {{name}}, press 1.
/// voicemail: This is {{creditor}}. Please call us back.
/// ```
///
/// Lines that begin with `#` are notes. A `say` whose sections leave nothing to say is left out. What stands before the
/// first `gather`, and the voicemail part, can be heard by anybody: neither may tell of the debt.
struct CallTemplate: Sendable {
    /// What a key can mean; the same for every voice gateway.
    enum Action: String, CaseIterable {
        /// It is me, go on.
        case `continue`
        case `repeat`
        /// Speak to somebody.
        case agent
        /// Not the person who is meant.
        case wrongPerson = "wrong-person"
        /// No more calls.
        case optOut = "opt-out"
    }

    enum Line: Sendable {
        case say(TemplateText)
        case pause(seconds: Int)
        case gather(prompt: TemplateText, keys: [String: String], timeoutSeconds: Int)
    }

    private(set) var lines: [Line] = []
    private(set) var voicemail: TemplateText?
    /// Those that are inserted whatever the values are, and not into the voicemail part alone.
    private(set) var fragments: Set<String> = []

    var texts: [TemplateText] { spoken + (voicemail.map { [$0] } ?? []) }

    /// What a person hears.
    private var spoken: [TemplateText] {
        lines.compactMap { line in
            switch line {
            case .say(let text), .gather(let text, _, _): text
            case .pause: nil
            }
        }
    }

    var hasGather: Bool { lines.contains { if case .gather = $0 { true } else { false } } }

    init(_ source: SourceText, scope: TemplateScope, findings: inout [TemplateFinding]) {
        var scope = scope
        scope.scripts = Set(scope.fragments.filter { Self.isScript($0.value) }.keys)
        var reader = CallReader(scope: scope)
        for line in source.lines {
            guard let name = Self.fragment(in: line.text) else {
                reader.take(line)
                continue
            }
            guard let fragment = scope.fragments[name] else {
                // The parser knows what to say of a fragment that is not there.
                _ = TemplateParser.compile(line, scope: scope, findings: &reader.findings)
                continue
            }
            fragments.insert(name)
            reader.scope = scope.insideFragment
            for line in fragment.lines { reader.take(line) }
            reader.scope = scope
        }
        if reader.lines.isEmpty { reader.complain(source, "the call says nothing", "add a line 'say: …'") }
        if reader.voicemail == nil {
            reader.complain(
                source, "the call has no voicemail part", "add 'voicemail: …': who calls and how to call back")
        }
        (lines, voicemail) = (reader.lines, reader.voicemail)
        for text in spoken { fragments.formUnion(text.fragments) }
        findings += reader.findings
    }

    /// The name in a line that is nothing but `{{> name}}`.
    private static func fragment(in line: String) -> String? {
        let tag = line.trimmed
        guard tag.hasPrefix("{{>"), tag.hasSuffix("}}") else { return nil }
        return String(tag.dropFirst(3).dropLast(2).trimmed)
    }

    fileprivate static let keywords = ["say", "pause", "gather", "voicemail"]

    /// Whether a fragment is whole lines and not words.
    fileprivate static func isScript(_ source: SourceText) -> Bool {
        source.lines.contains { line in keywords.contains { line.text.hasPrefix("\($0):") } }
    }

    /// A fragment by itself: its words, without `say:` before them; nil if it is more than words.
    static func words(
        of source: SourceText, scope: TemplateScope, findings: inout [TemplateFinding]
    ) -> TemplateText? {
        guard isScript(source) else {
            return TemplateParser.compile(source, scope: scope.insideFragment.withinLine, findings: &findings)
        }
        var reader = CallReader(scope: scope.insideFragment, checksPrivacy: false)
        for line in source.lines { reader.take(line) }
        findings += reader.findings
        guard reader.voicemail == nil, case .say(let text)? = reader.lines.first, reader.lines.count == 1 else {
            return nil
        }
        return text
    }

    /// - Parameter notices: what a rule asks to be added; they are said to whoever has pressed the first key.
    func render(
        _ values: borrowing ReminderValues, voice: String, notices: [Notice]
    ) throws(RenderError) -> CallScript {
        var steps: [CallScript.Step] = []
        var isGuarded = false
        for line in lines {
            switch line {
            case .say(let text):
                let words = try text.render(values, escaping: .none).trimmed
                if !words.isEmpty { steps.append(.say(String(words))) }
            case .pause(let seconds):
                steps.append(.pause(seconds: seconds))
            case .gather(let text, let keys, let timeout):
                let prompt = String(try text.render(values, escaping: .none).trimmed)
                steps.append(.gather(prompt: prompt, keys: keys, timeoutSeconds: timeout))
                guard !isGuarded else { break }
                isGuarded = true
                for notice in notices {
                    steps.append(.say(String(try notice.words(values, escaping: .none))))
                }
            }
        }
        guard steps.contains(where: { if case .pause = $0 { false } else { true } }) else {
            throw .empty(message: values.message, channel: .call)
        }
        let words = String(try voicemail?.render(values, escaping: .none).trimmed ?? "")
        return CallScript(language: voice, steps: steps, voicemail: words)
    }
}

/// Reads the lines of a call script one by one.
private struct CallReader {
    var scope: TemplateScope
    /// Whether what anybody may hear is looked at; a fragment by itself cannot know where it will stand.
    var checksPrivacy = true
    var lines: [CallTemplate.Line] = []
    var voicemail: TemplateText?
    var findings: [TemplateFinding] = []
    private var isGuarded = false

    init(scope: TemplateScope, checksPrivacy: Bool = true) {
        self.scope = scope
        self.checksPrivacy = checksPrivacy
    }

    mutating func complain(_ source: SourceText, _ what: String, _ remedy: String) {
        findings.append(TemplateFinding(.error, at: source.place(0), what, remedy: remedy))
    }

    mutating func take(_ line: SourceText) {
        if line.text.trimmed.isEmpty { return }
        if line.text.hasPrefix("#") {
            if line.text.dropFirst().trimmed.hasPrefix(TemplateParser.unwritten) {
                complain(line, TemplateParser.unwrittenText.0, TemplateParser.unwrittenText.1)
            }
            return
        }
        let word = line.text.prefix { $0 != ":" }
        let rest = line.dropFirst(word.count + 1)
        switch word {
        case "say" where word.count < line.text.count:
            lines.append(.say(compile(rest, isPublic: !isGuarded)))
        case "pause":
            guard let seconds = Int(rest.text.trimmed), (1...30).contains(seconds) else {
                return complain(rest, "a pause takes seconds, 1 to 30", "write 'pause: 1'")
            }
            lines.append(.pause(seconds: seconds))
        case "gather": gather(rest)
        case "voicemail":
            if voicemail != nil { complain(line, "a second voicemail part", "put all of it into one line") }
            voicemail = compile(rest, isPublic: true)
        default:
            let words = CallTemplate.keywords
            let isTag = line.text.trimmed.hasPrefix("{{")
            let near =
                isTag
                ? "a section opens and closes within its line"
                : nearMiss(String(word.trimmed.prefix(20)), among: words).map { "did you mean '\($0):'?" }
            complain(line, "a line of a call begins with \(words.joined(separator: ":, ")):", near ?? "")
        }
    }

    /// `1 = continue, 9 = opt-out, timeout = 8 | prompt`
    private mutating func gather(_ source: SourceText) {
        let list = source.text.prefix { $0 != "|" }
        guard list.count < source.text.count else {
            return complain(
                source, "a gather needs keys and a prompt", "write 'gather: 1 = repeat | To hear it again, press 1.'")
        }
        var keys: [String: String] = [:]
        var timeout = 8
        for entry in list.split(separator: ",") {
            let sides = entry.split(separator: "=", maxSplits: 1).map { String($0.trimmed) }
            guard sides.count == 2 else {
                return complain(source, "'\(entry.trimmed)' is no key", "write it as '1 = repeat'")
            }
            if sides[0] == "timeout" {
                guard let seconds = Int(sides[1]), (1...60).contains(seconds) else {
                    return complain(source, "a timeout takes seconds, 1 to 60", "write 'timeout = 8'")
                }
                timeout = seconds
                continue
            }
            let names = CallTemplate.Action.allCases.map(\.rawValue)
            guard sides[0].utf8.count == 1, "0123456789*#".contains(sides[0]), keys[sides[0]] == nil else {
                return complain(
                    source, "'\(sides[0])' is no key of a telephone, or is used twice", "use 0 to 9, * and #")
            }
            guard names.contains(sides[1]) else {
                let near = nearMiss(sides[1], among: names).map { "did you mean '\($0)'?" }
                return complain(
                    source, "'\(sides[1])' is nothing a key can do", near ?? "use \(names.joined(separator: ", "))")
            }
            keys[sides[0]] = sides[1]
        }
        if keys.isEmpty { complain(source, "a gather needs at least one key", "write '1 = repeat | …'") }
        let prompt = compile(source.dropFirst(list.count + 1), isPublic: !isGuarded)
        lines.append(.gather(prompt: prompt, keys: keys, timeoutSeconds: timeout))
        // The first one is the gate: whoever gets past it has said who they are.
        if !isGuarded, checksPrivacy, !keys.isEmpty, !keys.values.contains("continue") {
            complain(
                source, "the first gather does not ask who is on the line",
                "give a key the meaning 'continue': 1 = continue | If you are …, press 1.")
        }
        isGuarded = true
    }

    private mutating func compile(_ source: SourceText, isPublic: Bool) -> TemplateText {
        let text = TemplateParser.compile(source, scope: scope.withinLine, findings: &findings)
        let telltale = text.used.map { scope.variables[$0] }.filter(\.revealsDebt).map(\.name).sorted().first
        if isPublic, checksPrivacy, let telltale {
            complain(
                source, "'\(telltale)' could be heard by somebody else here",
                "say only who calls and how to call back; speak of the debt behind the first gather")
        }
        return text
    }
}
