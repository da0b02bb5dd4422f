// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel
import DunlinYAML

/// `kind: reply`: what a person wrote back.
struct ReplyRule: Sendable {
    static let keys = ["id", "from", "to", "text", "at", "understood"]

    private enum TextFormat: String, CaseIterable, Sendable {
        case plain
        /// UTF-16BE in hexadecimal digits.
        case utf16hex
    }

    private enum Understood: String, CaseIterable, Sendable {
        case optOut = "opt-out"
        case optIn = "opt-in"
        case help
    }

    private let id: CallbackPlace?
    private let from: ReplySender
    private let to: CallbackPlace?
    private let text: (place: CallbackPlace, format: TextFormat)?
    private let at: CallbackInstant?
    private let understood: (place: CallbackPlace, meanings: CallbackMeanings<Understood>)?

    init(_ keys: YAMLMapping, _ context: CallbackContext) throws {
        id = try keys["id"].map(context.place)
        from = try ReplySender(keys.required("from"), context)
        to = try keys["to"].map(context.place)
        at = try keys["at"].map { try CallbackInstant($0, context) }
        guard id != nil || at != nil else {
            throw keys.value.error(expected: "'id' or 'at', without which two replies of the same words would be one")
        }
        understood = try keys["understood"].map { value in
            let keys = try value.mapping(keys: ["field", "is"])
            let meanings = try keys.required("is").mapping(keys: Understood.allCases.map(\.rawValue))
            return (try context.place(keys.required("field")), try CallbackMeanings(meanings))
        }
        text = try (understood == nil ? keys.required("text") : keys["text"]).map { value in
            guard value.isMapping else { return (try context.place(value), .plain) }
            let keys = try value.mapping(keys: ["field", "format"])
            return (try context.place(keys.required("field")), try keys.required("format").oneOf(TextFormat.self))
        }
    }

    /// A reply is never left out for want of a text: a picture is an answer too.
    func read(_ content: CallbackContent, at start: Int) -> CallbackRule.Finding {
        guard let from = from.address(content, at: start) else { return .malformed }
        let meaning = understood.flatMap { rule in
            content.value(rule.place, from: start).flatMap { rule.meanings($0) }
        }
        let to = to.flatMap { content.value($0, from: start) }.map { ReplySender.address($0, country: nil) }
        let raw = text.flatMap { content.value($0.place, from: start) } ?? ""
        let written = text?.format == .utf16hex ? CallbackText.utf16(hex: raw) ?? raw : raw
        let text = CallbackText.prose(written)
        let id =
            id.flatMap { content.value($0, from: start) }.flatMap(CallbackText.token)
            ?? digest([from, to ?? "", at.flatMap { content.value($0.place, from: start) } ?? "", written])
        return .event(
            .reply(
                Reply(
                    id: id, from: from, to: to, text: text, at: at?.read(content, at: start),
                    understood: meaning.flatMap { ReplyMeaning(rawValue: $0.rawValue) })))
    }

    /// A name for a reply that the gateway gave none: the same when it comes again.
    private func digest(_ parts: [String]) -> String {
        var hash = SHA256()
        for part in parts {
            hash.update(data: Array(part.utf8))
            hash.update(data: [0])
        }
        return "sha256:" + hash.finalize().prefix(16).map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
    }
}

/// `from:`, a place or `{field, country, service, number}` or `{join: […]}`: the address that a person answers from.
struct ReplySender: Sendable {
    private let parts: [CallbackPlace]
    /// What national numbers, which the gateway gives without it, begin with in E.164.
    private let country: String?
    /// What chat addresses begin with.
    private let service: String?
    private let isNumber: Bool

    init(_ value: YAMLValue, _ context: CallbackContext) throws {
        let isPhone = context.channel == .sms || context.channel == .call
        guard value.isMapping else {
            (parts, country, service, isNumber) = ([try context.place(value)], nil, nil, isPhone)
            return
        }
        let keys = try value.mapping(keys: ["field", "join", "country", "service", "number"])
        switch (keys["field"], keys["join"]) {
        case (let field?, nil): parts = [try context.place(field)]
        case (nil, let join?): parts = try join.list().map(context.place)
        default: throw value.error(expected: "either 'field' or 'join'")
        }
        country = try keys["country"].map { String(try $0.int(in: 1...999)) }
        service = try keys["service"]?.string()
        isNumber = try keys["number"]?.bool() ?? isPhone
        if let extra = keys["service"], isPhone || context.channel == .email {
            throw extra.error(expected: "nothing: only addresses of 'chat' name a service")
        }
    }

    /// Nil where there is none.
    func address(_ content: CallbackContent, at start: Int) -> String? {
        let pieces = parts.compactMap { content.value($0, from: start) }
        guard !pieces.isEmpty else { return nil }
        let sent = pieces.joined()
        let address =
            isNumber ? ReplySender.address(sent, country: country) : CallbackText.prose(sent, limit: 320)
        guard !address.isEmpty else { return nil }
        return service.map { "\($0):\(address)" } ?? address
    }

    /// A phone number in E.164 with its plus. What is none stays as it was sent: a short code, a name, a hidden number.
    static func address(_ sent: String, country: String?) -> String {
        var digits = sent.filter { !" -().\u{A0}".contains($0) }
        if digits.lowercased().hasPrefix("tel:") { digits.removeFirst(4) }
        // 00 stands for the plus nearly everywhere; where it does not, no number of ours comes out, and nothing is sent to it.
        let isInternational = digits.hasPrefix("+") || digits.hasPrefix("00")
        if isInternational { digits.removeFirst(digits.hasPrefix("+") ? 1 : 2) }
        if let country, !isInternational, !(digits.hasPrefix(country) && digits.count > 11) {
            digits = country + digits
        }
        guard (8...15).contains(digits.utf8.count), digits.utf8.first != UInt8(ascii: "0"),
            digits.utf8.allSatisfy({ $0.isASCIIDigit })
        else { return CallbackText.prose(sent, limit: 320) }
        return "+" + digits
    }
}
