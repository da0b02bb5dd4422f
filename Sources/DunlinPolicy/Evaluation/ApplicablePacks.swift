// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// The packs that apply in each region, found once.
final class ApplicablePacks: Sendable {
    /// For every region that some pack names.
    private let named: [String: RuleGroup]
    private let otherwise: RuleGroup
    private let fallback: [Pack]
    /// Groups for regions that no pack names and for people who may be in several, as they come up.
    private let found = Mutex<(one: [String: RuleGroup], several: [[String]: RuleGroup])>(([:], [:]))
    /// More than all regions of the world: text that is no region must not fill the memory.
    private static let most = 10_000

    init(_ policies: PolicySet) {
        let regions = Set(policies.packs.flatMap(\.applies.namedRegions))
        let fallback = policies.byDefault
        named = Dictionary(
            uniqueKeysWithValues: regions.map { ($0, RuleGroup(policies.applying(in: $0), fallback: fallback)) })
        otherwise = RuleGroup(policies.applying(in: nil), fallback: fallback)
        self.fallback = fallback
    }

    /// The packs for somebody who may be there: all that apply in one of the regions.
    func to(_ place: Whereabouts) -> RuleGroup {
        if place.others.isEmpty { return place.region.map(to) ?? otherwise }
        let regions = place.regions
        if regions.count == 1 { return to(regions[0]) }
        if let group = found.withLock({ $0.several[regions] }) { return group }
        var packs: [String: Pack] = [:]
        for pack in regions.flatMap({ to($0).packs }) { packs[pack.name] = pack }
        let group = RuleGroup(
            packs.values.sorted { $0.name < $1.name }, fallback: fallback,
            isWithoutPolicy: regions.contains { to($0).isWithoutPolicy })
        found.withLock { if $0.several.count < Self.most { $0.several[regions] = group } }
        return group
    }

    /// The packs for a region: those of the nearest region around it that any pack names.
    private func to(_ region: String) -> RuleGroup {
        if let group = found.withLock({ $0.one[region] }) { return group }
        let group = nearest(to: region)
        found.withLock { if $0.one.count < Self.most { $0.one[region] = group } }
        return group
    }

    private func nearest(to region: String) -> RuleGroup {
        if let group = named[region] { return group }
        guard let hyphen = region.utf8.lastIndex(of: UInt8(ascii: "-")) else { return otherwise }
        return nearest(to: String(region[..<hyphen]))
    }

    /// Every group there is, with the region it is for; nil for the one where no pack names the region.
    var all: [(region: String?, group: RuleGroup)] {
        named.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [(nil, otherwise)]
    }
}
