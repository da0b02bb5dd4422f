// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

extension GatewayLoader {
    /// A gateway with `adapter: smtp`.
    func smtp() throws -> Gateway? {
        let own = Faults()
        let keys = try value.mapping(
            keys: Gateways.commonKeys + ["starttls", "username", "password", "from", "ehlo", "unsubscribe", "bounces"],
            own)
        let from = own.attempt { try sender(keys.required("from")) }
        let server = own.attempt { try mailServer(keys["base_url"]) }
        let startTLS = own.attempt { try keys["starttls"]?.oneOf(StartTLS.self) }
        let username = own.attempt { try keys["username"].map(login) }
        let password = keys["password"].map { value in fetched { try secrets.secret(value, directory: directory) } }
        if (keys["username"] == nil) != (keys["password"] == nil) {
            own.add(value.error(expected: "both username and password, or neither"))
        }
        let ehlo = own.attempt { try keys["ehlo"].map(hostName) }
        let bounces = own.attempt { try keys["bounces"].map(bounceAddress) }
        let unsubscribe = from.flatMap { from in own.attempt { try self.unsubscribe(keys["unsubscribe"], from) } }
        // Long, because of the answer to the final dot, for which RFC 5321 (4.5.3.2.6) allows ten minutes: whoever
        // hangs up earlier cannot know whether the mail went out.
        let limits = limits(keys, concurrency: 16, timeout: .minutes(5), own)
        if own.errors.isEmpty, let server, let startTLS, password != nil, !server.isEncrypted(startTLS) {
            own.add(
                DunlinError(
                    .usage, value.place, why: "\(value.field) would send its password in clear over the network",
                    remedy: "use 'starttls: required' or an smtps:// address"))
        }
        faults.add(own)
        guard own.errors.isEmpty, let from, let server, let startTLS, let username, let ehlo, let bounces,
            let unsubscribe
        else { return nil }
        noteUnsubscribe(keys, isSent: true)
        let adapter = SMTPAdapter(
            gateway: name, url: "\(server.text)/\(ehlo ?? String(from.domain))",
            startTLS: server.usesStartTLS(startTLS),
            username: username, password: password, from: from, bounces: bounces, unsubscribe: unsubscribe)
        var gateway = Gateway(name: name, adapter: adapter, limits)
        gateway.offer.bounces = bounces == nil ? .missing(["bounces"]) : .given
        return gateway
    }

    private func login(_ value: YAMLValue) throws -> String {
        value.isMapping ? fetched { try secrets.text(value, directory: directory) } : try value.string()
    }

    /// A sender as it is written, if it is one.
    func mailbox(_ value: YAMLValue) throws -> String {
        _ = try sender(value)
        return try value.string()
    }

    private func sender(_ value: YAMLValue) throws -> MailAddress {
        guard let mailbox = MailAddress(try value.string()), mailbox.name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw value.error(expected: "a sender such as Harbor Credit <care@example.com>, the address in ASCII")
        }
        return mailbox
    }

    private func mailServer(_ value: YAMLValue?) throws -> MailServer {
        let text = try value?.string() ?? "smtp://127.0.0.1:25"
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let url = ServerURL(trimmed), url.scheme == "smtp" || url.scheme == "smtps", url.path.isEmpty else {
            throw DunlinError(
                .usage, (value ?? self.value).place,
                why: "\(self.value.field).base_url is no address that Dunlin can use",
                remedy: "write a mail server such as smtp://host:587 or smtps://host:465")
        }
        return MailServer(url: url, text: trimmed)
    }

    private func hostName(_ value: YAMLValue) throws -> String {
        let text = try value.string()
        guard MailAddress(name: "", address: "a@\(text)") != nil else { throw value.error(expected: "a host name") }
        return text
    }

    private func bounceAddress(_ value: YAMLValue) throws -> BounceAddress {
        guard let address = BounceAddress(try value.string()) else {
            throw value.error(
                expected: "an address in ASCII such as bounce+{token}@example.com, at most "
                    + "\(64 - BounceAddress.longestToken) characters beside {token} before the @")
        }
        return address
    }

    /// The URI for List-Unsubscribe, around the attempt's token: the operator's, Dunlin's own where people reach it, or a
    /// mail to the sender.
    func unsubscribe(_ value: YAMLValue?, _ from: MailAddress) throws -> Template {
        let compiler = TemplateCompiler(channel: .email, baseURL: "", settings: [:])
        guard let value else {
            var template = Template()
            // RFC 8058 asks for TLS.
            if let callbacks, callbacks.hasPrefix("https:") {
                try template.append(literal: "\(callbacks)/\(Gateways.unsubscribePath)?a=", .verbatim)
                template.append(.text(.token, nil), .percent)
                return template
            }
            try template.append(literal: "mailto:", .verbatim)
            try template.append(literal: from.address.dropLast(from.domain.utf8.count + 1), .percent)
            try template.append(literal: "@\(from.domain)?subject=unsubscribe%20", .verbatim)
            template.append(.text(.token, nil), .percent)
            return template
        }
        let text = try value.string()
        guard text.hasPrefix("https://") || text.hasPrefix("mailto:"), text.contains("{token}"), text.utf8.count <= 900,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"<>\"".utf8.contains($0) }),
            let template = try compiler.compile(value, .percent, literals: .verbatim)
        else { throw value.error(expected: "an https: or mailto: address with {token} in it, at most 900 characters") }
        return template
    }
}

private enum StartTLS: String, CaseIterable { case required, off }

private struct MailServer {
    let url: ServerURL
    let text: String

    /// Required unless the server is this machine: there no wire can be listened to, and a local relay seldom has a
    /// certificate for "localhost". Never "if offered": whoever sits in between would not offer it.
    func usesStartTLS(_ said: StartTLS?) -> Bool {
        url.scheme == "smtp" && (said ?? (url.isLoopback ? .off : .required)) == .required
    }

    /// Whether nobody in between can listen.
    func isEncrypted(_ said: StartTLS?) -> Bool { url.scheme == "smtps" || usesStartTLS(said) || url.isLoopback }
}
