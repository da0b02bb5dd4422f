// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// Turns a definition's texts with placeholders into templates.
///
/// `{name}` is a field of the message, `{config.name}` an operator's setting, `{base_url}` the gateway's address; a
/// function follows a bar: `{text|coding}`. `{{` is a brace.
struct TemplateCompiler {
    let channel: Channel
    /// The address of the gateway, without a slash at its end.
    let baseURL: String
    /// Every setting that the definition declares; nil for an optional one that is not given.
    let settings: [String: String?]

    /// The template in `value`, each field in `encoding`, the text between them in `literals` (the same if not said);
    /// nil where it uses a setting that is not given.
    func compile(_ value: YAMLValue, _ encoding: Encoding, literals: Encoding? = nil) throws -> Template? {
        var template = Template()
        let literals = literals ?? encoding
        var rest = try value.string()[...]
        while let brace = rest.firstIndex(of: "{") {
            if brace > rest.startIndex { try template.append(literal: rest[..<brace], literals) }
            rest = rest[rest.index(after: brace)...]
            if rest.first == "{" {
                try template.append(literal: "{", literals)
                rest = rest.dropFirst()
                continue
            }
            guard let end = rest.firstIndex(of: "}") else { throw value.error(expected: "a '}' for every '{'") }
            if rest[..<end] == "base_url" {
                try template.append(literal: baseURL, literals)
            } else if try !append(placeholder: rest[..<end], to: &template, encoding, value) {
                return nil
            }
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { try template.append(literal: rest, literals) }
        return template
    }

    /// A text that must not depend on the message, such as a password.
    func constant(_ value: YAMLValue) throws -> String {
        guard let bytes = try compile(value, .verbatim)?.constant else {
            throw value.error(expected: "text with settings of the gateway only")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// False where the placeholder is a setting that is not given.
    private func append(
        placeholder: Substring, to template: inout Template, _ encoding: Encoding, _ value: YAMLValue
    ) throws -> Bool {
        let pieces = placeholder.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(pieces[0])
        let function = pieces.count > 1 ? String(pieces[1]) : nil
        if name.hasPrefix("config.") {
            let key = String(name.dropFirst("config.".count))
            guard let setting = settings[key] else {
                throw value.error(
                    expected: "settings that are declared under 'settings'",
                    suggestion: nearMiss(key, among: settings.keys).map { "{config.\($0)}" })
            }
            guard let text = setting else { return false }
            let written = try textFunction(function, value)?.apply(to: text) ?? text
            do {
                try template.append(literal: written, encoding)
            } catch {
                throw DunlinError(
                    .usage, value.place, why: "the setting '\(key)' holds what cannot stand in \(value.field)",
                    remedy: "look for stray lines or characters where it is kept")
            }
        } else {
            template.append(try expression(name, function, value), encoding)
        }
        return true
    }

    private func expression(_ name: String, _ function: String?, _ value: YAMLValue) throws -> Expression {
        let names = Expression.names(on: channel)
        guard names.contains(name) else {
            throw value.error(
                expected: "fields out of \(names.joined(separator: ", "))",
                suggestion: nearMiss(name, among: names).map { "{\($0)}" })
        }
        switch name {
        case "validity":
            let (unit, range) = try validity(function, value)
            return .validity(unit: unit, range)
        case "script":
            guard function == "twiml" else { throw value.error(expected: "{script|twiml}") }
            return .twiml(keysTo: settings["callback"] ?? nil)
        default:
            if let field = Expression.TextField(rawValue: name) {
                return .text(field, try textFunction(function, value))
            }
            guard let field = Expression.TimeField(rawValue: name),
                let format = function.flatMap(Expression.TimeFormat.init)
            else { throw value.error(expected: "{\(name)|unix} or {\(name)|rfc3339}") }
            return .time(field, format)
        }
    }

    private func textFunction(_ function: String?, _ value: YAMLValue) throws -> TextFunction? {
        switch function {
        case nil: return nil
        case "digits": return .digits
        case "coding": return .coding
        case .some(let call):
            guard call.hasPrefix("then("), call.hasSuffix(")") else {
                throw value.error(expected: "one of the functions digits, coding, then(TEXT)")
            }
            return .then(String(call.dropFirst(5).dropLast()))
        }
    }

    /// `seconds(1,36000)` or `minutes(1,1440)`.
    private func validity(_ function: String?, _ value: YAMLValue) throws -> (Int64, ClosedRange<Int64>) {
        for (name, unit) in [("seconds", Int64(1)), ("minutes", 60)] {
            guard let function, function.hasPrefix("\(name)("), function.hasSuffix(")") else { continue }
            let bounds = function.dropFirst(name.count + 1).dropLast().split(separator: ",").map { Int64($0) }
            if bounds.count == 2, let least = bounds[0], let most = bounds[1], 0 <= least, least <= most {
                return (unit, least...most)
            }
        }
        throw value.error(expected: "{validity|seconds(LEAST,MOST)} or {validity|minutes(LEAST,MOST)}")
    }
}
