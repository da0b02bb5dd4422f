// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// Where a person may be: the regions whose packs apply, and the zones that each source knows.
struct Whereabouts {
    /// Of the record, and of the number where it lies in another country or the record names none.
    let regions: [String]
    private let recipient: Recipient
    private let places: Places

    init(of recipient: Recipient, _ places: Places) {
        self.recipient = recipient
        self.places = places
        var regions = recipient.region.map { [$0] } ?? []
        if let phone = recipient.phone {
            for region in places.regions(ofNumber: phone) {
                // The record knows better than the number where in its country the person is, but not the reverse.
                let country = region.prefix(2)
                if let own = recipient.region {
                    if !own.hasPrefix(country) { regions.append(region) }
                    if own.utf8.count == 2, own == country, region.utf8.count > 2 { regions.append(region) }
                } else {
                    regions.append(region)
                }
            }
        }
        self.regions = regions
    }

    /// The zones a source knows; empty if none.
    func zones(from source: ZoneSource) -> [String] {
        switch source {
        case .record: recipient.zones
        case .address: recipient.region.map(places.zones(ofRegion:)) ?? []
        case .number: recipient.phone.map(places.zones(ofNumber:)) ?? []
        }
    }
}

extension ZonePolicy {
    /// The zones a pack goes by, all of which must allow; empty if no source knows any.
    func zones(of place: Whereabouts) -> [String] {
        var found: [String] = []
        for source in sources {
            let zones = place.zones(from: source)
            if !combinesAll, !zones.isEmpty { return zones }
            for zone in zones where !found.contains(zone) { found.append(zone) }
        }
        return found
    }
}
