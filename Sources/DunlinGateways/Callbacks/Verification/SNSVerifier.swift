// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Amazon SNS' messages to HTTPS endpoints (docs.aws.amazon.com/sns/latest/dg, "Verifying the signatures of Amazon SNS messages" and
/// "HTTP/HTTPS notification JSON format"): an RSA signature over some members, by a certificate whose address stands beside it.
///
/// Everybody can have SNS sign messages of topics of his own, so a topic has to be one that the operator named. The address has to be
/// that of the topic's own region and have no query: other answers of the same host can be made to hold what somebody else wrote.
struct SNSVerifier: CallbackVerifier {
    let topics: [SNSTopic]
    /// Whether SignatureVersion 1, RSA over SHA-1, is believed as well. It is what topics are set to if nobody asks for 2.
    let takesSHA1: Bool
    /// SNS tries for an hour at most, with the time of the first try ("Amazon SNS message delivery retries").
    var window = ReplayWindow(tolerance: .hours(2))

    private static let members = [
        "Type", "MessageId", "TopicArn", "Timestamp", "Message", "Subject", "Token", "SubscribeURL", "SignatureVersion",
        "Signature", "SigningCertURL",
    ]
    private static let pointers = members.map { "/\($0)" }

    private enum Kind: String {
        case notification = "Notification"
        case subscribed = "SubscriptionConfirmation"
        case unsubscribed = "UnsubscribeConfirmation"

        /// What is signed, in this order.
        var signed: [String] {
            switch self {
            case .notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
            case .subscribed, .unsubscribed:
                ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
            }
        }
    }

    func proof(of request: CallbackRequest) -> CallbackProof {
        guard let values = jsonValues(of: request.body, SNSVerifier.pointers) else { return .refused(.forged) }
        func member(_ name: String) -> String? { values[SNSVerifier.members.firstIndex(of: name)!] }
        guard let kind = member("Type").flatMap(Kind.init), let message = member("Message"),
            let topic = topics.first(where: { $0.arn == member("TopicArn") }),
            let address = member("SigningCertURL"), topic.signs(withCertificateAt: address),
            let version = member("SignatureVersion"), version == "1" || version == "2",
            let signature = member("Signature").flatMap({ padded($0.utf8) }),
            let text = SNSVerifier.text(of: kind, member)
        else { return .refused(.forged) }
        guard let certificate = request.certificates[address], certificate.isValid(at: request.at) else {
            return .needs(certificate: address)
        }
        guard certificate.holds(signature, over: text, isSHA1: version == "1") else { return .refused(.forged) }
        guard let sent = member("Timestamp").flatMap({ Instant(rfc3339: $0) }) else { return .refused(.malformed) }
        guard window.contains(sent, request.at) else { return .refused(.stale) }
        if version == "1", !takesSHA1 { return .notice(.weaklySigned(topic: topic.arn)) }
        switch kind {
        case .notification:
            // AWS also says in prose that a topic has been set up.
            return message.first { !$0.isWhitespace } == "{"
                ? .proven(payload: Array(message.utf8)) : .notice(.remark(topic: topic.arn))
        case .subscribed:
            guard let url = member("SubscribeURL"), topic.confirms(at: url) else { return .refused(.malformed) }
            return .notice(.subscribed(topic: topic.arn, confirm: url))
        case .unsubscribed: return .notice(.unsubscribed(topic: topic.arn))
        }
    }

    /// Name and value of each signed member, a line each. Nil where one is missing, or could be mistaken for two: nothing but the
    /// message itself has more than one line.
    private static func text(of kind: Kind, _ member: (String) -> String?) -> [UInt8]? {
        var text: [UInt8] = []
        for name in kind.signed {
            guard let value = member(name) else {
                if name == "Subject" { continue }
                return nil
            }
            guard name == "Message" || !value.utf8.contains(where: { $0 < 0x20 }) else { return nil }
            text += Array("\(name)\n\(value)\n".utf8)
        }
        return text
    }
}

/// A topic, `arn:aws:sns:eu-west-1:123456789012:dunlin`, and where its region is served.
struct SNSTopic: Sendable {
    let arn: String
    private let host: String

    /// Nil for what is no topic of AWS, of AWS in China or of GovCloud.
    init?(_ arn: some StringProtocol) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        let suffixes = ["aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"]
        guard parts.count == 6, parts[0] == "arn", let suffix = suffixes[String(parts[1])], parts[2] == "sns",
            (3...32).contains(parts[3].utf8.count), parts[3].utf8.allSatisfy({ $0.isWord(and: "-") }),
            parts[4].utf8.count == 12, parts[4].utf8.allSatisfy(\.isASCIIDigit),
            (1...256).contains(parts[5].utf8.count), parts[5].utf8.allSatisfy({ $0.isWord(and: "-_.") })
        else { return nil }
        self.arn = String(arn)
        host = "sns.\(parts[3]).\(suffix)"
    }

    /// `https://HOST/SimpleNotificationService-….pem`, and nothing else.
    func signs(withCertificateAt url: String) -> Bool {
        let head = "https://\(host)/SimpleNotificationService-"
        guard url.utf8.starts(with: head.utf8), url.hasSuffix(".pem") else { return false }
        let name = url.utf8.dropFirst(head.utf8.count).dropLast(4)
        return (1...64).contains(name.count) && name.allSatisfy { $0.isWord(and: "") }
    }

    /// Where a GET confirms a subscription.
    func confirms(at url: String) -> Bool {
        url.utf8.starts(with: "https://\(host)/?Action=ConfirmSubscription&".utf8) && url.utf8.count <= 2048
            && url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

extension UInt8 {
    /// A letter or a digit, or one of `others`.
    fileprivate func isWord(and others: String) -> Bool { isASCIILetter || isASCIIDigit || others.utf8.contains(self) }
}
