// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel
import DunlinYAML

/// Reads the `verify:` of a definition.
enum CallbackVerification {
    /// Every scheme, in the order of docs/add-a-gateway.md.
    static let schemes = [
        "twilio", "vonage-signature", "vonage-jwt", "plivo", "messagebird-jwt", "standard-webhooks", "sinch", "ed25519",
        "gatewayapi-jwt", "sendgrid", "mailgun", "hub", "line", "wechat", "sns", "hmac", "basic", "key", "token",
    ]

    /// Nil where the operator has named no topic of SNS: then nothing is taken. Throws `DunlinError` with the place of what is wrong, a
    /// setting that is not given included: only `key` and `sns` do without. No secret is part of an error.
    static func load(_ value: YAMLValue, compiler: TemplateCompiler) throws -> (any CallbackVerifier)? {
        let keys = try value.mapping(keys: schemes + ["from", "tolerance"])
        let given = keys.entries.filter { schemes.contains($0.key) }
        guard given.count == 1, let (name, entry) = given.first else {
            throw value.error(expected: "exactly one scheme, out of \(schemes.joined(separator: ", "))")
        }
        let window = try keys["tolerance"].map(window)
        guard let verifier = try SchemeLoader(value: entry, compiler: compiler, window: window).verifier(name) else {
            return nil
        }
        guard let from = keys["from"] else { return verifier }
        let networks = try from.list().map { range in
            guard let network = Network(try range.string()) else {
                throw range.error(expected: "an address or a range such as 54.172.60.0/23 or 2001:db8::/32")
            }
            return network
        }
        guard !networks.isEmpty else { throw from.error(expected: "at least one range of addresses") }
        return PeerVerifier(networks: networks, verifier: verifier)
    }

    /// The same where there are no secrets: every setting holds what the scheme can read, so that what is wrong with the declaration
    /// itself comes out. What it gives proves nothing.
    static func rehearse(_ value: YAMLValue, compiler: TemplateCompiler) throws -> (any CallbackVerifier)? {
        let text: String
        switch scheme(of: value)?.name {
        case "ed25519": text = base64(Array(Curve25519.Signing.PrivateKey().publicKey.rawRepresentation))
        case "sendgrid": text = base64(Array(P256.Signing.PrivateKey().publicKey.derRepresentation))
        case "standard-webhooks": text = "AAAA"
        case "wechat": text = String(repeating: "A", count: 43)
        case "sns": text = "arn:aws:sns:eu-west-1:123456789012:dunlin"
        // Some take a hash from a setting.
        default: text = HashAlgorithm.sha256.rawValue
        }
        var settings = compiler.settings.mapValues { _ in text as String? }
        if let version = (try? scheme(of: value)?.entry.anyMapping())?["version"] {
            for name in version.settingNames { settings[name] = "2" }
        }
        return try load(value, compiler: compiler.with(settings: settings))
    }

    private static func window(_ value: YAMLValue) throws -> ReplayWindow {
        let tolerance = try value.duration()
        guard tolerance >= .seconds(1), tolerance <= .days(7) else { throw value.error(expected: "1s to 7d") }
        return ReplayWindow(tolerance: tolerance)
    }
}

/// Reads the keys of one scheme.
private struct SchemeLoader {
    let value: YAMLValue
    let compiler: TemplateCompiler
    /// What `tolerance` says.
    let window: ReplayWindow?

    func verifier(_ scheme: String) throws -> (any CallbackVerifier)? {
        let timeless = ["twilio", "plivo", "gatewayapi-jwt", "hub", "line", "basic", "key", "token"]
        if window != nil, timeless.contains(scheme) {
            throw value.error(expected: "no 'tolerance' beside it: this scheme carries no time")
        }
        switch scheme {
        case "twilio": return TwilioVerifier(key: try key())
        case "vonage-signature":
            let keys = try value.mapping(keys: ["key", "hash"])
            return VonageSignatureVerifier(
                key: try secret(keys, "key"), hash: try hash(keys, [.md5, .sha1, .sha256, .sha512]),
                window: window ?? .usual)
        case "vonage-jwt": return VonageTokenVerifier(key: try key(), window: window ?? .usual)
        case "plivo": return PlivoVerifier(key: try key())
        case "messagebird-jwt":
            return MessageBirdVerifier(key: try key(), window: window ?? ReplayWindow(tolerance: .seconds(1)))
        case "gatewayapi-jwt": return GatewayAPIVerifier(key: try key())
        case "mailgun": return MailgunVerifier(key: try key(), window: window ?? .usual)
        case "wechat": return try weChat()
        case "sns": return try sns()
        case "basic":
            let keys = try value.mapping(keys: ["username", "password"])
            let username = try secret(keys, "username").revealed
            guard !username.contains(UInt8(ascii: ":")) else {
                throw unusable("has a colon in its user name, which Basic auth cannot carry (RFC 7617)")
            }
            return BasicVerifier(
                credentials: Secret(username + [UInt8(ascii: ":")] + (try secret(keys, "password").revealed)))
        case "key":
            let setting = try value.mapping(keys: ["key"]).required("key")
            // Left out by the operator: then nothing is proven, and little believed.
            guard let text = try compiler.compile(setting, .verbatim) else { return TokenVerifier() }
            guard let key = text.constant, !key.isEmpty else { throw unusable("is empty or no setting") }
            return QueryKeyVerifier(key: Secret(key))
        case "token":
            _ = try value.mapping(keys: [])
            return TokenVerifier()
        default: return try signature(scheme)
        }
    }

    /// The schemes that differ in names alone.
    private func signature(_ scheme: String) throws -> SignatureVerifier {
        var verifier: SignatureVerifier
        switch scheme {
        case "hub":
            verifier = SignatureVerifier(
                header: "x-hub-signature-256", prefix: "sha256=", over: "{body}",
                method: .hmac(.sha256, try key(), .hex))
        case "line":
            verifier = SignatureVerifier(
                header: "x-line-signature", over: "{body}", method: .hmac(.sha256, try key(), .base64))
        case "sinch":
            verifier = SignatureVerifier(
                header: "x-sinch-webhook-signature",
                over: "{body}.{header x-sinch-webhook-signature-nonce}.{header x-sinch-webhook-signature-timestamp}",
                method: .hmac(.sha256, try key(), .base64), timestamp: "x-sinch-webhook-signature-timestamp")
        case "standard-webhooks":
            // https://github.com/standard-webhooks/standard-webhooks: 'v1,…' is the HMAC, several are separated by spaces.
            verifier = SignatureVerifier(
                header: "webhook-signature", prefix: "v1,", separator: " ",
                over: "{header webhook-id}.{header webhook-timestamp}.{body}",
                method: .hmac(.sha256, try standardKey(), .base64), timestamp: "webhook-timestamp")
        case "ed25519":
            guard let raw = bytes(base64: try key().revealed),
                let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
            else { throw unusable("is no Ed25519 public key: 32 bytes in base64") }
            verifier = SignatureVerifier(
                header: "telnyx-signature-ed25519", over: "{header telnyx-timestamp}|{body}",
                method: .ed25519(key), timestamp: "telnyx-timestamp")
        case "sendgrid":
            guard let der = bytes(base64: try key().revealed),
                let key = try? P256.Signing.PublicKey(derRepresentation: der)
            else { throw unusable("is no P-256 public key: DER in base64, as SendGrid shows it") }
            verifier = SignatureVerifier(
                header: "x-twilio-email-event-webhook-signature",
                over: "{header x-twilio-email-event-webhook-timestamp}{body}", method: .p256(key),
                timestamp: "x-twilio-email-event-webhook-timestamp")
        default: verifier = try declared()
        }
        if let window { verifier.window = window }
        return verifier
    }

    /// `hmac`.
    private func declared() throws -> SignatureVerifier {
        let keys = try value.mapping(keys: ["key", "header", "hash", "encoding", "over", "prefix", "timestamp"])
        let over = try keys.required("over")
        let text = try SignedText(over, fields: SignedText.Field.ofCallback, settings: compiler.settings)
        // What depends on headers alone proves nothing of what the gateway says.
        guard !Set([.body, .query, .url]).isDisjoint(with: text.fields) else {
            throw over.error(expected: "{body}, {url} or {query} among what is signed")
        }
        let timestamp = try keys["timestamp"].map { try $0.string().lowercased() }
        if let timestamp, !text.fields.contains(.header(timestamp)) {
            throw over.error(expected: "{header \(timestamp)} among what is signed")
        }
        if window != nil, timestamp == nil {
            throw value.error(expected: "'timestamp', the header with the time that 'tolerance' speaks of")
        }
        return SignatureVerifier(
            header: try keys.required("header").string().lowercased(), prefix: try keys["prefix"]?.string() ?? "",
            over: text,
            method: .hmac(
                try hash(keys, [.sha1, .sha256, .sha512]), try secret(keys, "key"),
                try keys.required("encoding").oneOf(SignatureEncoding.self)),
            timestamp: timestamp)
    }

    private func weChat() throws -> WeChatVerifier {
        let keys = try value.mapping(keys: ["token", "aes_key", "app"])
        var cipher: WeChatVerifier.Cipher?
        if let setting = keys["aes_key"], let key = try compiler.compile(setting, .verbatim)?.constant {
            let app = String(decoding: try secret(keys, "app").revealed, as: UTF8.self)
            cipher = WeChatVerifier.Cipher(key: key, app: app)
            if cipher == nil { throw unusable("has an 'aes_key' that is no EncodingAESKey: 43 letters and digits") }
        }
        return WeChatVerifier(token: try secret(keys, "token"), cipher: cipher, window: window ?? .usual)
    }

    /// Nil where no topic is named.
    private func sns() throws -> SNSVerifier? {
        let keys = try value.mapping(keys: ["topics", "version"])
        let setting = try keys.required("topics")
        let names = try setting.list().flatMap { entry in
            String(decoding: try compiler.compile(entry, .verbatim)?.constant ?? [], as: UTF8.self).split(
                separator: " ")
        }
        guard !names.isEmpty else { return nil }
        let topics = try names.map { name in
            guard let topic = SNSTopic(name) else {
                throw DunlinError(
                    .usage, value.place, why: "\(setting.field) has '\(name)', which is no topic of SNS",
                    remedy: "write it as SNS shows it: arn:aws:sns:eu-west-1:123456789012:dunlin")
            }
            return topic
        }
        let version = try keys["version"].flatMap { try compiler.compile($0, .verbatim)?.constant }
        guard version.map({ $0.elementsEqual("1".utf8) || $0.elementsEqual("2".utf8) }) ?? true else {
            throw (keys["version"] ?? value).error(expected: "2, or 1 if RSA over SHA-1 is to be believed as well")
        }
        var verifier = SNSVerifier(topics: topics, takesSHA1: version.map { $0.elementsEqual("1".utf8) } ?? false)
        if let window { verifier.window = window }
        return verifier
    }

    /// `whsec_` and the key in base 64.
    private func standardKey() throws -> Secret<[UInt8]> {
        let text = try key().revealed
        let prefix = Array("whsec_".utf8)
        let digits = text.starts(with: prefix) ? text.dropFirst(prefix.count) : text[...]
        guard let key = bytes(base64: digits), !key.isEmpty else {
            throw unusable("is no key of Standard Webhooks: 'whsec_' and base64")
        }
        return Secret(key)
    }

    private func key() throws -> Secret<[UInt8]> { try secret(value.mapping(keys: ["key"]), "key") }

    private func secret(_ keys: YAMLMapping, _ name: String) throws -> Secret<[UInt8]> {
        let setting = try keys.required(name)
        guard let text = try compiler.compile(setting, .verbatim) else {
            throw DunlinError(
                .usage, value.place,
                why: "\(setting.field) uses a setting that is not given, so no callback could be believed",
                remedy: "set it for this gateway, or have no 'callbacks'")
        }
        guard let bytes = text.constant, !bytes.isEmpty else {
            throw DunlinError(
                .usage, value.place, why: "\(setting.field) is empty, or more than settings of the gateway",
                remedy: "write {config.NAME}")
        }
        return Secret(bytes)
    }

    /// Written, or a setting.
    private func hash(_ keys: YAMLMapping, _ allowed: [HashAlgorithm]) throws -> HashAlgorithm {
        let setting = try keys.required("hash")
        let name = String(decoding: try compiler.compile(setting, .verbatim)?.constant ?? [], as: UTF8.self)
        guard let hash = HashAlgorithm(rawValue: name), allowed.contains(hash) else {
            let names = allowed.map(\.rawValue)
            throw setting.error(
                expected: "one of \(names.joined(separator: ", "))", suggestion: nearMiss(name, among: names))
        }
        return hash
    }

    private func unusable(_ why: String) -> DunlinError {
        DunlinError(
            .usage, value.place, why: "\(value.field) \(why)", remedy: "copy it again from the gateway's console")
    }
}
