// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinTemplates
import Dispatch
import Synchronization

/// Sends one message through one gateway, outside of queue, policy and ledger: an operator's own question to an own address.
public final class GatewayTest {
    /// What came of it.
    public struct Result: Sendable {
        /// How receipts name it.
        public let token: String
        /// Method and address of the request, without query, body and credentials.
        public let request: String
        public let outcome: Outcome
    }

    private let gateway: Gateway
    private let clock: any Clock
    private let transport: Transport
    private let gate: SingleAnswer

    /// Throws where the system has no descriptors or threads left.
    public init(_ gateway: Gateway, caFile: String?, clock: any Clock) throws {
        self.gateway = gateway
        self.clock = clock
        gate = SingleAnswer()
        transport = try Transport(guard: gate, lanes: [1], caFile: caFile)
    }

    /// Ends the connections. Must be called before the last reference goes.
    public func close() { transport.shutdown(grace: .zero) }

    /// Sends `content` to `address` and waits for the answer. Throws `DunlinError` where the gateway cannot express it, or gives no
    /// access token.
    public func send(
        _ content: MessageContent, to address: String, as name: String, language: String, values: [String: String],
        creditor: String, token: String
    ) throws -> Result {
        if let access = gateway.access {
            let outcome = exchange(.http(try access.request(at: clock.now)), access.reader(at: clock.now))
            guard access.isFresh(at: clock.now) else {
                throw DunlinError(
                    .failure, "gateway \(gateway.name)", why: "it gives no access token: \(outcome.words)",
                    remedy: "check the credentials and the address it is fetched from")
            }
        }
        let now = clock.now
        let message = OutboundMessage(
            attempt: 0, token: token, reminderToken: token, to: address, recipientName: "", creditor: creditor,
            name: name,
            language: language, content: content, values: values, at: now, expires: now + .hours(1))
        let request = try gateway.adapter.request(for: message)
        return Result(
            token: token, request: String(describing: request), outcome: exchange(request, gateway.adapter))
    }

    private func exchange(_ request: WireRequest, _ reader: any OutcomeReader) -> Outcome {
        transport.submit([
            Transfer(
                attempt: 0, lane: 0, slot: nil, request: request, reader: reader, timeout: gateway.timeout,
                notAfter: .distantFuture,
                scope: SendScope(channel: gateway.channel, gateway: gateway.name, message: "", creditor: ""))
        ])
        return gate.wait()
    }
}

/// Lets everything go and keeps one answer.
private final class SingleAnswer: WireGuard {
    private let answer = Mutex<Outcome?>(nil)
    private let bell = DispatchSemaphore(value: 0)

    func refusal(for transfer: Transfer) -> Reason? { nil }

    func finished(_ results: [(transfer: Transfer, outcome: Outcome)]) {
        answer.withLock { $0 = results.last?.outcome }
        bell.signal()
    }

    func wait() -> Outcome {
        bell.wait()
        return answer.withLock { $0 } ?? .unknown(.connectionLost, detail: "")
    }
}

extension String {
    /// A detail of an outcome, with what it means where it names a fault of the line.
    fileprivate var withWords: String { WireFault(detail: self).map { "\(self): \($0.words)" } ?? self }
}

extension Outcome {
    /// For an operator: `accepted, its id is SM1`, `refused: recipient-refused, http 400 code 21211`.
    public var words: String {
        switch self {
        case .accepted(let id): id.map { "accepted, its id is \($0)" } ?? "accepted"
        case .refused(let refusal):
            "refused (\(refusal.kind.rawValue)): \(refusal.reason.rawValue), \(refusal.detail.withWords)"
        case .unknown(let reason, let detail): "unknown: \(reason.rawValue), \(detail.withWords)"
        case .withdrawn(let reason): "not sent: \(reason.rawValue)"
        }
    }
}
