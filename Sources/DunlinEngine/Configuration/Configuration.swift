// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
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
    /// As it stands in the file, with the gateways, which are read with their secrets by the daemon only.
    private let root: YAMLMapping
    var gateways: YAMLValue? { root["gateways"] }

    /// In the order of the file; none where they cannot be read.
    public var declaredGateways: [String] { (try? gateways?.anyMapping().entries.map(\.key)) ?? [] }
    var routes: YAMLValue? { root["routes"] }

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
        let faults = Faults()
        try self.init(path: path, faults)
        try faults.check()
    }

    /// For who pauses or resumes: no other mistake may keep anybody from stopping what is being sent.
    public static func forControl(path: String) throws -> Configuration {
        let faults = Faults()
        let configuration = try Configuration(path: path, faults)
        if configuration.control.path.isEmpty { try faults.check() }
        return configuration
    }

    /// The same for a reader that goes on; throws where the file is no configuration at all.
    init(path: String, _ faults: Faults) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DunlinError(
                .usage, path, why: "the configuration cannot be read",
                remedy: "name one with --config FILE; deploy/etc/dunlin/dunlin.yaml is an example")
        }
        try self.init(text: String(decoding: data, as: UTF8.self), path: path, faults)
    }

    public init(text: String, path: String) throws {
        let faults = Faults()
        try self.init(text: text, path: path, faults)
        try faults.check()
    }

    /// The same for a reader that goes on: what is wrong is one of `faults`, and something usual stands in its place. Throws what is no
    /// configuration at all.
    init(text: String, path: String, _ faults: Faults) throws {
        let root = try YAMLValue(text: text, file: path).mapping(keys: Configuration.keys, faults)
        self.root = root
        self.path = path
        let folder = Configuration.folder(of: path)
        func resolved(_ value: YAMLValue) throws -> String {
            let text = try value.string()
            return text.hasPrefix("/") ? text : (folder as NSString).appendingPathComponent(text)
        }
        func read<Value>(_ key: String, _ read: (YAMLValue) throws -> Value) -> Value? {
            root[key].flatMap { value in faults.attempt { try read(value) } }
        }
        func required<Value>(_ key: String, _ read: (YAMLValue) throws -> Value) -> Value? {
            faults.attempt { try read(root.required(key)) }
        }
        let ledger = required("ledger", Configuration.ledger) ?? ""
        ledgerPath = ledger.hasPrefix("/") ? ledger : (folder as NSString).appendingPathComponent(ledger)
        templates = required("templates") { try $0.list().map(resolved) } ?? []
        attachments = read("attachments", resolved)
        policies = read("policies", resolved)
        control = ControlFile(path: required("control", resolved) ?? "")
        let listen = read("listen", ListenAddress.init) ?? Configuration.usualListen
        self.listen = listen.description
        callbacks = read("callbacks") { try Configuration.callbacks($0, beside: listen, faults) }
        fallback = read("fallback", Configuration.fallback) ?? [:]
        unknown = read("unknown") { try $0.oneOf(UnknownPolicy.self) } ?? .assumeSent
        drain = read("drain") { try $0.duration() } ?? .seconds(30)
        spread = read("spread") { try $0.duration() } ?? .minutes(15)
        attempts = read("attempts") { try $0.int(in: 1...100) } ?? 6
        caFile = read("ca_file", resolved)
        party = read("party") { try $0.oneOf(Party.self) }
    }

    /// Where a key stands, `file:line:column`; the file where it is not there.
    func place(of key: String) -> String { root[key]?.place ?? path }

    /// What stands at the places of `keys`, one below the other; nil where there is nothing.
    func entry(_ keys: String...) -> YAMLValue? {
        var mapping: YAMLMapping? = root
        var value: YAMLValue?
        for key in keys {
            value = mapping?[key]
            mapping = value.flatMap { try? $0.anyMapping() }
        }
        return value
    }
}

extension Configuration {
    /// `dunlin.yaml` alone lies in the folder we are in, not in the root.
    private static func folder(of path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }

    private static let usualListen = ListenAddress(host: "127.0.0.1", port: 8025)

    private static func ledger(_ value: YAMLValue) throws -> String {
        guard try value.string().hasPrefix("sqlite:") else {
            throw value.error(expected: "sqlite:PATH, such as sqlite:/var/lib/dunlin/dunlin.db")
        }
        return try String(value.string().dropFirst("sqlite:".count))
    }

    private static func callbacks(
        _ value: YAMLValue, beside operations: ListenAddress, _ faults: Faults
    ) throws -> Callbacks {
        let keys = try value.mapping(keys: ["listen", "url"], faults)
        let listen =
            keys["listen"].flatMap { value in faults.attempt { try ListenAddress(value) } }
            ?? ListenAddress(host: "127.0.0.1", port: 8026)
        if listen.collides(with: operations) {
            faults.add(
                DunlinError(
                    .usage, (keys["listen"] ?? value).place,
                    why: "callbacks.listen (\(listen)) and listen (\(operations)) are the same",
                    remedy: "give one of them another port: what gateways reach must not show the status"))
        }
        let place = try keys.required("url")
        let text = try place.string()
        let url = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let server = ServerURL(url), server.scheme == "https" || server.scheme == "http" else {
            throw place.error(
                expected: "the address at which gateways reach Dunlin, such as https://dunlin.example.com/callbacks")
        }
        if server.scheme == "http", !server.isLoopback {
            faults.add(
                Note(
                    place.place,
                    why: "callbacks.url is http://: whoever is on the way reads receipts, replies and keys",
                    remedy: "put a proxy that ends TLS before callbacks.listen, and write https://"))
        }
        return Callbacks(listen: listen.description, url: url)
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

extension ListenAddress {
    /// The address of a server that stands in a YAML file.
    fileprivate init(_ value: YAMLValue) throws {
        let text = try value.string()
        do { try self.init(text) } catch let error as DunlinError {
            throw DunlinError(
                .usage, value.place, why: "\(value.field) is '\(text)': \(error.why)", remedy: error.remedy)
        }
    }
}
