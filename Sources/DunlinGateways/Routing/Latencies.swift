// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// How long answers took in the last minute, by a histogram with four steps to each doubling: right to a fifth.
struct Latencies: Sendable {
    private static let halfLength = Duration.seconds(30)
    private var current = [Int32](repeating: 0, count: 96)
    private var previous = [Int32](repeating: 0, count: 96)
    private var since: Instant?

    mutating func count(_ latency: Duration, at now: Instant) {
        if let start = since, now >= start, now < start + Latencies.halfLength {
        } else {
            let isNext = since.map { now >= $0 && now < $0 + Latencies.halfLength * 2 } ?? false
            if isNext { swap(&current, &previous) } else { previous = [Int32](repeating: 0, count: 96) }
            current = [Int32](repeating: 0, count: 96)
            since = now
        }
        current[Latencies.step(latency.milliseconds)] += 1
    }

    /// The time within which this share of answers came, rounded up to a step; nil where there was none.
    func quantile(_ share: Double) -> Duration? {
        let total = current.reduce(0) { $0 + Int($1) } + previous.reduce(0) { $0 + Int($1) }
        guard total > 0 else { return nil }
        var left = max(1, Int((Double(total) * share).rounded(.up)))
        for step in current.indices {
            left -= Int(current[step]) + Int(previous[step])
            if left <= 0 { return .milliseconds(Latencies.end(of: step)) }
        }
        return nil
    }

    /// 0 to 3 ms each have a step, then four for each doubling.
    private static func step(_ milliseconds: Int64) -> Int {
        let value = UInt64(max(0, min(milliseconds, 1 << 24)))
        guard value >= 4 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        return min(95, 4 * (exponent - 1) + Int(value >> UInt64(exponent - 2)) - 4)
    }

    private static func end(of step: Int) -> Int64 {
        guard step >= 4 else { return Int64(step) }
        let exponent = step / 4 + 1
        return (Int64(step % 4 + 5) << Int64(exponent - 2)) - 1
    }
}

/// How long an answer usually takes, and from when on one is late.
struct UsualLatency: Sendable {
    /// Fewer answers tell nothing.
    static let fewest = 20
    private var mean = 0.0
    private var answers = 0

    mutating func count(_ latency: Duration) {
        answers = min(answers + 1, 200)
        mean += (Double(latency.milliseconds) - mean) / Double(answers)
    }

    /// From now on this is usual.
    mutating func set(_ latency: Duration) { (mean, answers) = (Double(latency.milliseconds), 200) }

    func lateAfter(timeout: Duration) -> Duration {
        guard answers >= UsualLatency.fewest else { return max(.seconds(2), timeout / 3) }
        return max(.seconds(2), min(timeout, .milliseconds(Int64(mean * 8))))
    }
}
