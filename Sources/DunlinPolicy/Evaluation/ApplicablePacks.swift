// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// The packs that apply in each region, found once.
final class ApplicablePacks: Sendable {
    /// Packs that apply together.
    struct Group: Sendable {
        let packs: [Pack]
        /// Those that are asked besides where no window of the others' regions binds.
        let fallback: [Pack]
        let ruleCount: Int
        /// How far back their rules look at most, in milliseconds, by the leading part of their key.
        let lookback: ByPart<Int64>
        /// Whether nothing but the floor applies, at least in one of the regions: nothing may go out.
        let isWithoutPolicy: Bool
        /// Whether some rule has to know the message.
        let readsMessages: Bool

        init(_ packs: [Pack], fallback: [Pack], isWithoutPolicy: Bool = false) {
            self.packs = packs
            self.isWithoutPolicy =
                isWithoutPolicy || fallback.isEmpty && packs.allSatisfy { $0.name == PolicySet.floorName }
            self.fallback = fallback
            let rules = (packs + fallback).flatMap(\.rules)
            ruleCount = rules.count
            var lookback = ByPart<Int64>(recipient: 0, account: 0, address: 0)
            for (key, period) in rules.compactMap(\.counting) {
                lookback[key.leading] = max(lookback[key.leading], period.lookback)
            }
            self.lookback = lookback
            readsMessages = rules.contains(where: \.readsMessages)
        }
    }

    /// For every region that some pack names.
    private let named: [String: Group]
    private let otherwise: Group
    private let fallback: [Pack]
    /// Groups of people who may be in several regions, as they come up.
    private let joined = Mutex<[[String]: Group]>([:])

    init(_ policies: PolicySet) {
        let regions = Set(policies.packs.flatMap(\.applies.namedRegions))
        let fallback = policies.byDefault
        named = Dictionary(
            uniqueKeysWithValues: regions.map { ($0, Group(policies.applying(in: $0), fallback: fallback)) })
        otherwise = Group(policies.applying(in: nil), fallback: fallback)
        self.fallback = fallback
    }

    /// The packs for somebody who may be in any of these regions: all that apply in one of them.
    func to(_ regions: [String]) -> Group {
        if regions.count < 2 { return regions.first.map(to) ?? otherwise }
        if let group = joined.withLock({ $0[regions] }) { return group }
        var packs: [String: Pack] = [:]
        for pack in regions.flatMap({ to($0).packs }) { packs[pack.name] = pack }
        let group = Group(
            packs.values.sorted { $0.name < $1.name }, fallback: fallback,
            isWithoutPolicy: regions.contains { to($0).isWithoutPolicy })
        joined.withLock { $0[regions] = group }
        return group
    }

    /// The packs for a region: those of the nearest region around it that any pack names.
    private func to(_ region: String) -> Group {
        if let group = named[region] { return group }
        guard let hyphen = region.utf8.lastIndex(of: UInt8(ascii: "-")) else { return otherwise }
        return to(String(region[..<hyphen]))
    }

    /// Every group there is, with the region it is for; nil for the one where no pack names the region.
    var all: [(region: String?, group: Group)] {
        named.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [(nil, otherwise)]
    }
}

extension Rule {
    /// What it counts our attempts by and for how long, if it does.
    fileprivate var counting: (key: CountingKey, period: Period)? {
        switch kind {
        case .cap(let cap): (cap.per, cap.period)
        case .oneChannel(let one): (one.per, one.period)
        default: nil
        }
    }

    fileprivate var readsMessages: Bool {
        switch kind {
        case .content: true
        case .only(let admission) where !admission.purposes.isEmpty: true
        default: !applicability.purposes.isEmpty || relaxations.contains { !$0.conditions.purposes.isEmpty }
        }
    }
}
