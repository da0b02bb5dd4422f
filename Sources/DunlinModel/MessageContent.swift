// SPDX-License-Identifier: Apache-2.0

/// What a person will read or hear, ready for a gateway.
public enum MessageContent: Hashable, Sendable {
    case sms(String)
    case email(Email)
    case call(CallScript)
    case chat(String)
    /// Words for the colleague who does it.
    case task(String)

    public var channel: Channel {
        switch self {
        case .sms: .sms
        case .email: .email
        case .call: .call
        case .chat: .chat
        case .task: .task
        }
    }
}

/// A mail without its envelope: what the template gives.
public struct Email: Hashable, Sendable {
    public var subject: String
    /// The line that mail clients show behind the subject; empty for none.
    public var preheader: String
    public var text: String
    /// A complete HTML document.
    public var html: String
    /// Names of files in the folder of attachments, in their order; each once.
    public var attachments: [String]

    public init(subject: String, preheader: String, text: String, html: String, attachments: [String] = []) {
        self.subject = subject
        self.preheader = preheader
        self.text = text
        self.html = html
        self.attachments = attachments
    }
}

/// A call in neutral steps, which each voice adapter turns into its gateway's own format.
public struct CallScript: Hashable, Sendable {
    public enum Step: Hashable, Sendable {
        case say(String)
        case pause(seconds: Int)
        /// Waits for one key; the prompt is spoken meanwhile. `keys` says what each key means (`1`: `repeat`).
        case gather(prompt: String, keys: [String: String], timeoutSeconds: Int)
    }

    /// BCP 47 language of the voice, such as `zh-CN`.
    public var language: String
    /// What comes before the first gather, and its prompt, may be heard by anybody, a machine too: it names no debt. What
    /// comes after it is for the person who pressed a key.
    public var steps: [Step]
    /// What to leave on an answering machine; reveals no debt. Empty: hang up instead.
    public var voicemail: String

    public init(language: String, steps: [Step], voicemail: String) {
        self.language = language
        self.steps = steps
        self.voicemail = voicemail
    }
}
