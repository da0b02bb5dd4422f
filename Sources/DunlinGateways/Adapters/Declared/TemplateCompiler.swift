// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// Turns a definition's texts with placeholders into templates.
///
/// `{name}` is a field of the message, `{config.name}` an operator's setting, `{base_url}` the gateway's address; a
/// function follows a bar: `{text|coding}`. `{{` is a brace.
struct TemplateCompiler {
    /// Nil where there is no message: then placeholders are settings only.
    let channel: Channel?
    /// The address of the gateway, without a slash at its end.
    let baseURL: String
    /// Every setting that the definition declares; nil for an optional one that is not given.
    var settings: [String: String?]
    /// Nil where nobody listens.
    var callback: CallbackAddress?
    /// The URI for List-Unsubscribe; nil for gateways without a setting of the kind `mailbox`.
    var unsubscribe: Template?
    /// Nil for gateways that need no access token.
    var access: AccessToken?
    /// Nil for gateways that take any text.
    var approved: ApprovedTexts?
    /// Whether `{value}` has a meaning: within an entry of `$values`.
    var isEntry = false

    /// The template in `value`, each field in `encoding`, the text between them in `literals` (the same if not said);
    /// nil where it uses a setting that is not given, or a callback where nobody listens.
    func compile(_ value: YAMLValue, _ encoding: Encoding, literals: Encoding? = nil) throws -> Template? {
        var template = Template()
        let literals = literals ?? encoding
        var isComplete = true
        var rest = try value.string()[...]
        while let brace = rest.firstIndex(of: "{") {
            if brace > rest.startIndex { try append(rest[..<brace], literals, to: &template, value) }
            rest = rest[rest.index(after: brace)...]
            if rest.first == "{" {
                try append("{", literals, to: &template, value)
                rest = rest.dropFirst()
                continue
            }
            guard let end = rest.firstIndex(of: "}") else { throw value.error(expected: "a '}' for every '{'") }
            if rest[..<end] == "base_url" {
                try append(baseURL[...], literals, to: &template, value)
            } else if try !append(placeholder: rest[..<end], to: &template, encoding, value) {
                // The rest is read all the same: a mistake in it must not hide until the setting is given.
                isComplete = false
            }
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { try append(rest, literals, to: &template, value) }
        return isComplete ? template : nil
    }

    /// A text that must not depend on the message, such as a password.
    func constant(_ value: YAMLValue) throws -> String {
        guard let bytes = try compile(value, .verbatim)?.constant else {
            throw value.error(expected: "text with settings of the gateway only")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func append(_ text: Substring, _ encoding: Encoding, to template: inout Template, _ value: YAMLValue) throws
    {
        do {
            try template.append(literal: text, encoding)
        } catch {
            throw value.error(expected: encoding == .jsonNumber ? "digits" : "visible ASCII, which a header can hold")
        }
    }

    /// False where the placeholder is a setting that is not given, or a callback where nobody listens.
    private func append(
        placeholder: Substring, to template: inout Template, _ encoding: Encoding, _ value: YAMLValue
    ) throws -> Bool {
        let pieces = placeholder.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(pieces[0])
        let function = pieces.count > 1 ? String(pieces[1]) : nil
        if name == "callback", channel != nil {
            return try appendCallback(textFunction(function, value), to: &template, encoding, value)
        } else if name == "unsubscribe", channel == .email {
            return try appendUnsubscribe(textFunction(function, value), to: &template, encoding, value)
        } else if name.hasPrefix("config.") {
            let key = String(name.dropFirst("config.".count))
            guard let setting = settings[key] else {
                throw value.error(
                    expected: "settings that are declared under 'settings'",
                    suggestion: nearMiss(key, among: settings.keys).map { "{config.\($0)}" })
            }
            let function = try textFunction(function, value)
            guard let text = setting else { return false }
            if case .mailName = function, MailAddress(text)?.name.isEmpty ?? true { return false }
            do {
                try template.append(literal: function?.apply(to: text) ?? text, encoding)
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

    private func appendCallback(
        _ function: TextFunction?, to template: inout Template, _ encoding: Encoding, _ value: YAMLValue
    ) throws -> Bool {
        switch function {
        case nil:
            guard let callback else { return false }
            try append(callback.head[...], encoding, to: &template, value)
            template.append(.text(.token, nil), encoding)
            try append(callback.tail[...], encoding, to: &template, value)
        case .then(let text):
            guard callback != nil else { return false }
            try append(text[...], encoding, to: &template, value)
        default: throw value.error(expected: "{callback} or {callback|then(TEXT)}")
        }
        return true
    }

    /// `{unsubscribe}`, and `{unsubscribe|then(TEXT)}` where one POST to it is enough (RFC 8058).
    private func appendUnsubscribe(
        _ function: TextFunction?, to template: inout Template, _ encoding: Encoding, _ value: YAMLValue
    ) throws -> Bool {
        guard let unsubscribe else {
            throw value.error(expected: "a setting of the kind 'mailbox' before {unsubscribe}")
        }
        switch function {
        case nil: try template.append(nested: unsubscribe, encoding)
        case .then(let text):
            guard unsubscribe.begins(with: "https:") else { return false }
            try append(text[...], encoding, to: &template, value)
        default: throw value.error(expected: "{unsubscribe} or {unsubscribe|then(TEXT)}")
        }
        return true
    }

    private func expression(_ name: String, _ function: String?, _ value: YAMLValue) throws -> Expression {
        if let special = try special(name, value) {
            guard function == nil else { throw value.error(expected: "{\(name)} without a function") }
            return special
        }
        guard let channel else { throw value.error(expected: "text with settings of the gateway only") }
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
            guard let format = function.flatMap(Expression.ScriptFormat.init) else {
                throw value.error(expected: choices(name, Expression.ScriptFormat.allCases.map(\.rawValue)))
            }
            return .script(format, keysTo: callback)
        default:
            if let field = Expression.TextField(rawValue: name) {
                return .text(field, try textFunction(function, value))
            }
            guard let field = Expression.TimeField(rawValue: name),
                let format = function.flatMap(Expression.TimeFormat.init)
            else { throw value.error(expected: choices(name, Expression.TimeFormat.allCases.map(\.rawValue))) }
            return .time(field, format)
        }
    }

    /// What is no field of the message; nil for any other name.
    private func special(_ name: String, _ value: YAMLValue) throws -> Expression? {
        switch name {
        case "access_token":
            guard access != nil else { throw value.error(expected: "'access' in the definition before {access_token}") }
            return .accessToken
        case "template":
            guard approved != nil else {
                throw value.error(expected: "'templates' in the definition before {template}")
            }
            return .template
        case "template_language":
            guard approved != nil else {
                throw value.error(expected: "'templates' in the definition before {template_language}")
            }
            return .templateLanguage
        case "value":
            guard isEntry else { throw value.error(expected: "{value} only in an entry of '$values'") }
            return .value
        default: return nil
        }
    }

    /// `{at|unix} or {at|rfc3339}`.
    private func choices(_ name: String, _ functions: [String]) -> String {
        functions.map { "{\(name)|\($0)}" }.joined(separator: " or ")
    }

    private func textFunction(_ function: String?, _ value: YAMLValue) throws -> TextFunction? {
        guard let function else { return nil }
        guard let known = TextFunction(function) else {
            let names = TextFunction.names.joined(separator: ", ")
            throw value.error(expected: "one of the functions \(names)")
        }
        return known
    }

    /// `seconds(1,36000)`, `minutes(1,1440)` or `milliseconds(1,86400000)`: the unit in milliseconds, and the bounds.
    private func validity(_ function: String?, _ value: YAMLValue) throws -> (Int64, ClosedRange<Int64>) {
        for (name, unit) in [("seconds", Int64(1000)), ("minutes", 60_000), ("milliseconds", 1)] {
            guard let function, function.hasPrefix("\(name)("), function.hasSuffix(")") else { continue }
            let bounds = function.dropFirst(name.count + 1).dropLast().split(separator: ",").map { Int64($0) }
            if bounds.count == 2, let least = bounds[0], let most = bounds[1], 0 <= least, least <= most {
                return (unit, least...most)
            }
        }
        throw value.error(
            expected: ["seconds", "minutes", "milliseconds"].map { "{validity|\($0)(LEAST,MOST)}" }
                .joined(separator: " or "))
    }
}
