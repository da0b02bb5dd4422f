// SPDX-License-Identifier: Apache-2.0

import CryptoExtras
import DunlinModel
import DunlinYAML

/// Reads the keys of a scheme under `auth`. No error shows a secret.
struct SignerReader {
    private let value: YAMLValue
    private let compiler: TemplateCompiler

    /// `value` holds the keys of the scheme.
    init(_ value: YAMLValue, _ compiler: TemplateCompiler) {
        self.value = value
        self.compiler = compiler
    }

    func sigV4() throws -> SigV4Signer {
        let keys = try value.mapping(keys: ["key_id", "key_secret", "region", "service"])
        return SigV4Signer(
            keyID: try word(keys.required("key_id")), keySecret: try secret(keys.required("key_secret")),
            region: try word(keys.required("region")), service: try word(keys.required("service")))
    }

    func tc3() throws -> TC3Signer {
        let keys = try value.mapping(keys: ["secret_id", "secret_key", "service"])
        return TC3Signer(
            secretID: try word(keys.required("secret_id")), secretKey: try secret(keys.required("secret_key")),
            service: try word(keys.required("service")))
    }

    func acs3() throws -> ACS3Signer {
        let keys = try value.mapping(keys: ["key_id", "key_secret", "action", "version"])
        return ACS3Signer(
            keyID: try word(keys.required("key_id")), keySecret: try secret(keys.required("key_secret")),
            action: try word(keys.required("action")), version: try word(keys.required("version")))
    }

    func wsse() throws -> WSSESigner {
        let keys = try value.mapping(keys: ["username", "password", "digest"])
        return WSSESigner(
            username: try word(keys.required("username")), password: try secret(keys.required("password")),
            digest: try keys.required("digest").oneOf(WSSESigner.Digest.self))
    }

    func sortedHMAC() throws -> SortedHMACSigner {
        let keys = try value.mapping(keys: ["key", "hash", "parameter"])
        let parameter = try word(keys.required("parameter"))
        guard parameter != "timestamp" else {
            throw try keys.required("parameter").error(expected: "another name: 'timestamp' is added as well")
        }
        return SortedHMACSigner(
            key: try secret(keys.required("key")),
            hash: try hash(keys.required("hash"), [.md5, .sha1, .sha256, .sha512]),
            parameter: parameter)
    }

    func hmac() throws -> HMACSigner {
        let keys = try value.mapping(keys: ["key", "hash", "over", "header", "value", "encoding"])
        let over = try SignedText(
            keys.required("over"), fields: SignedText.Field.ofRequest, settings: compiler.settings)
        let place = try keys.required("value")
        let text = try SignedText(place, fields: [.signature, .timestamp, .nonce], settings: compiler.settings)
        guard text.fields.contains(.signature) else { throw place.error(expected: "text with {signature}") }
        guard text.literals.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw fault(place, "holds what a header cannot carry", "write visible ASCII")
        }
        return HMACSigner(
            key: try secret(keys.required("key")),
            hash: try hash(keys.required("hash"), [.sha1, .sha256, .sha512]), over: over,
            header: try SignerReader.headerName(keys.required("header")), value: text,
            encoding: try keys.required("encoding").oneOf(SignatureEncoding.self))
    }

    func jwt() throws -> JWTSigner {
        let keys = try value.mapping(keys: ["key", "claims", "lifetime"])
        let lifetime = try keys.required("lifetime").duration()
        guard lifetime >= .seconds(1), lifetime <= .days(1) else {
            throw try keys.required("lifetime").error(expected: "1s to 24h")
        }
        return JWTSigner(
            key: try privateKey(keys.required("key")), claims: Secret(try keys["claims"].map(claims) ?? ""),
            lifetime: .seconds(lifetime.components.seconds))
    }

    // MARK: Values

    private func hash(_ value: YAMLValue, _ allowed: [HashAlgorithm]) throws -> HashAlgorithm {
        let text = try value.string()
        guard let hash = allowed.first(where: { $0.rawValue == text }) else {
            let names = allowed.map(\.rawValue)
            throw value.error(
                expected: "one of \(names.joined(separator: ", "))", suggestion: nearMiss(text, among: names))
        }
        return hash
    }

    private func claims(_ value: YAMLValue) throws -> String {
        let entries = try value.anyMapping().entries
        for (name, claim) in entries where ["iat", "exp", "jti"].contains(name) {
            throw DunlinError(
                .usage, claim.place, why: "\(claim.field) is added by 'jwt' itself", remedy: "leave '\(name)' out")
        }
        guard let bytes = try JSONBody(compiler: compiler).document(value)?.constant else {
            throw value.error(expected: "text with settings of the gateway only")
        }
        // The object without its braces.
        let members = String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
        return members.isEmpty ? "" : "\(members),"
    }

    /// Nil where secrets are withheld.
    private func privateKey(_ value: YAMLValue) throws -> Secret<_RSA.Signing.PrivateKey>? {
        let text = try secretText(value)
        if text == SecretReader.withheld { return nil }
        do {
            return Secret(try JWTSigner.key(pem: text))
        } catch {
            let (why, remedy): (String, String)
            switch error {
            case .noPEM:
                why = "is no key in PEM"
                remedy = "give the file that begins with -----BEGIN PRIVATE KEY-----, with its lines"
            case .otherBlock(let label):
                why = "is \(label == "another" ? "another PEM block" : "a PEM block '\(label)'")"
                remedy = "give an RSA private key without a pass phrase: 'PRIVATE KEY' or 'RSA PRIVATE KEY'"
            case .short:
                why = "is an RSA key of fewer than 2048 bits"
                remedy = "make a longer one and register it with the gateway"
            case .unreadable:
                why = "is damaged, or no RSA key"
                remedy = "give an RSA private key as the gateway made it, with its lines"
            }
            throw fault(value, why, remedy)
        }
    }

    /// A secret of one line.
    private func secret(_ value: YAMLValue) throws -> Secret<String> {
        let text = try secretText(value)
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw fault(value, "holds a line break or another control character", "look where the secret is kept")
        }
        return Secret(text)
    }

    private func secretText(_ value: YAMLValue) throws -> String {
        guard try value.string().contains("{config.") else {
            throw fault(value, "is a secret, and secrets do not stand in a definition", "write \"{config.NAME}\"")
        }
        let text = try compiler.constant(value)
        guard !text.isEmpty else { throw fault(value, "is empty", "check the gateway's setting") }
        return text
    }

    /// A word that can stand in a credential: visible ASCII without what separates the words there.
    private func word(_ value: YAMLValue) throws -> String {
        let text = try compiler.constant(value)
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !#""\,/"#.utf8.contains($0) }) else {
            throw fault(
                value, #"is empty or holds what cannot stand there: spaces, any of " \ , / or other than ASCII"#,
                "check the gateway's setting")
        }
        return text
    }

    static func headerName(_ value: YAMLValue) throws -> String {
        let name = try value.string()
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }) else {
            throw value.error(expected: "a header's name")
        }
        return name
    }

    private func fault(_ value: YAMLValue, _ why: String, _ remedy: String) -> DunlinError {
        DunlinError(.usage, value.place, why: "\(value.field) \(why)", remedy: remedy)
    }
}
