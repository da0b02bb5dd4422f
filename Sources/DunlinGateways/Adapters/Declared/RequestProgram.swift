// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The `request:` of a definition with an operator's settings filled in: what remains is to write a message's fields.
struct RequestProgram: Sendable {
    private struct Pair: Sendable {
        /// With its `=`.
        let name: [UInt8]
        let value: Template
    }

    private enum Body: Sendable {
        case none
        case form([Pair])
        case json(Template)
    }

    private let method: String
    private let url: Template
    /// The URL, where nothing in it depends on the message.
    private let constantURL: String?
    private let query: [Pair]
    private let constantHeaders: [String]
    private let headers: [Template]
    private let body: Body
    private let basicAuth: String?

    /// `inherited` is the `auth` that holds where the request has none of its own.
    init(_ value: YAMLValue, compiler: TemplateCompiler, auth inherited: YAMLValue? = nil) throws {
        let keys = try value.mapping(keys: ["method", "url", "headers", "auth", "query", "form", "json"])
        enum Method: String, CaseIterable { case get = "GET", post = "POST", put = "PUT" }
        method = try keys.required("method").oneOf(Method.self).rawValue
        let place = try keys.required("url")
        guard let url = try compiler.compile(place, .percent, literals: .verbatim) else {
            throw place.error(expected: "settings that are not optional")
        }
        self.url = url
        query = try RequestProgram.pairs(keys["query"], compiler)
        constantURL = query.isEmpty ? url.constant.map { String(decoding: $0, as: UTF8.self) } : nil

        body = try RequestProgram.body(keys, method: method, compiler)
        let auth = try Authentication(keys["auth"] ?? inherited, compiler: compiler)
        basicAuth = auth.basic
        var constants = auth.headers
        switch body {
        case .none: break
        case .form: constants.append("Content-Type: application/x-www-form-urlencoded")
        case .json: constants.append("Content-Type: application/json")
        }
        var templates: [Template] = []
        for (name, value) in try keys["headers"]?.anyMapping().entries ?? [] {
            guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }) else {
                throw value.error(expected: "a header's name as its key")
            }
            guard let template = try compiler.compile(value, .header) else { continue }
            var line = Template()
            try line.append(literal: "\(name): ", .header)
            line.append(template)
            if let constant = line.constant {
                constants.append(String(decoding: constant, as: UTF8.self))
            } else {
                templates.append(line)
            }
        }
        constantHeaders = constants
        headers = templates
    }

    /// The request for one message. Throws `DunlinError` where the message cannot be expressed.
    func request(for message: OutboundMessage) throws -> HTTPRequest {
        var bytes: [UInt8] = []
        switch body {
        case .none: break
        case .form(let pairs):
            bytes.reserveCapacity(768)
            try RequestProgram.write(pairs, message, to: &bytes)
        case .json(let template):
            bytes.reserveCapacity(768)
            try template.write(message, to: &bytes)
        }
        let address = try constantURL ?? urlWithQuery(message)
        var lines = constantHeaders
        for header in headers { lines.append(try header.text(for: message)) }
        return HTTPRequest(method: method, url: address, headers: lines, body: bytes, basicAuth: basicAuth)
    }

    private func urlWithQuery(_ message: OutboundMessage) throws -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(768)
        try url.write(message, to: &bytes)
        if !query.isEmpty {
            bytes.append(UInt8(ascii: "?"))
            try RequestProgram.write(query, message, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `a=1&b=2`; a pair whose value comes out empty is left out.
    private static func write(_ pairs: [Pair], _ message: OutboundMessage, to bytes: inout [UInt8]) throws {
        let start = bytes.count
        for pair in pairs {
            let before = bytes.count
            if before > start { bytes.append(UInt8(ascii: "&")) }
            bytes.append(contentsOf: pair.name)
            let valueStart = bytes.count
            try pair.value.write(message, to: &bytes)
            if bytes.count == valueStart { bytes.removeLast(valueStart - before) }
        }
    }

    // MARK: Loading

    /// The pairs of a query or a form, in order; those that use a setting that is not given are left out.
    private static func pairs(_ value: YAMLValue?, _ compiler: TemplateCompiler) throws -> [Pair] {
        try (value?.anyMapping().entries ?? []).compactMap { name, value in
            guard let template = try compiler.compile(value, .percent) else { return nil }
            var key: [UInt8] = []
            try Encoding.percent.append(name, to: &key)
            return Pair(name: key + [UInt8(ascii: "=")], value: template)
        }
    }

    private static func body(_ keys: YAMLMapping, method: String, _ compiler: TemplateCompiler) throws -> Body {
        switch (keys["form"], keys["json"]) {
        case (nil, nil): return .none
        case (let form?, nil) where method != "GET": return .form(try pairs(form, compiler))
        case (nil, let json?) where method != "GET":
            var template = Template()
            try JSONBody(compiler: compiler).append(json, to: &template)
            return .json(template)
        case (_?, _?): throw keys.value.error(expected: "either 'form' or 'json'")
        default: throw keys.value.error(expected: "no body, because the method is GET")
        }
    }
}
