// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinGateways

/// MessageBird's 44 cases (messagebird/sdk-test-resources), the facts alone: the tokens are put together from their claims. The
/// ones that differ in the method only are one row.
struct MessageBirdCase: Sendable {
    let isValid: Bool
    /// How many methods it is for.
    let methods: Int
    let algorithm: String
    let begins: Int
    let id: String
    /// As told, behind the host.
    let path: String
    let body: String
    let urlHash: String
    let payloadHash: String?
    let signature: String

    init(
        _ isValid: Bool, _ methods: Int, _ algorithm: String, _ begins: Int, _ id: String, _ path: String,
        _ body: String,
        _ urlHash: String, _ payloadHash: String?, _ signature: String
    ) {
        self.isValid = isValid
        self.methods = methods
        self.algorithm = algorithm
        self.begins = begins
        self.id = id
        self.path = path
        self.body = body
        self.urlHash = urlHash
        self.payloadHash = payloadHash
        self.signature = signature
    }

    /// `start` is the name of the first claim of time: the token without a signature has none of when it begins.
    func token(start: String = "nbf") -> String {
        let header = #"{"alg":"\#(algorithm)","typ":"JWT"}"#
        let hash = payloadHash.map { #","payload_hash":"\#($0)""# } ?? ""
        let times = #""\#(start)":\#(begins),"exp":\#(begins + 60)"#
        let claims = #"{"iss":"MessageBird",\#(times),"jti":"\#(id)","url_hash":"\#(urlHash)"\#(hash)}"#
        return "\(base64URL(Array(header.utf8))).\(base64URL(Array(claims.utf8))).\(signature)"
    }

    static let all: [MessageBirdCase] = [
        .init(
            true, 5, "HS256", 1625479200, "59a244dc-e9ad-4e23-9778-371faa238f72", "/", "",
            "0f115db062b7c0dd030b16878c99dea5c354b49dc37b38eb8846179c7783e9d7", nil,
            "6Fp0rVOsRr1fj9S2GidXAfkmPVofKr8_RTffC6G6r2E"),
        .init(
            true, 5, "HS256", 1625479200, "c946af77-e182-4eaa-b2ff-1a545b5e991a", "/path?bar=1&foo=2", "",
            "41f05f0ddd0a22ab209ac46f47c4572d9cefa257ed74b24004bae753ece6c260", nil,
            "huo2ou6JDoDc7sV25d75UMWeYhBeavQlLsqIibSZuac"),
        .init(
            true, 5, "HS256", 1625479200, "93e55006-a0e8-4526-a190-fa5ff00ea116", "/path?bar=1&foo=2", "Hello, World!",
            "41f05f0ddd0a22ab209ac46f47c4572d9cefa257ed74b24004bae753ece6c260",
            "dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f",
            "_H--TOuYFLpeEH39-rg5E3IHVkjHozBcaKVWPRC5m9I"),
        .init(
            false, 1, "HS256", 1625482800, "f9f8c382-2449-4311-b72b-1df71687931e", "/", "",
            "0f115db062b7c0dd030b16878c99dea5c354b49dc37b38eb8846179c7783e9d7", nil,
            "ZELgDFNGhjZH9CffQKcq3sytBe2I0KciLxpBhcfstHQ"),
        .init(
            false, 1, "HS256", 1625475600, "5f02f522-6030-46c8-b5a3-01246478d8bc", "/", "",
            "0f115db062b7c0dd030b16878c99dea5c354b49dc37b38eb8846179c7783e9d7", nil,
            "45MSST3B_2PsjNUeiuW54_vUQgVw4rBXrdWrOUEz3lM"),
        .init(
            false, 1, "HS256", 1625479200, "a75c9096-e823-442b-85f2-7d3c9d9b726b", "/path?foo=1&bar=2", "",
            "6a022d834c18330baad8a2bd6135173ed21610a454516be0df3f1cc0151610ea", nil,
            "z6Sw1XQIM0wuEQGBhXBdawDIIrtMg2XnmA_bpDq53pE"),
        .init(
            false, 5, "HS256", 1625479200, "14501532-96f2-4684-9832-68f0951ae342", "/", "Hello, World!",
            "0f115db062b7c0dd030b16878c99dea5c354b49dc37b38eb8846179c7783e9d7",
            "fb62f02acda7d74177a701a1ce006e6bacd90c7d4d7ab481692c1da47c81076b",
            "m79RCwO6dGa9pvzsQypkVuXQ6eM0CkRl6_U7MfWg6TM"),
        .init(
            false, 1, "HS256", 1625479200, "243c27ae-2f02-46a0-8852-c66f37ea9f46", "/", "",
            "0f115db062b7c0dd030b16878c99dea5c354b49dc37b38eb8846179c7783e9d7", nil,
            "JgSeYyOtlEKAXk8bz30iJI4tXgf4lxknoiezawuVhb4"),
        .init(
            false, 5, "HS256", 1625479200, "14501532-96f2-4684-9832-68f0951ae342", "/", "",
            "0f115db062b7c0dd030b16878c99dea5c354b49dc37b38eb8846179c7783e9d7",
            "dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f",
            "bHfsjj3tljfzTufoG3EU3p_yFrQh9CufyzRSaRMd4ss"),
        .init(
            false, 5, "HS256", 1625479200, "59a244dc-e9ad-4e23-9778-371faa238f72", "/", "Hello, World!",
            "0f115db062b7c0dd030b16878c99dea5c354b49dc37b38eb8846179c7783e9d7", nil,
            "6Fp0rVOsRr1fj9S2GidXAfkmPVofKr8_RTffC6G6r2E"),
        .init(
            true, 1, "HS256", 1625479200, "59a244dc-e9ad-4e23-9778-371faa238f72", ":8080/", "",
            "07f7861a69b13c229c6ae596d198b2763b054cf5e000d736d1c48102d770cffc", nil,
            "vcpa0IicGAbpo064dOjiA2VbVOR2S5uZBEaBOP16sS8"),
        .init(
            true, 1, "HS256", 1625479200, "59a244dc-e9ad-4e23-9778-371faa238f72",
            "/?obj%5Bfield1%5D=val1&obj%5Bfield2%5D=val2&param=value+with+spaces", "",
            "8aff3748d789c4333573e1c31fe5b004940cb5fc47460ed3d0e654f7fc4e5fae", nil,
            "mJBCMfEjKmN3IMuzqPXPHktWETrcu0iNdF3agE8PDyI"),
        .init(
            true, 5, "HS256", 1625479200, "59a244dc-e9ad-4e23-9778-371faa238f72", "/",
            #"Some text containg & < >, & and \u0026"#,
            "0f115db062b7c0dd030b16878c99dea5c354b49dc37b38eb8846179c7783e9d7",
            "2431bd9ccb48ed016fad567b07712038b5cdd949ac9d41fe4693d5a3845cf7e8",
            "IQiKzeEPaO3A48lhKmBDSmxZyCESPCGxdSKFdi0dEJs"),
        .init(
            true, 1, "HS384", 1625479200, "59a244dc-e9ad-4e23-9778-371faa238f72", "/", "",
            "0f115db062b7c0dd030b16878c99dea5c354b49dc37b38eb8846179c7783e9d7", nil,
            "KNMW-29X77lZeuPmThmHWc_RUAvTkaDkpxIZK6mqE08v8mWKiU9Edh4QXwAJO2nv"),
        .init(
            true, 1, "HS512", 1625479200, "59a244dc-e9ad-4e23-9778-371faa238f72", "/", "",
            "0f115db062b7c0dd030b16878c99dea5c354b49dc37b38eb8846179c7783e9d7", nil,
            "rd6r0iMyNGnVPCwurETphE3Y8rpAyvvnUK0S8WvGUkt2E1QSRAZ7NZJZBHw1Y_Wb5W-sK9HJr_PRL2vz4jRT3Q"),
    ]
}

@Suite struct VerificationMessageBirdTests {
    private let key = "36efdd1aace2e26cd490f0d951138253bef2f7c6d34d18981da781555cc4cebb"

    private func word(_ fact: MessageBirdCase, _ method: String, token: String? = nil, after seconds: Int64 = 0) throws
        -> String
    {
        let request = CallbackRequest(
            method: method, url: "https://example.com\(fact.path)",
            headers: [("messagebird-signature-jwt", token ?? fact.token())], body: Array(fact.body.utf8),
            at: Instant(seconds: 1_625_479_200 + seconds))
        let verifier = try VerificationCase.verifier("messagebird-jwt: {key: '{config.key}'}", ["key": key])
        return VerificationCase.word(verifier.proof(of: request))
    }

    @Test func agreesWithItsOwnCases() throws {
        var count = 0
        for fact in MessageBirdCase.all {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"].prefix(fact.methods) {
                let word = try word(fact, method)
                #expect((word == "proven") == fact.isValid, "\(fact.id): \(word)")
                count += 1
            }
        }
        // The last of the 44 is the one without a signature.
        #expect(count == 43)
        let first = try #require(MessageBirdCase.all.first)
        let unsigned = MessageBirdCase(
            false, 1, "none", 1_625_479_200, first.id, "/", "", first.urlHash, nil, "")
        #expect(try word(unsigned, "GET", token: unsigned.token(start: "iat")) == "forged")
        #expect(try word(unsigned, "GET") == "forged")
    }

    @Test func holdsForItsTimeAndASecond() throws {
        let fact = try #require(MessageBirdCase.all.first)
        for (seconds, expected) in [(-2, "stale"), (-1, "proven"), (0, "proven"), (60, "proven"), (61, "stale")] {
            #expect(try word(fact, "GET", after: Int64(seconds)) == expected, "\(seconds)")
        }
    }

    @Test func refusesChangedTokens() throws {
        let fact = try #require(MessageBirdCase.all.first)
        let token = fact.token()
        for place in stride(from: 0, to: token.utf8.count, by: 7) {
            var bytes = Array(token.utf8)
            bytes[place] ^= 1
            #expect(try word(fact, "GET", token: String(decoding: bytes, as: UTF8.self)) == "forged")
        }
        for changed in [
            "", ".", "..", String(token.dropLast()), token + "A", token + "=", token + "." + token, "Bearer " + token,
        ] {
            #expect(try word(fact, "GET", token: changed) == "forged")
        }
    }
}
