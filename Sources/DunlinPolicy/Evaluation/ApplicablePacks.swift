// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// The packs that apply in each region, found once.
final class ApplicablePacks: Sendable {
    /// For every region that some pack names.
    private let named: [String: RuleGroup]
    private let otherwise: RuleGroup
    private let fallback: [Pack]
    /// RuleGroups of people who may be in several regions, as they come up.
    private let joined = Mutex<[[String]: RuleGroup]>([:])

    init(_ policies: PolicySet) {
        let regions = Set(policies.packs.flatMap(\.applies.namedRegions))
        let fallback = policies.byDefault
        named = Dictionary(
            uniqueKeysWithValues: regions.map { ($0, RuleGroup(policies.applying(in: $0), fallback: fallback)) })
        otherwise = RuleGroup(policies.applying(in: nil), fallback: fallback)
        self.fallback = fallback
    }

    /// The packs for somebody who may be in any of these regions: all that apply in one of them.
    func to(_ regions: [String]) -> RuleGroup {
        if regions.count < 2 { return regions.first.map(to) ?? otherwise }
        if let group = joined.withLock({ $0[regions] }) { return group }
        var packs: [String: Pack] = [:]
        for pack in regions.flatMap({ to($0).packs }) { packs[pack.name] = pack }
        let group = RuleGroup(
            packs.values.sorted { $0.name < $1.name }, fallback: fallback,
            isWithoutPolicy: regions.contains { to($0).isWithoutPolicy })
        joined.withLock { $0[regions] = group }
        return group
    }

    /// The packs for a region: those of the nearest region around it that any pack names.
    private func to(_ region: String) -> RuleGroup {
        if let group = named[region] { return group }
        guard let hyphen = region.utf8.lastIndex(of: UInt8(ascii: "-")) else { return otherwise }
        return to(String(region[..<hyphen]))
    }

    /// Every group there is, with the region it is for; nil for the one where no pack names the region.
    var all: [(region: String?, group: RuleGroup)] {
        named.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [(nil, otherwise)]
    }
}
