// SPDX-License-Identifier: Apache-2.0

import DunlinYAML

/// A way into a JSON document: a JSON Pointer (RFC 6901), of which `*` means any name or index.
struct CallbackPath: Sendable {
    enum Step: Sendable {
        case any
        /// A member's name, and what it says as an index of a list.
        case named([UInt8], index: Int?)
    }

    let steps: [Step]

    /// Nil unless `text` begins with a slash. `/` alone is the document itself, as no gateway has a member without a name.
    init?(_ text: some StringProtocol) {
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        guard text.utf8.count > 1 else {
            steps = []
            return
        }
        steps = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
            part == "*" ? .any : CallbackPath.step(CallbackPath.unescaped(part))
        }
    }

    /// The one member of that name.
    init(member name: String) { steps = [CallbackPath.step(name)] }

    private static func step(_ name: String) -> Step {
        let isIndex = name == "0" || (name.first != "0" && name.utf8.allSatisfy { $0.isASCIIDigit })
        return .named(Array(name.utf8), index: isIndex ? Int(name) : nil)
    }

    /// `~1` is a slash and `~0` a tilde.
    private static func unescaped(_ part: some StringProtocol) -> String {
        var text = ""
        var isEscaped = false
        for character in part {
            if isEscaped {
                text.append(character == "1" ? "/" : "~")
                isEscaped = false
            } else if character == "~" {
                isEscaped = true
            } else {
                text.append(character)
            }
        }
        return text
    }
}

/// Where something stands in a callback; of several places the first that has a value.
struct CallbackPlace: Sendable {
    enum Source: Sendable {
        /// A field of a form or of XML; of JSON the member of that name.
        case field(String, CallbackPath)
        case pointer(CallbackPath)
        /// From the beginning of the document, where places start at an entry of a list.
        case document(CallbackPath)
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
        case (1, _) where text.hasPrefix("/"): return .pointer(CallbackPath(text)!)
        case (1, .some(let name)) where !name.isEmpty: return .field(text, CallbackPath(member: text))
        case (2, "query") where !words[1].isEmpty: return .query(String(words[1]))
        case (2, "header") where !words[1].isEmpty: return .header(words[1].lowercased())
        case (2, "document"):
            if let path = CallbackPath(words[1]) { return .document(path) }
            fallthrough
        default:
            throw value.error(
                expected: "the name of a field, a JSON Pointer such as /data/id, 'query NAME', 'header NAME' or "
                    + "'document /POINTER'")
        }
    }
}

/// One callback, taken apart.
struct CallbackContent {
    enum Document {
        /// A form with the query's fields behind its own, or flat XML.
        case fields([CallbackField], query: [CallbackField])
        case json(CallbackJSON)
    }

    let document: Document
    let query: [CallbackField]
    let headers: [(name: String, value: String)]

    enum Finding: Equatable {
        case nothing
        case text(String)
        /// An object or a list.
        case structure
    }

    /// Where events stand: the entries of every list that the path leads to; without a path the document.
    func starts(_ each: CallbackPath?) -> [Int] {
        guard let each else { return [0] }
        guard case .json(let json) = document else { return [] }
        var starts: [Int] = []
        json.each(each.steps[...], from: 0) { starts += json.elements(of: $0) }
        return starts
    }

    /// The first value that is more than empty. `start` is the entry of a list where the event stands; 0: the document.
    func value(_ place: CallbackPlace, from start: Int) -> String? {
        for source in place.sources {
            if case .text(let text) = find(source, from: start), !text.isEmpty { return text }
        }
        return nil
    }

    /// What stands there; nothing where there are several values that differ.
    func find(_ source: CallbackPlace.Source, from start: Int) -> Finding {
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
            one(path, of: json, from: start)
        case (.document(let path), .json(let json)): one(path, of: json, from: 0)
        }
    }

    private func one(_ path: CallbackPath, of json: CallbackJSON, from start: Int) -> Finding {
        var found = Finding.nothing
        var differ = false
        json.each(path.steps[...], from: start) { node in
            let finding: Finding =
                switch json.kind(node) {
                case .null: .nothing
                case .object, .array: .structure
                case .text, .escapedText, .plain: json.text(node).map(Finding.text) ?? .nothing
                }
            if finding == .nothing { return }
            if found == .nothing { found = finding } else if found != finding { differ = true }
        }
        return differ ? .nothing : found
    }

    private static func one(_ name: String, of fields: [CallbackField]) -> Finding {
        var found: String?
        for field in fields where field.name == name {
            if let found, found != field.value { return .nothing }
            found = field.value
        }
        return found.map(Finding.text) ?? .nothing
    }
}
