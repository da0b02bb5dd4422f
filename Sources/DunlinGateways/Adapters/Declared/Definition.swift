// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// A gateway as a YAML file declares it: what an operator has to set, the request, and what answers mean.
///
/// docs/add-a-gateway.md describes the format. A definition is checked when a gateway that uses it is loaded.
struct Definition {
    /// A key that the gateway's entry in dunlin.yaml takes, beyond those that every gateway takes.
    struct Setting {
        enum Kind: String, CaseIterable {
            case text, secret
            /// An `http` or `https` URL without query or fragment.
            case url
        }

        let name: String
        let kind: Kind
        let isOptional: Bool
    }

    let channel: Channel
    /// The app it serves; nil but for chats.
    let service: ChatAddress.Service?
    /// The vendor's address; nil where every operator has another one.
    let baseURL: String?
    let concurrency: Int?
    let settings: [Setting]
    /// At least one of each of these groups has to be set.
    let alternatives: [[String]]
    private let maxText: Int?
    private let rules: AnswerRules
    private let request: YAMLValue

    init(_ value: YAMLValue) throws {
        let keys = try value.mapping(keys: [
            "channel", "service", "base_url", "concurrency", "settings", "either", "max_text", "request", "response", "rules",
        ])
        channel = try keys.required("channel").oneOf(Channel.self)
        service = try chatService(keys, on: channel)
        baseURL = try keys["base_url"]?.string()
        concurrency = try keys["concurrency"]?.int(in: 1...10_000)
        settings = try keys["settings"]?.anyMapping().entries.map { try Definition.setting($0.key, $0.value) } ?? []
        maxText = try keys["max_text"]?.int(in: 1...1_000_000)
        alternatives = try keys["either"].map { [try $0.list().map { try $0.string() }] } ?? []
        rules = try AnswerRules(response: keys.required("response"), rules: keys.required("rules"))
        request = try keys.required("request")
        for name in alternatives.joined() where !settings.contains(where: { $0.name == name && $0.isOptional }) {
            throw keys.value.error(expected: "optional settings under 'either'")
        }
    }

    /// The adapter of one gateway. `values` holds every declared setting, nil for an optional one that is not set.
    func adapter(gateway: String, baseURL: String, values: [String: String?]) throws -> DeclaredAdapter {
        let compiler = TemplateCompiler(channel: channel, baseURL: baseURL, settings: values)
        return DeclaredAdapter(
            gateway: gateway, channel: channel, maxText: maxText,
            request: try RequestProgram(request, compiler: compiler), rules: rules)
    }

    /// `account: text`, `token: secret`, `callback: optional url`.
    private static func setting(_ name: String, _ value: YAMLValue) throws -> Setting {
        let words = try value.string().split(separator: " ")
        let isOptional = words.first == "optional"
        guard words.count == (isOptional ? 2 : 1), let kind = Setting.Kind(rawValue: String(words.last ?? "")) else {
            throw value.error(expected: "text, secret or url, with 'optional' before it where it may be left out")
        }
        guard !Gateways.commonKeys.contains(name), name != "definition" else {
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
