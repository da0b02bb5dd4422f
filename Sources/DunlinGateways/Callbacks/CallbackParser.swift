// SPDX-License-Identifier: Apache-2.0

import DunlinYAML

/// `parse:`: how the body of a callback is read.
enum CallbackParser: Sendable {
    case byContentType
    case form
    case json
    case xml
    /// The JSON document that stands in a text of the form or of the JSON document that the body is.
    indirect case jsonIn(CallbackPlace)

    init(_ value: YAMLValue?) throws {
        guard let value else {
            self = .byContentType
            return
        }
        switch try value.string() {
        case "form": self = .form
        case "json": self = .json
        case "xml": self = .xml
        case let text:
            let words = text.split(separator: " ", maxSplits: 1)
            guard words.count == 2, words[0] == "json-in" else {
                throw value.error(
                    expected: "form, json, xml or 'json-in FIELD'",
                    suggestion: ["form", "json", "xml"].contains(text.lowercased()) ? text.lowercased() : nil)
            }
            self = .jsonIn(try CallbackPlace(name: String(words[1]), value))
        }
    }

    /// Whether JSON Pointers lead nowhere in it.
    var hasFieldsOnly: Bool {
        switch self {
        case .form, .xml: true
        case .byContentType, .json, .jsonIn: false
        }
    }

    /// Nil where the body is not what it should be. `payload` is read instead of the body where there is one.
    func content(of request: CallbackRequest, payload: [UInt8]?) -> CallbackContent? {
        let body = payload ?? request.body
        let query = CallbackForm.query(of: request.url)
        let document: CallbackContent.Document?
        switch self {
        case .byContentType:
            document = CallbackParser.document(body, type: CallbackParser.type(of: request, payload), query)
        case .form: document = CallbackParser.document(body, type: .form, query)
        case .json: document = CallbackParser.document(body, type: .json, query)
        case .xml: document = CallbackParser.document(body, type: .xml, query)
        case .jsonIn(let place):
            let type = CallbackParser.type(of: request, payload)
            guard let outer = CallbackParser.document(body, type: type, query) else { return nil }
            let content = CallbackContent(document: outer, query: query, headers: request.headers)
            guard let inner = content.value(place, from: 0) else { return nil }
            document = CallbackParser.document(Array(inner.utf8), type: .json, query)
        }
        return document.map { CallbackContent(document: $0, query: query, headers: request.headers) }
    }

    private enum ContentType { case form, json, xml }

    private static func document(
        _ body: [UInt8], type: ContentType?, _ query: [CallbackField]
    ) -> CallbackContent.Document? {
        switch type {
        case .form: .fields(CallbackForm.fields(body), query: query)
        case .json: JSONDocument(body).map(CallbackContent.Document.json)
        case .xml: CallbackXML.fields(body).map { .fields($0, query: []) }
        case nil: nil
        }
    }

    /// By the header; a request without a body is a form, the query's. What a proof carried begins as what it is.
    private static func type(of request: CallbackRequest, _ payload: [UInt8]?) -> ContentType? {
        if let payload {
            switch payload.first {
            case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
            case UInt8(ascii: "<"): return .xml
            default: return nil
            }
        }
        if request.body.isEmpty { return .form }
        let type = request.header("content-type")?.prefix { $0 != ";" && $0 != " " }.lowercased() ?? ""
        if type == "application/x-www-form-urlencoded" { return .form }
        if type == "application/json" || type.hasSuffix("+json") { return .json }
        return type == "text/xml" || type == "application/xml" ? .xml : nil
    }
}
