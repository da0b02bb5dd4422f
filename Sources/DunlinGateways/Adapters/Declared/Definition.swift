// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// A gateway as a YAML file declares it: what an operator has to set, the request, and what answers mean.
///
/// docs/add-a-gateway.md describes the format. A definition is checked when a gateway that uses it is loaded.
struct Definition {
    static let keys = [
        "channel", "service", "base_url", "concurrency", "rate", "max_text", "settings", "either", "templates",
        "access",
        "request",
        "response", "rules", "repeatable", "lookup", "call_format", "callbacks",
    ]

    /// A key that the gateway's entry in dunlin.yaml takes, beyond those that every gateway takes.
    struct Setting {
        enum Kind: String, CaseIterable {
            case text, secret
            /// An `http` or `https` URL without query or fragment.
            case url
            /// A sender such as `Harbor Credit <care@example.com>`.
            case mailbox
            /// One text or several, without spaces in them; a space between them where they are used.
            case list
        }

        let name: String
        let kind: Kind
        let isOptional: Bool
    }

    /// All of it, as it is written.
    let source: YAMLValue
    let channel: Channel
    /// The app it serves; nil but for chats.
    let service: ChatAddress.Service?
    /// The vendor's address; nil where every operator has another one.
    let baseURL: String?
    let concurrency: Int?
    /// Requests a second that the vendor takes.
    let rate: Double?
    let settings: [Setting]
    /// At least one of each of these groups has to be set.
    let alternatives: [[String]]
    /// How the texts are told from another that an operator has to name under `templates`; nil: any text goes.
    let templates: ApprovedTexts.Order?
    let callFormat: CallFormat?
    /// See ``Gateway/repeatable``.
    let repeatable: Duration?
    /// As it is written: who reads it compiles it.
    let lookup: YAMLValue?
    let callbacks: YAMLValue?
    /// The same, checked also where nobody listens.
    let callbackDefinition: CallbackDefinition?
    let request: YAMLValue
    private let access: YAMLValue?
    private let maxText: Int?
    private let rules: AnswerRules

    init(_ value: YAMLValue) throws {
        source = value
        let keys = try value.mapping(keys: Definition.keys)
        channel = try keys.required("channel").oneOf(Channel.self)
        service = try chatService(keys, on: channel)
        baseURL = try keys["base_url"]?.string()
        concurrency = try keys["concurrency"]?.int(in: 1...10_000)
        rate = try keys["rate"].map(GatewayLoader.rate)
        settings = try keys["settings"]?.anyMapping().entries.map { try Definition.setting($0.key, $0.value) } ?? []
        maxText = try keys["max_text"]?.int(in: 1...1_000_000)
        alternatives = try keys["either"].map { [try $0.list().map { try $0.string() }] } ?? []
        templates = try keys["templates"]?.oneOf(ApprovedTexts.Order.self)
        access = keys["access"]
        callFormat = try keys["call_format"]?.oneOf(CallFormat.self)
        rules = try AnswerRules(response: keys.required("response"), rules: keys.required("rules"))
        let request = try keys.required("request")
        self.request = request
        repeatable = try DeclaredLookup.repeatable(keys["repeatable"], request: request)
        lookup = keys["lookup"]
        callbacks = keys["callbacks"]
        callbackDefinition = try callbacks.map { [channel] in try CallbackDefinition($0, channel: channel) }
        for name in alternatives.joined() where !settings.contains(where: { $0.name == name && $0.isOptional }) {
            throw keys.value.error(expected: "optional settings under 'either'")
        }
        if let format = keys["call_format"], channel != .call {
            throw format.error(expected: "nothing, because the channel is '\(channel.rawValue)'")
        }
    }

    /// What fills in the texts of a gateway that uses this definition.
    ///
    /// - Parameters:
    ///   - values: every declared setting, nil for an optional one that is not set.
    ///   - approved: the operator's `templates`; nil where ``templates`` is.
    ///   - callbacks: where the gateway reaches us, without a query; nil: it cannot.
    func compiler(
        baseURL: String, values: [String: String?], approved: ApprovedTexts?, callbacks url: String?
    ) throws -> TemplateCompiler {
        var compiler = TemplateCompiler(channel: channel, baseURL: baseURL, settings: values, approved: approved)
        compiler.access = try access.map { try AccessRequest($0, compiler: compiler).accessToken() }
        let key = try callbackKey(compiler)
        compiler.callback = try url.map { try CallbackAddress($0, key: key) }
        return compiler
    }

    func adapter(gateway: String, compiler: TemplateCompiler) throws -> DeclaredAdapter {
        DeclaredAdapter(
            gateway: gateway, channel: channel, maxText: maxText,
            request: try RequestProgram(request, compiler: compiler), rules: rules, access: compiler.access,
            needsValues: templates != nil)
    }

    /// The setting with the sender of mails, whose gateway also takes `unsubscribe`.
    var sender: Setting? { channel == .email ? settings.first { $0.kind == .mailbox } : nil }

    /// The secret that callbacks bear in their query, where they prove nothing else: `verify: {key: {key: …}}`.
    private func callbackKey(_ compiler: TemplateCompiler) throws -> String? {
        guard let verify = try callbacks?.anyMapping()["verify"], let pair = try verify.anyMapping()["key"],
            let key = try pair.anyMapping()["key"]
        else { return nil }
        let settings = TemplateCompiler(channel: nil, baseURL: compiler.baseURL, settings: compiler.settings)
        guard let template = try settings.compile(key, .verbatim) else { return nil }
        return String(decoding: template.constant ?? [], as: UTF8.self)
    }

    /// `account: text`, `token: secret`, `callback_key: optional secret`.
    private static func setting(_ name: String, _ value: YAMLValue) throws -> Setting {
        let words = try value.string().split(separator: " ")
        let isOptional = words.first == "optional"
        guard words.count == (isOptional ? 2 : 1), let kind = Setting.Kind(rawValue: String(words.last ?? "")) else {
            throw value.error(
                expected: "text, secret, url, mailbox or list, with 'optional' before it where it may be left out")
        }
        guard !Gateways.commonKeys.contains(name), !["definition", "templates", "unsubscribe"].contains(name) else {
            throw value.error(expected: "another name: every gateway has '\(name)'")
        }
        return Setting(name: name, kind: kind, isOptional: isOptional)
    }
}

/// The `service:` of a gateway for chats, which must say it; others must not.
func chatService(_ keys: YAMLMapping, on channel: Channel) throws -> ChatAddress.Service? {
    if channel == .chat { return try keys.required("service").oneOf(ChatAddress.Service.self) }
    if let service = keys["service"] { throw service.error(expected: "nothing: only 'channel: chat' has a service") }
    return nil
}
