// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTestKit
import DunlinTime
import FoundationEssentials
import Testing

/// The evaluator against a slow oracle, written a second time from docs/add-a-rule.md, in random worlds.
///
/// `DUNLIN_ORACLE_CASES=100000 swift test -c release --filter OracleTests` asks about so many instants instead of the share
/// that is part of every run; `DUNLIN_ORACLE_SEED` starts at another world. A world is known by its seed.
struct OracleTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let cases = environment["DUNLIN_ORACLE_CASES"].flatMap(UInt64.init) ?? 160
    private static let firstSeed = environment["DUNLIN_ORACLE_SEED"].flatMap(UInt64.init) ?? 1
    private static let casesPerWorld: UInt64 = 4

    @Test("The evaluator and the oracle agree")
    func agreement() throws {
        var disagreements = 0
        var tally: [String: Int] = [:]
        for seed in 0..<OracleTests.cases / OracleTests.casesPerWorld {
            var worlds = OracleWorlds(seed: OracleTests.firstSeed + seed)
            let world = try worlds.world()
            for _ in 0..<OracleTests.casesPerWorld {
                let question = OracleCase(
                    world: world, channel: worlds.one(Channel.allCases), now: worlds.instant(in: world),
                    isEverySecondAsked: seed % 50 == 49)
                let (wrong, kind) = try question.compare()
                tally[kind, default: 0] += 1
                guard !wrong.isEmpty else { continue }
                disagreements += 1
                let small = try question.shrunk()
                Issue.record("seed \(OracleTests.firstSeed + seed): \(try small.report())")
                if disagreements == 5 { return }
                break
            }
        }
        // Every kind of answer must be among them, or the test shows nothing.
        for kind in ["send", "defer", "hold", "suppress"] { #expect(tally[kind] ?? 0 > 0, "no case of \(kind)") }
        if OracleTests.environment["DUNLIN_ORACLE_CASES"] != nil {
            print(tally.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        }
    }
}

/// One question to both.
struct OracleCase {
    var world: OracleWorld
    var channel: Channel
    var now: Instant
    /// Asks the oracle at every second of six hours too, and not just where something may change.
    var isEverySecondAsked = false

    private func decide() throws -> Explained {
        let packs = try world.packs.map { pack in
            let isWhole = pack.name == "floor" && pack.rules.count == OraclePack.floor.rules.count
            return try isWhole ? OracleCase.floor : Pack(yaml: pack.yaml, file: "\(pack.name).yaml")
        }
        return try PolicyEvaluator(
            policies: PolicySet(packs: packs), zones: zones, places: OracleCase.places, messages: world.messages
        ).decide(
            world.reminder, channel: channel, address: world.address(over: channel), at: now,
            history: OracleHistory(world))
    }

    private static let floor = try! PolicySet.load(directory: nil).packs.first { $0.name == "floor" }!
    private static let places = Places(zones: zones)

    /// What is wrong with the evaluator's answer, and the kind of answer.
    func compare() throws -> (wrong: [String], kind: String) {
        let explained = try decide()
        let oracle = try Oracle(world, over: channel, at: now)
        var wrong: [String] = []
        func demand(_ holds: Bool, _ what: @autoclosure () -> String) { if !holds { wrong.append(what()) } }
        let answer = oracle.answer(at: now)
        if !oracle.holdsAnyway {
            for rule in oracle.rules {
                let verdict = explained.findings.first { $0.rule == rule.label }?.verdict
                let says = rule.answer(at: now)
                demand(
                    (verdict == .forbids) == (says != .allows),
                    "\(rule.label): \(verdict.map(\.rawValue) ?? "-"), oracle \(says)")
            }
        }
        switch explained.decision {
        case .send:
            demand(answer == .allows, "sends, oracle \(answer)")
            demand(explained.holdsUntil > now, "holds until now or before")
            oracle.probe(after: now, before: min(explained.holdsUntil, now + .days(2))) { instant in
                let then = oracle.answer(at: instant)
                demand(then == .allows, "holds until \(explained.holdsUntil), oracle at \(instant): \(then)")
                return then == .allows
            }
            eachSecond(before: explained.holdsUntil) { instant in
                demand(oracle.answer(at: instant) == .allows, "sends, oracle forbids at \(instant)")
            }
            if explained.holdsUntil < now + .days(2), oracle.answer(at: explained.holdsUntil) == .allows {
                return (wrong, "send that would hold longer")
            }
            return (wrong, "send")
        case .defer(let until, _):
            demand(answer == .notNow, "defers, oracle \(answer)")
            guard answer == .notNow else { return (wrong, "defer") }
            let first = oracle.firstAllowed(after: now)
            demand(first == until, "deferred to \(until), oracle \(first.map { "\($0)" } ?? "never")")
            // Every second of the last minute, lest something changes between the oracle's instants.
            for second in 1...60 where until - .seconds(second) > now {
                let instant = until - .seconds(second)
                demand(oracle.saysNotNow(at: instant), "deferred to \(until), oracle allows at \(instant)")
            }
            eachSecond(before: until) { instant in
                demand(oracle.saysNotNow(at: instant), "deferred to \(until), oracle allows at \(instant)")
            }
            demand(oracle.saysNotNow(at: until - .milliseconds(1)), "deferred to \(until), a millisecond too late")
            return (wrong, "defer")
        case .suppress:
            let isRight = answer == .end || answer == .notNow && oracle.firstAllowed(after: now) == nil
            demand(isRight, "suppresses, oracle \(answer)")
            return (wrong, "suppress")
        case .hold(let reason):
            // Hours that never meet in all the zones where the person may be: nobody knows enough of where that is.
            let isNowhere = reason == .unknownZone && answer == .notNow && oracle.firstAllowed(after: now) == nil
            demand(answer == .hold || isNowhere, "holds, oracle \(answer)")
            return (wrong, "hold")
        }
    }

    private func eachSecond(before end: Instant, _ body: (Instant) -> Void) {
        guard isEverySecondAsked else { return }
        for second in 1...Int64(21_600) where now + .seconds(second) < end { body(now + .seconds(second)) }
    }

    func report() throws -> String {
        let explained = try decide()
        let findings = explained.findings.map { "\($0.rule) \($0.verdict.rawValue): \($0.figures)" }
        return
            "\(try compare().wrong.joined(separator: "; "))\n\(world)\nover \(channel) at \(now) -> \(explained.decision)"
            + " until \(explained.holdsUntil)\n\(findings.joined(separator: "\n"))\n"
    }

    /// The same without whatever is not needed for the two to disagree.
    func shrunk() throws -> OracleCase {
        var small = self
        func keep(_ change: (inout OracleCase) -> Void) throws -> Bool {
            var smaller = small
            change(&smaller)
            guard try !smaller.compare().wrong.isEmpty else { return false }
            small = smaller
            return true
        }
        for p in world.packs.indices.reversed() {
            if try keep({ $0.world.packs.remove(at: p) }) { continue }
            for r in world.packs[p].rules.indices.reversed() {
                if try keep({ $0.world.packs[p].rules.remove(at: r) }) { continue }
                for u in small.world.packs[p].rules[r].unless.indices.reversed() {
                    _ = try keep { $0.world.packs[p].rules[r].unless.remove(at: u) }
                }
                _ = try keep { $0.world.packs[p].rules[r].when = OracleConditions() }
                _ = try keep { $0.world.packs[p].rules[r].channels = [] }
            }
        }
        for i in world.ours.indices.reversed() { _ = try keep { $0.world.ours.remove(at: i) } }
        for i in world.events.indices.reversed() { _ = try keep { $0.world.events.remove(at: i) } }
        for i in small.world.recordZones.indices.reversed() { _ = try keep { $0.world.recordZones.remove(at: i) } }
        return small
    }
}
