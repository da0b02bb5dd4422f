// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// An adapter that comes with Dunlin, for whoever looks for one.
public struct ShippedAdapter: Codable, Hashable, Sendable {
    public struct Setting: Codable, Hashable, Sendable {
        public var name: String
        public var kind: String
        public var isOptional: Bool

        /// `token (secret)`, `from (optional)`.
        public var words: String {
            let notes = (kind == "text" ? [] : [kind]) + (isOptional ? ["optional"] : [])
            return notes.isEmpty ? name : "\(name) (\(notes.joined(separator: ", ")))"
        }
    }

    public var name: String
    public var channel: String
    public var settings: [Setting]
}

extension Gateways {
    /// Every adapter that `adapter:` can name, but for `http`.
    public static func shippedAdapters() throws -> [ShippedAdapter] {
        let declared = try ShippedDefinitions.names.compactMap { name -> ShippedAdapter? in
            guard let definition = try ShippedDefinitions.named(name) else { return nil }
            return ShippedAdapter(
                name: name, channel: definition.channel.rawValue,
                settings: definition.settings.map {
                    .init(name: $0.name, kind: $0.kind.rawValue, isOptional: $0.isOptional)
                })
        }
        return (declared + [smtpAdapter]).sorted { ($0.channel, $0.name) < ($1.channel, $1.name) }
    }

    private static let smtpAdapter = ShippedAdapter(
        name: "smtp", channel: Channel.email.rawValue,
        settings: [
            .init(name: "from", kind: "text", isOptional: false),
            .init(name: "username", kind: "text", isOptional: true),
            .init(name: "password", kind: "secret", isOptional: true),
            .init(name: "starttls", kind: "text", isOptional: true),
            .init(name: "ehlo", kind: "text", isOptional: true),
            .init(name: "unsubscribe", kind: "text", isOptional: true),
        ])

    /// Reads a definition by itself, its look-up and callbacks included; its channel. Throws `DunlinError` with the place of the first
    /// mistake.
    public static func checkDefinition(path: String) throws -> Channel {
        guard let bytes = try? SecretReader.system.read(path), let text = String(validating: bytes, as: UTF8.self)
        else {
            throw DunlinError(.usage, path, why: "it cannot be read as text", remedy: "name a definition's file")
        }
        let definition = try Definition(YAMLValue(text: text, file: path))
        _ = try definition.rehearsed()
        return definition.channel
    }
}

extension Definition {
    /// The adapter with a stand-in for every setting: what is wrong with the request comes out without an operator's values.
    func rehearsed() throws -> DeclaredAdapter {
        // A digit, because it may stand for a number as well.
        let values = settings.map { ($0.name, $0.kind.standIn as String?) }
        let approved = try templates.map { order in
            try ApprovedTexts(
                YAMLValue(text: "message: {code: code}", file: "templates"), order, gateway: "check", channel: channel)
        }
        var compiler = try compiler(
            baseURL: baseURL ?? "https://example.com", values: Dictionary(uniqueKeysWithValues: values),
            approved: approved, callbacks: "https://example.com/callbacks/check")
        if sender != nil { compiler.unsubscribe = Template() }
        let adapter = try adapter(gateway: "check", compiler: compiler)
        _ = try lookup.map { try DeclaredLookup($0, auth: request.anyMapping()["auth"], compiler: compiler) }
        _ = try callbackDefinition?.reader(compiler: compiler, verifier: CallbackVerification.rehearse)
        return adapter
    }
}

extension Definition.Setting.Kind {
    fileprivate var standIn: String {
        switch self {
        case .text, .list: "1"
        case .secret: SecretReader.withheld
        case .url: "https://example.com"
        case .mailbox: "care@example.com"
        }
    }
}
