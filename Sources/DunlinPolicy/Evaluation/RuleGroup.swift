// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Packs that apply together, made ready to be asked.
final class RuleGroup: Sendable {
    let packs: [Pack]
    /// Those that are asked besides where no window of the others' regions binds.
    let fallback: [Pack]
    /// Whether nothing but the floor applies, at least in one of the regions: nothing may go out.
    let isWithoutPolicy: Bool
    /// The rules of all packs, those of the fallback last.
    let rules: [Rule]
    /// How far back their rules look at most, in milliseconds, by the leading part of their key.
    let lookback: ByPart<Int64>
    /// Whether some rule has to know the message.
    let readsMessages: Bool
    /// For each pack whether it goes by the recipient's clock, and by which.
    let zonesOfPacks: [(place: Int32, isNeeded: Bool, prefersRecord: Bool, isOfFallback: Bool)]
    private let sms, email, call, chat, task: [Entry]

    /// A rule that is asked on a channel: all that most decisions need of it, without touching the rule.
    struct Entry: Sendable {
        let rule: Int32
        /// Its place among the packs; the fallback's follow on.
        let pack: Int32
        let isOfFallback: Bool
        /// Its window limits the hours of a region.
        let limitsRegion: Bool
        /// Allows, whatever the time, as long as no event is known.
        let isIdleWithoutEvents: Bool
        /// What it asks of a contact has to be looked at.
        let isConditional: Bool
        /// Whether it binds may change with time or with events.
        let mayBeOff: Bool
        let hasProducts: Bool
        /// Its pack goes by the zones of a record that has some.
        let prefersRecord: Bool
        /// Its hours go by another clock than the recipient's.
        let hasOwnClock: Bool
        // What it asks of a contact; 0 for nothing.
        let parties, roles, purposes: UInt16

        init(_ rule: Rule, number: Int, of pack: Pack, at place: Int, isOfFallback: Bool) {
            self.rule = Int32(number)
            self.pack = Int32(place)
            prefersRecord = pack.prefersRecord
            self.isOfFallback = isOfFallback
            var isRegional = false
            if case .regions = pack.applies, case .window = rule.kind { isRegional = rule.strength != .guidance }
            limitsRegion = isRegional
            isIdleWithoutEvents = rule.isIdleWithoutEvents
            isConditional = rule.isConditional
            mayBeOff = rule.mayBeOff
            hasProducts = !rule.applicability.products.isEmpty
            if case .window(let window) = rule.kind, case .zone = window.clock {
                hasOwnClock = true
            } else {
                hasOwnClock = false
            }
            let when = rule.applicability
            parties = when.parties.reduce(0) { $0 | $1.bit }
            roles = when.roles.reduce(0) { $0 | $1.bit }
            purposes = when.purposes.reduce(0) { $0 | $1.bit }
        }
    }

    init(_ packs: [Pack], fallback: [Pack], isWithoutPolicy: Bool = false) {
        self.packs = packs
        self.fallback = fallback
        self.isWithoutPolicy =
            isWithoutPolicy || fallback.isEmpty && packs.allSatisfy { $0.name == PolicySet.floorName }
        let all = packs + fallback
        rules = all.flatMap(\.rules)
        var lookback = ByPart<Int64>(recipient: 0, account: 0, address: 0)
        for (key, period) in rules.compactMap(\.counting) {
            lookback[key.leading] = max(lookback[key.leading], period.lookback)
        }
        self.lookback = lookback
        readsMessages = rules.contains(where: \.readsMessages)

        zonesOfPacks = all.enumerated().map { place, pack in
            (Int32(place), pack.needsZone, pack.prefersRecord, place >= packs.count)
        }

        var entries: [Entry] = []
        for (place, pack) in all.enumerated() {
            for rule in pack.rules {
                entries.append(
                    Entry(
                        rule, number: entries.count, of: pack, at: place, isOfFallback: place >= packs.count))
            }
        }
        let rules = rules
        let asked = entries.filter { rules[Int($0.rule)].isAsked }
        sms = asked.filter { rules[Int($0.rule)].channels.contains(.sms) }
        email = asked.filter { rules[Int($0.rule)].channels.contains(.email) }
        call = asked.filter { rules[Int($0.rule)].channels.contains(.call) }
        chat = asked.filter { rules[Int($0.rule)].channels.contains(.chat) }
        task = asked.filter { rules[Int($0.rule)].channels.contains(.task) }
    }

    /// The rules that are asked on a channel, in the order of packs.
    func entries(on channel: Channel) -> [Entry] {
        switch channel {
        case .sms: sms
        case .email: email
        case .call: call
        case .chat: chat
        case .task: task
        }
    }

    func pack(_ place: Int32) -> Pack {
        Int(place) < packs.count ? packs[Int(place)] : fallback[Int(place) - packs.count]
    }
}

extension Party {
    fileprivate var place: UInt16 {
        switch self {
        case .bank: 0
        case .lender: 1
        case .collector: 2
        case .purchaser: 3
        }
    }

    /// One bit for each case.
    var bit: UInt16 { 1 << place }
}

extension Role {
    fileprivate var place: UInt16 {
        switch self {
        case .borrower: 0
        case .guarantor: 1
        case .spouse: 2
        case .household: 3
        case .representative: 4
        case .employer: 5
        case .referee: 6
        case .other: 7
        }
    }

    /// One bit for each case.
    var bit: UInt16 { 1 << place }
}

extension Purpose {
    fileprivate var place: UInt16 {
        switch self {
        case .reminder: 0
        case .notice: 1
        case .service: 2
        case .consentRequest: 3
        case .optOutConfirmation: 4
        case .location: 5
        case .marketing: 6
        }
    }

    /// One bit for each case.
    var bit: UInt16 { 1 << place }
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

    /// Whether it may bind a contact at one time and not at another.
    fileprivate var mayBeOff: Bool {
        let when = applicability
        return !relaxations.isEmpty || !when.daysPastDue.isEmpty || when.phase != nil || when.from != nil
            || when.until != nil
    }

    /// Whether it allows, whatever the time, as long as no event is known; a relaxation changes nothing in that.
    fileprivate var isIdleWithoutEvents: Bool {
        let when = applicability
        guard when.daysPastDue.isEmpty, when.phase == nil, when.from == nil, when.until == nil, when.products.isEmpty
        else { return false }
        switch kind {
        case .coolOff, .borrowerHours: return true
        default: return false
        }
    }
}
