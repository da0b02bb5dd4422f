// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The outcomes of the last five seconds, or the last ten where there were fewer, as good and bad ones.
struct OutcomeWindow: Sendable {
    static let length = Duration.seconds(5)
    static let slotLength = Duration.milliseconds(500)
    static let fewest = 10

    private struct Slot {
        var start: Instant
        var total = 0
        var bad = 0
    }

    private var slots: [Slot] = []
    private(set) var total = 0
    private(set) var bad = 0
    private(set) var lastAt: Instant?
    /// Bad ones since the last good one.
    private var badRun = 0

    mutating func count(good: Int = 0, bad new: Int = 0, at now: Instant) {
        // A clock that steps back stays in its slot.
        if slots.last.map({ now >= $0.start + OutcomeWindow.slotLength }) ?? true { slots.append(Slot(start: now)) }
        slots[slots.count - 1].total += good + new
        slots[slots.count - 1].bad += new
        total += good + new
        bad += new
        badRun = good > 0 ? new : badRun + new
        lastAt = now
        while let first = slots.first, first.start + OutcomeWindow.length + OutcomeWindow.slotLength <= now,
            total - first.total >= OutcomeWindow.fewest
        {
            slots.removeFirst()
            total -= first.total
            bad -= first.bad
        }
    }

    mutating func removeAll() { self = OutcomeWindow() }

    /// A fifth is bad, and at least five; or twenty came in a row, which at a high rate tells earlier. Three are taken for bad luck: of 25 outcomes with one bad in ten at random,
    /// a fifth is bad in one window of ten, eight in one of five hundred.
    var isIll: Bool { badRun >= 20 || (bad >= 5 && (bad - 3) * 5 >= total) }

    /// Nil where nothing is known.
    var goodShare: Double? { total == 0 ? nil : Double(total - bad) / Double(total) }
}
