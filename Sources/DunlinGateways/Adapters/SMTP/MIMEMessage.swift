// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A mail as it goes over the wire: a text and an HTML part with the same words, of which the reader's program takes one,
/// and the attached files behind both.
struct MIMEMessage {
    var date: Instant
    var from: MailAddress
    var to: MailAddress
    var subject: String
    /// Without angle brackets.
    var messageID: String
    /// Unique for the message, of `[a-z0-9-]`, at most 60.
    var token: String
    /// The URI that List-Unsubscribe names.
    var unsubscribe: String
    var text: String
    var html: String
    var attachments: [Attachment] = []

    /// Holds the token, for bounces and complaints that return the header and not the envelope sender.
    static let attemptHeader = "X-Dunlin-Attempt"

    /// The whole message with CRLF line ends. Throws `DunlinError` where a value cannot stand in a header.
    func encoded() throws -> [UInt8] {
        var message = try header()
        message.append(contentsOf: [0x0D, 0x0A])
        if !attachments.isEmpty {
            message.append(contentsOf: "--\(mixed)\r\nContent-Type: \(type(alternative))\r\n\r\n".utf8)
        }
        append(text, as: "text/plain", to: &message)
        append(html, as: "text/html", to: &message)
        message.append(contentsOf: "--\(alternative)--\r\n".utf8)
        guard !attachments.isEmpty else { return message }
        for attachment in attachments {
            message.append(contentsOf: "--\(mixed)\r\n".utf8)
            message.append(contentsOf: MIMEAttachment.encode(attachment))
            message.append(contentsOf: [0x0D, 0x0A])
        }
        message.append(contentsOf: "--\(mixed)--\r\n".utf8)
        return message
    }

    // "=_" can stand neither in quoted-printable nor in base64, so no part can hold a boundary. Neither of the two begins
    // with the other, because not every program reads them to the end of the line.
    private var alternative: String { "=_\(token)" }
    private var mixed: String { "=_mixed-\(token)" }

    /// RFC 2046, sections 5.1.3 and 5.1.4.
    private func type(_ boundary: String) -> String {
        "multipart/\(boundary == mixed ? "mixed" : "alternative"); boundary=\"\(boundary)\""
    }

    /// The header alone. Throws `DunlinError` where a value cannot stand in it.
    func header() throws -> [UInt8] {
        var header = MIMEHeader()
        try header.add("Date", MIMEMessage.rfc5322(date))
        try header.add("From", mailbox: from)
        try header.add("To", mailbox: to)
        try header.add("Subject", text: subject)
        try header.add("Message-ID", "<\(messageID)>")
        try header.add(MIMEMessage.attemptHeader, token)
        // RFC 3834: keeps vacation programs from answering.
        try header.add("Auto-Submitted", "auto-generated")
        try header.add("List-Unsubscribe", "<\(unsubscribe)>")
        // RFC 8058: a mail program may unsubscribe with one POST, without a page to look at.
        if unsubscribe.hasPrefix("https:") { try header.add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") }
        try header.add("MIME-Version", "1.0")
        try header.add("Content-Type", type(attachments.isEmpty ? alternative : mixed))
        return header.bytes
    }

    private func append(_ content: String, as type: String, to message: inout [UInt8]) {
        let (encoding, bytes) = MIMEBody.encode(content)
        message.append(
            contentsOf: """
                --\(alternative)\r
                Content-Type: \(type); charset="utf-8"\r
                Content-Transfer-Encoding: \(encoding)\r
                \r\n
                """.utf8)
        message.append(contentsOf: bytes)
        message.append(contentsOf: [0x0D, 0x0A])
    }

    /// `Sat, 21 Nov 2026 18:53:00 +0000` (RFC 5322, section 3.3).
    static func rfc5322(_ instant: Instant) -> String {
        let days = instant.seconds.flooredQuotient(by: 86400)
        let time = Int(instant.seconds - days * 86400)
        let date = CivilDate(daysSince1970: Int(days))
        let (year, month, day) = date.components
        let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][date.weekday.rawValue]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let clock = "\(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))"
        return "\(weekday), \(day) \(months[month - 1]) \(year) \(clock) +0000"
    }
}
