// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A time zone: how far local time is from UTC at every instant. Made by ``ZoneDatabase``.
public final class Zone: Sendable, Hashable {
    /// The IANA name it was asked for by, such as `America/New_York`.
    public let name: String
    let offsets: ZoneOffsets

    init(name: String, offsets: ZoneOffsets) {
        self.name = name
        self.offsets = offsets
    }

    /// Seconds east of UTC.
    public func offset(at instant: Instant) -> Int { offsets.offset(at: instant.seconds) }

    public func local(at instant: Instant) -> LocalTime {
        let seconds = instant.seconds
        return LocalTime(secondsSince1970: seconds + Int64(offsets.offset(at: seconds)))
    }

    /// The instant of a local time (up to the year 9999).
    ///
    /// In a gap the time is shifted forward by the length of the gap (02:30 becomes 03:30); in a fold it is the first of
    /// the two.
    public func instant(of local: LocalTime) -> Instant {
        Instant(seconds: offsets.instant(ofLocal: local.secondsSince1970))
    }

    /// The first instant strictly after `instant` at which the offset changes; nil if there is none before the year 2500.
    public func nextTransition(after instant: Instant) -> Instant? {
        guard let next = offsets.nextChange(after: instant.seconds), next < Zone.year2500 else { return nil }
        return Instant(seconds: next)
    }

    private static let year2500: Int64 = 16_725_225_600

    public static func == (a: Zone, b: Zone) -> Bool { a === b || (a.name == b.name && a.offsets == b.offsets) }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
