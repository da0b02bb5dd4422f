// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The way through a call script: up to a gather, a key, on to the next gather.
public struct CallPath: Sendable {
    /// What the attempt was to say.
    let script: CallScript
    /// The attempt's callback with its token, and behind a gather `s`, its number.
    let url: String

    public init(script: CallScript, url: String) {
        self.script = script
        self.url = url
    }

    /// What to say next, and what the pressed key means.
    ///
    /// Throws `DunlinError` where the script has nothing that may be said at first.
    public func answer(
        _ question: CallQuestion, _ format: CallFormat
    ) throws -> (reply: CallbackReply, meaning: String?) {
        guard let key = question.key else { return (try unpressed(question, format), nil) }
        let gathers = script.steps.indices.filter { script.steps[$0].isGather }
        // A gateway that has no place for a number knows of the first gather only.
        let number = number ?? 1
        guard gathers.indices.contains(number - 1), case .gather(_, let keys, _) = script.steps[gathers[number - 1]]
        else { return (format.silence, nil) }
        let meaning = keys[key]
        switch meaning {
        case "continue":
            return (said(script.steps[(gathers[number - 1] + 1)...], next: number + 1, format), meaning)
        // A key that means nothing here is a slip: the same once more.
        case "repeat", nil:
            let begin = number > 1 ? gathers[number - 2] + 1 : 0
            return (said(script.steps[begin...], next: number, format), meaning)
        default: return (format.silence, meaning)
        }
    }

    /// The call begins; or time ran out at a gather, of which some gateways tell, and what is behind the gate stays there.
    private func unpressed(_ question: CallQuestion, _ format: CallFormat) throws -> CallbackReply {
        switch number {
        case nil:
            try format.opening(
                script, isMachine: question.isMachine, keysTo: CallPath.url(base, behind: 1))
        case 1: format.document(saying: script.voicemailSteps, language: script.language, keysTo: base)
        default: format.silence
        }
    }

    private func said(_ steps: ArraySlice<CallScript.Step>, next: Int, _ format: CallFormat) -> CallbackReply {
        format.document(saying: Array(steps), language: script.language, keysTo: CallPath.url(base, behind: next))
    }

    /// Where a key goes that is pressed at gather `number`.
    static func url(_ callback: String, behind number: Int) -> String { "\(callback)&s=\(number)" }

    /// The URL without the number of the gather.
    private var base: String {
        guard let mark = url.firstIndex(of: "?") else { return url }
        let pairs = url[url.index(after: mark)...].split(separator: "&").filter {
            $0.hasPrefix("a=") || $0.hasPrefix("k=")
        }
        return "\(url[..<mark])?\(pairs.joined(separator: "&"))"
    }

    /// The gather that the question comes from; nil at the beginning of the call.
    private var number: Int? {
        guard let mark = url.firstIndex(of: "?") else { return nil }
        let pair = url[url.index(after: mark)...].split(separator: "&").first { $0.hasPrefix("s=") }
        return pair.flatMap { Int($0.dropFirst(2)) }.flatMap { $0 > 0 ? $0 : nil }
    }
}
