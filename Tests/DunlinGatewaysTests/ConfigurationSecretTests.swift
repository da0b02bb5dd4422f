// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Foundation
import Testing

@testable import DunlinGateways

@Suite struct ConfigurationSecretTests {
    private static let files: [String: [UInt8]] = [
        "/run/credentials/twilio": Array("from-systemd\n".utf8), "/etc/dunlin/token": Array("from-file\r\n".utf8),
        "/abs": Array("two\nlines\n".utf8), "/empty": Array("\n".utf8), "/binary": [0xFF, 0xFE], "/nul": [0x61, 0],
    ]

    private func secret(_ yaml: String, environment: [String: String] = ["CREDENTIALS_DIRECTORY": "/run/credentials"])
        throws -> String
    {
        let reader = SecretReader(environment: environment) { path in
            guard let bytes = ConfigurationSecretTests.files[path] else { throw CocoaError(.fileReadNoSuchFile) }
            return bytes
        }
        let value = try YAMLValue(text: "token: \(yaml)", file: "dunlin.yaml").anyMapping().required("token")
        return try reader.secret(value, directory: "/etc/dunlin")
    }

    @Test(arguments: [
        ("{credential: twilio}", "from-systemd"), ("{file: token}", "from-file"), ("{file: /abs}", "two\nlines"),
    ])
    func references(yaml: String, expected: String) throws {
        #expect(try secret(yaml) == expected)
    }

    @Test func environment() throws { #expect(try secret("{env: T}", environment: ["T": "x"]) == "x") }

    @Test(arguments: [
        ("hunter2", "secrets do not stand in this file"), ("{credential: other}", "cannot be read"),
        ("{credential: ../../etc/passwd}", "the name of a credential"), ("{file: /none}", "cannot be read"),
        ("{file: /empty}", "is empty"), ("{file: /binary}", "does not hold a text"),
        ("{file: /nul}", "does not hold a text"),
        ("{env: NOPE}", "is not set"), ("{credentials: x}", "did you mean 'credential'"),
        ("{file: /abs, env: T}", "one of"),
    ])
    func mistakes(yaml: String, expected: String) throws {
        let error = #expect(throws: DunlinError.self) { try secret(yaml) }
        let text = try #require(error).description
        #expect(text.contains(expected), "\(text)")
        #expect(!text.contains("hunter2"))
        #expect(text.hasPrefix("dunlin.yaml:1:"))
    }

    @Test func withoutSystemdACredentialSaysWhatToDo() throws {
        let error = #expect(throws: DunlinError.self) { try secret("{credential: twilio}", environment: [:]) }
        #expect(error?.description.contains("LoadCredential=twilio:PATH") == true)
    }
}
