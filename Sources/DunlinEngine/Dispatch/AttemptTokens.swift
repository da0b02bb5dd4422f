// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel
import Foundation
import Glibc

/// Makes the opaque names under which gateways know our attempts, so that a receipt can be matched without a table and
/// nobody can guess one: the number in base 36 and 80 bits of HMAC-SHA256 over it.
public struct AttemptTokens: Sendable {
    /// Keyed once: a copy of it is cheaper than working the key in again for each token.
    private let keyed: HMAC<SHA256>

    public init(secret: [UInt8]) { keyed = HMAC(key: SymmetricKey(data: secret)) }

    /// The secret of a ledger: 32 random bytes beside it, made at the first start, readable by its owner only. Never made anew
    /// where there is one: every attempt would bear another name, and what is repeated under it would go out twice.
    public init(secretFile path: String) throws {
        if access(path, F_OK) != 0 { try AttemptTokens.makeSecret(path) }
        guard let data = FileManager.default.contents(atPath: path), data.count == 32 else {
            throw DunlinError(
                .failure, path, why: "the ledger's secret cannot be read or is damaged",
                remedy:
                    "check its owner and mode, or bring it back from a backup; without it no receipt finds its message")
        }
        self.init(secret: Array(data))
    }

    /// Whole, on the disk, and the first one: of two processes that start together both find the same.
    private static func makeSecret(_ path: String) throws {
        func failure() -> DunlinError {
            DunlinError(
                .failure, path, why: "the ledger's secret cannot be written: \(String(cString: strerror(errno)))",
                remedy: "check the folder's owner and mode")
        }
        let draft = "\(path).\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer { unlink(draft) }
        let count = SymmetricKey(size: .bits256).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        let isWritten = count == 32 && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, link(draft, path) == 0 || errno == EEXIST else { throw failure() }
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// `a` and the attempt.
    public func token(forAttempt attempt: Int64) -> String { sign("a", attempt) }

    /// `r` and the reminder: the same for each of its attempts.
    public func token(for reminder: ReminderKey) -> String { sign("r", reminder.value) }

    /// `t` and a number: a message that an operator sends to see whether a gateway works; no attempt of the ledger.
    public func token(forTest number: Int64) -> String { sign("t", number) }

    func isTest(_ token: String) -> Bool { number(of: token, "t") != nil }

    /// Ten digits that stand for an identity, and from which nobody can learn what it was made of; nil for an empty one.
    func mark(of identity: [UInt8]) -> String? {
        guard !identity.isEmpty else { return nil }
        var mac = keyed
        mac.update(data: [UInt8(ascii: "g")] + identity)
        return mac.finalize().prefix(5).reduce(into: "") { text, byte in
            text.unicodeScalars.append(Unicode.Scalar(AttemptTokens.hexDigit(byte >> 4)))
            text.unicodeScalars.append(Unicode.Scalar(AttemptTokens.hexDigit(byte & 15)))
        }
    }

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
