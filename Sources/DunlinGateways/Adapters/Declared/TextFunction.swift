// SPDX-License-Identifier: Apache-2.0

import Crypto
import DunlinModel

/// A function of one text.
enum TextFunction: Sendable {
    /// Digits alone: an E.164 number without its plus.
    case digits
    /// Digits without this country code; a number of another country is an error.
    case national(String)
    /// An address without the service before its colon.
    case service
    /// The first text if an SMS fits the GSM 7-bit alphabet, else the second (UCS-2).
    case choose(gsm: String, unicode: String)
    /// UTF-16BE in hexadecimal digits.
    case utf16hex
    /// The text if an SMS fits the GSM 7-bit alphabet, else nothing.
    case gsm
    /// Nothing if an SMS fits the GSM 7-bit alphabet, else UTF-16BE in hexadecimal digits.
    case ucs2hex
    /// A language's name with `_` for `-`.
    case underscore
    /// A UUID that is always the same for the same text: version 8 (RFC 9562, section 5.8) over its SHA-256.
    case uuid
    /// Of a sender `Harbor Credit <care@example.com>`: its address; its name; all of it in ASCII (RFC 2047).
    case mailAddress, mailName, mailHeader
    /// This text if there is any at all, else nothing.
    case then(String)

    static let names = [
        "digits", "national(CODE)", "service", "coding", "choose(GSM,UNICODE)", "utf16hex", "gsm", "ucs2hex",
        "underscore", "uuid", "address", "name", "mailbox", "then(TEXT)",
    ]

    /// Nil for anything that is not written as in `names`.
    init?(_ text: String) {
        let name = text.prefix { $0 != "(" }
        let argument = text.hasSuffix(")") && name.count < text.count ? text.dropFirst(name.count + 1).dropLast() : nil
        switch (name, argument) {
        case ("digits", nil) where text == name: self = .digits
        case ("service", nil) where text == name: self = .service
        // Kannel's name for the data coding scheme: 0 is GSM, 2 is UCS-2.
        case ("coding", nil) where text == name: self = .choose(gsm: "0", unicode: "2")
        case ("utf16hex", nil) where text == name: self = .utf16hex
        case ("gsm", nil) where text == name: self = .gsm
        case ("ucs2hex", nil) where text == name: self = .ucs2hex
        case ("underscore", nil) where text == name: self = .underscore
        case ("uuid", nil) where text == name: self = .uuid
        case ("address", nil) where text == name: self = .mailAddress
        case ("name", nil) where text == name: self = .mailName
        case ("mailbox", nil) where text == name: self = .mailHeader
        case ("then", let other?): self = .then(String(other))
        case ("national", let code?):
            guard (1...3).contains(code.utf8.count), code.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
            self = .national(String(code))
        case ("choose", let words?):
            let words = words.split(separator: ",", omittingEmptySubsequences: false)
            guard words.count == 2 else { return nil }
            self = .choose(gsm: String(words[0]), unicode: String(words[1]))
        default: return nil
        }
    }

    /// Throws `DunlinError` where the text is none that the function takes; it is not part of the error.
    func apply(to text: String) throws -> String {
        switch self {
        case .digits: return String(decoding: text.utf8.filter(\.isASCIIDigit), as: UTF8.self)
        case .national(let code):
            guard text.hasPrefix("+\(code)"), text.utf8.count > code.utf8.count + 1 else {
                throw DunlinError(
                    .failure, "request", why: "the gateway takes numbers of the country code \(code) only",
                    remedy: "route other countries to another gateway")
            }
            return try TextFunction.digits.apply(to: String(text.dropFirst(code.count + 1)))
        case .service: return text.firstIndex(of: ":").map { String(text[text.index(after: $0)...]) } ?? text
        case .choose(let gsm, let unicode): return TextFunction.fitsGSM(text) ? gsm : unicode
        case .utf16hex: return TextFunction.utf16hex(text)
        case .gsm: return TextFunction.fitsGSM(text) ? text : ""
        case .ucs2hex: return TextFunction.fitsGSM(text) ? "" : TextFunction.utf16hex(text)
        case .underscore: return String(text.map { $0 == "-" ? "_" : $0 })
        case .uuid: return TextFunction.uuid(text)
        case .mailAddress: return MailAddress(text)?.address ?? text
        case .mailName: return MailAddress(text)?.name ?? ""
        case .mailHeader: return try MailAddress(text).map(MIMEHeader.unfolded) ?? text
        case .then(let other): return text.isEmpty ? "" : other
        }
    }

    private static func fitsGSM(_ text: String) -> Bool { SMSEncoding.measure(text).encoding == .gsm7 }

    private static func utf16hex(_ text: String) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(text.utf16.count * 4)
        for unit in text.utf16 {
            for shift in [12, 8, 4, 0] { digits.append(hexDigit(UInt8(unit >> UInt16(shift) & 15))) }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func uuid(_ text: String) -> String {
        var bytes = Array(SHA256.hash(data: Array(text.utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        var uuid: [UInt8] = []
        for (n, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(n) { uuid.append(UInt8(ascii: "-")) }
            uuid.append(hexDigit(byte >> 4))
            uuid.append(hexDigit(byte & 15))
        }
        return String(decoding: uuid, as: UTF8.self).lowercased()
    }
}
