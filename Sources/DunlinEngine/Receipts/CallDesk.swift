// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import Logging
import Synchronization

/// Says what comes next in a call: reads from the ledger what its attempt was to say, word for word as it was intended, and goes on
/// from the point at which the person pressed a key.
final class CallDesk: Sendable {
    private let open: @Sendable () throws -> any Ledger
    private let logger: Logger

    /// `open` gives a ledger to read from; it is called anew for each question, because calls ask seldom and on any thread.
    init(open: @escaping @Sendable () throws -> any Ledger, logger: Logger) {
        self.open = open
        self.logger = logger
    }

    /// What to say, and what the key means, for the ledger.
    func answer(
        _ question: CallQuestion, attempt: Int64, by gateway: Gateway, at url: String
    ) -> (reply: CallbackReply, meaning: String?) {
        guard let format = gateway.callFormat else { return (CallbackReply(status: 404), nil) }
        do {
            guard let script = try script(of: attempt) else { return (format.silence, nil) }
            return try CallPath(script: script, url: url).answer(question, format)
        } catch {
            logger.error(
                "a call asked what to say and nobody could tell: \(error)", metadata: ["attempt": "\(attempt)"])
            return (format.silence, nil)
        }
    }

    private func script(of attempt: Int64) throws -> CallScript? {
        let ledger = try open()
        guard let history = try ledger.history(ofAttempt: attempt),
            let sent = try SentText.all(of: history, in: ledger).first(where: { $0.attempt == attempt }),
            case .call(let script) = try sent.result.get().content
        else { return nil }
        return script
    }
}

/// The way through a call script: up to a gather, a key, on to the next gather.
struct CallPath {
    let script: CallScript
    /// The attempt's callback with its token and perhaps `s`, the number of the gather that was answered (1 if missing).
    let url: String

    func answer(_ question: CallQuestion, _ format: CallFormat) throws -> (reply: CallbackReply, meaning: String?) {
        let gathers = script.steps.indices.filter { script.steps[$0].isGather }
        guard let key = question.key else {
            return (try format.opening(script, isMachine: question.isMachine, keysTo: base), nil)
        }
        let number = step
        guard gathers.indices.contains(number - 1), case .gather(_, let keys, _) = script.steps[gathers[number - 1]]
        else {
            return (format.silence, nil)
        }
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

    private func said(_ steps: ArraySlice<CallScript.Step>, next: Int, _ format: CallFormat) -> CallbackReply {
        format.document(saying: Array(steps), language: script.language, keysTo: "\(base)&s=\(next)")
    }

    /// The URL without the number of the gather.
    private var base: String {
        guard let mark = url.firstIndex(of: "?") else { return url }
        let pairs = url[url.index(after: mark)...].split(separator: "&").filter {
            $0.hasPrefix("a=") || $0.hasPrefix("k=")
        }
        return "\(url[..<mark])?\(pairs.joined(separator: "&"))"
    }

    private var step: Int {
        guard let mark = url.firstIndex(of: "?") else { return 1 }
        let pair = url[url.index(after: mark)...].split(separator: "&").first { $0.hasPrefix("s=") }
        return pair.flatMap { Int($0.dropFirst(2)) } ?? 1
    }
}

extension CallScript.Step {
    fileprivate var isGather: Bool { if case .gather = self { true } else { false } }
}
