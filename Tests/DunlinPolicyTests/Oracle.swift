// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTime

/// What a rule says at an instant, the strictest last.
enum OracleAnswer: Int, Comparable {
    case allows, notNow, hold, end

    static func < (a: OracleAnswer, b: OracleAnswer) -> Bool { a.rawValue < b.rawValue }
}

/// Whom a contact is made with, about what and when: the one that is asked about, or one that was made.
struct OracleSubject {
    var recipient: ContactKey
    var account: ContactKey
    var address: ContactKey
    var creditor: ContactKey
    var channel: Channel?
    /// Nil: nobody said.
    var purpose: Purpose?
    var at: Instant
}

/// What each rule that is asked says at any instant, straight from docs/add-a-rule.md: slow, without a thought of speed but
/// that contacts which can never count for a rule are left out once.
final class Oracle {
    let world: OracleWorld
    let channel: Channel
    /// The rules of the packs that apply.
    private(set) var rules: [OracleAskedRule] = []
    private var asked: [OracleAskedRule] = []
    private var byDefault: [OracleAskedRule] = []
    /// No pack applies, or a pack cannot tell the zone.
    private(set) var holdsAnyway = false
    /// What the history tells about this contact at all.
    let ours: [Contact]
    let events: [Contact]

    init(_ world: OracleWorld, over channel: Channel, at now: Instant) throws {
        (self.world, self.channel) = (world, channel)
        let subject = world.subject(over: channel, at: Instant(milliseconds: 0))
        ours = world.ours
        events = world.events.filter {
            $0.recipient == subject.recipient || $0.account == subject.account || $0.address == subject.address
        }
        let applying = world.packs.filter { pack in
            pack.applies == .always || world.regions.contains { pack.covers($0) }
        }
        let fallback = world.packs.filter { $0.applies == .byDefault }
        let inRegions = world.regions.isEmpty ? [nil] : world.regions.map(Optional.some)
        holdsAnyway =
            fallback.isEmpty
            && inRegions.contains { region in
                !applying.contains { $0.name != "floor" && ($0.applies == .always || $0.covers(region)) }
            }
        for pack in applying { asked += try rules(of: pack) }
        for pack in fallback { byDefault += try rules(of: pack) }
        rules = rules(askedAt: now)
    }

    private func rules(of pack: OraclePack) throws -> [OracleAskedRule] {
        var names = world.zones(of: pack)
        if names.isEmpty {
            let subject = world.subject(over: channel, at: Instant(milliseconds: 0))
            let isBlocked = events.contains {
                $0.kind == .blocked && concerns($0, subject, per: [.recipient])
                    && holds($0, over: channel, stated: [])
            }
            if isBlocked || pack.rules.contains(where: { $0.goesByDays(in: pack) }) { holdsAnyway = true }
            names = ["UTC"]
        }
        let zones = try names.map { try DunlinPolicyTests.zones.zone($0) }
        return try pack.rules.filter {
            pack.bound(by: $0.channels).isEmpty || pack.bound(by: $0.channels).contains(channel)
        }
        .map { try OracleAskedRule($0, pack: pack, zones: zones, oracle: self) }
    }

    /// The rules of a question: the default packs stand in where no pack for the region limits the hours when it is put.
    private func rules(askedAt instant: Instant) -> [OracleAskedRule] {
        let limiting = asked.filter { rule in
            guard case .regions = rule.pack.applies, case .window = rule.rule.kind else { return false }
            return rule.rule.strength != .guidance && rule.binds(at: instant)
        }
        let isLimited =
            !limiting.isEmpty
            && world.regions.allSatisfy { region in
                limiting.contains { $0.pack.covers(region) }
            }
        return isLimited ? asked : asked + byDefault
    }

    /// The strictest answer.
    func answer(at instant: Instant) -> OracleAnswer {
        if holdsAnyway { return .hold }
        return rules.map { $0.answer(at: instant) }.max() ?? .allows
    }

    /// Whether some rule says "not now"; the one that said so last is asked first.
    func saysNotNow(at instant: Instant) -> Bool {
        if let last = lastToDefer, last.answer(at: instant) == .notNow { return true }
        lastToDefer = rules.first { $0.answer(at: instant) == .notNow }
        return lastToDefer != nil
    }

    private var lastToDefer: OracleAskedRule?

    /// Instants between which, but for every quarter of an hour, nothing can change: when something happened or ends, and
    /// so long after it as any rule says in minutes or hours.
    lazy var edges: [Instant] = {
        var lengths: Set<Int64> = [0]
        for rule in rules { lengths.formUnion(rule.rule.exactLengths) }
        let moments = (ours + events).flatMap { $0.until == .distantFuture ? [$0.at] : [$0.at, $0.until] }
        let edges = Set(moments.flatMap { at in lengths.map { Instant(milliseconds: at.milliseconds + $0) } })
        return edges.sorted()
    }()

    /// Every instant after `now` and before `end` at which an answer may differ from the one a millisecond before: quarters
    /// of an hour, for all clocks and hours in these worlds change at them, and `edges`; and the millisecond after each, for
    /// ends that are included. Stops when `body` returns false.
    func probe(after now: Instant, before end: Instant, _ body: (Instant) -> Bool) {
        let step = Int64(world.minutesOfGrid) * 60_000
        var next = (now.milliseconds.flooredQuotient(by: step) + 1) * step
        var i = edges.firstIndex { $0 >= now } ?? edges.count
        func visit(_ at: Int64) -> Bool {
            for instant in [Instant(milliseconds: at), Instant(milliseconds: at + 1)]
            where instant > now && instant < end { if !body(instant) { return false } }
            return true
        }
        if !visit(now.milliseconds) { return }
        while next < end.milliseconds || i < edges.count && edges[i] < end {
            if i < edges.count, edges[i].milliseconds <= next {
                if !visit(edges[i].milliseconds) { return }
                i += 1
            } else {
                if !visit(next) { return }
                next += step
            }
        }
    }

    /// The first instant after `now` at which no rule says "not now"; nil if there is none within 400 days.
    func firstAllowed(after now: Instant) -> Instant? {
        var found: Instant?
        probe(after: now, before: now + .days(400)) { instant in
            if saysNotNow(at: instant) { return true }
            found = instant
            return false
        }
        return found
    }
}

extension OracleRule {
    /// Every length that the rule states in minutes or hours, in milliseconds.
    fileprivate var exactLengths: [Int64] {
        var lengths = unless.compactMap { $0.length?.exact }
        switch kind {
        case .cap(let cap): lengths += [cap.period.exact].compactMap(\.self)
        case .coolOff(_, let length, _), .oneChannel(_, let length): lengths += [length.exact].compactMap(\.self)
        case .needs(let need): lengths += [need.wait?.exact, need.within?.exact].compactMap(\.self)
        default: break
        }
        return lengths
    }
}

extension OracleRule {
    /// Whether somebody's days and hours matter to it, so that it cannot be asked without their zone.
    fileprivate func goesByDays(in pack: OraclePack) -> Bool {
        let isDated = [pack.when, when].contains { $0.from != nil || $0.until != nil }
        let isCounted = ([pack.when, when] + unless.map(\.conditions)).contains { $0.over != nil || $0.atMost != nil }
        if isDated || isCounted || unless.contains(where: { $0.length != nil }) { return true }
        switch kind {
        case .window, .cap, .oneChannel: return true
        case .coolOff(_, let length, _): return length != .untilLifted
        case .needs(let need): return [need.wait, need.within].contains { $0 != nil && $0?.exact == nil }
        case .borrowerHours, .only, .content: return false
        }
    }
}

extension OraclePack {
    /// The channels that a list of channels means here: whoever writes of SMS and nowhere of chats means both.
    func bound(by stated: [Channel]) -> [Channel] {
        stated.contains(.sms) && !namesChat ? stated + [.chat] : stated
    }

    private var namesChat: Bool {
        rules.contains { rule in
            if case .needs(let need) = rule.kind, need.over.contains(.chat) { return true }
            return rule.channels.contains(.chat)
        }
    }

    /// The channels on which what is needed may have happened. What a person grants for SMS is not granted for chats.
    func over(_ need: OracleNeed, under rule: OracleRule, asking channel: Channel) -> [Channel] {
        guard channel == .chat, !namesChat, rule.channels.contains(.sms), need.event.holdsForItsChannel else {
            return need.over
        }
        return need.over.map { $0 == .sms ? .chat : $0 }
    }

    func covers(_ region: String?) -> Bool {
        guard case .regions(let regions) = applies, let region else { return false }
        return regions.contains { region == $0 || region.hasPrefix($0 + "-") }
    }

    func isHoliday(_ day: CivilDate) -> Bool {
        guard hasHolidays else { return false }
        let (_, month, dayOfMonth) = day.components
        if (month, dayOfMonth) == (5, 1) || (month, dayOfMonth) == (12, 25) { return true }
        return month == 11 && day.weekday == .thursday && (22...28).contains(dayOfMonth)
    }
}

// Events: docs/events.md

extension Oracle {
    /// Whether an event, or an attempt of somebody else's, concerns a contact, by the parts of a key: what it does not name
    /// it is about all of its recipient's.
    func concerns(_ event: Contact, _ subject: OracleSubject, per: [CountingKey.Part]) -> Bool {
        // A STOP whose sender nobody knows holds for whoever has the address.
        let isTheirs =
            event.recipient == subject.recipient
            || event.recipient == .any && event.address == subject.address
                && event.address != .any
        func agrees(_ a: ContactKey, _ b: ContactKey) -> Bool { a == .any ? isTheirs : a == b }
        return per.allSatisfy { part in
            switch part {
            case .recipient: isTheirs
            case .account: agrees(event.account, subject.account)
            case .address: agrees(event.address, subject.address)
            case .creditor: agrees(event.creditor, subject.creditor)
            }
        }
    }

    /// Whether what was said of a channel holds for another: what the person says of one holds for that one, unless the
    /// rule states channels; then for those, as everything else does.
    func holds(_ event: Contact, over channel: Channel?, stated: [Channel]) -> Bool {
        guard let over = event.channel else { return true }
        if !stated.isEmpty { return stated.contains(over) }
        return !event.kind.holdsForItsChannel || over == channel
    }

    /// Whether a later event, at or before `instant`, ended one that concerns a contact: an event about the same.
    func isEnded(_ event: Contact, for subject: OracleSubject, per: [CountingKey.Part], at instant: Instant) -> Bool {
        if instant >= event.until { return true }
        func covers(_ ending: ContactKey, _ ended: ContactKey, _ own: ContactKey) -> Bool {
            ending == .any || ending == ended || ended == .any && ending == own
        }
        return events.contains { ending in
            // What was given on a channel is taken back there too, wherever it is asked about.
            let takesBack = [.consent, .appointment].contains(event.kind) && ending.channel == event.channel
            // Whoever holds an address takes back what was said of that address, on the channel that was used for it.
            let isByAddressAlone = ending.kind == .optIn && ending.recipient == .any
            let mayEnd =
                !isByAddressAlone
                || ending.address == event.address && (ending.channel == nil || ending.channel == event.channel)
            return event.kind.liftedBy.contains(ending.kind) && ending.at > event.at && ending.at <= instant && mayEnd
                && concerns(ending, subject, per: per)
                && (takesBack || holds(ending, over: subject.channel, stated: []))
                && covers(ending.account, event.account, subject.account)
                && covers(ending.address, event.address, subject.address)
                && covers(ending.creditor, event.creditor, subject.creditor)
        }
    }
}

extension ContactKind {
    var holdsForItsChannel: Bool {
        [.consent, .consentWithdrawn, .refusal, .optOut, .optIn, .appointment, .blocked, .deadAddress].contains(self)
    }
}
