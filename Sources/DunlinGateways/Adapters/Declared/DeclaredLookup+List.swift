// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// How the answer to a look-up is read, and what it proves about one attempt.
struct LookupList: Sendable {
    enum Finding: Equatable {
        case listed(id: String?)
        /// The list is whole and nothing on it can be the attempt.
        case absent
        case unclear
    }

    struct Field: Sendable {
        let pointer: JSONPointer
        /// Whether it holds our token, which no other attempt has.
        let bearsToken: Bool
    }

    /// The list; nil where the document is the one item.
    private let items: JSONPointer?
    /// Where the answer says that the list goes on.
    private let more: JSONPointer?
    private let id: JSONPointer?
    private let fields: [Field]

    init(_ keys: YAMLMapping, match: [(key: String, value: YAMLValue)]) throws {
        items = try LookupList.pointer(keys["items"], "/messages, or '/' for the document itself")
        more = try LookupList.pointer(keys["more"], "/next_page")
        id = try LookupList.pointer(keys["id"], "/id")
        fields = try match.map { key, value in
            guard let pointer = JSONPointer(key) else {
                throw value.error(expected: "a JSON Pointer such as /reference as its key")
            }
            return Field(pointer: pointer, bearsToken: value.uses("token"))
        }
        if let more = items == nil ? keys["more"] : nil { throw more.error(expected: "nothing without 'items'") }
        guard fields.count <= 16 else { throw keys.value.error(expected: "at most 16 fields under 'match'") }
        if items == nil, fields.isEmpty, id == nil {
            throw DunlinError(
                .usage, keys.value.place, why: "\(keys.value.field) takes any answer for the attempt",
                remedy: "add 'items', 'match' or 'id'")
        }
    }

    /// What `body` proves; `expected` is one text a field. Total.
    ///
    /// Several items that match are the one attempt (its parts) where our token stands in them; else they may be two
    /// messages with one text to one number, and nothing is proven.
    func finding(in body: [UInt8], _ expected: [String]) -> Finding {
        guard let document = JSONDocument(body) else { return .unclear }
        let list = items.map { document.entries(at: $0) }
        guard let entries = list ?? [0] else { return .unclear }
        var ids: [String?] = []
        var isAbsent = entries.isEmpty || items == nil || more != nil
        if let more, LookupList.goesOn(document.value(at: more)) { isAbsent = false }
        for entry in entries {
            switch standing(of: entry, in: document, expected) {
            case .ours(let id): ids.append(id)
            case .others: break
            case .unclear: isAbsent = false
            case nil: return .unclear
            }
        }
        switch ids.count {
        case 0: return isAbsent ? .absent : .unclear
        case 1: return .listed(id: ids[0])
        default:
            guard fields.contains(where: \.bearsToken) else { return .unclear }
            return .listed(id: ids.allSatisfy { $0 == ids[0] } ? ids[0] : nil)
        }
    }

    private enum Standing {
        case ours(id: String?), others, unclear
    }

    /// What one item is; nil where it cannot be read.
    private func standing(of entry: Int, in document: JSONDocument, _ expected: [String]) -> Standing? {
        let pointers = fields.map(\.pointer) + (id.map { [$0] } ?? [])
        guard let texts = document.values(at: pointers, from: entry)?.map(\.text) else { return nil }
        var fits = true
        for (n, field) in fields.enumerated() where texts[n] != expected[n] {
            fits = false
            if field.bearsToken, let text = texts[n], LookupList.excludes(text, expected[n]) { return .others }
        }
        guard fits else { return .unclear }
        guard id != nil else { return .ours(id: nil) }
        // An item without the id that all of them have is not what the definition speaks of.
        guard let text = texts[fields.count], let id = AnswerReading.token(text, limit: 128) else {
            return .unclear
        }
        return .ours(id: id)
    }

    /// Whether an item with `text` cannot be ours. Ours cut short, in other letters or lost on the way may still be.
    private static func excludes(_ text: String, _ expected: String) -> Bool {
        !expected.lowercased().hasPrefix(text.lowercased())
    }

    private static func goesOn(_ value: JSONDocument.Value) -> Bool {
        switch value {
        case .nothing, .null, .text(""), .text("false"): false
        default: true
        }
    }

    private static func pointer(_ value: YAMLValue?, _ example: String) throws -> JSONPointer? {
        guard let value else { return nil }
        guard let pointer = JSONPointer(try value.string()), !pointer.hasAny else {
            throw value.error(expected: "a JSON Pointer without '*', such as \(example)")
        }
        return pointer
    }
}
