// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import Synchronization

/// Fetches small documents that callbacks point to, through a transport of its own like the one of the messages: TLS verified, no
/// redirect followed, an answer cut at 64 KiB. It is started with the first fetch, because few gateways need one.
final class CallbackFetcher: Sendable {
    /// SNS takes no answer within 15 seconds for a failure (from memory).
    static let timeout = Duration.seconds(5)
    /// More than there are certificates asked for at once, so that these cannot hold up a confirmation.
    static let mostAtOnce = 2 * CertificateStore.mostAtOnce

    private enum State {
        case unused
        case running(Transport)
        case closed
    }

    private let caFile: String?
    private let state = Mutex(State.unused)

    init(caFile: String?) { self.caFile = caFile }

    /// Must be called before the last reference goes. From then on everything is not sent.
    func close() {
        let transport: Transport? = state.withLock { state in
            defer { state = .closed }
            if case .running(let transport) = state { return transport }
            return nil
        }
        transport?.shutdown(grace: .zero)
    }

    /// Whatever comes of a GET.
    func get(_ url: String) async -> WireAnswer {
        guard let transport = transport() else { return WireAnswer(phase: .notSent) }
        return await withCheckedContinuation { continuation in
            transport.submit([
                Transfer(
                    attempt: 0, lane: 0, slot: nil, request: .http(HTTPRequest(method: "GET", url: url)),
                    reader: AnswerKeeper { continuation.resume(returning: $0) }, timeout: CallbackFetcher.timeout,
                    notAfter: .distantFuture, scope: SendScope(channel: .sms, gateway: "", message: "", creditor: ""))
            ])
        }
    }

    private func transport() -> Transport? {
        state.withLock { state in
            switch state {
            case .running(let transport): return transport
            case .closed: return nil
            case .unused:
                guard
                    let transport = try? Transport(
                        guard: OpenGate(), lanes: [CallbackFetcher.mostAtOnce], caFile: caFile)
                else { return nil }
                state = .running(transport)
                return transport
            }
        }
    }
}

/// Keeps an answer as it is, and hands it on when its transfer has ended.
private final class AnswerKeeper: OutcomeReader {
    private let answer = Mutex(WireAnswer(phase: .notSent))
    private let end: @Sendable (WireAnswer) -> Void

    init(end: @escaping @Sendable (WireAnswer) -> Void) { self.end = end }

    func outcome(of answer: WireAnswer) -> Outcome {
        self.answer.withLock { $0 = answer }
        return .accepted(id: nil)
    }

    func finish() { end(answer.withLock { $0 }) }
}

/// Nothing that is fetched reaches a person, so no pause holds it up.
private final class OpenGate: WireGuard {
    func refusal(for transfer: Transfer) -> Reason? { nil }

    func finished(_ results: [(transfer: Transfer, outcome: Outcome)]) {
        for (transfer, _) in results { (transfer.reader as? AnswerKeeper)?.finish() }
    }
}
