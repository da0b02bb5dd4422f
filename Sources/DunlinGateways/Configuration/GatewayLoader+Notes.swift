// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// What works, and somebody may not have meant; and errors of a definition told as the operator's own.
extension GatewayLoader {
    /// SMTP refuses this where a password would travel. Of HTTP it is the rule for SMS gateways in a company's own network, which
    /// know no TLS: Dunlin cannot tell those from others.
    func noteClearText(_ address: String, _ place: YAMLValue) {
        guard let url = ServerURL(address), url.scheme == "http", !url.isLoopback else { return }
        faults.add(
            Note(
                place.place,
                why:
                    "gateway '\(name)' is reached by http://\(url.host): whoever is on the way reads messages and credentials",
                remedy: "use https://, or be sure of the network"))
    }

    /// `isSent` says whether mails name a way to unsubscribe at all; nil of what is no mail of a sender.
    func noteUnsubscribe(_ keys: YAMLMapping, isSent: Bool?) {
        if isSent == false {
            faults.add(
                Note(
                    value.place,
                    why:
                        "the mails of gateway '\(name)' have no List-Unsubscribe: its definition does not use {unsubscribe}",
                    remedy: "add the header to the definition's request"))
        } else if isSent == true, keys["unsubscribe"] == nil, callbacks?.hasPrefix("https:") != true {
            faults.add(
                Note(
                    value.place,
                    why:
                        "who unsubscribes from the mails of gateway '\(name)' writes to its sender",
                    remedy:
                        "have 'dunlin import --kind bounces' read that mailbox, set 'callbacks' with an https:// address, or 'unsubscribe'"
                ))
        }
    }

    /// Makes a gateway, and lets what is wrong with a setting's value name the entry in dunlin.yaml: the definition may lie inside of
    /// Dunlin, and is right.
    func attributed(
        _ definition: Definition, _ keys: YAMLMapping, isOwn: Bool, _ make: () throws -> Gateway
    ) throws -> Gateway {
        do { return try make() } catch let error as DunlinError {
            guard !error.what.hasPrefix("\(value.file):"), !isOwn || (try? definition.rehearsed()) != nil else {
                throw error
            }
            let text = definition.source.find(error.what)
            let setting = text?.settingNames.first { keys[$0] != nil }
            var why = error.why
            if let text, let setting, !why.contains("'\(setting)'") {
                why = why.replacing(text.field, with: "'\(setting)'", maxReplacements: 1)
            }
            throw DunlinError(
                error.kind, setting.flatMap { keys[$0] }?.place ?? value.place, why: "gateway '\(name)': \(why)",
                remedy: error.remedy)
        }
    }
}

extension YAMLValue {
    /// The value that begins at `place`: this one, or one in it.
    func find(_ place: String) -> YAMLValue? {
        if self.place == place { return self }
        for value in parts { if let found = value.find(place) { return found } }
        return nil
    }

    /// The settings that texts in here use, in their order.
    var settingNames: [String] {
        texts.flatMap { $0.matches(of: /\{config\.([^}|]+)/).map { String($0.output.1) } }
    }

    /// The calling code of the only country whose numbers the texts in here can say, of `{to|national(86)}`.
    var nationalCode: String? {
        for text in texts {
            if let match = text.firstMatch(of: /\{to\|national\(([0-9]+)\)\}/) { return String(match.1) }
        }
        return nil
    }

    private var texts: [String] { isMapping || isList ? parts.flatMap(\.texts) : (try? string()).map { [$0] } ?? [] }

    private var parts: [YAMLValue] {
        if isMapping { return (try? anyMapping())?.entries.map(\.value) ?? [] }
        return isList ? list() : []
    }
}
