// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinTemplates

/// What gateways that send approved texts name under `templates`, held against the messages there are.
extension StartUp {
    /// A name that no message has, a language it is not written in, a variable it does not know: the entry could never be used.
    /// Gives the names of the gateways that have such.
    static func checkApprovedTexts(
        of gateways: [Gateway], _ library: TemplateLibrary, _ faults: Faults
    ) -> Set<String> {
        var wrong: Set<String> = []
        for gateway in gateways {
            for name in gateway.approvedNames
            where faults.attempt({ try check(name, of: gateway, library, faults) }) == nil {
                wrong.insert(gateway.name)
            }
        }
        return wrong
    }

    private static func check(
        _ name: ApprovedName, of gateway: Gateway, _ library: TemplateLibrary, _ faults: Faults
    ) throws {
        func mistake(_ why: String, _ remedy: String) -> DunlinError {
            DunlinError(.usage, name.place, why: "an approved text of gateway '\(gateway.name)' \(why)", remedy: remedy)
        }
        guard let message = library.message(name.message) else {
            let near = nearMiss(name.message, among: library.messages.map(\.name))
            throw mistake(
                "names '\(name.message)', and no message has that name",
                near.map { "did you mean '\($0)'?" } ?? "'dunlin templates list' names them")
        }
        let languages = message.languages(on: gateway.channel)
        guard !languages.isEmpty else {
            throw mistake(
                "names '\(name.message)', which has no text for \(gateway.channel)",
                "write one, or take another message")
        }
        if let language = name.language, !languages.contains(where: { name.fits($0) }) {
            throw mistake(
                "is for '\(name.message)' in '\(language)', in which it is not written",
                nearMiss(language, among: languages).map { "did you mean '\($0)'?" }
                    ?? "languages: \(languages.joined(separator: ", "))")
        }
        for used in name.variables {
            guard let variable = message.variables.first(where: { $0.name == used }) else {
                let near = nearMiss(used, among: message.variables.map(\.name))
                throw mistake(
                    "uses '\(used)', which the message '\(name.message)' does not know",
                    near.map { "did you mean '\($0)'?" }
                        ?? "variables: \(message.variables.map(\.name).joined(separator: ", "))")
            }
            if !variable.isRequired, !variable.isBuiltIn, variable.fallback == nil {
                faults.add(
                    Note(
                        name.place,
                        why:
                            "gateway '\(gateway.name)' cannot send '\(name.message)' to whom '\(used)' is not given: it is optional there",
                        remedy: "give every such reminder a value, or the variable a default"))
            }
        }
    }

    /// What a gateway that sends nothing else has no text for.
    static func noteUnapproved(_ gateway: Gateway, _ library: TemplateLibrary, _ faults: Faults) {
        guard !gateway.approvedNames.isEmpty else { return }
        var gaps: [String] = []
        for message in library.messages {
            let languages = message.languages(on: gateway.channel)
            let open = languages.filter { !gateway.hasApproved(message.name, in: $0) }
            if open.isEmpty { continue }
            gaps.append(open == languages ? message.name : "\(message.name) in \(words(open))")
        }
        guard !gaps.isEmpty else { return }
        faults.add(
            Note(
                gateway.place,
                why:
                    "gateway '\(gateway.name)' sends approved texts only, and refuses what it has none for: \(words(gaps))",
                remedy: "add them under its 'templates', or let them go by another gateway"))
    }

    /// The first ones, and how many more there are.
    private static func words(_ names: [String]) -> String {
        let shown = names.count > 6 ? names.prefix(5) : names[...]
        return shown.joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 5) more" : "")
    }
}

extension ApprovedName {
    /// Whether it holds for a text in this language (BCP 47), for itself or for less of it.
    fileprivate func fits(_ tag: String) -> Bool {
        guard let language = language?.lowercased() else { return true }
        return tag.lowercased() == language || tag.lowercased().hasPrefix("\(language)-")
    }
}

extension Gateway {
    /// Whether it has an approved text for a message in a language; true of a gateway that takes any text.
    func hasApproved(_ message: String, in language: String) -> Bool {
        approvedNames.isEmpty || approvedNames.contains { $0.message == message && $0.fits(language) }
    }
}
