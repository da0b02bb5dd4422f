// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// One entry of `events:`: when it applies, and what it reads.
struct CallbackRule: Sendable {
    /// What reading a rule at one place of a callback comes to.
    enum Finding {
        case event(CallbackEvent)
        /// It says something else, of another message, or nothing that we have a word for.
        case nothing
        case malformed
    }

    private enum Kind: Sendable {
        case receipt(ReceiptRule)
        case reply(ReplyRule)
        case question(QuestionRule)
    }

    private enum Name: String, CaseIterable { case receipt, reply, question }

    /// Where the list stands whose entries are events; nil: the document is the one event.
    let each: JSONPointer?
    private let conditions: [CallbackCondition]
    private let kind: Kind

    var isReceipt: Bool { if case .receipt = kind { true } else { false } }
    var isReply: Bool { if case .reply = kind { true } else { false } }
    var isQuestion: Bool { if case .question = kind { true } else { false } }
    /// Whether it is a receipt that names an attempt by our token.
    var bearsToken: Bool { if case .receipt(let rule) = kind { rule.bearsToken } else { false } }
    var tellsArrival: Bool { if case .receipt(let rule) = kind { rule.tellsArrival } else { false } }

    init(_ value: YAMLValue, _ context: CallbackContext) throws {
        let name = try value.anyMapping().required("kind").oneOf(Name.self)
        let common = ["kind", "each", "when"]
        let keys: YAMLMapping
        switch name {
        case .receipt:
            keys = try value.mapping(keys: common + ReceiptRule.keys)
            kind = .receipt(try ReceiptRule(keys, context))
        case .reply:
            keys = try value.mapping(keys: common + ReplyRule.keys)
            kind = .reply(try ReplyRule(keys, context))
        case .question:
            keys = try value.mapping(keys: common + QuestionRule.keys)
            kind = .question(try QuestionRule(keys, context))
        }
        each = try keys["each"].map { place in
            guard !context.hasFieldsOnly, let path = JSONPointer(try place.string()) else {
                throw place.error(expected: "a JSON Pointer to a list, such as /results, in JSON")
            }
            return path
        }
        conditions = try keys["when"].map { try CallbackCondition.all($0, context) } ?? []
    }

    /// What stands at `start`, an entry of the list or 0 for the document.
    func read(_ content: CallbackContent, at start: Int) -> Finding {
        guard conditions.allSatisfy({ $0.holds(content, at: start) }) else { return .nothing }
        switch kind {
        case .receipt(let rule): return rule.read(content, at: start)
        case .reply(let rule): return rule.read(content, at: start)
        case .question(let rule): return rule.read(content, at: start)
        }
    }
}

/// What a rule has to know of the rest of the definition.
struct CallbackContext {
    let channel: Channel
    /// The body is a form or flat XML, where JSON Pointers lead nowhere.
    let hasFieldsOnly: Bool

    func place(_ value: YAMLValue) throws -> CallbackPlace { try checked(CallbackPlace(value), value) }

    func place(name: String, _ value: YAMLValue) throws -> CallbackPlace {
        try checked(CallbackPlace(name: name, value), value)
    }

    private func checked(_ place: CallbackPlace, _ value: YAMLValue) throws -> CallbackPlace {
        guard hasFieldsOnly, place.sources.contains(where: \.isInJSON) else { return place }
        throw value.error(expected: "names of fields, because 'parse' is not 'json'")
    }
}

/// A field that must be there, and what it may hold.
struct CallbackCondition: Sendable {
    private let place: CallbackPlace
    /// Nil: anything, even an empty text, a list or an object.
    private let values: CallbackValues?

    static func all(_ value: YAMLValue, _ context: CallbackContext) throws -> [CallbackCondition] {
        try value.anyMapping().entries.map { name, value in
            let isAny = try !value.isList && value.string() == "*"
            return CallbackCondition(
                place: try context.place(name: name, value), values: isAny ? nil : try CallbackValues(value))
        }
    }

    func holds(_ content: CallbackContent, at start: Int) -> Bool {
        switch content.find(place.sources[0], from: start) {
        case .nothing, .null, .several: false
        case .structure: values == nil
        case .text(let text): values?.contain(text) ?? true
        }
    }
}

/// Texts out of a definition; `*` at the end of one stands for anything.
struct CallbackValues: Sendable {
    private var exact: Set<String> = []
    private var beginnings: [String] = []

    /// A text or a list of texts. `*` alone would say nothing and is an error.
    init(_ value: YAMLValue) throws {
        for entry in value.list() {
            let text = try entry.string()
            guard text.hasSuffix("*") else {
                exact.insert(text)
                continue
            }
            guard text.count > 1 else { throw entry.error(expected: "a value, or how it begins: failed:*") }
            beginnings.append(String(text.dropLast()))
        }
    }

    func contain(_ text: String) -> Bool { exact.contains(text) || beginnings.contains { text.hasPrefix($0) } }
}

/// A field whose values have meanings, such as `is: {delivered: [1], failed: [2, "5*"]}`.
struct CallbackMeanings<Meaning: Sendable & CaseIterable & RawRepresentable>: Sendable
where Meaning.RawValue == String {
    private let meanings: [(Meaning, CallbackValues)]

    /// `keys` may hold other keys, which are not looked at.
    init(_ keys: YAMLMapping) throws {
        meanings = try Meaning.allCases.compactMap { meaning in
            try keys[meaning.rawValue].map { (meaning, try CallbackValues($0)) }
        }
        var seen: Set<String> = []
        for meaning in Meaning.allCases {
            for value in keys[meaning.rawValue]?.list() ?? [] where !seen.insert(try value.string()).inserted {
                throw value.error(expected: "a value with one meaning only")
            }
        }
        guard !meanings.isEmpty else {
            throw keys.value.error(expected: "one of \(Meaning.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    func has(_ meaning: Meaning) -> Bool { meanings.contains { $0.0.rawValue == meaning.rawValue } }

    func callAsFunction(_ text: String) -> Meaning? { meanings.first { $0.1.contain(text) }?.0 }
}
