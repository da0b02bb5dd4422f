// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Glibc

/// Hands messages to people: each becomes a JSON file in a folder that their own software takes them from.
///
/// The file is named by the attempt's token, so an attempt can never be in the folder twice.
struct FileDropAdapter: Adapter {
    /// The gateway's name in dunlin.yaml, for errors.
    let gateway: String
    let channel: Channel
    /// Absolute.
    let folder: String

    func request(for message: OutboundMessage) throws -> WireRequest {
        try check(message)
        var document = JSONMembers()
        try document.add("token", message.token)
        try document.add("reminder", message.reminderToken)
        try document.add("channel", channel.rawValue)
        try document.add("at", message.at.description)
        try document.add("expires", message.expires.description)
        try document.add("to", message.to)
        try document.add("name", message.recipientName)
        try document.add("account", message.account)
        try document.add("creditor", message.creditor)
        try document.add("message", message.name)
        try document.add("language", message.language)
        switch message.content {
        case .sms(let text), .chat(let text), .task(let text): try document.add("text", text)
        case .email(let mail):
            try document.add("subject", mail.subject)
            try document.add("text", mail.text)
            try document.add("html", mail.html)
        case .call(let script):
            try document.add("text", script.spokenText)
            try document.add("voicemail", script.voicemail)
        }
        return .file(FileRequest(folder: folder, name: "\(message.token).json", content: document.bytes))
    }

    func check(_ message: OutboundMessage) throws {
        guard message.content.channel == channel else {
            throw failure(
                "it takes \(channel.rawValue), not \(message.content.channel.rawValue)",
                "check 'routes' in the configuration")
        }
        if case .email(let mail) = message.content, !mail.attachments.isEmpty {
            throw failure("it cannot hold attachments", "send by 'adapter: smtp'")
        }
        guard !message.token.isEmpty,
            message.token.utf8.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x2D })
        else {
            throw failure("the attempt's token is not of letters, digits and '-'", "report this as a fault of Dunlin")
        }
    }

    func outcome(of answer: WireAnswer) -> Outcome {
        switch answer.phase {
        case .answered: return .accepted(id: nil)
        // The file has its name, but perhaps not on the disk: after a power cut it may be gone, or have been taken.
        case .interrupted: return .unknown(.ambiguousAnswer, detail: FileDropAdapter.words(Int32(answer.status)))
        case .notSent:
            let detail = FileDropAdapter.words(Int32(answer.status))
            return FileDropAdapter.passingFaults.contains(Int32(answer.status))
                ? .refused(Refusal(.transient, .transientFailure, detail: detail))
                : .refused(Refusal(.configuration, .configurationRefused, detail: detail))
        }
    }

    /// What goes away by itself or with a little room: no space, no quota, no memory, no descriptors, a disk or a network
    /// folder in trouble. All else is the folder's or its rights' fault.
    private static let passingFaults: Set<Int32> = [
        ENOSPC, EDQUOT, ENOMEM, EMFILE, ENFILE, EIO, EINTR, EAGAIN, EBUSY, ESTALE, ETIMEDOUT,
    ]

    /// `file error 28, No space left on device`
    private static func words(_ code: Int32) -> String { "file error \(code), \(String(cString: strerror(code)))" }

    private func failure(_ why: String, _ remedy: String) -> DunlinError {
        DunlinError(.failure, "gateway \(gateway)", why: why, remedy: remedy)
    }
}

extension CallScript {
    /// What is said, a line a step.
    fileprivate var spokenText: String {
        steps.compactMap { step in
            switch step {
            case .say(let words), .gather(let words, _, _): words
            case .pause: nil
            }
        }.joined(separator: "\n")
    }
}

/// A JSON object of texts, in the order they were added.
private struct JSONMembers {
    private var text: [UInt8] = []

    /// A line each, so that people can read it too.
    var bytes: [UInt8] { Array("{\n".utf8) + text + Array("\n}\n".utf8) }

    mutating func add(_ name: String, _ value: String) throws {
        if !text.isEmpty { text += Array(",\n".utf8) }
        text += Array("  \"\(name)\": \"".utf8)
        try Encoding.jsonString.append(value, to: &text)
        text.append(UInt8(ascii: "\""))
    }
}
