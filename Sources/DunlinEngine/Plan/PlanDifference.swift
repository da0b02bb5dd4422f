// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What one plan does and another does not, from the same ledger.
public struct PlanDifference {
    /// What becomes of a reminder: `sent`, or the state it ends or waits in.
    public struct Fate: Hashable, Sendable {
        /// When it is sent, ends otherwise, or is asked again.
        public var at: Instant
        public var state: State
        /// The one it is sent on; nil if it is not.
        public var channel: Channel?
        public var reason: Reason?
        /// The rules that said no, as in ``PlanReport/Cause/rules``.
        public var rules: String
    }

    public struct Example: Sendable {
        /// The reminder's id.
        public var id: String
        public var before: Fate
        public var after: Fate
    }

    /// Reminders that change in the same way.
    public struct Change: Sendable {
        /// Such as `sent by sms`, `expired: quiet-hours`; the same words before and after for what is sent at another time.
        public var before: String
        public var after: String
        public var count: Int
        public var examples: [Example]
    }

    /// Sends that move by less are the same: where one reminder leaves a queue, all behind it move up a little.
    public static let tolerance = Duration.minutes(10)

    public let before: PlanReport
    public let after: PlanReport
    /// How many reminders are there, and how many of them have another fate.
    public let changed: Int
    /// The most frequent first.
    public let changes: [Change]

    /// - Parameter id: gives the id of the reminder with a number.
    init(_ before: Plan, _ after: Plan, examples: Int, id: (Int) throws -> String) throws {
        self.before = before.report
        self.after = after.report
        var kinds: [Kind: (count: Int, numbers: [Int])] = [:]
        for number in before.fates.indices {
            guard let kind = Kind(before.fates[number], after.fates[number]) else { continue }
            kinds[kind, default: (0, [])].count += 1
            if kinds[kind]!.numbers.count < examples { kinds[kind]!.numbers.append(number) }
        }
        changed = kinds.values.reduce(0) { $0 + $1.count }
        let sorted = kinds.sorted { ($1.value.count, $0.key.name) < ($0.value.count, $1.key.name) }
        // Every kind of change gets its share of the examples, the frequent ones what is left over.
        var left = examples
        var shares = sorted.map { _ in 0 }
        while left > 0, let _ = sorted.indices.first(where: { shares[$0] < sorted[$0].value.numbers.count }) {
            for place in sorted.indices where left > 0 && shares[place] < sorted[place].value.numbers.count {
                shares[place] += 1
                left -= 1
            }
        }
        changes = try zip(sorted, shares).map { kind, share in
            Change(
                before: kind.key.before, after: kind.key.after, count: kind.value.count,
                examples: try kind.value.numbers.prefix(share).map { number in
                    Example(
                        id: try id(number), before: Fate(before.fates[number], before.rules),
                        after: Fate(after.fates[number], after.rules))
                })
        }
    }

    private struct Kind: Hashable {
        var before: String
        var after: String
        var name: String { before + after }

        /// Nil where nothing changes.
        init?(_ before: PlanTally.Fate, _ after: PlanTally.Fate) {
            if before.state == after.state, before.channel == after.channel, before.reason == after.reason {
                let move = after.at - before.at
                guard before.channel != nil, max(move, .zero - move) >= PlanDifference.tolerance else { return nil }
                self.before = before.words
                self.after = before.words + (move > .zero ? " later" : " earlier")
            } else {
                (self.before, self.after) = (before.words, after.words)
            }
        }
    }
}

extension PlanDifference.Fate {
    init(_ fate: PlanTally.Fate, _ rules: [String]) {
        self.init(
            at: fate.at, state: fate.state, channel: fate.channel, reason: fate.reason, rules: rules[Int(fate.rules)])
    }
}

extension PlanTally.Fate {
    /// `sent by sms`, `expired: quiet-hours`, `scheduled`.
    fileprivate var words: String {
        if let channel { return "sent by \(channel.rawValue)" }
        return state.rawValue + (reason.map { ": \($0.rawValue)" } ?? "")
    }
}
