// SPDX-License-Identifier: Apache-2.0

import DunlinYAML

/// Where something stands in a callback; of several places the first that has a value.
struct CallbackPlace: Sendable {
    enum Source: Sendable {
        /// A field of a form or of XML; of JSON the member of that name.
        case field(String, JSONPointer)
        case pointer(JSONPointer)
        /// From the beginning of the document, where places start at an entry of a list.
        case document(JSONPointer)
        case query(String)
        /// In lower case.
        case header(String)

        var isInJSON: Bool {
            switch self {
            case .pointer, .document: true
            case .field, .query, .header: false
            }
        }
    }

    let sources: [Source]

    /// A place, or a list of them.
    init(_ value: YAMLValue) throws {
        sources = try value.list().map { try CallbackPlace.source($0.string(), $0) }
        guard !sources.isEmpty else { throw value.error(expected: "the name of a field, or a JSON Pointer") }
    }

    init(name: String, _ value: YAMLValue) throws { sources = [try CallbackPlace.source(name, value)] }

    private static func source(_ text: String, _ value: YAMLValue) throws -> Source {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        switch (words.count, words.first) {
        case (1, _) where text.hasPrefix("/"):
            if let path = JSONPointer(text) { return .pointer(path) }
        case (1, .some(let name)) where !name.isEmpty: return .field(text, JSONPointer(member: text))
        case (2, "query") where !words[1].isEmpty: return .query(String(words[1]))
        case (2, "header") where !words[1].isEmpty: return .header(words[1].lowercased())
        case (2, "document"):
            if let path = JSONPointer(words[1]) { return .document(path) }
        default: break
        }
        throw value.error(
            expected: "the name of a field, a JSON Pointer such as /data/id, 'query NAME', 'header NAME' or "
                + "'document /POINTER'")
    }
}

/// One callback, taken apart.
struct CallbackContent {
    enum Document {
        /// A form with the query's fields behind its own, or flat XML.
        case fields([CallbackField], query: [CallbackField])
        case json(JSONDocument)
    }

    let document: Document
    let query: [CallbackField]
    let headers: [(name: String, value: String)]

    /// Where events stand: the entries of every list that the path leads to; without a path the document.
    func starts(_ each: JSONPointer?) -> [Int] {
        guard let each else { return [0] }
        guard case .json(let json) = document else { return [] }
        return json.entries(at: each) ?? []
    }

    /// The first value that is more than empty. `start` is the entry of a list where the event stands; 0: the document.
    func value(_ place: CallbackPlace, from start: Int) -> String? {
        for source in place.sources {
            if let text = find(source, from: start).text, !text.isEmpty { return text }
        }
        return nil
    }

    /// What stands there; nothing where there are several values that differ.
    func find(_ source: CallbackPlace.Source, from start: Int) -> JSONDocument.Value {
        switch (source, document) {
        case (.header(let name), _): CallbackContent.one(name, of: headers)
        case (.query(let name), _): CallbackContent.one(name, of: query)
        case (.field(let name, _), .fields(let fields, let query)):
            switch CallbackContent.one(name, of: fields) {
            case .nothing: CallbackContent.one(name, of: query)
            case let found: found
            }
        case (.pointer, .fields), (.document, .fields): .nothing
        case (.field(_, let path), .json(let json)), (.pointer(let path), .json(let json)):
            CallbackContent.one(json.value(at: path, from: start))
        case (.document(let path), .json(let json)): CallbackContent.one(json.value(at: path))
        }
    }

    private static func one(_ value: JSONDocument.Value) -> JSONDocument.Value {
        value == .several || value == .null ? .nothing : value
    }

    private static func one(_ name: String, of fields: [CallbackField]) -> JSONDocument.Value {
        var found: String?
        for field in fields where field.name == name {
            if let found, found != field.value { return .nothing }
            found = field.value
        }
        return found.map(JSONDocument.Value.text) ?? .nothing
    }
}
