// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// The clocks that packs go by: most packs by the same ones.
struct ClocksOfPacks {
    let place: Whereabouts
    let zones: ZoneDatabase
    let now: Instant
    private var known: (policy: ZonePolicy, clocks: [LocalClock])?

    init(place: Whereabouts, zones: ZoneDatabase, now: Instant) {
        self.place = place
        self.zones = zones
        self.now = now
    }

    enum Answer {
        case known([LocalClock])
        /// No source knows a zone; the pack presumes this one.
        case presumed([LocalClock], String)
        case unknown(why: String)
    }

    mutating func clocks(of pack: Pack) -> Answer {
        if let known, known.policy == pack.zones { return .known(known.clocks) }
        let names = pack.zones.zones(of: place)
        guard !names.isEmpty else {
            guard let presumed = pack.zones.presumed else {
                return .unknown(why: "no zone is known, and \(pack.name) presumes none")
            }
            guard let clock = clock(presumed) else { return .unknown(why: ClocksOfPacks.notThere(presumed)) }
            return .presumed([clock], presumed)
        }
        var clocks: [LocalClock] = []
        clocks.reserveCapacity(names.count)
        for name in names {
            guard let clock = clock(name) else { return .unknown(why: ClocksOfPacks.notThere(name)) }
            clocks.append(clock)
        }
        known = (pack.zones, clocks)
        return .known(clocks)
    }

    /// The clock of a zone; nil if there is no such zone.
    func clock(_ zone: String) -> LocalClock? { (try? zones.zone(zone)).map { LocalClock($0, at: now) } }

    static func notThere(_ zone: String) -> String { "\(zone) is not in the time zone database" }
}
