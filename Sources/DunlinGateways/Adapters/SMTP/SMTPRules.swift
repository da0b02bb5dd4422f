// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What the end of an SMTP transaction means: reply code (RFC 5321) and enhanced status code (RFC 3463).
enum SMTPRules {
    /// Total: garbage is `unknown`.
    static func outcome(of answer: WireAnswer) -> Outcome {
        let status = EnhancedStatus(in: answer.body)
        let detail =
            answer.status == 0 ? "curl \(answer.curlCode)" : "smtp \(answer.status)" + (status.map { " \($0)" } ?? "")
        switch answer.phase {
        case .interrupted:
            return TransportRules.interrupted(answer, answer.status == 0 ? nil : detail)
        // 354 is "send the mail now": whatever the transfer says, a part of it may have gone.
        case .notSent where answer.status == 354:
            return .unknown(.connectionLost, detail: detail)
        case .notSent where !(400..<600).contains(answer.status):
            return TransportRules.notSent(answer)
        // The reply to the final dot, whatever broke behind it.
        case .answered where (200..<300).contains(answer.status):
            return .accepted(id: queueID(in: answer.body))
        case .answered where !(400..<600).contains(answer.status):
            return .unknown(.ambiguousAnswer, detail: detail)
        case .notSent, .answered:
            let kind = refusal(answer.status, status)
            return .refused(Refusal(kind, reason(kind), detail: detail))
        }
    }

    /// A definite no by its codes. A policy refusal (5.7.x) is never the recipient's: it says what relays think of us.
    private static func refusal(_ code: Int, _ status: EnhancedStatus?) -> Refusal.Kind {
        switch (code, status?.subject, status?.detail) {
        // Log-in: 432, 534 to 538 (RFC 4954); 454 is passing.
        case (432, _, _), (530, _, _), (534...538, _, _): .configuration
        // A full mailbox, here as a lasting error: people tidy up.
        case (400..<500, _, _), (552, nil, _), (_, 2, 2): .transient
        // Bad sender (5.1.7, 5.1.8): ours.
        case (_, 1, 7), (_, 1, 8): .configuration
        case (_, 1, _): .recipient
        case (_, 2, 0), (_, 2, 1): .recipient
        // Routing: somebody's name server or host, not the person.
        case (_, 4, _): .transient
        case (_, .some, _): .configuration
        // No such mailbox, moved away, name not allowed, domain without mail (RFC 7504).
        case (550, nil, _), (551, nil, _), (553, nil, _), (556, nil, _): .recipient
        default: .configuration
        }
    }

    private static func reason(_ kind: Refusal.Kind) -> Reason {
        switch kind {
        case .recipient: .recipientRefused
        case .configuration: .configurationRefused
        case .throttled: .throttled
        case .transient: .transientFailure
        }
    }

    private static let queueMarks = [Array("queued as ".utf8), Array("id=".utf8)]

    /// The name under which the server queued the mail: Postfix says `queued as X`, Exim `id=X`.
    private static func queueID(in reply: [UInt8]) -> String? {
        for mark in queueMarks {
            guard let end = reply.end(of: mark) else { continue }
            let id = reply[end...].prefix {
                $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
            }
            if !id.isEmpty { return String(decoding: id.prefix(64), as: UTF8.self) }
        }
        return nil
    }
}

/// `5.1.1`: class, subject, detail.
struct EnhancedStatus: Hashable, CustomStringConvertible {
    let kind, subject, detail: Int

    /// Behind the reply code, as in `550 5.1.1 no such user`; nil if there is none or its class contradicts the code.
    init?(in reply: [UInt8]) {
        guard reply.count > 4, reply[3] == 0x20 || reply[3] == UInt8(ascii: "-") else { return nil }
        self.init(String(decoding: reply[4...].prefix { $0 > 0x20 }, as: UTF8.self))
        guard Int(reply[0]) == kind + 0x30 else { return nil }
    }

    /// Of `5.1.1` alone.
    init?(_ text: String) {
        let numbers = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { part in
            part.count <= 3 && part.allSatisfy(\.isASCIIDigit) ? Int(Substring(part)) : nil
        }
        guard numbers.count == 3, let kind = numbers[0], let subject = numbers[1], let detail = numbers[2]
        else { return nil }
        self.kind = kind
        self.subject = subject
        self.detail = detail
    }

    var description: String { "\(kind).\(subject).\(detail)" }
}
