// SPDX-License-Identifier: Apache-2.0

/// Fills one segment after the other, never splitting a pair (3GPP TS 23.040, 9.2.3.24.1).
struct SegmentFill {
    /// Units that a message of one segment holds.
    let single: Int
    /// Units that each segment of a longer message holds, behind its header.
    let part: Int
    private(set) var units = 0
    /// True where the last character that was added opened a new segment of a longer message.
    private(set) var hasOpened = false
    private var full = 0
    private var filled = 0

    init(single: Int, part: Int) {
        (self.single, self.part) = (single, part)
    }

    /// Septets behind a user data header with `shiftTables` elements of 3 octets, and one of 5 in a longer message:
    /// what is left of 140 octets, in whole septets.
    init(shiftTables: Int) {
        func septets(header: Int) -> Int { (140 - header) * 8 / 7 }
        self.init(
            single: septets(header: shiftTables == 0 ? 0 : 1 + 3 * shiftTables),
            part: septets(header: 1 + 3 * shiftTables + 5))
    }

    static let gsm7 = SegmentFill(shiftTables: 0)
    static let ucs2 = SegmentFill(single: 70, part: 67)

    /// Adds a character of one unit, or of two that stay together.
    @inline(__always)
    mutating func add(_ cost: Int) {
        units += cost
        hasOpened = filled + cost > part
        if hasOpened {
            full += 1
            filled = 0
        }
        filled += cost
    }

    func size(_ encoding: SMSEncoding) -> SMSEncoding.Size {
        let isSingle = units <= single
        return SMSEncoding.Size(
            encoding: encoding, units: units, segments: units == 0 ? 0 : isSingle ? 1 : full + 1,
            unitsLeft: isSingle ? single - units : part - filled)
    }
}
