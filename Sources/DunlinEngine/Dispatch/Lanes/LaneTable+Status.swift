// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel

extension Dispatcher {
    func gatewayStatus(at now: Instant) -> [Status.Gateway] { lanes.all.map { $0.status(at: now) } }
}

private enum LaneStatus {
    /// Counts by name; nil for none.
    static func named<Name: RawRepresentable<String>>(_ counts: [Name: Int]) -> [String: Int]? {
        counts.isEmpty ? nil : Dictionary(uniqueKeysWithValues: counts.map { ($0.rawValue, $1) })
    }
}

extension Lane {
    func status(at now: Instant) -> Status.Gateway {
        var status = Status.Gateway(
            name: gateway.name, channel: gateway.channel.rawValue, state: health.state(at: now).rawValue,
            inFlight: inFlight, accepted: health.accepted, refused: health.refused, unknown: health.unknown,
            lastError: health.lastError)
        status.lastErrorAt = health.lastErrorAt?.description
        status.reasons = LaneStatus.named(health.reasons)
        status.faults = LaneStatus.named(health.faults)
        status.acceptance = health.acceptance
        status.delivery = health.delivery
        status.latencyP50 = health.latency(0.5)?.milliseconds
        status.latencyP99 = health.latency(0.99)?.milliseconds
        status.retryAt = health.retryInstant(after: now)?.description
        guard let price = gateway.price else { return status }
        let today = day(at: now)
        let currency = price.standard.currency
        status.spentToday = Price(millionths: budget.spent(on: today), currency: currency).description
        status.budget = gateway.dailyLimit?.amount.description
        // By the standard price; some destinations may cost more, and stop earlier.
        if gateway.dailyLimit != nil {
            status.isBudgetSpent = budget.isSpent(on: today, next: price.standard.millionths)
        }
        return status
    }
}
