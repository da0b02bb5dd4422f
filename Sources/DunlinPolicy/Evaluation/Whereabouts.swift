// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// Where a person may be: the regions whose packs apply, and the zones that each source knows.
final class Whereabouts {
    /// The record's region.
    let region: String?
    /// Those of the number, where it lies in another country or tells more than the record.
    let others: [String]
    private let recordedZones: [String]
    private let phone: String?
    private let places: Places

    init(of recipient: borrowing Recipient, _ places: Places) {
        recordedZones = recipient.zones
        (region, phone) = (recipient.region, recipient.phone)
        self.places = places
        let possible = phone.map(places.regions(ofNumber:)) ?? []
        // The record knows better than the number where in its country the person is, but not the reverse.
        guard let region, possible.contains(where: { $0.isInCountry(of: region) }) else {
            others = possible
            return
        }
        others = region.utf8.count == 2 && possible.count == 1 && possible[0] != region ? possible : []
    }

    /// All of them.
    var regions: [String] { (region.map { [$0] } ?? []) + others }

    var hasRecordedZones: Bool { !recordedZones.isEmpty }

    /// The zones a source knows; empty if none.
    func zones(from source: ZoneSource) -> [String] {
        switch source {
        case .record: recordedZones
        case .address: addressZones
        case .number: phone.map(places.zones(ofNumber:)) ?? []
        }
    }

    /// Those of the record's region. A country alone says less than a number of that country, and then nothing.
    private var addressZones: [String] {
        guard let region else { return [] }
        let zones = places.zones(ofRegion: region)
        guard region.utf8.count == 2, zones.count > 1, let phone else { return zones }
        let isInside = places.regions(ofNumber: phone).contains { $0.hasPrefix(region) }
        return isInside && !places.zones(ofNumber: phone).isEmpty ? [] : zones
    }
}

extension ZonePolicy {
    /// The zones a pack goes by, all of which must allow; empty if no source knows any. The record's own are what is known
    /// and not only likely, so nothing is added to them.
    func zones(of place: Whereabouts) -> [String] {
        var found: [String] = []
        for source in sources {
            let zones = place.zones(from: source)
            if !zones.isEmpty, !combinesAll || source == .record { return zones }
            for zone in zones where !found.contains(zone) { found.append(zone) }
        }
        return found
    }
}

extension String {
    /// Whether two ISO 3166 codes begin with the same country.
    fileprivate func isInCountry(of other: String) -> Bool { utf8.prefix(2).elementsEqual(other.utf8.prefix(2)) }
}
