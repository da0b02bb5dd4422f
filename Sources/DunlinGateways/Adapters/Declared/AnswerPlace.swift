// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// Where in an answer a value may stand.
enum AnswerPlace: Sendable {
    /// In JSON: which of the pointers that the answer is read with.
    case pointer(Int)
    /// The name of a field of a form.
    case field(String)
    /// The name of a header, in lower case.
    case header(String)
    /// In a text: what stands between the first of `after` and the next `before`.
    case between(after: [UInt8], before: [UInt8])
}

/// The `response:` of a definition: how an answer is read before the rules are asked.
struct AnswerPlaces: Sendable {
    private enum Format: String, CaseIterable { case json, form, text }

    private let format: Format
    private var pointers: [JSONPointer] = []
    private var id: [AnswerPlace] = []
    private var code: [AnswerPlace] = []
    /// The places that rules ask for with `has: /POINTER`, each with its index in `pointers`.
    private var watched: [(name: String, index: Int)] = []

    var hasID: Bool { !id.isEmpty }
    var hasCode: Bool { !code.isEmpty }

    init(_ value: YAMLValue) throws {
        let keys = try value.mapping(keys: ["parse", "id", "code"])
        format = try keys.required("parse").oneOf(Format.self)
        id = try places(keys["id"])
        code = try places(keys["code"])
    }

    /// What the rules look at. Half of an answer says nothing for certain, nor does one in another format: nothing is
    /// read, headers neither. An empty body has no values, and its headers count.
    func read(_ answer: WireAnswer) -> AnswerReading {
        var reading = AnswerReading()
        guard !answer.isTruncated else { return reading }
        var found: [JSONDocument.Value] = []
        var fields: [String: String] = [:]
        switch format {
        case .text: break
        case _ where answer.body.isEmpty: found = Array(repeating: .nothing, count: pointers.count)
        case .form:
            guard let form = FormAnswer.fields(of: answer.body) else { return reading }
            fields = form
        case .json:
            guard let values = JSONDocument(answer.body)?.values(at: pointers) else { return reading }
            found = values
        }
        func first(of places: [AnswerPlace], _ fit: (String) -> String?) -> String? {
            for place in places {
                let text: String? =
                    switch place {
                    case .pointer(let n): found[n].text
                    case .field(let name): fields[name]
                    case .header(let name): answer.headers[name]
                    case .between(let after, let before): answer.body.text(after: after, before: before)
                    }
                if let value = text.flatMap(fit) { return value }
            }
            return nil
        }
        reading.body = answer.body
        // A text, a number or a boolean, and no empty text.
        reading.held = Set(watched.filter { !(found[$0.index].text ?? "").isEmpty }.map(\.name))
        reading.id = first(of: id) { AnswerReading.token($0, limit: 128) }
        reading.code = first(of: code) { AnswerReading.token(AnswerReading.name(ofCode: $0), limit: 80) }
        return reading
    }

    // MARK: Loading

    /// Has `pointer` read too, for `rule`.
    mutating func watch(_ pointer: String, _ rule: YAMLValue) throws {
        guard format == .json, let place = JSONPointer(pointer) else {
            throw rule.error(expected: "'has: id', or in JSON a pointer such as 'has: /invaliduser'")
        }
        guard !watched.contains(where: { $0.name == pointer }) else { return }
        watched.append((pointer, pointers.count))
        pointers.append(place)
    }

    private mutating func places(_ value: YAMLValue?) throws -> [AnswerPlace] {
        guard let value else { return [] }
        let list = value.list()
        guard (1...16).contains(list.count) else { throw value.error(expected: "1 to 16 places") }
        return try list.map { try place($0) }
    }

    private mutating func place(_ value: YAMLValue) throws -> AnswerPlace {
        if value.isMapping {
            guard format == .text else {
                throw value.error(expected: "\(expected), because only a text is read between two others")
            }
            let keys = try value.mapping(keys: ["after", "before"])
            return .between(
                after: try AnswerPlaces.bytes(keys.required("after")),
                before: try AnswerPlaces.bytes(keys.required("before")))
        }
        let text = try value.string()
        if text.hasPrefix("header ") {
            let name = text.dropFirst(7).lowercased()
            guard AnswerReader.keptHeaders.contains(name) else {
                throw value.error(
                    expected: "one of the headers that are kept, \(AnswerReader.keptHeaders.joined(separator: ", "))",
                    suggestion: nearMiss(name, among: AnswerReader.keptHeaders).map { "header \($0)" })
            }
            return .header(name)
        }
        switch format {
        case .text: throw value.error(expected: expected)
        case .form:
            guard !text.isEmpty, !text.hasPrefix("/") else { throw value.error(expected: expected) }
            return .field(text)
        case .json:
            guard let pointer = JSONPointer(text) else { throw value.error(expected: expected) }
            pointers.append(pointer)
            return .pointer(pointers.count - 1)
        }
    }

    private var expected: String {
        switch format {
        case .json: "a JSON Pointer such as /messages/0/id, or 'header NAME'"
        case .form: "the name of a field, or 'header NAME', because 'parse' is 'form'"
        case .text: "{after: TEXT, before: TEXT}, or 'header NAME', because 'parse' is 'text'"
        }
    }

    private static func bytes(_ value: YAMLValue) throws -> [UInt8] {
        let text = try value.string()
        guard !text.isEmpty else { throw value.error(expected: "some text") }
        return Array(text.utf8)
    }
}

/// What was read out of an answer.
struct AnswerReading {
    /// Empty where the answer is truncated or not in its format.
    var body: [UInt8] = []
    var id: String?
    var code: String?
    /// Which of the places that rules ask for hold something.
    var held: Set<String> = []

    /// A gateway's id or code as it may stand in the ledger; nil for anything that looks like prose.
    static func token(_ text: some StringProtocol, limit: Int) -> String? {
        let fits = !text.isEmpty && text.utf8.count <= limit && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return fits ? String(text) : nil
    }

    /// The name alone of an error code in one of AWS's forms, `NAMESPACE#NAME:URL` (Smithy, "AWS JSON 1.1 protocol",
    /// operation error serialization). Not at every colon: other gateways' codes may have one.
    static func name(ofCode code: String) -> Substring {
        var name = code[...]
        if let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")),
            ["http://", "https://"].contains(where: { name[colon...].dropFirst().hasPrefix($0) })
        {
            name = name[..<colon]
        }
        if let hash = name.utf8.lastIndex(of: UInt8(ascii: "#")) { name = name[hash...].dropFirst() }
        return name
    }
}
