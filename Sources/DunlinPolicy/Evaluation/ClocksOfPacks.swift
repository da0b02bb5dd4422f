// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// The clocks that packs go by: most packs by the same ones.
struct ClocksOfPacks {
    let place: Whereabouts
    let zones: ZoneDatabase
    let now: Instant
    /// By the zones of the record, which is how most packs go.
    private var ofRecord: [LocalClock]?
    /// By the zone policy of the pack that was asked last.
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
        let isOfRecord = pack.prefersRecord && place.hasRecordedZones
        if isOfRecord {
            if let ofRecord { return .known(ofRecord) }
        } else if let known, known.policy == pack.zones {
            return .known(known.clocks)
        }
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
        if isOfRecord { ofRecord = clocks } else { known = (pack.zones, clocks) }
        return .known(clocks)
    }

    /// The clock of a zone; nil if there is no such zone.
    func clock(_ zone: String) -> LocalClock? { (try? zones.zone(zone)).map { LocalClock($0, at: now) } }

    static func notThere(_ zone: String) -> String { "\(zone) is not in the time zone database" }
}
