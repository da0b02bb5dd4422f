// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinGateways

/// Callbacks that the vendors' own libraries have signed, some of them changed afterwards:
/// Tests/acceptance/verification_check.py writes them, and reads how many were compared.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["DUNLIN_VERIFICATION_CASES"] != nil))
struct VerificationOracleTests {
    private struct Case: Decodable {
        var scheme: String
        var verify: String
        var settings: [String: String]
        var method: String
        var url: String
        var headers: [String: String]
        /// In base 64.
        var body: Data
        /// Seconds since 1970.
        var at: Int64
        var expected: String
        /// In PEM, by address.
        var certificates: [String: String]?
    }

    @Test func agreesWithTheVendorsLibraries() throws {
        let path = try #require(ProcessInfo.processInfo.environment["DUNLIN_VERIFICATION_CASES"])
        let decoder = JSONDecoder()
        var counts: [String: Int] = [:]
        for line in try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: UInt8(ascii: "\n")) {
            let fact = try decoder.decode(Case.self, from: line)
            let verifier = try VerificationCase.verifier(fact.verify, fact.settings)
            var request = CallbackRequest(
                method: fact.method, url: fact.url, headers: fact.headers.map { ($0.key, $0.value) },
                body: Array(fact.body), at: Instant(seconds: fact.at))
            request.certificates = (fact.certificates ?? [:]).compactMapValues {
                SigningCertificate(pem: Array($0.utf8))
            }
            let word = VerificationCase.word(verifier.proof(of: request))
            // One line for each, however long the run: the script counts them.
            if word != fact.expected { print("differs: \(word) for \(fact)") }
            #expect(word == fact.expected)
            counts["\(fact.scheme) \(fact.expected.prefix { $0 != " " })", default: 0] += 1
        }
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) { print("compared \(name) \(count)") }
    }
}
