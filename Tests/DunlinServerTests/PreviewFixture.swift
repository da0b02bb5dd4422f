// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

@testable import DunlinServer

/// A library of one message, `overdue`, in English, Spanish (no call) and Arabic, with one text everywhere.
func previewLibrary(
    _ text: String = "Pay $5", name: String = "overdue", sender: String = "Harbor", variants: [String] = []
) -> PreviewLibrary {
    func language(_ tag: String, _ name: String, regions: [String] = [], _ channels: [Channel]) -> PreviewLanguage {
        PreviewLanguage(tag: tag, name: name, isRightToLeft: tag == "ar", regions: regions, channels: channels)
    }
    let three: [Channel] = [.sms, .email, .call]
    let message = PreviewMessage(
        name: name, purpose: "Asks \(text)", sender: sender, channels: three,
        languages: [
            language("ar", "Arabic", three), language("en", "English", three),
            language("es", "Spanish", regions: ["ES", "MX"], [.sms, .email]),
        ], missingLanguages: ["ja"], defaultLanguage: "en", variants: variants, maxSegments: 4)
    return PreviewLibrary(messages: [message]) { request in
        guard request.message == name else { return .refused("unknown") }
        let words = "\(text) [\(request.language)-\(request.region ?? "")\(request.isBare ? " bare" : "")]"
        switch request.channel {
        case .sms: return .written(.sms(words), changes: ["’ → '"])
        case .email:
            return .written(
                .email(Email(subject: "S \(words)", preheader: "P \(words)", text: "T \(words)", html: "<p>\(words)")),
                changes: [])
        case .call:
            return .written(
                .call(
                    CallScript(
                        language: "en-US",
                        steps: [
                            .say("Hello"), .gather(prompt: "Who?", keys: ["1": "continue"], timeoutSeconds: 8),
                            .say(words), .pause(seconds: 2),
                            .gather(prompt: "Again?", keys: ["9": "opt-out", "1": "repeat"], timeoutSeconds: 5),
                        ], voicemail: "Call \(words)")), changes: [])
        case .chat: return .written(.chat(words), changes: [])
        case .task: return .written(.task(words), changes: [])
        }
    }
}

/// A source that a test changes.
final class EditedLibrary: Sendable {
    private let state: Mutex<(stamp: UInt64, reading: PreviewReading, reads: Int)>

    init(_ reading: PreviewReading) { state = Mutex((1, reading, 0)) }

    func save(_ reading: PreviewReading) { state.withLock { $0 = ($0.stamp + 1, reading, $0.reads) } }

    var reads: Int { state.withLock { $0.reads } }

    var source: PreviewSource {
        PreviewSource(
            stamp: { self.state.withLock { $0.stamp } },
            read: {
                self.state.withLock {
                    $0.reads += 1
                    return $0.reading
                }
            })
    }
}

/// A finding about a message.
func finding(_ message: String?, _ what: String = "the part is missing", isError: Bool = true) -> PreviewFinding {
    PreviewFinding(
        isError: isError, place: "t/\(message ?? "library.yaml")/en/sms.mustache:3:5", what: what, remedy: "write it",
        message: message)
}
