// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Testing

@testable import DunlinEngine

@Suite struct AttemptTokenTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "tokens-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder + "/dunlin.db.secret")
    }

    @Test func whoComesSecondFindsTheSameSecret() throws {
        try withFolder { path in
            let first = try AttemptTokens(secretFile: path)
            let second = try AttemptTokens(secretFile: path)
            #expect(first.token(forAttempt: 7) == second.token(forAttempt: 7))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: (path as NSString).deletingLastPathComponent).count
                    == 1)
        }
    }

    /// With another secret every attempt would bear another name: gateways would take a repetition for something new, and no
    /// receipt would find its message.
    @Test(arguments: [0, 31, 33]) func aDamagedSecretIsNotReplaced(length: Int) throws {
        try withFolder { path in
            let damaged = Data(repeating: 1, count: length)
            try damaged.write(to: URL(fileURLWithPath: path))
            #expect(throws: DunlinError.self) { try AttemptTokens(secretFile: path) }
            #expect(FileManager.default.contents(atPath: path) == damaged)
        }
    }
}
