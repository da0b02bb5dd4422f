// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The packs that apply in each region, found once.
struct ApplicablePacks: Sendable {
    /// Packs that apply together.
    struct Group: Sendable {
        let packs: [Pack]
        let ruleCount: Int
        /// How far back their rules look at most, in milliseconds, by the leading part of their key.
        let lookback: ByPart<Int64>

        init(_ packs: [Pack]) {
            self.packs = packs
            let rules = packs.flatMap(\.rules)
            ruleCount = rules.count
            var lookback = ByPart<Int64>(recipient: 0, account: 0, address: 0)
            for (key, period) in rules.compactMap(\.counting) {
                lookback[key.leading] = max(lookback[key.leading], period.lookback)
            }
            self.lookback = lookback
        }
    }

    /// For every region that some pack names.
    private let named: [String: Group]
    private let otherwise: Group

    init(_ policies: PolicySet) {
        let regions = Set(policies.packs.flatMap(\.applies.namedRegions))
        named = Dictionary(uniqueKeysWithValues: regions.map { ($0, Group(policies.applying(in: $0))) })
        otherwise = Group(policies.applying(in: nil))
    }

    /// The packs for a region: those of the nearest region around it that any pack names.
    func to(_ region: String?) -> Group {
        guard let region else { return otherwise }
        if let group = named[region] { return group }
        guard let hyphen = region.utf8.firstIndex(of: UInt8(ascii: "-")) else { return otherwise }
        return named[String(region[..<hyphen])] ?? otherwise
    }

    /// Every group there is, with the region it is for; nil for the one where no pack names the region.
    var all: [(region: String?, group: Group)] {
        named.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [(nil, otherwise)]
    }
}

extension Rule {
    /// What it counts by and for how long, if it counts.
    fileprivate var counting: (key: CountingKey, period: Period)? {
        switch kind {
        case .window: nil
        case .cap(let cap): (cap.per, cap.period)
        case .coolOff(let coolOff): (coolOff.per, coolOff.period)
        }
    }
}
