// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinModel
import DunlinPolicy
import DunlinTemplates

struct CheckTemplates: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Check folders of messages; those of the configuration where none is named. Exit code 1 on any finding.",
        discussion: examples(
            "dunlin templates check", "dunlin templates check ./templates",
            "dunlin templates check --policies /etc/dunlin/policies ./templates"))
    @OptionGroup var config: ConfigurationOption
    @Option(help: "Packs whose rules on content the messages have to meet; by default those of the configuration.")
    var policies: String?
    @Flag(help: "Print JSON.") var json = false
    @Argument(help: "Folders to check; later ones come on top of earlier ones.") var folders: [String] = []

    func run() throws {
        let roots = folders.isEmpty ? try config.load().templates : folders
        let check = TemplateCheck(roots: roots)
        let missing = try contentWarnings(check)
        if json {
            try printJSON(CheckedTemplates(check, missing))
        } else {
            for finding in check.findings {
                let remedy = finding.remedy.isEmpty ? "" : "; \(finding.remedy)"
                print("\(finding.place): \(finding.severity.rawValue): \(finding.what)\(remedy)")
            }
            for warning in missing { print("warning: \(warning)") }
            print(check.overview)
            let errors = check.findings.count { $0.severity == .error }
            let warnings = check.findings.count - errors + missing.count
            let count = errors + warnings == 0 ? "no fault" : "\(errors) errors, \(warnings) warnings"
            print("\(check.completeness.count) messages, \(count)")
        }
        if !check.findings.isEmpty || !missing.isEmpty { throw ExitCode(1) }
    }

    /// What packs ask of messages in vain.
    private func contentWarnings(_ check: TemplateCheck) throws -> [PolicyWarning] {
        let folder = try policies ?? (folders.isEmpty ? config.load().policies : nil)
        guard let folder, check.isSound else { return [] }
        return try PolicySet.load(directory: folder).contentWarnings(check.library.profiles)
    }
}

extension TemplateCheck {
    /// A line a message, a column a language, in each a letter for each of its channels: `sec` is SMS, email and
    /// call, `h` a chat, `t` a task.
    fileprivate var overview: String {
        let promised = completeness.flatMap(\.promised).reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let others = Set(completeness.flatMap(\.present.keys)).subtracting(promised).sorted()
        let languages = promised + others
        let rows = completeness.map { message in
            [message.message]
                + languages.map { language in
                    let present = message.present[language] ?? []
                    if present.isEmpty { return message.promised.contains(language) ? "missing" : "" }
                    return message.channels.map { present.contains($0) ? $0.letter : "-" }.joined()
                }
        }
        return table([["message"] + languages] + rows)
    }
}

extension Channel {
    fileprivate var letter: String {
        switch self {
        case .sms: "s"
        case .email: "e"
        case .call: "c"
        case .chat: "h"
        case .task: "t"
        }
    }
}

/// What a check found, as JSON for programs.
private struct CheckedTemplates: Encodable {
    struct FindingRecord: Encodable {
        var severity: String
        var place: String
        var what: String
        var remedy: String
    }

    struct MessageRecord: Encodable {
        var message: String
        var channels: [String]
        var promised: [String]
        var present: [String: [String]]
    }

    var findings: [FindingRecord]
    var messages: [MessageRecord]

    init(_ check: TemplateCheck, _ warnings: [PolicyWarning]) {
        findings = check.findings.map {
            FindingRecord(severity: $0.severity.rawValue, place: $0.place, what: $0.what, remedy: $0.remedy)
        }
        findings += warnings.map {
            FindingRecord(severity: "warning", place: "\($0.pack)/\($0.rule ?? "")", what: $0.message, remedy: "")
        }
        messages = check.completeness.map { message in
            MessageRecord(
                message: message.message, channels: message.channels.map(\.rawValue), promised: message.promised,
                present: message.present.mapValues { $0.map(\.rawValue) })
        }
    }
}
