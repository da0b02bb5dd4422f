// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel

extension MessageContent {
    /// The first 8 bytes of SHA-256 over ``canonicalBytes``, as 16 hexadecimal digits: tells later whether a text is the one
    /// that went out.
    var shortHash: String {
        let digest = SHA256.hash(data: canonicalBytes)
        return String(unsafeUninitializedCapacity: 16) { digits in
            for (place, byte) in digest.prefix(8).enumerated() {
                (digits[2 * place], digits[2 * place + 1]) = (hexDigit(byte >> 4), hexDigit(byte & 15))
            }
            return 16
        }
    }

    /// Every field of it as a netstring (`LENGTH:TEXT,`), the channel first; see docs/ledger.md.
    var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        bytes.append(netstring: channel.rawValue)
        switch self {
        case .sms(let text), .chat(let text), .task(let text): bytes.append(netstring: text)
        case .email(let mail):
            let fields = [mail.subject, mail.preheader, mail.text, mail.html] + mail.attachments
            for field in fields { bytes.append(netstring: field) }
        case .call(let script):
            bytes.append(netstring: script.language)
            for step in script.steps { bytes.append(netstring: step.canonicalText) }
            bytes.append(netstring: script.voicemail)
        }
        return bytes
    }

    /// About as many bytes as it takes.
    private var size: Int {
        switch self {
        case .sms(let text), .chat(let text), .task(let text): text.utf8.count + 32
        case .email(let mail): mail.text.utf8.count + mail.html.utf8.count + 512
        case .call: 2048
        }
    }
}

extension CallScript.Step {
    /// `say TEXT`, `pause 1`, `gather 8 1=repeat,9=opt-out TEXT`.
    fileprivate var canonicalText: String {
        switch self {
        case .say(let words): return "say \(words)"
        case .pause(let seconds): return "pause \(seconds)"
        case .gather(let prompt, let keys, let timeout):
            let meanings = keys.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return "gather \(timeout) \(meanings.joined(separator: ",")) \(prompt)"
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(netstring text: String) {
        append(contentsOf: "\(text.utf8.count):".utf8)
        append(contentsOf: text.utf8)
        append(UInt8(ascii: ","))
    }
}

/// The lower-case digit of a number below 16.
func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
