// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The `request:` of a definition with an operator's settings filled in: what remains is to write a message's fields.
struct RequestProgram: Sendable {
    static let keys = ["method", "url", "headers", "auth", "query", "query_json"] + RequestBody.keys

    private let method: String
    private let url: Template
    /// The URL, where nothing in it depends on the message.
    private let constantURL: String?
    private let query: PairList
    private let constantHeaders: [String]
    private let headers: [Template]
    private let body: RequestBody
    private let basicAuth: String?
    private let signer: (any RequestSigner)?
    private let access: AccessToken?
    private let approved: ApprovedTexts?

    /// `inherited` is the `auth` that holds where the request has none of its own.
    init(_ value: YAMLValue, compiler: TemplateCompiler, auth inherited: YAMLValue? = nil) throws {
        let keys = try value.mapping(keys: RequestProgram.keys)
        enum Method: String, CaseIterable { case get = "GET", post = "POST", put = "PUT" }
        method = try keys.required("method").oneOf(Method.self).rawValue
        let place = try keys.required("url")
        guard let url = try compiler.compile(place, .percent, literals: .verbatim) else {
            throw place.error(expected: "settings that are not optional")
        }
        self.url = url
        var query = try PairList(keys["query"], compiler)
        try query.append(documents: keys["query_json"], compiler)
        self.query = query
        constantURL = query.isEmpty ? url.constant.map { String(decoding: $0, as: UTF8.self) } : nil
        let (body, contentType) = try RequestBody.read(keys, method: method, compiler)
        self.body = body
        let auth = try Authentication(keys["auth"] ?? inherited, compiler: compiler)
        basicAuth = auth.basic
        signer = auth.signer
        access = compiler.access
        approved = compiler.approved
        let own = try RequestProgram.headers(keys["headers"], hasBody: contentType != nil, compiler)
        constantHeaders = auth.headers + (contentType.map { ["Content-Type: \($0)"] } ?? []) + own.constants
        headers = auth.templates + own.templates
    }

    /// The request for one message. Throws `DunlinError` where the message cannot be expressed.
    func request(for message: OutboundMessage) throws -> HTTPRequest {
        try request(for: message, nonce: message.token, at: message.at)
    }

    /// A request about a message, signed at another moment than the message's own.
    func request(for message: OutboundMessage, nonce: String, at now: Instant) throws -> HTTPRequest {
        var request = try unsigned(message, accessToken: access?.value)
        try signer?.sign(&request, SigningMoment(at: now, nonce: nonce))
        return request
    }

    /// Throws what ``request(for:)`` would but for want of an access token, which comes and goes.
    func check(_ message: OutboundMessage) throws { _ = try unsigned(message, accessToken: "-") }

    private func unsigned(_ message: OutboundMessage, accessToken: String?) throws -> HTTPRequest {
        let context = RequestContext(accessToken: accessToken, approved: approved)
        var bytes: [UInt8] = []
        if case .none = body {} else { bytes.reserveCapacity(1024) }
        try body.write(message, context, to: &bytes)
        let address = try constantURL ?? urlWithQuery(message, context)
        var lines = constantHeaders
        for header in headers { lines.append(try header.text(for: message, context)) }
        return HTTPRequest(method: method, url: address, headers: lines, body: bytes, basicAuth: basicAuth)
    }

    private func urlWithQuery(_ message: OutboundMessage, _ context: RequestContext) throws -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        try url.write(message, context, to: &bytes)
        if !query.isEmpty {
            bytes.append(UInt8(ascii: "?"))
            try query.write(message, context, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Loading

    /// Whole lines, apart from those that no message changes.
    private static func headers(
        _ value: YAMLValue?, hasBody: Bool, _ compiler: TemplateCompiler
    ) throws -> (constants: [String], templates: [Template]) {
        var constants: [String] = []
        var templates: [Template] = []
        for (name, value) in try value?.anyMapping().entries ?? [] {
            guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }) else {
                throw value.error(expected: "a header's name as its key")
            }
            guard !hasBody || name.lowercased() != "content-type" else {
                throw value.error(expected: "'content_type' beside the body in place of this header")
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
        return (constants, templates)
    }
}
