// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A gateway that speaks HTTP as a definition declares it.
struct DeclaredAdapter: Adapter {
    /// The gateway's name in dunlin.yaml, for errors.
    let gateway: String
    let channel: Channel
    /// The longest text that the gateway takes, in UTF-16 units: the strictest way to count characters.
    let maxText: Int?
    let request: RequestProgram
    let rules: AnswerRules

    func request(for message: OutboundMessage) throws -> WireRequest {
        guard message.content.channel == channel else {
            throw DunlinError(
                .failure, "gateway \(gateway)",
                why: "it takes \(channel.rawValue), not \(message.content.channel.rawValue)",
                remedy: "check 'routes' in the configuration")
        }
        if let maxText, let text = message.content.plainText, text.utf8.count > maxText, text.utf16.count > maxText {
            throw DunlinError(
                .failure, "gateway \(gateway)",
                why: "the text has \(text.utf16.count) characters, the gateway takes \(maxText)",
                remedy: "shorten the message")
        }
        if case .email(let mail) = message.content, !mail.attachments.isEmpty {
            throw DunlinError(
                .failure, "gateway \(gateway)", why: "it cannot send attachments", remedy: "send by 'adapter: smtp'")
        }
        return .http(try request.request(for: message))
    }

    func outcome(of answer: WireAnswer) -> Outcome { rules.outcome(of: answer) }
}

/// Never the settings: secrets are among them.
extension DeclaredAdapter: CustomStringConvertible, CustomReflectable {
    var description: String { "gateway \(gateway)" }
    var customMirror: Mirror { Mirror(self, children: ["gateway": gateway]) }
}

extension MessageContent {
    /// The words, where they are all there is.
    fileprivate var plainText: String? {
        switch self {
        case .sms(let text), .chat(let text), .task(let text): text
        case .email, .call: nil
        }
    }
}
