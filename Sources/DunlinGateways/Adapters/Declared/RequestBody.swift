// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The body of a request, but for the message: one of `form` (with `form_json`), `json`, `xml` and `text`.
enum RequestBody: Sendable {
    case none
    case form(PairList)
    case document(Template)

    static let keys = ["form", "form_json", "json", "xml", "text", "content_type"]

    /// The body, and what it says it is.
    static func read(
        _ keys: YAMLMapping, method: String, _ compiler: TemplateCompiler
    ) throws -> (body: RequestBody, contentType: String?) {
        let given = ["form", "json", "xml", "text"].filter { keys[$0] != nil }
        let hasForm = given.first == "form" || keys["form_json"] != nil
        let kinds = given.filter { $0 != "form" } + (hasForm ? ["form"] : [])
        guard kinds.count <= 1 else {
            throw keys.value.error(expected: "only one of 'form' (with 'form_json'), 'json', 'xml' and 'text'")
        }
        guard let kind = kinds.first else {
            if let type = keys["content_type"] { throw type.error(expected: "a body first, of which it is the type") }
            return (.none, nil)
        }
        guard method != "GET" else { throw keys.value.error(expected: "no body, because the method is GET") }
        let type = try keys["content_type"].map(contentType)
        switch kind {
        case "json":
            return (
                .document(try whole(keys.required("json")) { try JSONBody(compiler: compiler).document($0) }),
                type ?? "application/json"
            )
        case "xml":
            return (
                .document(try whole(keys.required("xml")) { try compiler.compile($0, .xml, literals: .verbatim) }),
                type ?? "application/xml"
            )
        case "text":
            return (
                .document(try whole(keys.required("text")) { try compiler.compile($0, .verbatim) }),
                type ?? "text/plain; charset=utf-8"
            )
        default:
            var pairs = try PairList(keys["form"], compiler)
            try pairs.append(documents: keys["form_json"], compiler)
            return (.form(pairs), type ?? "application/x-www-form-urlencoded")
        }
    }

    func write(_ message: OutboundMessage, _ context: RequestContext, to bytes: inout [UInt8]) throws {
        switch self {
        case .none: break
        case .form(let pairs): try pairs.write(message, context, to: &bytes)
        case .document(let template): try template.write(message, context, to: &bytes)
        }
    }

    private static func whole(_ value: YAMLValue, _ compile: (YAMLValue) throws -> Template?) throws -> Template {
        guard let template = try compile(value) else { throw value.error(expected: "settings that are not optional") }
        return template
    }

    private static func contentType(_ value: YAMLValue) throws -> String {
        let text = try value.string()
        guard text.contains("/"), text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw value.error(expected: "a media type such as text/xml; charset=utf-8")
        }
        return text
    }
}

/// `a=1&b=2`: the pairs of a query or a form, in order.
struct PairList: Sendable {
    private struct Pair: Sendable {
        /// With its `=`.
        let name: [UInt8]
        let value: Template
    }

    private var pairs: [Pair] = []

    var isEmpty: Bool { pairs.isEmpty }

    /// Pairs that use a setting that is not given are left out.
    init(_ value: YAMLValue?, _ compiler: TemplateCompiler) throws {
        for (name, value) in try value?.anyMapping().entries ?? [] {
            guard let template = try compiler.compile(value, .percent) else { continue }
            try append(name, template)
        }
    }

    /// Pairs whose values are JSON documents.
    mutating func append(documents value: YAMLValue?, _ compiler: TemplateCompiler) throws {
        for (name, value) in try value?.anyMapping().entries ?? [] {
            guard let document = try JSONBody(compiler: compiler).document(value) else { continue }
            var template = Template()
            try template.append(nested: document, .percent)
            try append(name, template)
        }
    }

    private mutating func append(_ name: String, _ value: Template) throws {
        var key: [UInt8] = []
        try Encoding.percent.append(name, to: &key)
        pairs.append(Pair(name: key + [UInt8(ascii: "=")], value: value))
    }

    /// A pair whose value comes out empty is left out.
    func write(_ message: OutboundMessage, _ context: RequestContext, to bytes: inout [UInt8]) throws {
        let start = bytes.count
        for pair in pairs {
            let before = bytes.count
            if before > start { bytes.append(UInt8(ascii: "&")) }
            bytes.append(contentsOf: pair.name)
            let valueStart = bytes.count
            try pair.value.write(message, context, to: &bytes)
            if bytes.count == valueStart { bytes.removeLast(valueStart - before) }
        }
    }
}
