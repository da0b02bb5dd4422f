// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel
import Foundation

/// Makes the opaque names under which gateways know our attempts, so that a receipt can be matched without a table and
/// nobody can guess one: the number in base 36 and 80 bits of HMAC-SHA256 over it.
public struct AttemptTokens: Sendable {
    /// Keyed once: a copy of it is cheaper than working the key in again for each token.
    private let keyed: HMAC<SHA256>

    public init(secret: [UInt8]) { keyed = HMAC(key: SymmetricKey(data: secret)) }

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

    /// `t` and a number: a message that an operator sends to see whether a gateway works; no attempt of the ledger.
    public func token(forTest number: Int64) -> String { sign("t", number) }

    func isTest(_ token: String) -> Bool { number(of: token, "t") != nil }

    /// The attempt that a token names; nil if it is not one of ours.
    public func attempt(of token: String) -> Int64? { number(of: token, "a") }

    private func number(of token: String, _ kind: Unicode.Scalar) -> Int64? {
        guard token.unicodeScalars.first == kind, let dash = token.firstIndex(of: "-"),
            let number = Int64(token[token.index(after: token.startIndex)..<dash], radix: 36),
            sign(kind, number) == token
        else { return nil }
        return number
    }

    private func sign(_ kind: Unicode.Scalar, _ number: Int64) -> String {
        var bytes = [UInt8(ascii: kind)]
        bytes.reserveCapacity(40)
        bytes.append(contentsOf: String(number, radix: 36).utf8)
        var mac = keyed
        mac.update(data: bytes)
        bytes.append(UInt8(ascii: "-"))
        mac.finalize().withUnsafeBytes { code in
            for byte in code.prefix(10) {
                bytes.append(AttemptTokens.hexDigit(byte >> 4))
                bytes.append(AttemptTokens.hexDigit(byte & 15))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
}
