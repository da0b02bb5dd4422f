// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension SentText {
    /// For a person: which attempt, whether it is the same, and the words as they are.
    public var text: String {
        let way = [channel?.rawValue, gateway.map { "by \($0)" }].compactMap(\.self).joined(separator: " ")
        var lines = ["\(reminder), attempt \(attempt): \(way) at \(at), \(outcome?.rawValue ?? "no outcome yet")"]
        switch result {
        case .success(let writing):
            let added = notices.isEmpty ? "" : ", with the notice \(notices.joined(separator: ", "))"
            let size =
                writing.segments > 0 ? ", \(writing.segments) SMS segment\(writing.segments == 1 ? "" : "s")" : ""
            lines.append("  \(template ?? "")\(added)\(size)")
            let proof =
                writing.difference.map { "the text of that version; its bytes differ today because: \($0)" }
                ?? "the same to the last byte as what went out" + writing.content.reservation
            lines += ["  \(proof)", "", writing.content.shown]
        case .failure(let error): lines.append("  \(error.why); \(error.remedy)")
        }
        return lines.joined(separator: "\n")
    }
}

extension MessageContent {
    /// What the comparison says nothing about.
    fileprivate var reservation: String {
        guard case .email(let mail) = self, !mail.attachments.isEmpty else { return "" }
        return ", but for what was in the attached files, which is not kept"
    }
}

/// What an attempt said, as JSON for programs.
public struct SentTextRecord: Encodable, Sendable {
    struct Mail: Encodable {
        var subject, preheader, text, html: String
        /// The names of the files; what was in them is not kept.
        var attachments: [String]
    }

    struct Call: Encodable {
        struct Step: Encodable {
            var say: String?
            var pause: Int?
            var gather: [String: String]?
            var timeout: Int?
        }

        var language: String
        var steps: [Step]
        var voicemail: String
    }

    var id: String
    var attempt: Int64
    var at: String
    var channel: String?
    var gateway: String?
    var outcome: String?
    var template: String?
    var notices: [String]
    /// Whether it is what went out, to the last byte; nil where there is no text.
    var isSame: Bool?
    var difference: String?
    /// Why there is no text.
    var fault: String?
    var segments: Int?
    var sms: String?
    var chat: String?
    var task: String?
    var email: Mail?
    var call: Call?

    public init(_ sent: SentText) {
        id = sent.reminder
        attempt = sent.attempt
        at = sent.at.description
        channel = sent.channel?.rawValue
        gateway = sent.gateway
        outcome = sent.outcome?.rawValue
        template = sent.template
        notices = sent.notices
        switch sent.result {
        case .failure(let error): fault = error.why
        case .success(let writing):
            isSame = writing.difference == nil
            difference = writing.difference
            switch writing.content {
            case .sms(let text): (sms, segments) = (text, writing.segments)
            case .chat(let text): chat = text
            case .task(let text): task = text
            case .email(let mail):
                email = Mail(
                    subject: mail.subject, preheader: mail.preheader, text: mail.text, html: mail.html,
                    attachments: mail.attachments)
            case .call(let script):
                call = Call(
                    language: script.language, steps: script.steps.map(Call.Step.init), voicemail: script.voicemail)
            }
        }
    }
}

extension SentTextRecord.Call.Step {
    fileprivate init(_ step: CallScript.Step) {
        switch step {
        case .say(let words): say = words
        case .pause(let seconds): pause = seconds
        case .gather(let prompt, let keys, let seconds): (say, gather, timeout) = (prompt, keys, seconds)
        }
    }
}
