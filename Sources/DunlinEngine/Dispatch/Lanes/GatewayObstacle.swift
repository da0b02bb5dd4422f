// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel

/// Why a gateway is not given a reminder now. Closed; the names stand in ledger, metrics and docs.
public enum GatewayObstacle: String, CaseIterable, Sendable {
    /// Somebody has paused it.
    case paused
    /// It has spent the money of its day.
    case budgetSpent = "budget-spent"
    /// It is ill and rests, or the one request that tries it is under way.
    case resting
    /// It asked for silence.
    case throttled
    /// It has no access token.
    case noAccess = "no-access"
    /// It is at its rate, or at that of the destination.
    case rate
    case destinationRate = "destination-rate"
    /// It works on as many as it can.
    case busy
    /// An attempt failed there, and it is another gateway's turn.
    case triedBefore = "tried-before"

    public var words: String {
        switch self {
        case .paused: "it is paused"
        case .budgetSpent: "it has spent the money of its day"
        case .resting: "it is ill, and rests or is being tried"
        case .throttled: "it asked for silence"
        case .noAccess: "it has no access token"
        case .rate: "it is at its rate"
        case .destinationRate: "it is at its rate for this destination"
        case .busy: "it is busy"
        case .triedBefore: "an attempt failed there"
        }
    }
}

extension LaneTable {
    /// How a gateway was found: which entry decided, and which gateways before it were passed over.
    struct Choosing {
        /// From 1; nil where the channel has but one entry.
        var entry: Int?
        private(set) var over: [(lane: Int, because: GatewayObstacle)] = []

        mutating func pass(_ lane: Int, because obstacle: GatewayObstacle) {
            over.removeAll { $0.lane == lane }
            over.append((lane, obstacle))
        }

        mutating func take(_ lane: Int) { over.removeAll { $0.lane == lane } }
    }

    /// For the record; empty where the first gateway was taken.
    func record(_ choosing: Choosing, at now: Instant) -> [DecisionTrace.PassedGateway] {
        choosing.over.map { lane, because in
            let until: Instant? =
                switch because {
                case .budgetSpent: lanes[lane].dayEnd(at: now)
                case .resting: lanes[lane].health.retryInstant(after: now)
                case .throttled: lanes[lane].quietUntil
                case .paused, .noAccess, .rate, .destinationRate, .busy, .triedBefore: nil
                }
            return DecisionTrace.PassedGateway(
                gateway: lanes[lane].gateway.name, because: because.rawValue, until: until?.description)
        }
    }
}

extension Lane {
    /// Why it has no room, of what holds for everybody.
    mutating func obstacle(at now: Instant) -> GatewayObstacle? {
        if room(at: now) > 0 { return nil }
        if gateway.access.map({ !$0.isFresh(at: now) }) ?? false { return .noAccess }
        if quietUntil.map({ $0 > now }) ?? false { return .throttled }
        if health.state(at: now) != .closed, health.allows(at: now) <= 0 { return .resting }
        if let tokens = bucket?.available(at: now), tokens <= 0 { return .rate }
        return .busy
    }
}
