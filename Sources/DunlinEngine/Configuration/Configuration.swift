// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Foundation

/// `dunlin.yaml`, checked. Paths in it are relative to its own folder.
public struct Configuration {
    public static let defaultPath = "/etc/dunlin/dunlin.yaml"

    public let path: String
    public let ledgerPath: String
    public let templates: [String]
    /// The folder of files that mails may carry; nil: none may.
    public let attachments: String?
    /// Nil: only the built-in pack applies.
    public let policies: String?
    public let control: ControlFile
    /// `host:port` of the operations server.
    public let listen: String
    /// Where gateways reach Dunlin; nil: they cannot.
    public let callbacks: Callbacks?
    public let unknown: UnknownPolicy
    /// How long a channel waits for the news that a message arrived before the reminder's next channel has its turn; none: for ever.
    public let fallback: [Channel: Duration]
    /// How long a stopping daemon waits for what is on the wire.
    public let drain: Duration
    /// Over how long what waits for an opening window is spread.
    public let spread: Duration
    /// How often a reminder is tried before it counts as failed.
    public let attempts: Int
    /// Certificate authorities to trust instead of the system's.
    public let caFile: String?
    /// What whoever runs this is in law, where an account does not say; nil: rules for any party bind.
    public let party: Party?
    /// The gateways as they stand in the file; they are read with their secrets by the daemon only.
    let gateways: YAMLValue?
    let routes: YAMLValue?

    /// The folder that relative paths start from.
    public var folder: String { Configuration.folder(of: path) }

    static let keys = [
        "ledger", "templates", "policies", "control", "listen", "gateways", "routes", "unknown", "drain", "spread",
        "attempts", "ca_file", "party", "attachments", "callbacks", "fallback",
    ]

    /// Where gateways' callbacks arrive.
    public struct Callbacks: Hashable, Sendable {
        /// `host:port` of the server.
        public let listen: String
        /// How it is reached from outside, without a slash at its end.
        public let url: String
    }

    public init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DunlinError(
                .usage, path, why: "the configuration cannot be read",
                remedy: "name one with --config FILE; deploy/etc/dunlin/dunlin.yaml is an example")
        }
        try self.init(text: String(decoding: data, as: UTF8.self), path: path)
    }

    public init(text: String, path: String) throws {
        let root = try YAMLValue(text: text, file: path).mapping(keys: Configuration.keys)
        self.path = path
        let folder = Configuration.folder(of: path)
        func resolved(_ value: YAMLValue) throws -> String {
            let text = try value.string()
            return text.hasPrefix("/") ? text : (folder as NSString).appendingPathComponent(text)
        }
        let ledger = try root.required("ledger")
        guard try ledger.string().hasPrefix("sqlite:") else {
            throw ledger.error(expected: "sqlite:PATH, such as sqlite:/var/lib/dunlin/dunlin.db")
        }
        let file = try String(ledger.string().dropFirst("sqlite:".count))
        ledgerPath = file.hasPrefix("/") ? file : (folder as NSString).appendingPathComponent(file)
        templates = try root.required("templates").list().map(resolved)
        attachments = try root["attachments"].map(resolved)
        policies = try root["policies"].map(resolved)
        control = ControlFile(path: try resolved(root.required("control")))
        listen = try root["listen"]?.string() ?? "127.0.0.1:8025"
        callbacks = try root["callbacks"].map(Configuration.callbacks)
        fallback = try root["fallback"].map(Configuration.fallback) ?? [:]
        unknown = try root["unknown"]?.oneOf(UnknownPolicy.self) ?? .assumeSent
        drain = try root["drain"]?.duration() ?? .seconds(30)
        spread = try root["spread"]?.duration() ?? .minutes(15)
        attempts = try root["attempts"]?.int(in: 1...100) ?? 6
        caFile = try root["ca_file"].map(resolved)
        party = try root["party"]?.oneOf(Party.self)
        guard callbacks?.listen != listen else {
            throw DunlinError(
                .usage, path, why: "callbacks.listen and listen are the same, \(listen)",
                remedy: "give one of them another port: what gateways reach must not show the status")
        }
        gateways = root["gateways"]
        routes = root["routes"]
    }
}

extension Configuration {
    /// `dunlin.yaml` alone lies in the folder we are in, not in the root.
    private static func folder(of path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }

    private static func callbacks(_ value: YAMLValue) throws -> Callbacks {
        let keys = try value.mapping(keys: ["listen", "url"])
        let place = try keys.required("url")
        let text = try place.string()
        let url = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), !url.contains("?"), !url.contains("#"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw place.error(
                expected: "the address at which gateways reach Dunlin, such as https://dunlin.example.com/callbacks")
        }
        return Callbacks(listen: try keys["listen"]?.string() ?? "127.0.0.1:8026", url: url)
    }

    /// `{sms: 2h, call: 30m}`.
    private static func fallback(_ value: YAMLValue) throws -> [Channel: Duration] {
        var waits: [Channel: Duration] = [:]
        for (name, value) in try value.mapping(keys: Channel.allCases.map(\.rawValue)).entries {
            let wait = try value.duration()
            guard wait >= .minutes(1), wait <= .days(30) else { throw value.error(expected: "1m to 30d") }
            waits[Channel(rawValue: name)!] = wait
        }
        return waits
    }

    /// The gateways' names and channels as the routes have them, without reading a secret.
    func gatewayNames() throws -> [(name: String, channel: String)] {
        try routes.map(RoutesReader.names) ?? []
    }
}
