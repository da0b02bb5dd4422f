// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel

extension Dispatcher {
    /// How long a gateway is left alone after it has refused an access token.
    static let accessRetry = Duration.seconds(30)

    /// Asks for the access tokens that are missing or about to expire, one request a gateway at a time.
    func fetchAccess(at now: Instant) {
        for lane in lanes.needingAccess(at: now) {
            guard let access = lanes[lane].gateway.access else { continue }
            let gateway = lanes[lane].gateway
            do {
                let request = try access.request(at: now)
                lanes.accessBegan(lane)
                wire.submit([
                    Transfer(
                        attempt: Dispatcher.accessAttempt(of: lane), lane: lane, slot: nil, request: .http(request),
                        reader: access.reader(at: now), timeout: gateway.timeout, notAfter: .distantFuture,
                        scope: SendScope(channel: gateway.channel, gateway: gateway.name, message: "", creditor: ""))
                ])
            } catch {
                let why = (error as? DunlinError)?.why ?? "the request for an access token could not be built"
                accessAnswered(lane, .refused(Refusal(.configuration, .configurationRefused, detail: why)), at: now)
            }
        }
    }

    /// No attempt of the ledger: those count from 1.
    private static func accessAttempt(of lane: Int) -> Int64 { -1 - Int64(lane) }

    /// Sorts out the answers that are about access tokens; the ledger has nothing to do with them.
    func takeAccess(_ answers: [Answer], at now: Instant) -> [Answer] {
        answers.filter { answer in
            guard answer.attempt < 0 else { return true }
            accessAnswered(Int(-1 - answer.attempt), answer.outcome, at: now)
            return false
        }
    }

    private func accessAnswered(_ lane: Int, _ outcome: Outcome, at now: Instant) {
        let isFresh = lanes[lane].gateway.access?.isFresh(at: now) ?? false
        lanes.accessEnded(lane, outcome, retry: isFresh ? nil : now + Dispatcher.accessRetry, at: now)
    }
}
