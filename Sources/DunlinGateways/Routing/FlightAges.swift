// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// How many requests of which age wait for an answer, by tenths of a second of steady time.
struct FlightAges: Sendable {
    private static let grain: Int64 = 100

    /// The tenth that `counts` begins with, the oldest.
    private var first: Int64 = 0
    private var counts: [Int32] = []
    /// What began before this tenth has been reported as late.
    private var reported = Int64.min

    mutating func begin(_ departed: Instant) {
        let tenth = departed.milliseconds.flooredQuotient(by: FlightAges.grain)
        if counts.isEmpty { first = tenth }
        let place = max(0, Int(tenth - first))
        while counts.count <= place { counts.append(0) }
        counts[place] += 1
    }

    /// A request ended. True: it was reported as late.
    mutating func land(_ departed: Instant) -> Bool {
        let tenth = departed.milliseconds.flooredQuotient(by: FlightAges.grain)
        let place = max(0, Int(tenth - first))
        guard place < counts.count, counts[place] > 0 else { return false }
        counts[place] -= 1
        let empty = counts.prefix { $0 == 0 }.count
        counts.removeFirst(empty)
        first += Int64(empty)
        return tenth < reported
    }

    /// How many began before `limit`, and not before `epoch`, that were not reported yet.
    mutating func newlyLate(before limit: Instant, since epoch: Instant) -> Int {
        let end = limit.milliseconds.flooredQuotient(by: FlightAges.grain)
        guard end > reported else { return 0 }
        defer { reported = end }
        var late = 0
        var tenth = max(first, reported, epoch.milliseconds.flooredQuotient(by: FlightAges.grain))
        while tenth < end, tenth - first < counts.count {
            late += Int(counts[Int(tenth - first)])
            tenth += 1
        }
        return late
    }
}
