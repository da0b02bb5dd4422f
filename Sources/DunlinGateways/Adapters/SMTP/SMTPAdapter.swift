// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A mail server, spoken to over SMTP by libcurl.
struct SMTPAdapter: Adapter {
    /// The gateway's name in dunlin.yaml, for errors.
    let gateway: String
    /// `smtp://host:port/ehlo-name`.
    let url: String
    let startTLS: Bool
    let username: String?
    let password: String?
    let from: MailAddress
    /// The envelope sender; nil: it is the address of `from`.
    let bounces: BounceAddress?
    /// The URI for List-Unsubscribe, around the attempt's token.
    let unsubscribe: Template

    var channel: Channel { .email }

    func request(for message: OutboundMessage) throws -> WireRequest {
        let (mime, recipient) = try mime(for: message)
        guard case .email(let mail) = message.content, mail.attachments == message.attachments.map(\.name) else {
            throw failure("the files that the mail names are not with it", "report this as a fault of Dunlin")
        }
        return .mail(
            MailRequest(
                url: url, startTLS: startTLS, username: username, password: password,
                sender: bounces?.address(token: message.token) ?? from.address, recipient: recipient,
                message: try mime.encoded()))
    }

    /// The parts hold any text; only the header can refuse one.
    func check(_ message: OutboundMessage) throws { _ = try mime(for: message).mime.header() }

    private func mime(for message: OutboundMessage) throws -> (mime: MIMEMessage, recipient: String) {
        guard case .email(let mail) = message.content else {
            throw failure(
                "it takes email, not \(message.content.channel.rawValue)", "check 'routes' in the configuration")
        }
        guard let to = MailAddress(name: message.recipientName, address: message.to) else {
            throw failure(
                "the recipient's address is not one that every mail server takes",
                "give an address in ASCII, an international domain in its xn-- form")
        }
        for token in [message.token, message.reminderToken] where !SMTPAdapter.isToken(token) {
            throw failure("the attempt's token is not of a-z, 0-9 and '-'", "report this as a fault of Dunlin")
        }
        let mime = MIMEMessage(
            date: message.at, from: from, to: to, subject: mail.subject,
            // The same for every attempt, so that a mail that does arrive twice can be told to be one.
            messageID: "\(message.reminderToken)@\(from.domain)", token: message.token,
            unsubscribe: try unsubscribe.text(for: message),
            text: mail.text, html: mail.html, attachments: message.attachments)
        return (mime, to.address)
    }

    func outcome(of answer: WireAnswer) -> Outcome { SMTPRules.outcome(of: answer) }

    private static func isToken(_ text: String) -> Bool {
        (1...60).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A || $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
    }

    private func failure(_ why: String, _ remedy: String) -> DunlinError {
        DunlinError(.failure, "gateway \(gateway)", why: why, remedy: remedy)
    }
}

/// Never the password.
extension SMTPAdapter: CustomStringConvertible, CustomReflectable {
    var description: String { "gateway \(gateway)" }
    var customMirror: Mirror { Mirror(self, children: ["gateway": gateway]) }
}
