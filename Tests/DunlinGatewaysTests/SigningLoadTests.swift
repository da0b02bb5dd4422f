// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import DunlinModel
import Foundation
import Testing

@testable import DunlinGateways

/// Reading `auth:`: what is wrong is said exactly, and no secret is ever shown.
@Suite struct SigningLoadTests {
    private static let secret = "s3cr3t-never-shown"
    private static let settings = ["k": secret, "id": "me", "empty": "", "lines": "a\nb", "words": "a b"]

    /// The complaint without file, line and column.
    private static func mistake(_ auth: String, _ more: [String: String] = [:]) throws -> String {
        let error = #expect(throws: DunlinError.self) {
            try SigningFixture.authentication(auth, settings.merging(more) { $1 })
        }
        let text = try #require(error).description
        #expect(error?.kind == .usage && !text.contains(secret), "\(text)")
        return text.replacing(#/^g\.yaml(:\d+:\d+)?: /#, with: "")
    }

    private static let sound = [
        #"{aws-sigv4: {key_id: "{config.id}", key_secret: "{config.k}", region: r, service: s}}"#,
        #"{tc3: {secret_id: "{config.id}", secret_key: "{config.k}", service: s}}"#,
        #"{acs3: {key_id: "{config.id}", key_secret: "{config.k}", action: a, version: v}}"#,
        #"{wsse: {username: "{config.id}", password: "{config.k}", digest: hex}}"#,
        #"{sorted-hmac: {key: "{config.k}", hash: md5, parameter: sig}}"#,
        #"{hmac: {key: "{config.k}", hash: sha1, over: "{config.k}{body}", header: X, value: "{signature}", encoding: hex}}"#,
    ]

    @Test(arguments: sound)
    func secretsAreNeverShown(auth: String) throws {
        let authentication = try SigningFixture.authentication(auth, SigningLoadTests.settings)
        let signer = try #require(authentication.signer)
        var shown = "\(authentication)\(String(reflecting: authentication))\(signer)\(String(reflecting: signer))"
        dump(authentication, to: &shown)
        dump(signer, to: &shown)
        #expect(!shown.contains(SigningLoadTests.secret), "\(shown)")
        // As bytes, too.
        #expect(!shown.contains("115, 51, 99") && !shown.contains("115\n"), "\(shown)")
    }

    @Test(arguments: [
        #"{basic: {username: me, password: "{config.k}"}}"#, #"{bearer: "{config.k}"}"#,
        #"{header: {name: X-Key, value: "{config.k}"}}"#,
    ])
    func whatIsNotSigned(auth: String) throws {
        let authentication = try SigningFixture.authentication(auth, SigningLoadTests.settings)
        #expect(authentication.signer == nil)
        #expect((authentication.headers.first ?? authentication.basic ?? "").contains(SigningLoadTests.secret))
        var shown = "\(authentication)\(String(reflecting: authentication))"
        dump(authentication, to: &shown)
        #expect(!shown.contains(SigningLoadTests.secret))
    }

    @Test(arguments: [
        ("s3cr3t-never-shown", "auth names no scheme; write one of basic, bearer, header, "),
        ("{}", "auth is a mapping, expected one of basic, bearer, header, aws-sigv4, tc3, "),
        ("{bearer: a, basic: b}", "auth is a mapping, expected one of basic, "),
        ("{aws-sigv5: {}}", "unknown key 'aws-sigv5' in auth; did you mean 'aws-sigv4'?"),
        ("{bearer: }", "auth.bearer is missing; add the key 'bearer'"),
        (
            "{tc3: s3cr3t-never-shown}",
            "auth.tc3 is not a mapping of keys to values; docs/add-a-gateway.md has its keys under"
        ),
        (#"{tc3: {secret_id: me, service: s}}"#, "auth.tc3.secret_key is missing; add the key 'secret_key'"),
        (#"{acs3: {key: x}}"#, "unknown key 'key' in auth.acs3; known keys: key_id, key_secret, action, version"),
        (
            #"{tc3: {secret_id: me, secret_key: s3cr3t-never-shown, service: s}}"#,
            #"auth.tc3.secret_key is a secret, and secrets do not stand in a definition; write "{config.NAME}""#
        ),
        (
            #"{tc3: {secret_id: me, secret_key: "{config.empty}", service: s}}"#,
            "auth.tc3.secret_key is empty; check the gateway's setting"
        ),
        (
            #"{tc3: {secret_id: me, secret_key: "{config.lines}", service: s}}"#,
            "auth.tc3.secret_key holds a line break or another control character; look where the secret is kept"
        ),
        (
            #"{tc3: {secret_id: "{config.words}", secret_key: "{config.k}", service: s}}"#,
            #"auth.tc3.secret_id is empty or holds what cannot stand there: spaces, any of " \ , / or other than ASCII"#
        ),
        (
            #"{sorted-hmac: {key: "{config.k}", hash: sha265, parameter: sig}}"#,
            "auth.sorted-hmac.hash is 'sha265', expected one of md5, sha1, sha256, sha512; did you mean 'sha256'?"
        ),
        (
            #"{sorted-hmac: {key: "{config.k}", hash: md5, parameter: timestamp}}"#,
            "auth.sorted-hmac.parameter is 'timestamp', expected another name: 'timestamp' is added as well"
        ),
        (
            #"{hmac: {key: "{config.k}", hash: md5, over: x, header: X, value: "{signature}", encoding: hex}}"#,
            "auth.hmac.hash is 'md5', expected one of sha1, sha256, sha512"
        ),
        (
            #"{hmac: {key: "{config.k}", hash: sha1, over: "{boddy}", header: X, value: "{signature}", encoding: hex}}"#,
            "auth.hmac.over is '{boddy}', expected text with {method}, {path}, {query}, {body}, {timestamp}, {nonce} or "
                + "{config.NAME}; did you mean '{body}'?"
        ),
        (
            #"{hmac: {key: "{config.k}", hash: sha1, over: x, header: X, value: "{nonce}", encoding: hex}}"#,
            "auth.hmac.value is '{nonce}', expected text with {signature}"
        ),
        (
            #"{hmac: {key: "{config.k}", hash: sha1, over: x, header: "X:", value: "{signature}", encoding: hex}}"#,
            "auth.hmac.header is 'X:', expected a header's name"
        ),
        (
            #"{wsse: {username: me, password: "{config.k}", digest: base}}"#,
            "auth.wsse.digest is 'base', expected one of hex, raw"
        ),
        (
            #"{jwt: {key: "{config.k}", lifetime: 15m, claims: {iat: 1}}}"#,
            "auth.jwt.key is no key in PEM; give the file that begins with -----BEGIN PRIVATE KEY-----, with its lines"
        ),
        (#"{jwt: {key: "{config.k}", lifetime: 25h}}"#, "auth.jwt.lifetime is '25h', expected 1s to 24h"),
        (#"{jwt: {key: "{config.k}"}}"#, "auth.jwt.lifetime is missing; add the key 'lifetime'"),
    ])
    func mistakes(auth: String, expected: String) throws {
        let text = try SigningLoadTests.mistake(auth)
        #expect(text.hasPrefix(expected), "\(text)")
    }

    // MARK: Keys

    private static let key = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    private static let jwt = #"{jwt: {key: "{config.pem}", claims: {application_id: "{config.id}"}, lifetime: 15m}}"#

    @Test func keysInEveryKindOfPEM() throws {
        let key = try SigningLoadTests.key.get()
        let pkcs8 = key.pkcs8PEMRepresentation
        for pem in [
            key.pemRepresentation, pkcs8, pkcs8.replacing("\n", with: "\r\n"), "Bag Attributes\n  a: b\n\(pkcs8)\n\n",
        ] {
            let signer = try #require(
                try SigningFixture.signer(SigningLoadTests.jwt, ["pem": pem, "id": "ap\"p"]))
            var request = HTTPRequest(method: "POST", url: "https://h.example", headers: ["authorization: old"])
            try signer.sign(&request, SigningMoment(at: Instant(seconds: 1_700_000_000), nonce: "tok-1"))
            let line = try #require(request.headers.first)
            let parts = line.split(separator: " ").last?.split(separator: ".") ?? []
            try #require(request.headers.count == 1 && line.hasPrefix("Authorization: Bearer ") && parts.count == 3)
            let payload = try #require(bytes(base64: parts[1].utf8, isURL: true))
            #expect(
                String(decoding: payload, as: UTF8.self)
                    == #"{"application_id":"ap\"p","iat":1700000000,"exp":1700000900,"jti":"tok-1"}"#)
            let signature = try #require(bytes(base64: parts[2].utf8, isURL: true))
            #expect(
                key.publicKey.isValidSignature(
                    _RSA.Signing.RSASignature(rawRepresentation: signature),
                    for: SHA256.hash(data: Array("\(parts[0]).\(parts[1])".utf8)), padding: .insecurePKCS1v1_5))
            var shown = "\(signer)\(String(reflecting: signer))"
            dump(signer, to: &shown)
            #expect(!shown.contains("BEGIN") && shown.count < 1000, "\(shown)")
        }
    }

    @Test func keysThatAreNone() throws {
        let key = try SigningLoadTests.key.get()
        let pem = key.pkcs8PEMRepresentation
        let other = "; give an RSA private key without a pass phrase: 'PRIVATE KEY' or 'RSA PRIVATE KEY'"
        let damaged =
            "auth.jwt.key is damaged, or no RSA key; give an RSA private key as the gateway made it, with its lines"
        for (text, expected) in [
            ("", "auth.jwt.key is empty; check the gateway's setting"),
            (key.publicKey.pemRepresentation, "auth.jwt.key is a PEM block 'PUBLIC KEY'\(other)"),
            (
                pem.replacing("PRIVATE", with: "ENCRYPTED PRIVATE"),
                "auth.jwt.key is a PEM block 'ENCRYPTED PRIVATE KEY'\(other)"
            ),
            (pem.replacing("PRIVATE", with: "s3cr3t"), "auth.jwt.key is another PEM block\(other)"),
            (P256.Signing.PrivateKey().pemRepresentation, damaged), (String(pem.dropLast(40)), damaged),
            (pem.replacing("M", with: "N"), damaged), (pem.replacing("\n", with: " "), damaged),
            (
                try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024)).pemRepresentation,
                "auth.jwt.key is an RSA key of fewer than 2048 bits; make a longer one and register it with the gateway"
            ),
        ] {
            #expect(try SigningLoadTests.mistake(SigningLoadTests.jwt, ["pem": text]) == expected)
        }
        let claims = #"{jwt: {key: "{config.pem}", claims: {exp: "1"}, lifetime: 15m}}"#
        #expect(
            try SigningLoadTests.mistake(claims, ["pem": pem])
                == "auth.jwt.claims.exp is added by 'jwt' itself; leave 'exp' out")
    }

    /// `dunlin plan` loads gateways without their secrets.
    @Test func aWithheldKeyLoadsAndSignsNothing() throws {
        let signer = try #require(
            try SigningFixture.signer(SigningLoadTests.jwt, ["pem": SecretReader.withheld, "id": "me"]))
        var request = HTTPRequest(method: "POST", url: "https://h.example")
        #expect(throws: DunlinError.self) {
            try signer.sign(&request, SigningMoment(at: Instant(seconds: 1), nonce: "n"))
        }
    }

    /// Through a whole definition: the signature is what comes last, over the body as it goes out.
    @Test func aDefinitionThatSigns() throws {
        let yaml = AdapterFixture.declared(
            settings: "{key: secret}",
            request: #"{method: POST, url: "{base_url}/x", auth: {hmac: {key: "{config.key}", hash: sha256, "#
                + #"over: "{method} {path} {timestamp}.{nonce}.{body}", header: X-Sig, value: "v1={signature}", "#
                + #"encoding: hex}}, text: "{text}"}"#,
            entry: ["key: {env: TOKEN_ASCII}"])
        let gateway = try #require(try AdapterFixture.gateways(yaml).first)
        let message = AdapterFixture.message(.sms("hello"))
        let request = try gateway.adapter.httpRequest(message)
        let text = "POST /x \(message.at.seconds).\(message.token).hello"
        let expected = hex(HashAlgorithm.sha256.hmac(Array(text.utf8), key: Array("plain-token".utf8)))
        #expect(request.headers.contains("X-Sig: v1=\(expected)"))
    }
}
