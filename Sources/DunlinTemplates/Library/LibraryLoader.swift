// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel
import DunlinYAML

/// Reads message folders and compiles what is in them. Goes on after a fault: an author sees all of them at once.
struct LibraryLoader {
    private(set) var messages: [String: MessageTemplate] = [:]
    private(set) var findings: [TemplateFinding] = []
    /// Every text that was compiled, once each.
    private(set) var texts: [(language: LanguageTag, source: SourceText)] = []
    let roots: [TemplateRoot]
    private(set) var fragments = Fragments()
    private var commonInsertable: [LanguageTag: [Channel: [String: TemplateText]]] = [:]
    /// What holds for a message of the last root.
    private(set) var shared = LibrarySettings()

    /// The folders of a root that are no messages.
    static let reserved = ["fragments", "wording"]

    /// Reads the folders; those of later ones come on top of earlier ones.
    init(folders: [String]) {
        let read = folders.map { TemplateRoot(folder: $0) }
        roots = read.compactMap(\.self)
        for (folder, root) in zip(folders, read) where root == nil {
            complain(
                folder, "this folder of templates cannot be read", "create it, or correct 'templates' in dunlin.yaml")
        }
        load()
    }

    init(sources: TemplateSources) {
        roots = sources.roots
        load()
    }

    private mutating func load() {
        let settings = librarySettings()
        shared = settings.last ?? shared
        for root in roots { loadFragments(of: root, shared: shared.variables) }
        for (number, root) in roots.enumerated() {
            for entry in root.entries(of: "") where root.isFolder(entry) && !Self.reserved.contains(entry) {
                load(message: entry, in: number, library: settings[number])
            }
        }
        // A fault in a fragment shows once in each message that inserts it.
        var seen: Set<TemplateFinding> = []
        findings = findings.filter { seen.insert($0).inserted }
    }

    /// What holds for the messages of each root: its own defaults, and the variables and examples of all roots.
    private mutating func librarySettings() -> [LibrarySettings] {
        var settings: [LibrarySettings] = []
        var current = LibrarySettings()
        for root in roots {
            // What is promised for one folder's messages binds nobody else's.
            current.languages = []
            if root.exists("library.yaml"), let source = read("library.yaml", of: root), !source.text.trimmed.isEmpty {
                attempt(&findings) {
                    try YAMLValue(text: source.text, file: source.file).mapping(keys: LibrarySettings.keys)
                }.map { current.take($0, addingLanguages: false, findings: &findings) }
            }
            settings.append(current)
        }
        return settings.map { own in
            var own = own
            (own.variables, own.sample) = (current.variables, current.sample)
            return own
        }
    }

    private mutating func loadFragments(of root: TemplateRoot, shared: [Variable]) {
        let table = VariableTable(declared: shared)
        let known = Channel.allCases.map { MessagePart.fileName($0) }
        for entry in root.entries(of: "fragments") {
            let path = "fragments/\(entry)"
            guard let language = language(entry, at: path, of: root) else { continue }
            for file in root.entries(of: path) {
                guard let channel = Channel.allCases.first(where: { MessagePart.fileName($0) == file }) else {
                    complainAboutFile(root.place("\(path)/\(file)"), file, known)
                    continue
                }
                guard let source = read("\(path)/\(file)", of: root) else { continue }
                texts.append((language, source))
                fragments.read(source, language: language, channel: channel, findings: &findings)
                let scope = TemplateScope(variables: table, plurals: .of(language: language.identifier))
                for fragment in fragments.named(for: language, on: channel).values where fragment.file == source.file {
                    _ = MessagePart.fragment(fragment, channel: channel, scope: scope, findings: &findings)
                }
            }
        }
    }

    // MARK: Messages

    private mutating func load(message name: String, in number: Int, library: LibrarySettings) {
        let root = roots[number]
        guard isPlainName(name) else {
            return complain(
                root.place(name), "'\(name)' cannot be a message's name", "use small letters, digits and hyphens")
        }
        let file = "\(name)/message.yaml"
        if !root.exists(file), let near = nearMiss("message.yaml", among: root.entries(of: name)) {
            return complain(root.place("\(name)/\(near)"), "this file is read by nobody", "name it message.yaml")
        }
        guard let source = read(file, of: root),
            let manifest = Manifest(text: source.text, file: source.file, library: library, findings: &findings)
        else { return }
        let faultsBefore = findings.count
        let table = VariableTable(declared: manifest.settings.variables)
        var parts: [Channel: [LocalizedPart]] = [:]
        for entry in root.entries(of: name) where entry != "message.yaml" {
            let path = "\(name)/\(entry)"
            guard let language = language(entry, at: path, of: root) else { continue }
            for (channel, part) in load(language: language, in: path, of: root, manifest: manifest, table: table) {
                parts[channel, default: []].append(part)
            }
        }
        checkCompleteness(manifest, parts: parts, place: source.file, folder: root.place(name))
        checkUse(manifest, parts: parts, table: table)
        guard !findings[faultsBefore...].contains(where: { $0.severity == .error }) else { return }
        var sample = manifest.sample
        sample.reminder.message = name
        let languages = Set(parts.values.joined().map(\.language))
        let sources = self.sources(of: name, in: number, languages: languages)
        messages[name] = MessageTemplate(
            name: name, manifest: manifest, sources: sources, version: sources.version, sample: sample, table: table,
            parts: parts)
    }

    /// Everything that has a say in a message's texts.
    private func sources(of name: String, in root: Int, languages: Set<LanguageTag>) -> TemplateSources {
        let folders = languages.flatMap {
            ["fragments/\($0.identifier)/", "fragments/\($0.with(region: nil).identifier)/"]
        }
        return TemplateSources(roots) { number, path in
            path == "library.yaml" || (number == root && path.hasPrefix("\(name)/"))
                || (path.hasPrefix("fragments/") && folders.contains(where: path.hasPrefix))
        }
    }

    private mutating func load(
        language: LanguageTag, in folder: String, of root: TemplateRoot, manifest: Manifest, table: VariableTable
    ) -> [(Channel, LocalizedPart)] {
        let variants = manifest.variants.map(\.name)
        let known = manifest.channels.flatMap { channel in
            [MessagePart.fileName(channel)] + variants.map { MessagePart.fileName(channel, variant: $0) }
        }
        for entry in root.entries(of: folder) where !known.contains(entry) {
            complainAboutFile(root.place("\(folder)/\(entry)"), entry, known)
        }
        return manifest.channels.compactMap { channel in
            let file = "\(folder)/\(MessagePart.fileName(channel))"
            guard root.exists(file) else {
                if channel.standIns.contains(where: { root.exists("\(folder)/\(MessagePart.fileName($0))") }) {
                    return nil
                }
                let isDefault = language.identifier == manifest.settings.defaultLanguage
                complain(
                    root.place(file), "the part for \(channel.rawValue) is missing",
                    isDefault
                        ? "write it: it is the default language"
                        : "until it is written, \(manifest.settings.defaultLanguage) is used",
                    isDefault ? .error : .warning)
                return nil
            }
            let scope = TemplateScope(
                variables: table, fragments: fragments.named(for: language, on: channel),
                plurals: .of(language: language.identifier))
            guard let part = compile(file, of: root, language, channel, scope) else { return nil }
            var localized = LocalizedPart(
                language: language, file: root.place(file), part: part,
                insertable: insertable(language, channel, scope, overrides: manifest.own))
            for variant in variants {
                let file = "\(folder)/\(MessagePart.fileName(channel, variant: variant))"
                guard root.exists(file), let part = compile(file, of: root, language, channel, scope) else { continue }
                localized.variants[variant] = part
            }
            return (channel, localized)
        }
    }

    private mutating func compile(
        _ file: String, of root: TemplateRoot, _ language: LanguageTag, _ channel: Channel, _ scope: TemplateScope
    ) -> MessagePart? {
        guard let source = read(file, of: root) else { return nil }
        texts.append((language, source))
        return MessagePart.compile(source, channel: channel, scope: scope, findings: &findings)
    }

    /// The fragments that can be added to a text because a rule asks for them. Their faults were found before.
    ///
    /// Compiled once for all messages of a language: shared variables have the same numbers in each, but where a message
    /// declares one of them its own way.
    private mutating func insertable(
        _ language: LanguageTag, _ channel: Channel, _ scope: TemplateScope, overrides own: [Variable]
    ) -> [String: TemplateText] {
        let isCommon = !own.contains { variable in shared.variables.contains { $0.name == variable.name } }
        if isCommon, let known = commonInsertable[language]?[channel] { return known }
        let texts = scope.fragments.compactMapValues { source in
            var faults: [TemplateFinding] = []
            let text = MessagePart.fragment(source, channel: channel, scope: scope, findings: &faults)
            return faults.isEmpty ? text : nil
        }
        if isCommon { commonInsertable[language, default: [:]][channel] = texts }
        return texts
    }

    // MARK: What is missing or too much

    private mutating func checkCompleteness(
        _ manifest: Manifest, parts: [Channel: [LocalizedPart]], place: String, folder: String
    ) {
        let languages = Set(parts.values.flatMap { $0.map(\.language.identifier) })
        if !languages.contains(manifest.settings.defaultLanguage) {
            complain(
                folder, "the default language '\(manifest.settings.defaultLanguage)' is missing",
                "add its folder, or set 'default_language' to one that is there")
        }
        let missing = manifest.settings.languages.filter { !languages.contains($0) }
        if !missing.isEmpty {
            complain(
                place, "it lacks \(missing.joined(separator: ", "))",
                "add a folder for each; until then, \(manifest.settings.defaultLanguage) is used", .warning)
        }
        for (variant, _) in manifest.variants
        where !parts.values.joined().contains(where: { $0.variants[variant] != nil }) {
            complain(
                place, "the variant '\(variant)' has no text in any language",
                "add a file such as \(MessagePart.fileName(manifest.channels.first ?? .sms, variant: variant))",
                .warning)
        }
    }

    private mutating func checkUse(_ manifest: Manifest, parts: [Channel: [LocalizedPart]], table: VariableTable) {
        let used = Set(parts.values.joined().flatMap(\.allParts).flatMap { $0.texts }.flatMap(\.used))
        for variable in manifest.own where !used.contains(table.number(of: variable.name)!) {
            complain(
                manifest.settings.places[variable.name] ?? "", "the variable '\(variable.name)' is used nowhere",
                "use it, or remove it", .warning)
        }
    }

    // MARK: Files

    private mutating func language(_ name: String, at path: String, of root: TemplateRoot) -> LanguageTag? {
        if root.isFolder(path), let language = LanguageTag(name), language.identifier == name { return language }
        if !root.isFolder(path) {
            complain(
                root.place(path), "this file belongs to no language", "move it into a language's folder, such as en")
            return nil
        }
        let near = LanguageTag(name).map { "did you mean '\($0.identifier)'?" }
        complain(
            root.place(path), "'\(name)' is no language",
            near ?? "name the folder by BCP 47, such as es, pt-BR or zh-Hant")
        return nil
    }

    private mutating func read(_ path: String, of root: TemplateRoot) -> SourceText? {
        switch root.text(path) {
        case .success(let text): return SourceText(file: root.place(path), text: text)
        case .failure(let fault):
            complain(root.place(path), fault.what, fault.remedy)
            return nil
        }
    }

    private mutating func complainAboutFile(_ place: String, _ name: String, _ known: [String]) {
        let near = nearMiss(name, among: known).map { "did you mean '\($0)'?" }
        complain(
            place, "this file belongs to no channel of the message",
            near ?? "expected \(known.joined(separator: ", "))")
    }

    private mutating func complain(
        _ place: String, _ what: String, _ remedy: String, _ severity: TemplateFinding.Severity = .error
    ) {
        findings.append(TemplateFinding(severity, at: place, what, remedy: remedy))
    }
}

extension TemplateSources {
    /// A short hash of the texts: the first 12 hexadecimal digits are enough to tell versions apart.
    var version: String {
        var hash = SHA256()
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Array("\(path.drop { $0 != "/" })\u{0}\(text.utf8.count)\u{0}".utf8))
            hash.update(data: Array(text.utf8))
        }
        return shortHex(hash.finalize())
    }
}

func shortHex(_ digest: SHA256.Digest) -> String {
    digest.prefix(6).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
