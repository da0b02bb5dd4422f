// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Foundation
import Testing

@testable import DunlinGateways

/// Signs what Tests/acceptance/signing_check.py asks for; that script compares the answers with the vendors' own libraries.
@Suite struct SigningOracleTests {
    private static let cases = ProcessInfo.processInfo.environment["DUNLIN_SIGNING_CASES"]

    struct Case: Decodable {
        /// The `auth:` of a definition; JSON is YAML.
        var auth: String
        var settings: [String: String]
        var method: String
        var url: String
        var headers: [String]
        /// Base64, as Foundation reads it.
        var body: Data
        var at: Int64
        var nonce: String
    }

    struct Answer: Encodable {
        var url: String
        var headers: [String]
        var body: Data
    }

    /// Enabled only where there are cases: without any it would pass and have compared nothing.
    @Test(.enabled(if: cases != nil, "DUNLIN_SIGNING_CASES names no file; Tests/acceptance/signing_check.py sets it"))
    func answersForTheOracles() throws {
        let path = try #require(SigningOracleTests.cases)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        var answers = Data()
        for line in lines {
            let one = try JSONDecoder().decode(Case.self, from: Data(line.utf8))
            var request = HTTPRequest(method: one.method, url: one.url, headers: one.headers, body: Array(one.body))
            let signer = try #require(try SigningFixture.signer(one.auth, one.settings))
            try signer.sign(&request, SigningMoment(at: Instant(seconds: one.at), nonce: one.nonce))
            answers += try JSONEncoder().encode(
                Answer(url: request.url, headers: request.headers, body: Data(request.body)))
            answers.append(0x0A)
        }
        try answers.write(to: URL(fileURLWithPath: "\(path).answers"))
        try #require(!lines.isEmpty)
        print("signing: \(lines.count) requests signed")
    }
}

enum SigningFixture {
    static func authentication(_ auth: String, _ settings: [String: String] = [:]) throws -> Authentication {
        try Authentication(
            YAMLValue(text: "auth: \(auth)", file: "g.yaml").anyMapping().required("auth"),
            compiler: TemplateCompiler(
                channel: .sms, baseURL: "https://h.example", settings: settings.mapValues { .some($0) }))
    }

    static func signer(_ auth: String, _ settings: [String: String] = [:]) throws -> (any RequestSigner)? {
        try authentication(auth, settings).signer
    }
}
