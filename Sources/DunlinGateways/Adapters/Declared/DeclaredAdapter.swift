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
    /// Nil where its requests need none.
    let access: AccessToken?
    let needsValues: Bool

    func request(for message: OutboundMessage) throws -> WireRequest {
        try checkContent(of: message)
        return .http(try request.request(for: message))
    }

    /// Without a signature, and as if there were an access token.
    func check(_ message: OutboundMessage) throws {
        try checkContent(of: message)
        try request.check(message)
    }

    func outcome(of answer: WireAnswer) -> Outcome {
        let outcome = rules.outcome(of: answer)
        if case .refused(let refusal) = outcome, refusal.reason == .accessExpired { access?.discard() }
        return outcome
    }

    private func checkContent(of message: OutboundMessage) throws {
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
    }
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
