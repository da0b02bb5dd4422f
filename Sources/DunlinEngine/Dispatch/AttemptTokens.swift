// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel
import Foundation

/// Makes the opaque names under which gateways know our attempts, so that a receipt can be matched without a table and
/// nobody can guess one: the number in base 36 and 80 bits of HMAC-SHA256 over it.
public struct AttemptTokens: Sendable {
    private let key: SymmetricKey

    public init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    /// The secret of a ledger: 32 random bytes beside it, made at the first start, readable by its owner only.
    public init(secretFile path: String) throws {
        if let data = FileManager.default.contents(atPath: path), data.count == 32 {
            self.init(secret: Array(data))
            return
        }
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(secret), attributes: [.posixPermissions: 0o600])
        else {
            throw DunlinError(
                .failure, path, why: "the ledger's secret cannot be written",
                remedy: "check the folder's owner and mode")
        }
        self.init(secret: secret)
    }

    /// `a` and the attempt.
    public func token(forAttempt attempt: Int64) -> String { sign("a", attempt) }

    /// `r` and the reminder: the same for each of its attempts.
    public func token(for reminder: ReminderKey) -> String { sign("r", reminder.value) }

    /// The attempt that a token names; nil if it is not one of ours.
    public func attempt(of token: String) -> Int64? {
        guard token.first == "a", let dash = token.firstIndex(of: "-"),
            let number = Int64(token[token.index(after: token.startIndex)..<dash], radix: 36),
            sign("a", number) == token
        else { return nil }
        return number
    }

    private func sign(_ kind: String, _ number: Int64) -> String {
        let head = kind + String(number, radix: 36)
        var mac: [UInt8] = []
        for byte in HMAC<SHA256>.authenticationCode(for: Array(head.utf8), using: key).prefix(10) { mac.append(byte) }
        let digits = Array("0123456789abcdef".utf8)
        return head + "-"
            + String(decoding: mac.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
