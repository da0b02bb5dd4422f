// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// A rule as far as it decides when a deferred contact may go: what opens it, and when it is in force.
struct Deferrer {
    enum Shape {
        /// Opens and shuts with the clock of a zone.
        case window(PlacedWindow)
        /// Is shut until an instant.
        case gate(Instant)
    }

    let shape: Shape
    /// From each of these instants on it is in force or not, in order; empty: always.
    var steps: [(from: Instant, isInForce: Bool)] = []

    /// Lets it be in force only while these steps say so too.
    fileprivate mutating func bind(by more: [(from: Instant, isInForce: Bool)]) {
        let own = steps
        guard !own.isEmpty else { return steps = more }
        steps = Set((own + more).map(\.from)).sorted().map { instant in
            (instant, [own, more].allSatisfy { $0.last { $0.from <= instant }?.isInForce ?? false })
        }
    }

    /// The first instant at or after `start` and before `limit` at which it says no "not now".
    private func opening(from start: Instant, before limit: Instant) -> Instant? {
        if steps.isEmpty { return shapeOpening(from: start, before: limit) }
        var instant = start
        while instant < limit {
            guard let step = steps.last(where: { $0.from <= instant }), step.isInForce else { return instant }
            let end = steps.first { $0.from > instant && !$0.isInForce }?.from ?? limit
            if let opens = shapeOpening(from: instant, before: min(end, limit)) { return opens }
            instant = end
        }
        return nil
    }

    private func shapeOpening(from start: Instant, before limit: Instant) -> Instant? {
        switch shape {
        case .window(let place): return place.window.opening(in: place.zone, from: start, before: limit)
        case .gate(let opens):
            let instant = max(start, opens)
            return instant < limit ? instant : nil
        }
    }

    /// The first instant at or after `start` at which none of them says "not now"; nil if there is none within
    /// ``PlacedWindow/openingHorizon``.
    ///
    /// Each in turn moves the instant on to its own next opening, until a whole round moves it no more.
    static func commonOpening(of deferrers: [Deferrer], from start: Instant) -> Instant? {
        let limit = start + PlacedWindow.openingHorizon
        var instant = start
        var agreeing = 0
        while true {
            for deferrer in deferrers {
                if agreeing == deferrers.count { return instant }
                guard let opens = deferrer.opening(from: instant, before: limit) else { return nil }
                agreeing = opens == instant ? agreeing + 1 : 1
                instant = opens
            }
            if agreeing == deferrers.count { return instant }
        }
    }
}

extension Inquiry {
    /// What a rule says of the time to come, as far as it may say "not now"; empty if it never does.
    func deferrers(of rule: Rule, _ clocks: [LocalClock], hours: [LocalClock]) throws -> [Deferrer] {
        var deferrers: [Deferrer] = []
        switch rule.kind {
        case .window(let window):
            deferrers = hours.map { Deferrer(shape: .window(PlacedWindow(window: window, zone: $0.zone))) }
        case .borrowerHours: deferrers = try blockedDeferrers(clocks)
        case .needs(let needs):
            // Shut while none serves and one will; where none will, it holds.
            let spans = try spans(of: needs, under: rule, clocks).map(\.span)
            let edges = Set([now] + spans.flatMap { [$0.lowerBound, $0.upperBound] }.filter { $0 > now }).sorted()
            let steps = edges.map { edge in
                (edge, !spans.contains { $0.contains(edge) } && spans.contains { $0.lowerBound > edge })
            }
            deferrers = [Deferrer(shape: .gate(.distantFuture), steps: steps)]
        default:
            guard case .waits(let until, _) = try ask(rule, clocks).0 else { return [] }
            deferrers = [Deferrer(shape: .gate(until))]
        }
        guard rule.isConditional else { return deferrers }
        var steps = [(from: now, isInForce: try binding(of: rule, at: now, clocks).binds)]
        for change in try changes(of: rule, clocks) {
            steps.append((change, try binding(of: rule, at: change, clocks).binds))
        }
        for i in deferrers.indices { deferrers[i].bind(by: steps) }
        return deferrers
    }

    /// One for each time that the person has blocked hours and each clock.
    func blockedDeferrers(_ clocks: [LocalClock]) throws -> [Deferrer] {
        var deferrers: [Deferrer] = []
        for event in try blockedHours() where event.until > now {
            let window = ContactWindow(blocking: BlockedHours(figure: event.figure))
            for clock in clocks {
                deferrers.append(
                    Deferrer(
                        shape: .window(PlacedWindow(window: window, zone: clock.zone)),
                        steps: [(max(event.at, now), true), (event.until, false)]))
            }
        }
        return deferrers
    }
}
