// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import Synchronization
import Testing

@Suite struct TransportTests {}

/// Takes every 2xx for a yes, and keeps the answers it was asked about.
final class RecordingAdapter: Adapter {
    let channel = Channel.sms
    private let seen = Mutex<[WireAnswer]>([])
    var answers: [WireAnswer] { seen.withLock { $0 } }

    func request(for message: OutboundMessage) throws -> WireRequest { .http(HTTPRequest(method: "GET", url: "")) }

    func outcome(of answer: WireAnswer) -> Outcome {
        seen.withLock { $0.append(answer) }
        return switch answer.phase {
        case .notSent: .refused(Refusal(.transient, .notConnected, detail: "curl \(answer.curlCode)"))
        case .interrupted: .unknown(.connectionLost, detail: "curl \(answer.curlCode)")
        case .answered where answer.status / 100 == 2: .accepted(id: String(decoding: answer.body, as: UTF8.self))
        case .answered: .refused(Refusal(.transient, .transientFailure, detail: "\(answer.status)"))
        }
    }
}

/// Lets through what its closure does not refuse, and keeps what it was asked and told.
final class RecordingGuard: WireGuard {
    typealias Result = (transfer: Transfer, outcome: Outcome)
    let asked = Log<Int64>()
    let results = Log<Result>()
    private let reason: @Sendable (Transfer) -> Reason?

    init(refusing reason: @escaping @Sendable (Transfer) -> Reason? = { _ in nil }) { self.reason = reason }

    func refusal(for transfer: Transfer) -> Reason? {
        asked.append([transfer.attempt])
        return reason(transfer)
    }

    func finished(_ results: [(transfer: Transfer, outcome: Outcome)]) {
        self.results.append(results.map { ($0.transfer, $0.outcome) })
    }
}

func post(_ url: String, body: String = "To=%2B16175550123", headers: [String] = []) -> WireRequest {
    .http(HTTPRequest(method: "POST", url: url, headers: headers, body: Array(body.utf8)))
}

func transfer(
    _ attempt: Int64, _ request: WireRequest, lane: Int = 0, adapter: any Adapter = RecordingAdapter(),
    timeout: Duration = .seconds(10)
) -> Transfer {
    Transfer(
        attempt: attempt, lane: lane, slot: Int(attempt), request: request, reader: adapter, timeout: timeout,
        notAfter: .distantFuture,
        scope: SendScope(channel: .sms, gateway: "sms-main", message: "payment-overdue", creditor: "Harbor Credit"))
}

/// One transfer through a transport of its own: what the adapter was shown, and the outcome.
func exchange(
    _ request: WireRequest, timeout: Duration = .seconds(10), caFile: String? = nil
) async throws -> (answer: WireAnswer?, outcome: Outcome?) {
    let gate = RecordingGuard()
    let adapter = RecordingAdapter()
    let transport = try Transport(guard: gate, lanes: [1], caFile: caFile)
    transport.submit([transfer(1, request, adapter: adapter, timeout: timeout)])
    let results = await gate.results.wait(for: 1)
    transport.shutdown(grace: .zero)
    return (adapter.answers.last, results.first?.outcome)
}
