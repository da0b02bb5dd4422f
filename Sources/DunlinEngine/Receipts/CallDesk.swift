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
        guard let sent = try ledger.sent(attempt), !sent.remains.isErased,
            case .call(let script) = try SentText(sent, in: ledger).result.get().content
        else { return nil }
        return script
    }
}
