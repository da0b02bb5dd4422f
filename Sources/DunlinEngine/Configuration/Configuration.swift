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
    public let unknown: UnknownPolicy
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
    public var folder: String { (path as NSString).deletingLastPathComponent }

    static let keys = [
        "ledger", "templates", "policies", "control", "listen", "gateways", "routes", "unknown", "drain", "spread",
        "attempts", "ca_file", "party", "attachments",
    ]

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
        let folder = (path as NSString).deletingLastPathComponent
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
        unknown = try root["unknown"]?.oneOf(UnknownPolicy.self) ?? .assumeSent
        drain = try root["drain"]?.duration() ?? .seconds(30)
        spread = try root["spread"]?.duration() ?? .minutes(15)
        attempts = try root["attempts"]?.int(in: 1...100) ?? 6
        caFile = try root["ca_file"].map(resolved)
        party = try root["party"]?.oneOf(Party.self)
        gateways = root["gateways"]
        routes = root["routes"]
    }
}

extension Configuration {
    /// The gateways' names and channels as the routes have them, without reading a secret.
    func gatewayNames() throws -> [(name: String, channel: String)] {
        guard let routes else { return [] }
        return try routes.anyMapping().entries.flatMap { channel, names in
            try names.list().map { (name: try $0.string(), channel: channel) }
        }
    }
}
