// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// Turns the YAML tree of a definition's `json:` into a template of the JSON document.
///
/// Mappings become objects, lists arrays, texts strings. What they cannot say stands alone in a mapping:
/// `{$number: "{to|digits}"}` is a number of digits, `{$literal: "true"}` stands as it is written, `{$string: {…}}` is a
/// JSON document inside of a string, `{$values: …}` the values of an approved text. Members that use a setting that is
/// not given are left out; `{$whole: {…}}` is an object that is then left out itself.
struct JSONBody {
    private enum Special: String, CaseIterable {
        case number = "$number"
        case literal = "$literal"
        case string = "$string"
        case values = "$values"
        case whole = "$whole"
    }

    let compiler: TemplateCompiler

    /// The whole document; nil where it is one text that uses a setting that is not given.
    func document(_ value: YAMLValue) throws -> Template? {
        var template = Template()
        return try append(value, to: &template) ? template : nil
    }

    /// Appends the document; false, with nothing appended, where `value` uses a setting that is not given.
    private func append(_ value: YAMLValue, to json: inout Template) throws -> Bool {
        if value.isNull {
            try json.append(literal: "null", .verbatim)
        } else if value.isMapping {
            return try append(object: value, to: &json)
        } else if value.isList {
            try append(members: value.list().map { ("", $0) }, open: "[", close: "]", to: &json)
        } else {
            guard let text = try compiler.compile(value, .jsonString) else { return false }
            try append(string: text, to: &json)
        }
        return true
    }

    private func append(object value: YAMLValue, to json: inout Template) throws -> Bool {
        let entries = try value.anyMapping().entries
        if entries.count == 1, let special = Special(rawValue: entries[0].key) {
            return try append(special, entries[0].value, to: &json)
        }
        let members = try entries.map { name, value in
            guard !name.hasPrefix("$") else {
                let names = Special.allCases.map(\.rawValue)
                throw DunlinError(
                    .usage, value.place, why: "unknown key '\(name)' in a JSON document",
                    remedy: "one of \(names.joined(separator: ", ")) may stand alone in a mapping")
            }
            var key: [UInt8] = []
            try Encoding.jsonString.append(name, to: &key)
            return ("\"\(String(decoding: key, as: UTF8.self))\":", value)
        }
        try append(members: members, open: "{", close: "}", to: &json)
        return true
    }

    private func append(_ special: Special, _ value: YAMLValue, to json: inout Template) throws -> Bool {
        switch special {
        case .number:
            guard let text = try compiler.compile(value, .jsonNumber) else { return false }
            json.append(text)
        case .literal:
            let text = try value.string()
            guard JSONAnswer(Array(text.utf8), pointers: []) != nil else { throw value.error(expected: "a JSON value") }
            try json.append(literal: text, .verbatim)
        case .string:
            guard let inner = try document(value) else { return false }
            var text = Template()
            try text.append(nested: inner, .jsonString)
            try append(string: text, to: &json)
        case .values: json.append(try values(value))
        case .whole:
            for (_, member) in try value.anyMapping().entries {
                var scratch = Template()
                guard try append(member, to: &scratch) else { return false }
            }
            return try append(object: value, to: &json)
        }
        return true
    }

    private func values(_ value: YAMLValue) throws -> ValuesShape {
        guard let order = compiler.approved?.order else {
            throw value.error(expected: "'templates' in the definition before '$values'")
        }
        if value.isMapping || value.isList {
            var compiler = compiler
            compiler.isEntry = true
            var entry = Template()
            if value.isMapping, let member = try value.anyMapping()["*"], try value.anyMapping().entries.count == 1 {
                guard order == .named, try JSONBody(compiler: compiler).append(member, to: &entry) else {
                    throw value.error(expected: "'templates: named' in the definition, and settings that are given")
                }
                return .eachNamed(entry)
            }
            // A list would be an entry of several values, which no gateway has.
            guard value.isMapping, try JSONBody(compiler: compiler).append(value, to: &entry) else {
                throw value.error(expected: "named, ordered, or an entry such as {type: text, text: \"{value}\"}")
            }
            return .each(entry)
        }
        switch (try value.oneOf(ApprovedTexts.Order.self), order) {
        case (.named, .named): return .named
        case (.ordered, .ordered): return .ordered
        case (let wanted, _): throw value.error(expected: "'templates: \(wanted.rawValue)' in the definition")
        }
    }

    private func append(string: Template, to json: inout Template) throws {
        try json.append(literal: "\"", .verbatim)
        json.append(string)
        try json.append(literal: "\"", .verbatim)
    }

    private func append(
        members: [(name: String, value: YAMLValue)], open: String, close: String, to json: inout Template
    ) throws {
        try json.append(literal: open, .verbatim)
        var isFirst = true
        for (name, value) in members {
            var member = Template()
            guard try append(value, to: &member) else { continue }
            try json.append(literal: isFirst ? name : ",\(name)", .verbatim)
            json.append(member)
            isFirst = false
        }
        try json.append(literal: close, .verbatim)
    }
}
