// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// What `library.yaml` says for all messages, and `message.yaml` for one on top of it.
struct LibrarySettings {
    static let keys = ["languages", "default_language", "max_segments", "transliterate", "variables", "sample"]

    /// BCP 47: those that a message must have.
    var languages: [String] = []
    var defaultLanguage = "en"
    var maxSegments = 4
    var transliteration = Transliteration.none
    var variables: [Variable] = []
    /// Where each variable is declared.
    var places: [String: String] = [:]
    /// The example's values as they were written.
    var sample: [String: YAMLValue] = [:]

    /// Takes what a file says; a message's languages are added to the library's, all else replaces.
    mutating func take(_ root: YAMLMapping, addingLanguages: Bool, findings: inout [TemplateFinding]) {
        let named = attempt(&findings) { try root["languages"].map(Self.languages) ?? [] } ?? []
        if addingLanguages {
            languages += named.filter { !languages.contains($0) }
        } else if !named.isEmpty {
            languages = named
        }
        attempt(&findings) {
            if let value = root["default_language"] { defaultLanguage = try Self.language(value) }
        }
        attempt(&findings) { if let value = root["max_segments"] { maxSegments = try value.int(in: 1...10) } }
        attempt(&findings) {
            if let value = root["transliterate"] { transliteration = try value.oneOf(Transliteration.self) }
        }
        let declarations = attempt(&findings) { try root["variables"].map { try $0.anyMapping().entries } ?? [] } ?? []
        for (name, value) in declarations {
            guard let variable = attempt(&findings, { try Variable(name: name, value) }) else { continue }
            variables.removeAll { $0.name == name }
            variables.append(variable)
            places[name] = value.place
        }
        let known = Sample.keys + variables.map(\.name)
        // What is known is taken whatever stands beside it, so that one slip is one finding.
        attempt(&findings) { _ = try root["sample"]?.mapping(keys: known) }
        for (name, value) in (try? root["sample"]?.anyMapping().entries) ?? [] { sample[name] = value }
    }

    private static func languages(_ value: YAMLValue) throws -> [String] { try value.list().map(language) }

    private static func language(_ value: YAMLValue) throws -> String {
        let name = try value.string()
        guard let tag = LanguageTag(name), tag.identifier == name else {
            throw value.error(
                expected: "a language by BCP 47, such as es, pt-BR or zh-Hant",
                suggestion: LanguageTag(name)?.identifier)
        }
        return name
    }
}

extension Variable {
    /// Reads a declaration.
    init(name: String, _ value: YAMLValue) throws {
        let isName = name.utf8.enumerated().allSatisfy { index, byte in
            (0x61...0x7a).contains(byte) || (index > 0 && ((0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")))
        }
        guard isName, (1...40).contains(name.utf8.count) else {
            throw DunlinError(
                .usage, value.place, why: "'\(name)' cannot be a variable's name",
                remedy: "use small letters, digits and underscores, such as pay_link")
        }
        guard BuiltIn(rawValue: name) == nil else {
            throw DunlinError(
                .usage, value.place, why: "'\(name)' is there for every message",
                remedy: "remove it, or choose another name")
        }
        let fields = try value.mapping(keys: ["type", "required", "default", "description"])
        self.init(
            name: name, type: try fields.required("type").oneOf(VariableType.self),
            isRequired: try fields["required"]?.bool() ?? false, fallback: try fields["default"]?.string(),
            description: try fields["description"]?.string() ?? "", builtIn: nil)
        if let fallback, !type.accepts(fallback) { throw fields["default"]!.error(expected: type.expectation) }
    }
}

/// Runs `body`; what a `DunlinError` says becomes a finding.
@discardableResult
func attempt<T>(_ findings: inout [TemplateFinding], _ body: () throws -> T) -> T? {
    do {
        return try body()
    } catch let error as DunlinError {
        findings.append(TemplateFinding(.error, at: error.what, error.why, remedy: error.remedy))
    } catch {
        findings.append(TemplateFinding(.error, at: "", "\(error)", remedy: ""))
    }
    return nil
}
