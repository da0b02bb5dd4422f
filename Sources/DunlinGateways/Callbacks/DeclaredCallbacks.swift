// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The `callbacks:` of a definition as far as they depend on no setting: what is read, and what is answered.
struct CallbackDefinition {
    private let parser: CallbackParser
    let rules: [CallbackRule]
    private let reply: CallbackReply
    let verification: YAMLValue
    let handshake: YAMLValue?

    init(_ value: YAMLValue, channel: Channel) throws {
        let keys = try value.mapping(keys: ["verify", "parse", "events", "answer", "handshake"])
        verification = try keys.required("verify")
        parser = try CallbackParser(keys["parse"])
        let context = CallbackContext(channel: channel, hasFieldsOnly: parser.hasFieldsOnly)
        rules = try keys.required("events").list().map { try CallbackRule($0, context) }
        guard !rules.isEmpty else { throw try keys.required("events").error(expected: "at least one event") }
        reply = try keys["answer"].map(CallbackDefinition.reply) ?? CallbackReply()
        handshake = keys["handshake"]
        _ = try handshake?.mapping(keys: CallbackHandshake.keys)
    }

    /// The reader for one gateway, whose settings `compiler` holds; `verifier` makes what `verify:` declares. Nil where it makes none.
    func reader(
        compiler: TemplateCompiler, verifier: (YAMLValue, TemplateCompiler) throws -> (any CallbackVerifier)?
    ) throws -> DeclaredCallbacks? {
        guard let verifier = try verifier(verification, compiler) else { return nil }
        return DeclaredCallbacks(
            parser: parser, rules: rules, reply: reply, verifier: verifier,
            handshake: try handshake.map { try CallbackHandshake($0, compiler: compiler) })
    }

    private static func reply(_ value: YAMLValue) throws -> CallbackReply {
        let keys = try value.mapping(keys: ["status", "type", "body"])
        let type = try keys["type"]?.string() ?? "text/plain"
        guard type.contains("/"), type.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw (keys["type"] ?? value).error(expected: "a media type such as text/xml")
        }
        return CallbackReply(
            status: try keys["status"]?.int(in: 200...299) ?? 200, contentType: type,
            body: try keys["body"]?.string() ?? "")
    }
}

/// Reads a gateway's callbacks as its definition declares them.
struct DeclaredCallbacks: CallbackReader {
    /// More events in one callback are nobody's.
    private static let mostEvents = 10_000

    let parser: CallbackParser
    let rules: [CallbackRule]
    let reply: CallbackReply
    let verifier: any CallbackVerifier
    let handshake: CallbackHandshake?

    var tellsArrival: Bool { rules.contains(where: \.tellsArrival) }

    func read(_ request: CallbackRequest) -> CallbackReading {
        if let reading = handshake?.reading(request, verifier) { return reading }
        switch verifier.proof(of: request) {
        case .refused(let fault): return .refused(fault)
        case .needs(let address): return .needs(certificate: address)
        case .notice(let notice): return .notice(notice)
        case .unproven: return events(request, payload: nil, isProven: false)
        case .proven(let payload): return events(request, payload: payload, isProven: true)
        }
    }

    /// What can be read of a callback is taken: one entry of a list that is malformed must not cost the others. Malformed is
    /// what holds nothing else.
    private func events(_ request: CallbackRequest, payload: [UInt8]?, isProven: Bool) -> CallbackReading {
        guard let content = parser.content(of: request, payload: payload) else { return .refused(.malformed) }
        var events: [CallbackEvent] = []
        var isMalformed = false
        for rule in rules {
            for start in content.starts(rule.each) {
                switch rule.read(content, at: start) {
                case .event(let event): events.append(event)
                case .nothing: break
                case .malformed: isMalformed = true
                }
            }
            guard events.count <= DeclaredCallbacks.mostEvents else { return .refused(.malformed) }
        }
        if events.isEmpty, isMalformed { return .refused(.malformed) }
        return .events(events, reply, isProven: isProven)
    }
}

/// Never the settings: secrets are among them.
extension DeclaredCallbacks: CustomStringConvertible, CustomReflectable {
    var description: String { "callbacks" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
