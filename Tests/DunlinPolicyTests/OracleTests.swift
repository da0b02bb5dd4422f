// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTestKit
import DunlinTime
import Testing

/// The evaluator against a slow oracle that asks each rule, written down a second time below, at every half hour.
struct OracleTests {
    @Test("The evaluator and the oracle agree", arguments: 0..<12 as Range<UInt64>)
    func agreement(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<60 {
            let world = try World(&random)
            for _ in 0..<3 { try check(world, world.instant(&random), Channel.allCases.randomElement(using: &random)!) }
        }
    }

    private func check(_ world: World, _ now: Instant, _ channel: Channel) throws {
        let evaluator = PolicyEvaluator(policies: PolicySet(packs: [world.pack]), zones: zones)
        let person = reminder(zones: world.zones.map(\.name))
        let explained = try evaluator.decide(
            person, channel: channel, address: "+16175550100", at: now, history: ListHistory(contacts: world.contacts))
        let oracle = Oracle(world: world, channel: channel)
        let wrong = disagreements(of: explained, with: oracle, at: now)
        guard !wrong.isEmpty else { return }
        Issue.record(
            "\(wrong)\n\(world.yaml)\nzones \(person.recipient.zones) now \(now) over \(channel) -> \(explained)")
    }

    private func disagreements(of explained: Explained, with oracle: Oracle, at now: Instant) -> [String] {
        var wrong: [String] = []
        func demand(_ holds: Bool, _ what: String) { if !holds { wrong.append(what) } }
        demand(explained.sends == oracle.allows(now), "sends exactly if allowed")
        demand(explained.findings.count == oracle.rules.count, "one finding a rule")
        switch explained.decision {
        case .send:
            let end = explained.holdsUntil
            demand(
                end > now && oracle.windowsAllow(Instant(milliseconds: end.milliseconds - 1)), "open up to holdsUntil")
            demand(!oracle.windowsAllow(end) || end >= now + .days(8), "shut then, or far away")
            demand(!someHalfHour(now, min(end, now + .days(2))) { !oracle.windowsAllow($0) }, "open all the time")
        case .defer(let until, let reason):
            demand(until > now && oracle.allows(until), "allowed when deferred to")
            demand(!oracle.allows(Instant(milliseconds: until.milliseconds - 1)), "not a millisecond before")
            demand(!someHalfHour(now, until, oracle.allows), "not at any time before")
            demand(explained.findings.contains { !$0.allows }, "some rule says no")
            demand([.quietHours, .holiday, .frequencyCap, .coolingOff].contains(reason), "a reason to wait")
        case .suppress, .hold:
            // Only windows that shut each other out end it.
            demand(explained.decision == .suppress(.forbidden), "nothing to hold for")
            demand(!someHalfHour(now, now + .days(30), oracle.allows), "never allowed")
        }
        return wrong
    }

    /// Whether `predicate` holds at some whole half hour of UTC strictly between two instants. No window is shorter.
    private func someHalfHour(_ from: Instant, _ to: Instant, _ predicate: (Instant) -> Bool) -> Bool {
        var instant = Instant(milliseconds: (from.milliseconds / 1_800_000 + 1) * 1_800_000)
        while instant < to {
            if predicate(instant) { return true }
            instant.milliseconds += 1_800_000
        }
        return false
    }
}

/// A rule as the oracle knows it.
private enum OracleRule {
    /// Minutes of each weekday; what replaces them on a holiday; the zone of a fixed clock.
    case window(week: [[ClosedRange<Int>]], holiday: [ClosedRange<Int>]?, clock: Zone?)
    /// `period` is days, hours, day, week or month.
    case count(limit: Int, kinds: [ContactKind], key: [String], period: String, n: Int)
}

/// A pack with its text, a person's zones, and whom we contacted.
private struct World {
    let rules: [(channels: [Channel], rule: OracleRule)]
    let yaml: String
    let pack: Pack
    let zones: [Zone]
    let contacts: [Contact]
    private let middle: Instant

    /// 1 May and 25 December, in every world with holidays.
    static let holidays = [(5, 1), (12, 25)]
    /// Among them: clocks that change at midnight, by half an hour, never, and that are far from everybody's.
    static let names = [
        "America/New_York", "America/Los_Angeles", "Africa/Cairo", "America/Havana", "America/Santiago",
        "Atlantic/Azores",
        "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Europe/Moscow", "Asia/Beirut", "UTC",
    ]

    init(_ random: inout SeededRandom) throws {
        let some = World.names.shuffled(using: &random).prefix([1, 1, 1, 2, 3].randomElement(using: &random)!)
        zones = try some.map(DunlinPolicyTests.zones.zone)
        // 2025 to 2027: around a change of the clocks, around a holiday, or anywhere
        let any = Instant(seconds: .random(in: 1_735_689_600...1_830_297_600, using: &random))
        let holiday = CivilDate(year: .random(in: 2025...2027, using: &random), month: 12, day: 25)!
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1: middle = zones[0].nextTransition(after: any) ?? any
        case 2: middle = zones[0].instant(of: LocalTime(date: holiday, secondOfDay: 43200))
        default: middle = any
        }

        var rules: [([Channel], OracleRule)] = []
        var text = """
            pack: test
            title: Test
            applies: always
            reviewed: 2026-11-21
            holidays: {May Day: 05-01, Christmas: 12-25}
            rules:

            """
        for id in 0..<Int.random(in: 1...5, using: &random) {
            let channels = Array(Channel.allCases.shuffled(using: &random).prefix(.random(in: 1...3, using: &random)))
            let isWindow = Int.random(in: 0..<5, using: &random) < 2
            let (rule, line) = try isWindow ? World.window(&random) : World.count(&random)
            rules.append((channels, rule))
            text +=
                "  - {id: r\(id), cite: x, confidence: source, \(line), channels: [\(channels.map(\.rawValue).joined(separator: ", "))]}}\n"
        }
        self.rules = rules
        yaml = text
        pack = try Pack(yaml: text, file: "test.yaml")
        let center = middle
        contacts = (0..<Int.random(in: 0...8, using: &random)).map { _ in World.contact(around: center, &random) }
    }

    /// An instant near or very near the middle of this world, half of the time on a half hour.
    func instant(_ random: inout SeededRandom) -> Instant {
        let radius: Int64 = Bool.random(using: &random) ? 200_000_000 : 8_000_000
        let instant = Instant(milliseconds: middle.milliseconds + .random(in: -radius...radius, using: &random))
        return Bool.random(using: &random)
            ? instant : Instant(milliseconds: instant.milliseconds / 1_800_000 * 1_800_000)
    }

    private static func contact(around middle: Instant, _ random: inout SeededRandom) -> Contact {
        func mostly(_ this: String, _ other: String) -> String {
            Int.random(in: 0..<4, using: &random) > 0 ? this : other
        }
        return Contact(
            mostly("a", "") == "a" ? .attempt : .conversation,
            at: middle + .milliseconds(.random(in: -700_000_000...150_000_000, using: &random)),
            channel: Channel.allCases.randomElement(using: &random)!, recipient: .recipient(mostly("P-1", "P-2")),
            account: .account(mostly("A-1", "A-2")), address: .address(mostly("+16175550100", "+1")))
    }

    private static func window(_ random: inout SeededRandom) throws -> (OracleRule, String) {
        func hours() -> [ClosedRange<Int>] {
            if Int.random(in: 0..<7, using: &random) == 0 { return [] }
            let edges = Set((0..<4).map { _ in Int.random(in: 0...48, using: &random) * 30 }).sorted()
            guard edges.count > 1 else { return [540...1200] }
            return edges.count < 4 ? [edges[0]...edges.last!] : [edges[0]...edges[1], edges[2]...edges[3]]
        }
        func written(_ hours: [ClosedRange<Int>]) -> String {
            func time(_ n: Int) -> String { "\(n / 60 < 10 ? "0" : "")\(n / 60):\(n % 60 == 0 ? "00" : "30")" }
            return hours.isEmpty
                ? "closed"
                : "[" + hours.map { "\"\(time($0.lowerBound))-\(time($0.upperBound))\"" }.joined(separator: ", ") + "]"
        }
        let (weekday, saturday, sunday) = (hours(), hours(), hours())
        let holiday = Bool.random(using: &random) ? hours() : nil
        let clock = Int.random(in: 0..<4, using: &random) == 0 ? names.randomElement(using: &random) : nil
        let line =
            "window: {days: {mon-fri: \(written(weekday)), sat: \(written(saturday)), sun: \(written(sunday))}, "
            + "holidays: \(holiday.map(written) ?? "same"), clock: \(clock ?? "recipient")"
        let week = Array(repeating: weekday, count: 5) + [saturday, sunday]
        return (.window(week: week, holiday: holiday, clock: try clock.map(DunlinPolicyTests.zones.zone)), line)
    }

    private static func count(_ random: inout SeededRandom) throws -> (OracleRule, String) {
        let key = Array(
            ["recipient", "account", "address"].shuffled(using: &random).prefix(.random(in: 1...3, using: &random)))
        let n = Int.random(in: 1...8, using: &random)
        let period = ["days", "days", "hours", "day", "week", "month"].randomElement(using: &random)!
        let kind = ContactKind.allCases.randomElement(using: &random)!
        let per = "per: [\(key.joined(separator: ", "))]"
        if ["days", "hours"].contains(period), Int.random(in: 0..<3, using: &random) == 0 {
            let rule = OracleRule.count(limit: 1, kinds: [kind], key: key, period: period, n: n)
            return (rule, "cool_off: {after: \(kind.rawValue), for: \(n) \(period), \(per)")
        }
        let limit = Int.random(in: 1...3, using: &random)
        let kinds = Bool.random(using: &random) ? [kind] : ContactKind.allCases
        let length = ["days", "hours"].contains(period) ? "rolling: \(n) \(period)" : "calendar: \(period)"
        return (
            .count(limit: limit, kinds: kinds, key: key, period: period, n: n),
            "cap: {limit: \(limit), \(per), \(length), counts: [\(kinds.map(\.rawValue).joined(separator: ", "))]"
        )
    }
}

/// Whether each rule allows a contact at an instant, straight from what it says.
private struct Oracle {
    let rules: [OracleRule]
    private let zones: [Zone]
    /// For each rule the contacts it may count: when, and on which day in each zone.
    private let contacts: [[(at: Instant, days: [CivilDate])]]

    init(world: World, channel: Channel) {
        let asked = world.rules.filter { $0.channels.contains(channel) }
        rules = asked.map(\.rule)
        zones = world.zones
        contacts = asked.map { asked in
            guard case .count(_, let kinds, let key, _, _) = asked.rule else { return [] }
            let counted = world.contacts.filter { contact in
                asked.channels.contains(contact.channel!) && kinds.contains(contact.kind)
                    && (!key.contains("recipient") || contact.recipient == .recipient("P-1"))
                    && (!key.contains("account") || contact.account == .account("A-1"))
                    && (!key.contains("address") || contact.address == .address("+16175550100"))
            }
            return counted.map { contact in (contact.at, world.zones.map { $0.local(at: contact.at).date }) }
        }
    }

    func allows(_ instant: Instant) -> Bool { windowsAllow(instant) && countsAllow(instant) }

    func windowsAllow(_ instant: Instant) -> Bool {
        rules.allSatisfy { rule in
            guard case .window(let week, let holiday, let clock) = rule else { return true }
            return (clock.map { [$0] } ?? zones).allSatisfy { zone in
                let local = zone.local(at: instant)
                let (_, month, day) = local.date.components
                let isHoliday = World.holidays.contains { $0 == (month, day) }
                let hours = isHoliday ? holiday ?? week[local.date.weekday.rawValue] : week[local.date.weekday.rawValue]
                // Every offset since 1972 is a whole number of seconds.
                let time = local.secondOfDay * 1000 + Int(instant.milliseconds % 1000)
                return hours.contains { $0.lowerBound * 60_000 <= time && time <= $0.upperBound * 60_000 }
            }
        }
    }

    private func countsAllow(_ instant: Instant) -> Bool {
        zip(rules, contacts).allSatisfy { rule, contacts in
            guard case .count(let limit, _, _, let period, let n) = rule else { return true }
            if contacts.count < limit { return true }
            return zones.indices.allSatisfy { zone in
                let today = zones[zone].local(at: instant).date
                return contacts.count { contact in
                    if contact.at > instant { return true }
                    if period == "hours" { return instant - contact.at < .seconds(3600 * n) }
                    return counts(contact.days[zone], on: today, period, n)
                } < limit
            }
        }
    }

    private func counts(_ day: CivilDate, on today: CivilDate, _ period: String, _ n: Int) -> Bool {
        switch period {
        case "days": today.daysSince1970 - day.daysSince1970 < n
        case "day": day == today
        case "week": day.daysSince1970 - day.weekday.rawValue == today.daysSince1970 - today.weekday.rawValue
        default: (day.components.year, day.components.month) == (today.components.year, today.components.month)
        }
    }
}
