// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel

@testable import DunlinEngine

/// Reads nothing: in these tests the events come as they are.
private struct SilentReader: CallbackReader {
    let tellsArrival = true

    func read(_ request: CallbackRequest) -> CallbackReading { .events([], CallbackReply(), isProven: true) }
}

/// A gateway's answer to a look-up, as the test says.
struct ScriptedLookup: Lookup {
    var after = Duration.seconds(20)
    var tries = 3
    var provesAbsence = true

    func request(for message: OutboundMessage, _ moment: Instant, try number: Int) throws -> HTTPRequest {
        HTTPRequest(method: "GET", url: "http://gateway/?reference=\(message.token)")
    }

    func reader(for message: OutboundMessage) -> any OutcomeReader { EchoAdapter(channel: .sms) }
}

extension DispatchBench {
    /// Gateways that tell what became of a message, or can be asked.
    static func telling(_ name: String, _ channel: Channel, lookup: ScriptedLookup? = nil, repeatable: Duration? = nil)
        -> Gateway
    {
        var gateway = gateway(name, channel)
        gateway.callbacks = SilentReader()
        gateway.lookup = lookup
        gateway.repeatable = repeatable
        return gateway
    }

    static func following(
        lookup: ScriptedLookup? = nil, repeatable: Duration? = nil, unknown: UnknownPolicy = .assumeSent,
        fallback: [Channel: Duration] = [:]
    ) throws -> DispatchBench {
        try DispatchBench(
            gateways: [
                telling("sms-a", .sms, lookup: lookup, repeatable: repeatable), telling("mail", .email),
                telling("voice", .call),
            ], routes: [.sms: [0], .email: [1], .call: [2]], unknown: unknown, fallback: fallback)
    }

    static func receipt(
        _ attempt: Int64, _ status: Receipt.Status, reason: Reason? = nil, code: String? = nil,
        from gateway: String = "sms-a",
        channel: Channel = .sms, answeredBy: Receipt.Answerer? = nil, seconds: Int? = nil
    ) -> CallbackBatch {
        let receipt = Receipt(
            .token(tokens.token(forAttempt: attempt)), status, reason: reason, code: code, answeredBy: answeredBy,
            seconds: seconds)
        return CallbackBatch(
            gateway: gateway, channel: channel, entries: [.receipt(receipt, attempt: attempt)], done: { _ in })
    }

    static func reply(_ id: String, from sender: String, _ text: String, _ meaning: ReplyMeaning? = nil)
        -> CallbackBatch
    {
        CallbackBatch(
            gateway: "sms-a", channel: .sms,
            entries: [.reply(Reply(id: id, from: sender, text: text, understood: meaning))], done: { _ in })
    }
}
