// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Testing

@testable import DunlinGateways

@Suite struct VerificationTests {
    @Test(arguments: VerificationCase.all)
    func acceptsWhatIsGenuine(_ genuine: VerificationCase) throws {
        #expect(try genuine.proof() == (genuine.payload.map { "proven \($0)" } ?? "proven"))
    }

    @Test(arguments: VerificationCase.all)
    func refusesOtherKeys(_ genuine: VerificationCase) throws {
        for name in genuine.settings.keys where genuine.name != "ed25519" && genuine.name != "sendgrid" {
            var other = genuine
            other.settings[name] = String(genuine.settings[name]!.reversed())
            // Some are no key at all.
            #expect((try? other.proof()) ?? "forged" == "forged", "\(name)")
        }
    }

    /// One header at a time: missing, empty, cut, in the other case, with something behind it.
    @Test(arguments: VerificationCase.all)
    func refusesEveryChangedHeader(_ genuine: VerificationCase) throws {
        for (name, value) in genuine.headers where !genuine.unsignedHeaders.contains(name) {
            var values: [String?] = [
                nil, "", String(value.dropLast()), String(value.dropLast(4)), value + "A", value + "=", value + ",",
                "A=",
                value.uppercased(), value.lowercased(),
            ]
            // The first of several signatures is not the one that holds.
            if !value.contains(","), !value.contains("v1a,") { values.append(String(value.dropFirst())) }
            // The type alone decides whether it is a form, the algorithm alone how the key is used.
            if name == "content-type" { values = [nil, "", "application/json"] }
            if name == "x-twilio-webhooks-signature-settings" {
                values = [nil, "", "algorithm=HMAC_SHA1", "algorithm=none"]
            }
            // A comma separates Plivo's signatures, and the case of a scheme's name is free.
            if name.hasPrefix("x-plivo-signature"), !name.hasSuffix("nonce") { values.removeAll { $0 == value + "," } }
            for changed in values where changed != value {
                var forged = genuine
                forged.headers[name] = changed
                #expect(try forged.proof() == "forged", "\(name): \(changed ?? "missing")")
            }
        }
    }

    @Test(arguments: VerificationCase.all)
    func refusesEveryChangedByteOfWhatItCovers(_ genuine: VerificationCase) throws {
        let verifier = try genuine.verifier()
        for part in genuine.covers {
            let bytes = Array((part == .body ? genuine.body : genuine.url).utf8)
            let signed = try #require(genuine.signed(part))
            let start = try #require(bytes.end(of: Array(signed.utf8))) - signed.utf8.count
            for place in start..<start + signed.utf8.count {
                var changed = bytes
                changed[place] ^= 1
                #expect(
                    word(verifier, genuine, part, changed) == "forged", "\(String(decoding: changed, as: UTF8.self))")
            }
            for changed in [[], bytes.dropLast(), bytes + Array((part == .body ? "&x=1" : "1").utf8)] {
                // What is behind the envelope makes it another document.
                #expect(word(verifier, genuine, part, changed) == "forged")
            }
        }
    }

    private func word(
        _ verifier: any CallbackVerifier, _ genuine: VerificationCase, _ part: VerificationCase.Part, _ changed: [UInt8]
    ) -> String {
        var request = genuine.request
        switch part {
        case .body: request.body = changed
        case .url: request.url = String(decoding: changed, as: UTF8.self)
        }
        return VerificationCase.word(verifier.proof(of: request))
    }

    @Test(arguments: VerificationCase.all)
    func refusesWhatIsOutOfTheWindow(_ genuine: VerificationCase) throws {
        for (shift, expected) in [
            (-300, "proven"), (300, "proven"), (-301, "stale"), (301, "stale"), (99_999_999, "stale"),
        ] {
            var late = genuine
            late.at += Int64(shift)
            let word = try late.proof().split(separator: " ")[0]
            #expect(word == (genuine.isTimed ? expected : "proven"), "\(shift)")
        }
        guard genuine.isTimed else { return }
        var late = genuine
        late.at += 3000
        late.verify += "\ntolerance: 1h"
        #expect(try late.proof().hasPrefix("proven"))
    }

    @Test func showsNoSecret() throws {
        for genuine in VerificationCase.all where genuine.settings["key"] != "secret" {
            let verifier = try genuine.verifier()
            var dumped = ""
            dump(verifier, to: &dumped)
            for text in ["\(verifier)", String(reflecting: verifier), dumped] {
                for secret in genuine.settings.values {
                    #expect(!text.contains(secret))
                    // Nor its bytes, one by one.
                    #expect(!text.contains(Array(secret.utf8).prefix(4).map(String.init).joined(separator: ", ")))
                }
            }
        }
    }

    /// Vonage's tokens with one fault each, made with PyJWT.
    @Test(arguments: [
        (
            "no iat",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJwYXlsb2FkX2hhc2giOiJkNTEzYzhhYWQzNDMzZWNiZTQyZTA4MzczMmMyNGRiNWVkYzVkOGU1MjBjMzk3NzI0YjBjZGJjYTZmZGYyNDM1In0.16qfiNvF15WzEYoJshvQ7HDpJ05MVnphc8D57473h8o",
            "forged"
        ),
        (
            "HS384",
            "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDAsInBheWxvYWRfaGFzaCI6ImQ1MTNjOGFhZDM0MzNlY2JlNDJlMDgzNzMyYzI0ZGI1ZWRjNWQ4ZTUyMGMzOTc3MjRiMGNkYmNhNmZkZjI0MzUifQ.zPQaL_aJIrNweKN1wXH0qACYf7Z-U5AXMCMr7VgWk7EkzRzh8JXmW-uCN9n6-U8P",
            "forged"
        ),
        (
            "none",
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpYXQiOjE3MDAwMDAwMDAsInBheWxvYWRfaGFzaCI6ImQ1MTNjOGFhZDM0MzNlY2JlNDJlMDgzNzMyYzI0ZGI1ZWRjNWQ4ZTUyMGMzOTc3MjRiMGNkYmNhNmZkZjI0MzUifQ.",
            "forged"
        ),
        (
            "no hash",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDB9.nXxnxxuSSpJWqxUPjKoauVKGa2147J9jrPNeGyQT9GI",
            "forged"
        ),
        (
            "expired",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDAwMSwicGF5bG9hZF9oYXNoIjoiZDUxM2M4YWFkMzQzM2VjYmU0MmUwODM3MzJjMjRkYjVlZGM1ZDhlNTIwYzM5NzcyNGIwY2RiY2E2ZmRmMjQzNSJ9.TsELtU77wBcMPB9VUe9nDs2JO8MkSCEax4IME9mP4Rw",
            "stale"
        ),
        (
            "critical extension",
            "eyJhbGciOiJIUzI1NiIsImNyaXQiOlsiZXhwIl0sInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDAsInBheWxvYWRfaGFzaCI6ImQ1MTNjOGFhZDM0MzNlY2JlNDJlMDgzNzMyYzI0ZGI1ZWRjNWQ4ZTUyMGMzOTc3MjRiMGNkYmNhNmZkZjI0MzUifQ.riqdJaPZDp5Kq5kSFl0_PAYd7dbabFFvsD4ORXdygSA",
            "forged"
        ),
    ])
    func refusesFaultyTokens(_ fault: String, _ token: String, _ expected: String) throws {
        var forged = try #require(VerificationCase.vonageCases.last)
        forged.headers["authorization"] = "Bearer \(token)"
        forged.at += 1
        #expect(try forged.proof() == expected)
    }

    @Test func refusesMessagesForOtherApps() throws {
        var forged = try #require(VerificationCase.weChatCases.last)
        forged.url = forged.url.replacing(
            "182b87d8739223078d454663e8596db4b31b4532", with: "e99d9e65a5c9da7d1aa9b1a6fe3a089b17a19715")
        forged.body =
            "<xml><Encrypt><![CDATA[pxDvIKtJjb6ivztGO70jSuXw3jLJTZdGCclAsaUv5xFW0p4n8uKTdFvBQvaKgfDMhlwjcBlFMF0nFcGXWTDx0g==]]></Encrypt></xml>"
        #expect(try forged.proof() == "forged")
        forged.verify = forged.verify.replacing("wx49f0ab532d5d035a", with: "wx0000000000000000")
        #expect(try forged.proof() == "proven <xml/>")
    }

    /// With a key, a signature that covers no body is not enough.
    @Test func refusesPlainMessagesWhereTheyShouldBeEncrypted() throws {
        var plain = try #require(VerificationCase.weChatCases.first)
        plain.verify = "wechat: {token: '{config.key}', aes_key: kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR, app: x}"
        #expect(try plain.proof() == "forged")
        plain.method = "GET"
        plain.body = ""
        #expect(try plain.proof() == "proven")
    }

    @Test(
        arguments: [
            ("<xml><Encrypt>abc</Encrypt></xml>", "abc"),
            (" <xml>\n<Encrypt><![CDATA[a]]></Encrypt>\n<B></B></xml>\n", "a"),
            ("<xml><Encrypt>a</Encrypt><Encrypt>a</Encrypt></xml>", nil), ("<xml></xml>", nil),
            ("<xml><Encrypt>a</xml>", nil),
            ("<!DOCTYPE x><xml><Encrypt>a</Encrypt></xml>", nil), ("<xml><!--x--><Encrypt>a</Encrypt></xml>", nil),
            ("<xml><a><Encrypt>a</Encrypt></a></xml>", nil), ("<xml><Encrypt a='1'>a</Encrypt></xml>", nil), ("", nil),
            ("<xml><Encrypt>a</Encrypt></xml>x", nil), ("<xml><Encrypt><![CDATA[a</Encrypt></xml>", nil),
            ("<xml><", nil),
        ] as [(String, String?)])
    func readsTheEnvelope(_ text: String, _ expected: String?) {
        #expect(EncryptedXML.content(Array(text.utf8)) == expected)
    }
}
