// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy

extension OracleWorlds {
    mutating func rule(_ id: String, in pack: OraclePack, _ today: CivilDate) -> OracleRule {
        let kinds: [(inout OracleWorlds) -> OracleRule.Kind] = [
            { .window($0.window()) }, { .window($0.window()) }, { .window($0.window()) },
            { .cap($0.cap()) }, { .cap($0.cap()) }, { .cap($0.cap()) },
            { $0.coolOff() }, { $0.coolOff() },
            { .needs($0.need()) },
            { worlds in
                .oneChannel(
                    per: worlds.key(), period: worlds.one([.calendar(.week), .calendar(.day), .days(3), .hours(20)]))
            },
            { _ in .borrowerHours },
            { worlds in worlds.chance(30) ? worlds.admission() : worlds.content() },
        ]
        let make = one(kinds)
        var rule = OracleRule(id: id, kind: make(&self))
        // Few packs name chats, so that in most of them SMS stands for both.
        let channels = chance(70) ? Channel.allCases.filter { $0 != .chat } : Channel.allCases
        rule.channels = chance(50) ? [] : some(channels, 1...2)
        if case .oneChannel = rule.kind { rule.channels = [] }
        rule.strength = one([.ban, .ban, .ban, .ban, .ban, .ban, .ban, .ban, .presumption, .guidance])
        rule.then = one([.defer, .defer, .defer, .defer, .defer, .defer, .defer, .defer, .hold, .suppress])
        if chance(20) {
            rule.when = conditions(today)
            if !pack.when.parties.isEmpty { rule.when.parties = [] }
        }
        if chance(8) { rule.when.until = max(today + number(-2...6), pack.when.from ?? today - 100) }
        if chance(8) { rule.when.from = min(today + number(-6...3), rule.when.until ?? today + 100) }
        if chance(25) { rule.unless = (0..<number(1...2)).map { _ in relaxation(today) } }
        return rule
    }

    mutating func key() -> [CountingKey.Part] {
        let key = some([CountingKey.Part.recipient, .account, .address, .creditor], 1...2)
        return key == [.creditor] ? [.creditor, .recipient] : key
    }

    private mutating func conditions(_ today: CivilDate) -> OracleConditions {
        var conditions = OracleConditions()
        switch number(0...6) {
        case 0: conditions.parties = some([.bank, .lender, .collector], 1...2)
        case 1: conditions.products = some(["card", "loan"], 1...1)
        case 2: conditions.roles = some([.borrower, .guarantor, .employer], 1...2)
        case 3, 4: conditions.purposes = some([.reminder, .notice, .marketing], 1...2)
        case 5:
            let days = number(-2...25)
            if chance(50) { conditions.over = days } else { conditions.atMost = days }
            if chance(20) { (conditions.over, conditions.atMost) = (days - 2, days + 1) }
        default: conditions.phase = one([.first, .later])
        }
        return conditions
    }

    private mutating func relaxation(_ today: CivilDate) -> OracleRelaxation {
        var relaxation = OracleRelaxation()
        if chance(35) {
            relaxation.conditions = conditions(today)
            if chance(70) { return relaxation }
        }
        relaxation.event = one([.consent, .consent, .appointment, .request, .promise, .dispute, .refusal])
        relaxation.length = maybe(40) { worlds in
            worlds.one([.minutes(90), .hours(24), .days(worlds.number(1...5)), .months(1)])
        }
        relaxation.per = key()
        return relaxation
    }

    private mutating func window() -> OracleWindow {
        let (weekday, saturday, sunday) = (hours(), hours(), hours())
        var window = OracleWindow(
            week: Array(repeating: weekday, count: 5) + [saturday, sunday], holiday: nil,
            clock: maybe(20) { $0.one(OracleWorlds.zoneNames) }, endIncluded: chance(70), margin: 0)
        if chance(30) { window.week[number(0...4)] = hours() }
        if chance(15), window.week.joined().allSatisfy({ $0.count > 31 }) { window.margin = one([15, 30]) }
        return window
    }

    /// Up to two intervals of at least half an hour, with as much between them.
    private mutating func hours() -> OracleWindow.Hours {
        if chance(14) { return [] }
        if chance(8) { return [0...1440] }
        let edges = Set((0..<4).map { _ in number(0...48) * 30 }).sorted()
        guard edges.count > 1 else { return [540...1200] }
        return edges.count < 4 ? [edges[0]...edges.last!] : [edges[0]...edges[1], edges[2]...edges[3]]
    }

    private mutating func period() -> OracleLength {
        let n = number(1...8)
        return one([
            .days(n), .days(n), .hours(one([1, 5, 24, 48, 168])), .calendar(.day), .calendar(.week), .calendar(.month),
            .months(number(1...2)),
        ])
    }

    private mutating func cap() -> OracleCap {
        var cap = OracleCap(limit: number(1...4), per: key(), period: period())
        if chance(15) { (cap.limit, cap.assume) = (number(5...20), number(1...3)) }
        switch number(0...5) {
        case 0: cap.counts = ["reached"]
        case 1: cap.counts = ["reached"] + some(["request", "refusal"], 0...1)
        case 2: cap.counts = some(["conversation", "message-left", "promise", "consent"], 1...2)
        default: break
        }
        if chance(12) { cap.startsAfter = one([.conversation, .request, .consent]) }
        return cap
    }

    private mutating func coolOff() -> OracleRule.Kind {
        let kinds: [ContactKind] = [
            .conversation, .refusal, .promise, .dispute, .lifeEvent, .optOut, .represented, .adjustmentRequest,
        ]
        let n = number(1...8)
        let length: OracleLength = one([
            .days(n), .days(n), .hours(n * 12), .months(1), .businessDays(n), .ownEnd(atMost: nil), .ownEnd(atMost: n),
            .untilLifted,
        ])
        return .coolOff(after: some(kinds, 1...2), for: length, per: key())
    }

    private mutating func need() -> OracleNeed {
        OracleNeed(
            event: one([.notice, .notice, .consent, .attempt]),
            wait: maybe(60) { worlds in
                worlds.one([.days(worlds.number(1...6)), .hours(30), .minutes(45), .businessDays(worlds.number(1...4))])
            },
            within: maybe(40) { $0.one([.days(10), .hours(300), .months(1), .minutes(9000)]) }, per: key(),
            over: maybe(30) { $0.some([.sms, .email, .call, .task, .chat].dropLast($0.chance(80) ? 1 : 0), 1...2) }
                ?? [])
    }

    private mutating func admission() -> OracleRule.Kind {
        chance(50)
            ? .only(roles: some([.borrower, .guarantor, .spouse], 1...2), purposes: [])
            : .only(roles: [], purposes: some([.reminder, .notice, .service], 1...2))
    }

    private mutating func content() -> OracleRule.Kind {
        switch number(0...2) {
        case 0: .content(require: [one(["opt-out", "disclosure"])], forbid: [], languages: [])
        case 1: .content(require: [], forbid: ["account_id"], languages: [])
        default: .content(require: [], forbid: [], languages: ["fr"])
        }
    }
}

extension OraclePack {
    /// `floor.yaml` a second time.
    static let floor: OraclePack = {
        let stops: [Purpose] = [.reminder, .service, .consentRequest, .location, .marketing]
        func coolOff(_ id: String, _ per: [CountingKey.Part], _ then: Consequence, _ purposes: [Purpose]) -> OracleRule
        {
            OracleRule(
                id: id, then: then, when: OracleConditions(purposes: purposes),
                kind: .coolOff(after: [ContactKind(rawValue: id)!], for: .untilLifted, per: per))
        }
        var optOut = coolOff("opt-out", [.address], .defer, [])
        optOut.unless = [OracleRelaxation(conditions: OracleConditions(purposes: [.optOutConfirmation]))]
        let confirmation = OracleRule(
            id: "opt-out-confirmation", when: OracleConditions(purposes: [.optOutConfirmation]),
            kind: .needs(OracleNeed(event: .optOut, wait: nil, within: .minutes(5), per: [.address])))
        let debt: [CountingKey.Part] = [.recipient, .account]
        return OraclePack(
            name: "floor", hasHolidays: false,
            rules: [
                optOut, confirmation, coolOff("cease", debt, .defer, stops), coolOff("represented", debt, .hold, stops),
                coolOff("dispute", debt, .hold, [.reminder, .marketing]),
                OracleRule(id: "blocked-hours", kind: .borrowerHours),
            ])
    }()
}
