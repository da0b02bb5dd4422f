// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// Turns the YAML tree of a definition's `json:` into a template of the JSON document.
///
/// Mappings become objects, lists arrays, texts strings. What a string cannot say: `{$number: "{to|digits}"}` is a
/// number of digits, `{$literal: "true"}` stands as it is written. Members that use a setting that is not given are
/// left out.
struct JSONBody {
    let compiler: TemplateCompiler

    /// Appends the document; false, with nothing appended, where `value` uses a setting that is not given.
    @discardableResult
    func append(_ value: YAMLValue, to json: inout Template) throws -> Bool {
        if value.isNull {
            try json.append(literal: "null", .verbatim)
        } else if value.isMapping {
            return try append(object: value, to: &json)
        } else if value.isList {
            try append(members: value.list().map { ("", $0) }, open: "[", close: "]", to: &json)
        } else {
            guard let text = try compiler.compile(value, .jsonString) else { return false }
            try json.append(literal: "\"", .verbatim)
            json.append(text)
            try json.append(literal: "\"", .verbatim)
        }
        return true
    }

    private func append(object value: YAMLValue, to json: inout Template) throws -> Bool {
        let entries = try value.anyMapping().entries
        if entries.count == 1, let number = entries.first(where: { $0.key == "$number" })?.value {
            guard let text = try compiler.compile(number, .jsonNumber) else { return false }
            json.append(text)
            return true
        }
        if entries.count == 1, let literal = entries.first(where: { $0.key == "$literal" })?.value {
            let text = try literal.string()
            guard JSONAnswer(Array(text.utf8), pointers: []) != nil else {
                throw literal.error(expected: "a JSON value")
            }
            try json.append(literal: text, .verbatim)
            return true
        }
        let members = try entries.map { name, value in
            guard !name.hasPrefix("$") else {
                throw value.error(expected: "'$number' or '$literal' alone in a mapping")
            }
            var key: [UInt8] = []
            try Encoding.jsonString.append(name, to: &key)
            return ("\"\(String(decoding: key, as: UTF8.self))\":", value)
        }
        try append(members: members, open: "{", close: "}", to: &json)
        return true
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
