// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import FoundationEssentials

/// WeChat's and WeCom's callbacks: SHA-1 over the sorted token, timestamp, nonce and, where the account is set to encrypt, the
/// encrypted message (wechatpy 1.8.18; developers.weixin.qq.com, "Message Encryption").
///
/// In plain mode nothing covers the body: who has seen one callback could write others for as long as the window is open. With
/// a key, what comes with a body has to be encrypted.
struct WeChatVerifier: CallbackVerifier {
    struct Cipher: Sendable {
        /// 32 bytes for AES-256; its first 16 are the initialization vector too.
        let key: Secret<[UInt8]>
        /// The app or corporation that messages must be for.
        let app: String
    }

    let token: Secret<[UInt8]>
    let cipher: Cipher?
    var window = ReplayWindow.usual

    func proof(of request: CallbackRequest) -> CallbackProof {
        let query = CallbackForm.query(of: request.url)
        func field(_ name: String) -> String? { query.first { $0.name == name }?.value }
        guard let timestamp = field("timestamp"), let nonce = field("nonce") else { return .refused(.forged) }
        let signed = [token.revealed, Array(timestamp.utf8), Array(nonce.utf8)]
        guard let cipher, let given = field("msg_signature") else {
            // The first GET of an official account is never encrypted.
            guard cipher == nil || (request.method == "GET" && request.body.isEmpty),
                let given = field("signature"), WeChatVerifier.holds(given, signed)
            else { return .refused(.forged) }
            return window.proof(from: timestamp, at: request.at)
        }
        // WeCom's first GET has it in the query.
        let encrypted = request.body.isEmpty ? field("echostr") : EncryptedXML.content(request.body)
        guard let encrypted, WeChatVerifier.holds(given, signed + [Array(encrypted.utf8)]) else {
            return .refused(.forged)
        }
        guard let message = cipher.message(encrypted) else { return .refused(.forged) }
        return window.proof(of: message, from: timestamp, at: request.at)
    }

    private static func holds(_ given: String, _ signed: [[UInt8]]) -> Bool {
        let text = signed.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
        return equalInConstantTime(hex(HashAlgorithm.sha1.hash(text)).utf8, given.utf8)
    }
}

extension WeChatVerifier.Cipher {
    /// Nil unless `key` is the 43 characters of an EncodingAESKey.
    init?(key: [UInt8], app: String) {
        // 43 characters hold two bits more than 32 bytes, and not all of these keys have them at zero.
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        guard key.count == 43, let last = digits.firstIndex(of: key[42]),
            let decoded = bytes(base64: key.dropLast() + [digits[last & ~3]]), decoded.count == 32
        else { return nil }
        self.key = Secret(decoded)
        self.app = app
    }

    /// 16 random bytes, the length in 4, the message, the app; padded to 32. Only asked for what bears a signature, so that
    /// nobody can use it to try paddings.
    fileprivate func message(_ encrypted: String) -> [UInt8]? {
        guard let sealed = bytes(base64: encrypted.utf8), !sealed.isEmpty, sealed.count.isMultiple(of: 16),
            let vector = try? AES._CBC.IV(ivBytes: key.revealed[..<16]),
            let data = try? AES._CBC.decrypt(
                sealed, using: SymmetricKey(data: key.revealed), iv: vector, noPadding: true)
        else { return nil }
        let plain = Array(data)
        let padding = Int(plain[plain.count - 1])
        guard (1...32).contains(padding), plain.count >= 20 + padding,
            plain.suffix(padding).allSatisfy({ $0 == UInt8(padding) })
        else { return nil }
        let content = plain[16..<plain.count - padding]
        let length = content.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let rest = content.dropFirst(4)
        guard length <= rest.count, rest.dropFirst(length).elementsEqual(app.utf8) else { return nil }
        return Array(rest.prefix(length))
    }
}

/// The envelope `<xml><Encrypt><![CDATA[…]]></Encrypt>…</xml>`: flat, without attributes, comments or a document type.
enum EncryptedXML {
    /// The text of the one `Encrypt`; nil for any other document.
    static func content(_ bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var rest = text[...]
        var found: Substring?
        rest.trimStart()
        guard rest.skip("<xml>") else { return nil }
        rest.trimStart()
        while !rest.skip("</xml>") {
            guard rest.skip("<"), let end = rest.firstIndex(of: ">") else { return nil }
            let name = rest[..<end]
            guard !name.isEmpty, name.utf8.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit }) else { return nil }
            rest = rest[end...].dropFirst()
            rest.trimStart()
            let value: Substring
            if rest.skip("<![CDATA[") {
                guard let close = rest.firstRange(of: "]]>") else { return nil }
                value = rest[..<close.lowerBound]
                rest = rest[close.upperBound...]
                rest.trimStart()
            } else {
                value = rest.prefix { $0 != "<" && !$0.isWhitespace }
                rest = rest[value.endIndex...]
                rest.trimStart()
            }
            guard rest.skip("</\(name)>") else { return nil }
            rest.trimStart()
            if name == "Encrypt" {
                guard found == nil else { return nil }
                found = value
            }
        }
        rest.trimStart()
        return rest.isEmpty ? found.map(String.init) : nil
    }
}

extension Substring {
    fileprivate mutating func trimStart() { self = drop { $0.isWhitespace } }

    fileprivate mutating func skip(_ text: String) -> Bool {
        guard hasPrefix(text) else { return false }
        self = dropFirst(text.count)
        return true
    }
}
