// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// Turns the YAML tree of a definition's `json:` into a template of the JSON document.
///
/// Mappings become objects, lists arrays, texts strings. What they cannot say stands alone in a mapping:
/// `{$number: "{to|digits}"}` is a number of digits, `{$literal: "true"}` stands as it is written, `{$string: {…}}` is a
/// JSON document inside of a string, `{$values: …}` the values of an approved text (`named` ones may stand beside other
/// members). Members that use a setting that is not given are left out, and so is a list of which nothing remains;
/// `{$whole: {…}}` is an object that is then left out itself.
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
            let entries = value.list()
            var list = Template()
            let count = try append(members: entries.map { ("", $0) }, open: "[", close: "]", to: &list)
            guard count > 0 || entries.isEmpty else { return false }
            json.append(list)
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
        if let values = entries.first(where: { $0.key == Special.values.rawValue }) {
            try append(values: values.value, beside: entries.filter { $0.key != values.key }, to: &json)
            return true
        }
        try append(members: entries.map(JSONBody.member), open: "{", close: "}", to: &json)
        return true
    }

    /// `{$values: named, mobiles: "…"}`: the values stand among the members of an object.
    private func append(
        values value: YAMLValue, beside entries: [(key: String, value: YAMLValue)], to json: inout Template
    ) throws {
        guard !value.isMapping, !value.isList, case .named = try values(value) else {
            throw value.error(expected: "named, where it stands beside other members")
        }
        if let name = compiler.approved?.firstName(among: Set(entries.map(\.key))) {
            throw DunlinError(
                .usage, value.place,
                why: "an approved text has a value called '\(name)', which the request has already",
                remedy: "give the variable another name with the provider, and under the gateway's 'templates'")
        }
        try append(members: entries.map(JSONBody.member), open: "{", close: "", to: &json)
        json.append(ValuesShape.members)
        try json.append(literal: "}", .verbatim)
    }

    /// The name as JSON, with its colon.
    private static func member(_ name: String, _ value: YAMLValue) throws -> (name: String, value: YAMLValue) {
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

    private func append(_ special: Special, _ value: YAMLValue, to json: inout Template) throws -> Bool {
        switch special {
        case .number:
            guard let text = try compiler.compile(value, .jsonNumber) else { return false }
            json.append(text)
        case .literal:
            let text = try value.string()
            if text == "{script|ncco}", let script = try compiler.compile(value, .verbatim) {
                json.append(script)
                return true
            }
            guard JSONDocument(Array(text.utf8)) != nil else { throw value.error(expected: "a JSON value") }
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

    /// How many are not left out.
    @discardableResult
    private func append(
        members: [(name: String, value: YAMLValue)], open: String, close: String, to json: inout Template
    ) throws -> Int {
        try json.append(literal: open, .verbatim)
        var count = 0
        for (name, value) in members {
            var member = Template()
            guard try append(value, to: &member) else { continue }
            try json.append(literal: count == 0 ? name : ",\(name)", .verbatim)
            json.append(member)
            count += 1
        }
        try json.append(literal: close, .verbatim)
        return count
    }
}
