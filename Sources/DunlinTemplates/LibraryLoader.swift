// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel
import FoundationEssentials

/// Reads message folders and compiles what is in them. Goes on after a fault: an author sees all of them at once.
struct LibraryLoader {
    private(set) var messages: [String: MessageTemplate] = [:]
    private(set) var findings: [TemplateFinding] = []

    /// Reads one root; its messages replace those of earlier roots by name.
    mutating func load(root: String) {
        guard let names = TemplateFiles.entries(of: root) else {
            return complain(
                root, "this folder of templates cannot be read", "create it, or correct 'templates' in dunlin.yaml")
        }
        for name in names where TemplateFiles.isFolder("\(root)/\(name)") { load(message: name, in: "\(root)/\(name)") }
    }

    private mutating func load(message name: String, in folder: String) {
        guard name.utf8.allSatisfy({ $0 == 0x2d || (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }) else {
            return complain(folder, "'\(name)' cannot be a message's name", "use small letters, digits and hyphens")
        }
        var hash = SHA256()
        guard let text = read("\(folder)/message.yaml", as: "message.yaml", into: &hash),
            let manifest = Manifest(text: text, file: "\(folder)/message.yaml", findings: &findings)
        else { return }
        let faultsBefore = findings.count
        let table = VariableTable(declared: manifest.variables)
        var parts: [Channel: [LocalizedPart]] = [:]
        for entry in TemplateFiles.entries(of: folder) ?? [] where entry != "message.yaml" {
            let path = "\(folder)/\(entry)"
            guard TemplateFiles.isFolder(path), let language = LanguageTag(entry), language.identifier == entry else {
                let near = LanguageTag(entry).map { "did you mean '\($0.identifier)'?" }
                complain(
                    path, "'\(entry)' is no language", near ?? "name the folder by BCP 47, such as es, pt-BR or zh-Hant"
                )
                continue
            }
            for (channel, part) in load(language: language, in: path, manifest: manifest, table: table, hash: &hash) {
                parts[channel, default: []].append(part)
            }
        }
        checkCompleteness(manifest, parts: parts, folder: folder)
        checkUse(manifest, parts: parts, table: table)
        guard !findings[faultsBefore...].contains(where: { $0.severity == .error }) else { return }
        var sample = manifest.sample
        sample.reminder.message = name
        messages[name] = MessageTemplate(
            name: name, purpose: manifest.purpose, about: manifest.about, notices: manifest.notices,
            version: shortHex(hash.finalize()),
            defaultLanguage: manifest.defaultLanguage, maxSegments: manifest.maxSegments, unknown: manifest.unknown,
            sample: sample, table: table,
            parts: parts)
    }

    private mutating func load(
        language: LanguageTag, in folder: String, manifest: Manifest, table: VariableTable, hash: inout SHA256
    ) -> [(Channel, LocalizedPart)] {
        let known = manifest.channels.map(MessagePart.fileName)
        for entry in TemplateFiles.entries(of: folder) ?? [] where !known.contains(entry) {
            let near = nearMiss(entry, among: known).map { "did you mean '\($0)'?" }
            complain(
                "\(folder)/\(entry)", "this file belongs to no channel of the message",
                near ?? "expected \(known.joined(separator: ", "))")
        }
        return manifest.channels.compactMap { channel in
            let file = "\(folder)/\(MessagePart.fileName(channel))"
            guard TemplateFiles.exists(file) else {
                let isDefault = language.identifier == manifest.defaultLanguage
                complain(
                    file, "the part for \(channel.rawValue) is missing",
                    isDefault
                        ? "write it: it is the default language"
                        : "until it is written, \(manifest.defaultLanguage) is used",
                    isDefault ? .error : .warning)
                return nil
            }
            guard let text = read(file, as: "\(language.identifier)/\(channel.rawValue)", into: &hash) else {
                return nil
            }
            let part = MessagePart.compile(
                SourceText(file: file, text: text), channel: channel, variables: table, findings: &findings)
            return (channel, LocalizedPart(language: language, file: file, part: part))
        }
    }

    private mutating func checkCompleteness(_ manifest: Manifest, parts: [Channel: [LocalizedPart]], folder: String) {
        let languages = parts.values.flatMap { $0.map(\.language.identifier) }
        guard !languages.contains(manifest.defaultLanguage) else { return }
        complain(
            folder, "the default language '\(manifest.defaultLanguage)' is missing",
            "add its folder, or set 'default_language' to one that is there")
    }

    private mutating func checkUse(_ manifest: Manifest, parts: [Channel: [LocalizedPart]], table: VariableTable) {
        let used = Set(parts.values.joined().flatMap { $0.part.texts }.flatMap(\.used))
        for (variable, place) in zip(manifest.variables, manifest.places)
        where !used.contains(table.number(of: variable.name)!) {
            complain(place, "the variable '\(variable.name)' is used nowhere", "use it, or remove it", .warning)
        }
    }

    /// Reads a file as text and takes it up into the version.
    private mutating func read(_ file: String, as name: String, into hash: inout SHA256) -> String? {
        switch TemplateFiles.text(of: file) {
        case .success(let text):
            hash.update(data: Array("\(name)\u{0}\(text.utf8.count)\u{0}".utf8))
            hash.update(data: Array(text.utf8))
            return text
        case .failure(let fault):
            complain(file, fault.what, fault.remedy)
            return nil
        }
    }

    private mutating func complain(
        _ place: String, _ what: String, _ remedy: String, _ severity: TemplateFinding.Severity = .error
    ) {
        findings.append(TemplateFinding(severity, at: place, what, remedy: remedy))
    }
}

/// The first 12 hexadecimal digits of a digest: enough to tell versions apart.
func shortHex(_ digest: SHA256.Digest) -> String {
    digest.prefix(6).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
