// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinGateways

@Suite struct VerificationLoadTests {
    private let settings: [String: String?] = ["key": "hush-hush", "other": String?.none]

    @Test(arguments: [
        ("{}", "exactly one scheme"), ("{token: {}, hub: {key: x}}", "exactly one scheme"),
        ("{twilo: {key: x}}", "'twilio'"),
        ("from: 10.0.0.0/8", "exactly one scheme"), ("hub: {kei: x}", "'key'"), ("hub: {}", "key is missing"),
        ("token: {key: x}", "unknown key"), ("{token: {}, tolerance: 5m}", "carries no time"),
        ("{sinch: {key: x}, tolerance: 8d}", "1s to 7d"), ("hub: {key: '{config.other}'}", "not given"),
        ("hub: {key: '{config.kay}'}", "did you mean"), ("hub: {key: ''}", "empty"),
        ("hub: {key: '{token}'}", "settings of the gateway"),
        ("ed25519: {key: '{config.key}'}", "32 bytes"), ("sendgrid: {key: '{config.key}'}", "P-256"),
        ("standard-webhooks: {key: '{config.key}'}", "whsec_"),
        ("wechat: {token: x, aes_key: '{config.key}', app: y}", "43"),
        ("wechat: {token: x, aes_key: '{config.key}'}", "app is missing"),
        ("vonage-signature: {key: x, hash: sha3}", "md5, sha1"),
        ("vonage-signature: {key: x}", "hash is missing"), ("basic: {username: 'a:b', password: x}", "colon"),
        ("hmac: {key: x, header: y, hash: md5, encoding: hex, over: '{body}'}", "sha1, sha256"),
        ("hmac: {key: x, header: y, hash: sha1, encoding: hex, over: '{bodi}'}", "{body}"),
        ("hmac: {key: x, header: y, hash: sha1, encoding: hex, over: '{header t}'}", "among what is signed"),
        ("hmac: {key: x, header: y, hash: sha1, encoding: hex, over: '{body}', timestamp: t}", "{header t}"),
        ("{hmac: {key: x, header: y, hash: sha1, encoding: hex, over: '{body}'}, tolerance: 1m}", "'timestamp'"),
        ("{token: {}, from: 10.0.0.1/8}", "range"), ("{token: {}, from: 10.0.0.0/33}", "range"),
        ("{token: {}, from: []}", "at least one"),
        ("{token: {}, from: 10.0.0/8}", "range"), ("{token: {}, from: 10.0.0.0/08}", "range"),
        ("{token: {}, from: 10.0.0.0/}", "range"),
    ])
    func saysWhatIsWrong(_ yaml: String, _ expected: String) {
        let error = #expect(throws: DunlinError.self) { try VerificationCase.verifier(yaml, settings) }
        let text = error?.description ?? ""
        #expect(text.contains(expected), "\(text)")
        #expect(text.hasPrefix("g.yaml:"))
        #expect(!text.contains("hush"))
    }

    @Test func provesNothingWithoutAKey() throws {
        let request = CallbackRequest(method: "POST", url: "https://d.example/c?k=", at: Instant(seconds: 0))
        for yaml in ["token: {}", "key: {key: '{config.other}'}"] {
            #expect(
                VerificationCase.word(try VerificationCase.verifier(yaml, settings).proof(of: request)) == "unproven")
        }
        #expect(
            VerificationCase.word(
                try VerificationCase.verifier("key: {key: '{config.key}'}", settings).proof(of: request))
                == "forged")
    }

    @Test(
        arguments: [
            ("54.172.60.0/23", "54.172.61.255", true), ("54.172.60.0/23", "54.172.62.0", false),
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false), ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "::1", false),
            ("10.0.0.0/8", "::ffff:10.9.8.7", true), ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false), ("::1", "::1", true), ("10.0.0.0/8", "10.1.2.3:443", false),
            ("10.0.0.0/8", "", false), ("10.0.0.0/8", nil, false), ("10.0.0.0/8", "10.1.2", false),
            ("[192.0.2.1, 10.0.0.0/8]", "10.1.2.3", true),
        ] as [(String, String?, Bool)])
    func asksWhereItComesFrom(_ from: String, _ peer: String?, _ isTaken: Bool) throws {
        let verifier = try VerificationCase.verifier("{token: {}, from: \(from.contains("[") ? from : "'\(from)'")}")
        let request = CallbackRequest(method: "POST", url: "https://d.example/c", at: Instant(seconds: 0), peer: peer)
        #expect(VerificationCase.word(verifier.proof(of: request)) == (isTaken ? "unproven" : "forged"))
    }
}
