// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Reads what comes back by mail: delivery reports (RFC 3464), complaints (ARF, RFC 5965) and the mails that List-Unsubscribe asks
/// for (RFC 2369).
///
/// Mail proves nobody's identity, so only what bears a token of ours is believed. Bounces in a format of a server's own
/// (qmail's QSBMF, old Exchange's, a feedback loop's that forwards the mail alone) are `other`: prose is not guessed at.
public struct BounceReader: Sendable {
    private let addresses: [BounceAddress]
    private let isToken: @Sendable (String) -> Bool

    /// - Parameters:
    ///   - addresses: the `bounces` of every mail gateway.
    ///   - isToken: whether a word is the token of an attempt of ours.
    public init(addresses: [BounceAddress], isToken: @escaping @Sendable (String) -> Bool) {
        self.addresses = addresses
        self.isToken = isToken
    }

    /// Total, in time linear in the message's length.
    public func read(_ message: [UInt8]) -> BounceReading {
        let message = MIMEPart(message[...])
        guard let report = message.report(), let verdict = BounceReader.verdict(report) else {
            let automatic = message.fields["auto-submitted"].map { firstWord(of: $0) != "no" } ?? false
            return automatic ? .autoReply : refusal(message)
        }
        guard case .news(let status, let reason, let code) = verdict else { return .noNews }
        let tokens = self.tokens(message, report)
        guard tokens.count == 1, let token = tokens.first else { return .unattributed }
        return .receipt(
            Receipt(
                .token(token), status, reason: reason, code: code,
                at: message.fields["date"].flatMap(Instant.init(rfc5322:))))
    }

    /// A subject that says 'unsubscribe', beside the token where it is the mail that the header asks for.
    private func refusal(_ message: MIMEPart) -> BounceReading {
        // Without 'Re:', whatever it is called.
        let subject = message.fields["subject"].flatMap { $0.split(separator: ":").last } ?? ""
        let words = subject.split(separator: " ").map(String.init)
        let tokens = Set(words.filter(isToken))
        let said = words.filter { !tokens.contains($0) }.joined(separator: " ")
        guard ReplyMatcher.meaning(of: said) == .optOut else { return .other }
        guard tokens.count == 1, let token = tokens.first else { return .refusal }
        return .receipt(
            Receipt(.token(token), .unsubscribed, at: message.fields["date"].flatMap(Instant.init(rfc5322:))))
    }

    /// What the machine-readable part says; nil if it cannot be understood.
    private static func verdict(_ report: MIMEReport) -> BounceVerdict? {
        let body = report.status.decodedBody()
        return switch report.kind {
        case .delivery: DeliveryStatus.verdict(body)
        case .feedback: FeedbackReport.verdict(body)
        }
    }

    /// Every attempt of ours that the report names, wherever it may: two would contradict each other.
    private func tokens(_ message: MIMEPart, _ report: MIMEReport) -> Set<String> {
        var found: Set<String> = []
        func add(_ fields: MIMEFields, addresses names: [String], words: [String]) {
            for name in names {
                for value in fields.all(name) {
                    for address in addresses { found.formUnion(address.candidates(in: value).filter(isToken)) }
                }
            }
            for name in words { found.formUnion(fields.all(name).map { firstWord(of: $0) }.filter(isToken)) }
        }
        add(
            message.fields,
            addresses: ["to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "original-recipient"],
            words: [])
        // The first block is about the mail, those behind it about its recipients.
        var status = report.status.decodedBody()
        add(MIMEFields(&status), addresses: ["original-mail-from"], words: ["original-envelope-id"])
        if let returned = report.returned {
            var body = returned.decodedBody()
            add(MIMEFields(&body), addresses: ["return-path"], words: [MIMEMessage.attemptHeader.lowercased()])
        }
        return found
    }
}

/// What a message in the mailbox for bounces is.
public enum BounceReading: Hashable, Sendable {
    case receipt(Receipt)
    /// A report after which nothing is settled: delayed, passed on, arrived for one of several, `not-spam`.
    case noNews
    /// A report about no attempt of ours, or about two.
    case unattributed
    /// Somebody wants no more mails, and no token of ours proves who: for a person to read.
    case refusal
    /// An automatic answer such as an out-of-office note (RFC 3834).
    case autoReply
    /// No report, or one that cannot be understood.
    case other

    public var receipt: Receipt? { if case .receipt(let receipt) = self { receipt } else { nil } }

    /// The name under which such messages are counted; stable.
    public var name: String {
        switch self {
        case .receipt(let receipt): receipt.status.rawValue
        case .noNews: "no-news"
        case .unattributed: "unattributed"
        case .refusal: "refusal"
        case .autoReply: "auto-reply"
        case .other: "other"
        }
    }
}

/// What a report says about the one mail that it is about.
enum BounceVerdict: Hashable {
    case news(Receipt.Status, reason: Reason?, code: String?)
    case noNews
}

/// What stands before the first space or comment of a field's value, in lower case.
func firstWord(of value: String) -> String {
    String(
        decoding: value.utf8.prefix { $0 > 0x20 && $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ";") }, as: UTF8.self
    )
    .lowercased()
}
