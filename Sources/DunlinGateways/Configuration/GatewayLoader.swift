// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel
import DunlinYAML

/// Reads one entry, and goes on after a mistake as long as what follows does not hang on it.
struct GatewayLoader {
    let name: String
    let value: YAMLValue
    let secrets: SecretReader
    /// The folder of the configuration file.
    let directory: String
    /// Where this gateway reaches us, without a query; nil: it cannot.
    let callbacks: String?
    let faults: Faults

    /// Nil where it cannot be made; the faults say why.
    func gateway() -> Gateway? {
        guard let kind = faults.attempt({ try value.anyMapping().required("adapter") }),
            var gateway = faults.attempt({ try gateway(kind) }) ?? nil
        else { return nil }
        gateway.kind = (try? kind.string()) ?? ""
        gateway.place = value.place
        return gateway
    }

    private func gateway(_ kind: YAMLValue) throws -> Gateway? {
        switch try kind.string() {
        case "smtp": return try smtp()
        case "file": return try fileDrop()
        case "http":
            return try declared(try ownDefinition(), isOwn: true)
        case let name:
            if let definition = try ShippedDefinitions.named(name) { return try declared(definition, isOwn: false) }
            let all = ShippedDefinitions.names + ["smtp", "http", "file"]
            throw kind.error(
                expected: "one of \(all.joined(separator: ", "))", suggestion: nearMiss(name, among: all))
        }
    }

    /// The `definition:` of an `http` gateway: a file's path, or the definition itself.
    private func ownDefinition() throws -> Definition {
        let place = try value.anyMapping().required("definition")
        if place.isMapping { return try Definition(place) }
        let path = try place.string().absolute(in: directory)
        let text: String?
        do {
            text = String(validating: try secrets.read(path), as: UTF8.self)
        } catch {
            throw place.error(expected: "the path of a file that Dunlin's user may read")
        }
        guard let text else { throw place.error(expected: "the path of a text file") }
        return try Definition(YAMLValue(text: text, file: path))
    }

    private func declared(_ definition: Definition, isOwn: Bool) throws -> Gateway? {
        let extraKeys =
            (isOwn ? ["definition"] : []) + (definition.templates == nil ? [] : ["templates"])
            + (definition.sender == nil ? [] : ["unsubscribe"])
        // What is wrong with the entry itself: only without it the request can be made.
        let own = Faults()
        let keys = try value.mapping(keys: Gateways.commonKeys + extraKeys + definition.settings.map(\.name), own)
        var values: [String: String?] = [:]
        for setting in definition.settings {
            values[setting.name] = .some(own.attempt { try text(of: setting, keys) } ?? nil)
        }
        for group in definition.alternatives where !group.contains(where: { values[$0] ?? nil != nil }) {
            own.add(
                DunlinError(
                    .usage, value.place, why: "\(value.field) has none of \(group.joined(separator: ", "))",
                    remedy: "add the key '\(group[0])'"))
        }
        let address = own.attempt {
            try keys["base_url"].map(webAddress) ?? definition.baseURL ?? webAddress(keys.required("base_url"))
        }
        let approved = definition.templates.flatMap { order in
            own.attempt {
                try ApprovedTexts(keys.required("templates"), order, gateway: name, channel: definition.channel)
            }
        }
        let limits = limits(
            keys, rate: definition.rate, concurrency: definition.concurrency ?? 16, timeout: .seconds(30), own)
        let missing = missingForCallbacks(definition, values)
        if callbacks != nil { missing.forEach { own.add(unproven($0, definition)) } }
        faults.add(own)
        guard own.errors.isEmpty, let address else { return nil }
        noteClearText(address, keys["base_url"] ?? value)
        noteUnsubscribe(keys, isSent: definition.sender.map { _ in definition.request.uses("unsubscribe") })
        return try attributed(definition, keys, isOwn: isOwn) {
            var compiler = try definition.compiler(
                baseURL: address, values: values, approved: approved, callbacks: callbacks)
            if let name = definition.sender?.name, let from = (values[name] ?? nil).flatMap({ MailAddress($0) }) {
                compiler.unsubscribe = try unsubscribe(keys["unsubscribe"], from)
            }
            let adapter = try pooled(keys, definition, values) {
                try definition.adapter(gateway: name, compiler: compiler.with(settings: $0))
            }
            var gateway = Gateway(name: name, adapter: adapter, limits)
            gateway.service = definition.service
            gateway.identity = try GatewayLoader.identity(definition, address, values)
            gateway.repeatable = definition.repeatable
            gateway.lookup = try definition.lookup.map {
                try DeclaredLookup($0, auth: try definition.request.anyMapping()["auth"], compiler: compiler)
            }
            gateway.access = compiler.access
            gateway.callFormat = definition.callFormat
            gateway.approved = approved
            gateway.nationalCode = definition.request.nationalCode
            gateway.callbacks = try callbackReader(definition, compiler, isProvable: missing.isEmpty)
            gateway.offer = offer(definition, values, missing: missing)
            return gateway
        }
    }

    /// What an entry says for a setting; nil for an optional one that is not there.
    private func text(of setting: Definition.Setting, _ keys: YAMLMapping) throws -> String? {
        guard let given = setting.isOptional ? keys[setting.name] : try keys.required(setting.name) else { return nil }
        // Of a pool of senders each has an adapter of its own, see `pooled`.
        let one = setting.isSender ? given.list().first ?? given : given
        switch setting.kind {
        case .secret: return fetched { try secrets.secret(one, directory: directory) }
        case .text where one.isMapping: return fetched { try secrets.text(one, directory: directory) }
        case .text: return try one.string()
        case .url:
            let address = try webAddress(one)
            noteClearText(address, one)
            return address
        case .mailbox: return try mailbox(one)
        case .list: return try one.list().map { try $0.string() }.joined(separator: " ")
        }
    }

    /// What was fetched. What cannot be is a fault, and has a stand-in, so that what else is wrong comes out as well.
    func fetched(_ fetch: () throws -> String) -> String { faults.attempt(fetch) ?? SecretReader.withheld }

    /// Of whoever answers, the account, and the request by which it knows our attempts. A new key counts as another account,
    /// because it may be one.
    private static func identity(
        _ definition: Definition, _ address: String, _ values: [String: String?]
    ) throws -> [UInt8] {
        let settings = values.sorted { $0.key < $1.key }.flatMap { [$0.key, ($0.value).map { "=\($0)" } ?? ""] }
        var hash = SHA256()
        for part in [address, try definition.request.serialized()] + settings {
            hash.update(data: Array("\(part.utf8.count):\(part)".utf8))
        }
        return Array(hash.finalize())
    }

    /// Nil where nobody listens, or to nobody. Where nobody listens, a setting that only the proof needs may be left out; if none
    /// is, the proof is checked too.
    private func callbackReader(
        _ definition: Definition, _ compiler: TemplateCompiler, isProvable: Bool
    ) throws -> (any CallbackReader)? {
        guard isProvable else { return nil }
        // Whoever has no secrets takes no callbacks.
        let isWithheld = compiler.settings.values.contains(SecretReader.withheld)
        let reader = try definition.callbackDefinition?.reader(compiler: compiler) {
            try isWithheld
                ? CallbackVerification.rehearse($0, compiler: $1) : CallbackVerification.load($0, compiler: $1)
        }
        return callbacks == nil ? nil : reader
    }

    /// `100/s`, `10/min`, `500/h`: requests a second.
    static func rate(_ value: YAMLValue) throws -> Double {
        let pieces = try value.string().split(separator: "/", omittingEmptySubsequences: false)
        let units: [Substring: Double] = ["s": 1, "min": 60, "h": 3600]
        guard pieces.count == 2, let unit = units[pieces[1]],
            pieces[0].utf8.allSatisfy({ $0.isASCIIDigit || $0 == 0x2E }),
            let number = Double(pieces[0]), number > 0, number <= 1_000_000
        else { throw value.error(expected: "a rate such as 100/s, 10/min or 500/h") }
        return number / unit
    }

    /// An `http` or `https` URL to which more can be appended, without a slash at its end.
    private func webAddress(_ value: YAMLValue) throws -> String {
        let text = try value.string()
        guard let url = ServerURL(text), url.scheme == "http" || url.scheme == "https" else {
            // Not `value.error`, which would show it: somebody may have written a password into it.
            throw DunlinError(
                .usage, value.place, why: "\(value.field) is no address that Dunlin can use",
                remedy: "write a URL such as https://host/path, without user, query and fragment")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
