// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTestKit
import DunlinTime

/// Makes worlds: each is small, and what happens in it happens where its rules change their answers.
struct OracleWorlds {
    var random: SeededRandom
    /// Where this world's contacts and instants gather.
    private(set) var middle = Instant(milliseconds: 0)

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    // MARK: Dice

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func one<Element>(_ of: [Element]) -> Element { of.randomElement(using: &random)! }
    mutating func some<Element>(_ of: [Element], _ count: ClosedRange<Int>) -> [Element] {
        Array(of.shuffled(using: &random).prefix(number(count)))
    }
    mutating func maybe<Value>(_ percent: Int, _ make: (inout OracleWorlds) -> Value) -> Value? {
        chance(percent) ? make(&self) : nil
    }

    /// Among them: clocks that change at midnight, by half an hour, never, and that are far from everybody's.
    static let zoneNames = [
        "America/New_York", "America/Los_Angeles", "Africa/Cairo", "America/Havana", "America/Santiago",
        "Atlantic/Azores", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Europe/Moscow", "Asia/Beirut",
        "Asia/Tokyo", "UTC",
    ]

    // MARK: A world

    mutating func world() throws -> OracleWorld {
        // 2025 to 2027: around a change of the clocks, around a holiday, the end of a month, or anywhere.
        let any = Instant(seconds: Int64(number(1_735_689_600...1_830_297_600)))
        let zone = try zones.zone(one(OracleWorlds.zoneNames))
        let year = number(2025...2027)
        switch number(0...5) {
        case 0, 1: middle = zone.nextTransition(after: any) ?? any
        case 2:
            let day = CivilDate(year: year, month: 12, day: 25)!
            middle = zone.instant(of: LocalTime(date: day, secondOfDay: 43200))
        case 3:
            let day = CivilDate(year: year, month: number(1...12), day: 1)!
            middle = zone.instant(of: LocalTime(date: day, secondOfDay: 0))
        default: middle = any
        }
        let today = zone.local(at: middle).date
        let zoneCount = one([0, 1, 1, 1, 1, 2, 3])
        let recordZones =
            zoneCount == 0
            ? [] : [zone.name] + some(OracleWorlds.zoneNames.filter { $0 != zone.name }, zoneCount - 1...zoneCount - 1)
        var world = OracleWorld(
            packs: [], recordZones: recordZones, region: maybe(50) { $0.one(["US-MA", "US-CA", "JP", "IN"]) },
            phone: one(OracleWorld.phones), role: one([.borrower, .borrower, .guarantor, .employer]),
            party: maybe(60) { $0.one([.collector, .lender]) }, product: maybe(60) { $0.one(["card", "loan"]) },
            dueDate: today - number(-3...25), message: maybe(80) { $0.message() }, ours: [], events: [])
        world.packs = (0..<one([1, 1, 1, 2, 2, 3])).map { pack("p\($0)", today) }
        if chance(15) { world.packs.append(.floor) }
        for i in world.packs.indices where world.packs[i].presumedZone == nil && world.zones(of: world.packs[i]).isEmpty
        {
            if world.packs[i].name != "floor", world.packs[i].applies == .byDefault || chance(80) {
                world.packs[i].presumedZone = "Asia/Tokyo"
            }
        }
        fillHistory(of: &world)
        return world
    }

    /// An instant near or very near the middle of the world or something that happened, half of the time on a half hour.
    mutating func instant(in world: OracleWorld) -> Instant {
        let contact = (world.ours + world.events).randomElement(using: &random)
        if let contact, chance(15) {
            return Instant(milliseconds: contact.at.milliseconds + Int64(one([0, 1, 60_000, 3_600_000, 86_400_000])))
        }
        let radius = Int64(one([200_000_000, 8_000_000]))
        let instant = Instant(milliseconds: middle.milliseconds + .random(in: -radius...radius, using: &random))
        let grid: Int64 = 1_800_000
        return chance(50) ? instant : Instant(milliseconds: instant.milliseconds / grid * grid + Int64(number(0...1)))
    }

    private mutating func message() -> MessageProfile {
        var message = MessageProfile()
        message.purpose = one([.reminder, .reminder, .reminder, .notice, .marketing, .optOutConfirmation])
        message.notices = Set(some(["opt-out", "disclosure"], 0...2))
        message.insertable = Set(some(["opt-out", "disclosure"], 0...1))
        message.languages = one([["en"], ["fr-CA"], ["en", "fr"]])
        for channel in Channel.allCases { message.variables[channel] = Set(some(["amount", "account_id"], 0...2)) }
        return message
    }

    private mutating func pack(_ name: String, _ today: CivilDate) -> OraclePack {
        var pack = OraclePack(name: name, rules: [])
        pack.applies = one([.always, .always, .always, .regions(["US"]), .regions(["JP", "US-MA"]), .byDefault])
        pack.combinesZones = chance(20)
        pack.zoneSources = maybe(15) { $0.some(ZoneSource.allCases, 1...2) } ?? []
        pack.presumedZone = maybe(20) { $0.one(OracleWorlds.zoneNames) }
        pack.hasHolidays = chance(80)
        if chance(10) { pack.when.parties = [one([.collector, .lender])] }
        if chance(8) { pack.when.from = today + number(-10...2) }
        pack.rules = (0..<number(1...4)).map { rule("r\($0)", in: pack, today) }
        return pack
    }

    // MARK: What happened

    private mutating func fillHistory(of world: inout OracleWorld) {
        var taken: Set<Int64> = []
        for _ in 0..<number(0...9) {
            var attempt = contact(.attempt, of: world, isOurs: true)
            attempt.at = free(attempt.at, &taken)
            world.ours.append(attempt)
            guard attempt.channel == .call, chance(30) else { continue }
            var told = attempt
            told.kind = chance(70) ? .unanswered : one([.conversation, .messageLeft])
            told.at = free(attempt.at + .seconds(Int64(number(1...300))), &taken)
            (told.isOwn, told.figure) = (true, 0)
            world.events.append(told)
        }
        let wanted = kindsOfInterest(in: world)
        for _ in 0..<number(0...6) {
            let kind = wanted.isEmpty || chance(15) ? one(ContactKind.allCases) : one(wanted)
            var event = contact(kind, of: world, isOurs: false)
            event.at = free(event.at, &taken)
            if event.until <= event.at { event.until = event.at + .hours(1) }
            world.events.append(event)
            if let end = kind.liftedBy.randomElement(using: &random), chance(40) {
                var ending = chance(75) ? event : contact(end, of: world, isOurs: false)
                (ending.kind, ending.until, ending.figure) = (end, .distantFuture, 0)
                ending.at = free(event.at + .minutes(Int64(number(1...4000))), &taken)
                world.events.append(ending)
            }
        }
    }

    /// No two at the same instant: which came first would be anybody's guess.
    private func free(_ at: Instant, _ taken: inout Set<Int64>) -> Instant {
        var at = at
        while !taken.insert(at.milliseconds).inserted { at = at + .seconds(1) }
        return at
    }

    private func kindsOfInterest(in world: OracleWorld) -> [ContactKind] {
        world.packs.flatMap(\.rules).flatMap { rule -> [ContactKind] in
            let relaxing = rule.unless.compactMap(\.event)
            switch rule.kind {
            case .cap(let cap):
                let counted = cap.counts.flatMap {
                    $0 == "reached" ? [.conversation, .messageLeft] : [ContactKind(rawValue: $0)!]
                }
                return relaxing + counted + [cap.startsAfter].compactMap(\.self)
            case .coolOff(let after, _, _): return relaxing + after
            case .needs(let need): return relaxing + [need.event]
            case .borrowerHours: return relaxing + [.blocked]
            default: return relaxing
            }
        }
    }

    private mutating func contact(_ kind: ContactKind, of world: OracleWorld, isOurs: Bool) -> Contact {
        // Most in the last days, some long ago, a few ahead of the clock.
        let reach = Int64(one([20_000_000, 200_000_000, 700_000_000, 3_000_000_000]))
        var at = Instant(milliseconds: middle.milliseconds + .random(in: -reach...reach / 8, using: &random))
        if chance(30) { at = Instant(milliseconds: at.milliseconds / 1_800_000 * 1_800_000) }
        let isTimed: [ContactKind] = [.consent, .appointment, .promise, .lifeEvent, .blocked, .represented, .notice]
        let channel = one(Channel.allCases)
        let names = isOurs || chance(40)
        let mine = chance(85)
        var contact = Contact(
            kind, at: at, channel: channel, recipient: .recipient(mine ? "P-1" : "P-2"),
            account: .account(chance(80) ? "A-1" : "A-2"),
            address: .address(chance(85) ? world.address(over: channel) : "+15555550111"),
            creditor: .creditor(chance(85) ? OracleWorld.creditor : "Other"),
            purpose: one([.reminder, .reminder, .reminder, .notice]))
        if channel == .call, [.attempt, .conversation].contains(kind), chance(60) {
            contact.figure = Int32(number(20...700))
        }
        if isOurs { return contact }
        if !names { contact.address = .any }
        if mine, chance(50) { contact.account = .any }
        if chance(70) { contact.creditor = .any }
        if kind != .attempt, chance(50) { contact.channel = nil }
        if [.conversation, .request, .attempt].contains(kind) { contact.isInbound = chance(20) }
        if [.optOut, .optIn].contains(kind), contact.address != .any, chance(30) {
            // Just a number that wrote STOP.
            (contact.recipient, contact.account, contact.creditor) = (.any, .any, .any)
        }
        if isTimed.contains(kind), kind == .appointment || chance(50) {
            contact.until = at + .minutes(Int64(number(30...9000)))
        }
        if kind == .blocked {
            let from = number(0...44) * 30
            contact.figure =
                BlockedHours(
                    weekdays: UInt8(number(1...127)), from: from, until: min(1440, from + number(1...16) * 30)
                ).figure
            // Hours of a week are the person's own.
            contact.recipient = .recipient("P-1")
        }
        return contact
    }
}
