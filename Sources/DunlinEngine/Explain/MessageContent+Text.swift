// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension MessageContent {
    /// The message as text for a terminal.
    public var shown: String {
        switch self {
        case .sms(let text), .chat(let text), .task(let text): text
        case .email(let mail):
            "Subject: \(mail.subject)\nPreheader: \(mail.preheader)\n"
                + mail.attachments.map { "Attached: \($0)\n" }.joined() + "\n\(mail.text)"
        case .call(let script):
            (script.steps.map { step in
                switch step {
                case .say(let words): "say    \(words)"
                case .pause(let seconds): "pause  \(seconds) s"
                case .gather(let prompt, let keys, _): "ask    \(prompt) (\(keys.legend))"
                }
            } + ["voicemail  \(script.voicemail)"]).joined(separator: "\n")
        }
    }
}

extension [String: String] {
    /// Keys of a telephone with what they mean, in order.
    fileprivate var legend: String {
        sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
