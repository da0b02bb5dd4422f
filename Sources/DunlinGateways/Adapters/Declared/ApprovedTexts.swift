// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The texts that a provider has approved, as an operator names them under `templates`: for each message, or for a message
/// in one language, a code and values.
struct ApprovedTexts: Sendable {
    /// What a definition says under `templates`: how the provider tells values apart.
    enum Order: String, CaseIterable, Sendable {
        case named, ordered
    }

    struct Text: Sendable {
        let code: String
        /// As the provider names it; nil: the message's own.
        let language: String?
        fileprivate let values: [(name: String, parts: [Part])]

        /// The message's variables that it needs.
        fileprivate var variables: [String] {
            values.flatMap(\.parts).compactMap { if case .variable(let name) = $0 { name } else { nil } }
        }
    }

    fileprivate enum Part: Sendable {
        case literal(String)
        /// One of the message's own variables.
        case variable(String)
        /// The whole text that would have been sent.
        case text
    }

    let order: Order
    /// What the entries speak of, in the order of the file.
    private(set) var names: [ApprovedName] = []
    /// For errors.
    private let gateway: String
    /// By `message` or `message/language`, the language in lower case.
    private let texts: [String: Text]

    init(_ value: YAMLValue, _ order: Order, gateway: String, channel: Channel) throws {
        self.order = order
        self.gateway = gateway
        var texts: [String: Text] = [:]
        for (name, entry) in try value.anyMapping().entries {
            let pieces = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let isTag = pieces.dropFirst().allSatisfy { tag in
                !tag.isEmpty && tag.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
            }
            guard !pieces[0].isEmpty, isTag else {
                throw DunlinError(
                    .usage, entry.place, why: "'\(name)' names no message",
                    remedy: "write MESSAGE, or MESSAGE/LANGUAGE such as payment-overdue/zh-Hant")
            }
            let key = ([String(pieces[0])] + pieces.dropFirst().map { $0.lowercased() }).joined(separator: "/")
            let text = try ApprovedTexts.text(entry, order, channel)
            names.append(
                ApprovedName(
                    message: String(pieces[0]), language: pieces.dropFirst().first.map(String.init), place: entry.place,
                    variables: text.variables))
            guard texts.updateValue(text, forKey: key) == nil else {
                throw DunlinError(
                    .usage, entry.place, why: "'\(name)' is there twice", remedy: "leave one of the entries")
            }
        }
        guard !texts.isEmpty else { throw value.error(expected: "at least one message and its approved text") }
        self.texts = texts
    }

    /// The text for a message: the one for its language, or for less of it (RFC 4647, section 3.4), or for all.
    /// Throws `DunlinError` where there is none.
    func text(for message: OutboundMessage) throws -> Text {
        var tag = message.language.lowercased()[...]
        while !tag.isEmpty {
            if let text = texts["\(message.name)/\(tag)"] { return text }
            tag = tag[..<(tag.lastIndex(of: "-") ?? tag.startIndex)]
        }
        if let text = texts[message.name] { return text }
        throw DunlinError(
            .failure, "gateway \(gateway)",
            why: "it sends approved texts only, and has none for the message '\(message.name)' in \(message.language)",
            remedy: "add '\(message.name)' to the gateway's 'templates', or send the message by another gateway")
    }

    /// The values of a message's text, in the order of the file. Throws `DunlinError` where the message lacks one.
    func values(for message: OutboundMessage) throws -> [(name: String, value: String)] {
        let text = try text(for: message)
        return try text.values.map { name, parts in
            let value = try parts.map { part in
                switch part {
                case .literal(let text): return text
                case .text: return message.content.text
                case .variable(let variable):
                    if let value = message.values[variable] { return value }
                    throw DunlinError(
                        .failure, "gateway \(gateway)",
                        why:
                            "the approved text \(text.code) needs '\(variable)', which the message '\(message.name)' lacks",
                        remedy: "correct the name under the gateway's 'templates', or give the reminder this variable")
                }
            }
            return (name, value.joined())
        }
    }

    /// The name of a value, if it is one of these.
    func firstName(among names: Set<String>) -> String? {
        texts.values.lazy.flatMap(\.values).map(\.name).first { names.contains($0) }
    }

    // MARK: Loading

    private static func text(_ value: YAMLValue, _ order: Order, _ channel: Channel) throws -> Text {
        let keys = try value.mapping(keys: ["code", "language", "values"])
        let code = try keys.required("code").string()
        let language = try keys["language"]?.string()
        guard let values = keys["values"] else { return Text(code: code, language: language, values: []) }
        switch order {
        case .named:
            guard values.isMapping else {
                throw values.error(expected: "a mapping of names to texts, because this gateway's values have names")
            }
            return Text(
                code: code, language: language,
                values: try values.anyMapping().entries.map { ($0.key, try parts($0.value, channel)) })
        case .ordered:
            guard values.isList else {
                throw values.error(
                    expected: "a list of texts, because this gateway's values have an order and no names")
            }
            return Text(
                code: code, language: language, values: try values.list().map { ("", try parts($0, channel)) })
        }
    }

    /// `{amount}` is a variable; `{{` is a brace.
    private static func parts(_ value: YAMLValue, _ channel: Channel) throws -> [Part] {
        var parts: [Part] = []
        var rest = try value.string()[...]
        while let brace = rest.firstIndex(of: "{") {
            if brace > rest.startIndex { parts.append(.literal(String(rest[..<brace]))) }
            rest = rest[rest.index(after: brace)...]
            if rest.first == "{" {
                parts.append(.literal("{"))
                rest = rest.dropFirst()
                continue
            }
            guard let end = rest.firstIndex(of: "}") else { throw value.error(expected: "a '}' for every '{'") }
            let name = rest[..<end]
            let isName = name.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "_-.".utf8.contains($0) }
            guard !name.isEmpty, isName else {
                throw value.error(
                    expected: "the name of one of the message's variables between braces, such as {amount}")
            }
            if name == "text", channel == .call {
                throw value.error(expected: "the message's variables, because a call has no one text")
            }
            parts.append(name == "text" ? .text : .variable(String(name)))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        return parts
    }
}

extension MessageContent {
    fileprivate var text: String {
        switch self {
        case .sms(let text), .chat(let text), .task(let text): text
        case .email(let mail): mail.text
        // Not reached: the loader refuses {text} there.
        case .call: ""
        }
    }
}

/// What an entry under `templates` speaks of, for whoever knows the messages.
public struct ApprovedName: Hashable, Sendable {
    public let message: String
    /// Nil: every language.
    public let language: String?
    /// Where the entry stands, `file:line:column`.
    public let place: String
    /// The message's variables that it needs.
    public let variables: [String]
}

/// How `$values` writes the values of an approved text as JSON.
enum ValuesShape: Sendable {
    /// An object of strings.
    case named
    /// The members of such an object alone, behind others that it has.
    case members
    /// An array of strings.
    case ordered
    /// An array with one of these for each value.
    case each(Template)
    /// An object with one of these for each value, under its name.
    case eachNamed(Template)

    func write(_ message: OutboundMessage, _ context: RequestContext, to json: inout [UInt8]) throws {
        let values = try context.approved?.values(for: message) ?? []
        let (open, close) = brackets
        json += open
        for (n, (name, value)) in values.enumerated() {
            // A member of an object that has no other yet follows its brace.
            if n > 0 || open.isEmpty && json.last != UInt8(ascii: "{") { json.append(UInt8(ascii: ",")) }
            switch self {
            case .named, .members:
                try ValuesShape.append(string: name, to: &json)
                json.append(UInt8(ascii: ":"))
                try ValuesShape.append(string: value, to: &json)
            case .ordered: try ValuesShape.append(string: value, to: &json)
            case .each(let entry), .eachNamed(let entry):
                if case .eachNamed = self {
                    try ValuesShape.append(string: name, to: &json)
                    json.append(UInt8(ascii: ":"))
                }
                var context = context
                context.value = value
                try entry.write(message, context, to: &json)
            }
        }
        json += close
    }

    private var brackets: (open: [UInt8], close: [UInt8]) {
        switch self {
        case .named, .eachNamed: (Array("{".utf8), Array("}".utf8))
        case .members: ([], [])
        case .ordered, .each: (Array("[".utf8), Array("]".utf8))
        }
    }

    private static func append(string: String, to json: inout [UInt8]) throws {
        json.append(UInt8(ascii: "\""))
        try Encoding.jsonString.append(string, to: &json)
        json.append(UInt8(ascii: "\""))
    }
}
