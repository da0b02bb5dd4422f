// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinGateways

private let start = Instant(seconds: 1_800_000_000)

/// A gateway's health on a virtual clock that is looked at every ten milliseconds.
struct HealthRun {
    var health = GatewayHealth(timeout: .seconds(30))
    var now = start
    private var flights: [(departed: Instant, lands: Instant, outcome: Outcome)] = []

    static let transient = Outcome.refused(Refusal(.transient, .transientFailure, detail: "503"))
    static let doubt = Outcome.unknown(.timeout, detail: "28")
    static let accepted = Outcome.accepted(id: nil)

    var state: Breaker.State { health.state(at: now) }
    var inFlight: Int { flights.count }

    /// Begins one if it may, to end so after `latency`.
    @discardableResult
    mutating func send(_ outcome: Outcome, after latency: Duration = .milliseconds(50)) -> Bool {
        guard health.allows(at: now) > 0 else { return false }
        health.began(at: Moment(now: now, steady: now))
        flights.append((now, now + latency, outcome))
        return true
    }

    mutating func advance(by duration: Duration) {
        let end = now + duration
        while now < end {
            now = min(now + .milliseconds(10), end)
            let moment = Moment(now: now, steady: now)
            health.watch(at: moment)
            for flight in flights where flight.lands <= now {
                health.ended(flight.outcome, departed: flight.departed, at: moment)
            }
            flights.removeAll { $0.lands <= now }
        }
    }

    /// One after the other, each answered.
    mutating func exchange(_ outcome: Outcome, _ count: Int = 1, after latency: Duration = .milliseconds(50)) {
        for _ in 0..<count {
            send(outcome, after: latency)
            advance(by: latency)
        }
    }

    mutating func rest() { if let end = health.retryInstant(after: now) { advance(by: end - now) } }
}

@Suite struct GatewayHealthTests {
    @Test func oneUnluckyFailureOpensNothing() {
        for before in 0..<40 {
            for outcome in [HealthRun.transient, HealthRun.doubt] {
                var run = HealthRun()
                run.exchange(HealthRun.accepted, before)
                run.exchange(outcome)
                #expect(run.state == .closed)
            }
        }
    }

    @Test func fiveInARowOpenWhatHasDoneNothingElse() {
        var run = HealthRun()
        run.exchange(HealthRun.doubt, 4)
        #expect(run.state == .closed)
        run.exchange(HealthRun.doubt)
        #expect(run.state == .open && run.health.allows(at: run.now) == 0 && run.health.unknown == 5)
    }

    @Test(arguments: [0.3, 0.5, 1.0])
    func aShareOfFailuresOpensWithinFiveSecondsAtFiveThousandASecond(_ share: Double) {
        var random = SeededRandom(seed: 11)
        var run = HealthRun()
        for _ in 0..<1000 {
            for _ in 0..<50 { run.send(HealthRun.accepted) }
            run.advance(by: .milliseconds(10))
        }
        let bad = run.now
        while run.state == .closed, run.now < bad + .seconds(20) {
            for _ in 0..<50 {
                run.send(Double.random(in: 0..<1, using: &random) < share ? HealthRun.transient : HealthRun.accepted)
            }
            run.advance(by: .milliseconds(10))
        }
        print("\(Int(share * 100)) % failures: open after \((run.now - bad).milliseconds) ms")
        #expect(run.now - bad < .seconds(5))
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func oneInTwentyAtRandomIsNoIllness(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for perTurn in [1, 10] {
            var run = HealthRun()
            for _ in 0..<6000 {
                for _ in 0..<perTurn {
                    run.send(Int.random(in: 0..<20, using: &random) == 0 ? HealthRun.transient : HealthRun.accepted)
                }
                run.advance(by: .milliseconds(10))
            }
            #expect(run.state == .closed && run.health.refused > 200)
        }
    }

    @Test func refusedRecipientsAndThrottlingAreNoFaults() {
        var run = HealthRun()
        run.exchange(.refused(Refusal(.recipient, .recipientRefused, detail: "21211")), 30)
        run.exchange(.refused(Refusal(.throttled, .throttled, detail: "429")), 30)
        run.exchange(.refused(Refusal(.transient, .accessExpired, detail: "401")), 30)
        #expect(run.state == .closed && run.health.refused == 90 && run.health.acceptance == 1)
    }

    @Test func aRefusedConfigurationStopsItAtOnce() {
        var run = HealthRun()
        run.exchange(.refused(Refusal(.configuration, .configurationRefused, detail: "401")))
        #expect(run.state == .open && run.health.lastError == "configuration-refused 401")
    }

    @Test func oneBadNumberStopsNobodyAndManyDo() {
        var run = HealthRun()
        var badNumber = Refusal(.configuration, .configurationRefused, detail: "http 400")
        badNumber.mayBeTheMessage = true
        for _ in 0..<50 {
            run.exchange(.refused(badNumber))
            run.exchange(HealthRun.accepted, 20)
        }
        #expect(run.state == .closed)
        run.exchange(.refused(badNumber), 40)
        #expect(run.state != .closed)
    }

    @Test func whatHangsIsIllLongBeforeItsTimeOut() {
        var run = HealthRun()
        run.exchange(HealthRun.accepted, 100)
        for _ in 0..<20 { run.send(HealthRun.doubt, after: .seconds(30)) }
        run.advance(by: .milliseconds(1900))
        #expect(run.state == .closed)
        run.advance(by: .milliseconds(300))
        #expect(run.state == .open)
        // The time-outs themselves say nothing new.
        run.rest()
        run.exchange(HealthRun.accepted, 2)
        run.advance(by: .seconds(30))
        #expect(run.state == .recovering && run.health.unknown == 20)
    }

    @Test func ourOwnStandstillIsNotTheGatewaysFault() {
        var clock = SteadyClock()
        var health = GatewayHealth(timeout: .seconds(30))
        for n in 0..<100 {
            let moment = clock.moment(at: start + .milliseconds(Int64(n) * 20))
            health.began(at: moment)
            health.ended(.accepted(id: nil), departed: moment.steady, at: moment)
        }
        let departed = clock.moment(at: start + .seconds(2))
        for _ in 0..<50 { health.began(at: departed) }
        // An hour later, or before, by the clock on the wall.
        for gap in [Duration.hours(1), .hours(-1)] {
            let back = clock.moment(at: departed.now + gap)
            health.watch(at: back)
            #expect(health.state(at: back.now) == .closed)
            for _ in 0..<25 { health.ended(.accepted(id: nil), departed: departed.steady, at: back) }
            #expect(health.state(at: back.now) == .closed && health.acceptance == 1)
        }
    }

    @Test func whatIsSlowForGoodIsUsedAgain() {
        var run = HealthRun()
        run.exchange(HealthRun.accepted, 100)
        var trials = 0
        while run.state != .closed || trials == 0 {
            run.rest()
            while run.send(HealthRun.accepted, after: .seconds(10)), run.inFlight < 300 {}
            trials += 1
            run.advance(by: .seconds(10))
            if run.now > start + .hours(1) { break }
        }
        print("ten seconds instead of 50 ms: used again after \((run.now - start).milliseconds / 1000) s")
        #expect(run.state == .closed && run.now < start + .minutes(15))
    }

    @Test func receiptsTellOfMessagesThatDoNotArrive() {
        var run = HealthRun()
        for n in 0..<300 { run.health.received(delivered: n % 4 != 0, sent: run.now, at: run.now) }
        // Half of what usually arrives is not yet an illness; a fifth is.
        for n in 0..<60 { run.health.received(delivered: n % 2 == 0, sent: run.now, at: run.now) }
        #expect(run.state == .closed)
        for n in 0..<30 { run.health.received(delivered: n % 5 == 0, sent: run.now, at: run.now) }
        #expect(run.state == .open)
        run.rest()
        #expect(run.now - start == .minutes(5) && run.health.allows(at: run.now) == 1)
        // Late receipts about what went out before are not held against it.
        run.exchange(HealthRun.accepted, 600)
        #expect(run.state == .closed)
        for _ in 0..<500 { run.health.received(delivered: false, sent: start - .seconds(1), at: run.now) }
        #expect(run.state == .closed)
    }

    @Test func aFewDeadNumbersInAPortfolioOfManyAreItsUsualShare() {
        var run = HealthRun()
        for n in 0..<2000 { run.health.received(delivered: n % 10 == 0, sent: run.now, at: run.now) }
        #expect(run.state == .closed)
    }
}

@Suite struct RecoveryOfGatewaysTests {
    @Test func oneTriesThenTwiceAsManyEachRound() {
        var run = HealthRun()
        run.exchange(HealthRun.transient, 5)
        run.rest()
        var rounds: [Int] = []
        while run.state != .closed, rounds.count < 20 {
            var count = 0
            while run.send(HealthRun.accepted), count < 1000 { count += 1 }
            rounds.append(count)
            run.advance(by: .milliseconds(50))
        }
        #expect(rounds == [1, 2, 4, 8, 16, 32, 64, 128, 256] && run.health.allows(at: run.now) == Int.max)
    }

    @Test func eachTrialThatFailsDoublesTheRestUpToItsLimit() {
        for (outcome, rests) in [
            (HealthRun.transient, [5, 10, 20, 40, 60, 60]), (HealthRun.doubt, [5, 10, 20, 40, 80, 160, 300, 300]),
        ] {
            var run = HealthRun()
            run.exchange(outcome, 5)
            for rest in rests {
                #expect(run.health.retryInstant(after: run.now).map { $0 - run.now } == .seconds(rest))
                run.rest()
                #expect(run.state == .halfOpen)
                run.exchange(outcome)
                #expect(run.state == .open)
            }
        }
    }

    @Test func anIllnessSoonAfterTheLastRestsLonger() {
        var run = HealthRun()
        run.exchange(HealthRun.transient, 5)
        run.rest()
        while run.state != .closed { run.exchange(HealthRun.accepted) }
        run.exchange(HealthRun.transient, 5)
        #expect(run.health.retryInstant(after: run.now).map { $0 - run.now } == .seconds(10))
        run.rest()
        while run.state != .closed { run.exchange(HealthRun.accepted) }
        run.advance(by: .minutes(1))
        run.exchange(HealthRun.transient, 30)
        #expect(run.health.retryInstant(after: run.now).map { $0 - run.now < .seconds(5) } == true)
    }

    @Test func aClockThatIsSetBackEndsTheRest() {
        var run = HealthRun()
        run.exchange(HealthRun.transient, 5)
        #expect(run.health.allows(at: run.now - .days(1)) == 1)
    }

    /// Whatever happened before: a gateway that is well is trusted again within its longest rest and a recovery, and no more
    /// than one at a time tries one that is half-open.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func nothingClosesAGatewayOutForEver(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var run = HealthRun()
        for _ in 0..<3000 {
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                let outcome = [
                    HealthRun.accepted, HealthRun.transient, HealthRun.doubt, .withdrawn(.paused),
                    .refused(Refusal(.configuration, .configurationRefused, detail: "401")),
                    .refused(Refusal(.throttled, .throttled, detail: "429")),
                ].randomElement(using: &random)!
                let isTrial = run.state == .halfOpen
                let latency = [50, 500, 5_000, 30_000].randomElement(using: &random)!
                if run.send(outcome, after: .milliseconds(Int64(latency))), isTrial {
                    #expect(run.health.allows(at: run.now) == 0)
                }
            }
            run.advance(by: .milliseconds([10, 200, 3_000].randomElement(using: &random)!))
        }
        let last = run.now
        while run.state != .closed, run.now < last + .minutes(20) {
            if !run.send(HealthRun.accepted) { run.advance(by: .milliseconds(50)) }
        }
        #expect(run.now - last <= Duration.minutes(5) + .seconds(40))
    }
}

@Suite struct LatenciesTests {
    @Test(arguments: [UInt64(1), 2, 3])
    func quantilesAreRightToAFifth(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var latencies = Latencies()
        var all: [Int64] = []
        for n in 0..<2000 {
            let value = Int64(pow2(Double.random(in: 0..<17, using: &random)))
            all.append(value)
            latencies.count(.milliseconds(value), at: start + .milliseconds(Int64(n) * 20))
        }
        all.sort()
        for share in [0.01, 0.5, 0.9, 0.99] {
            let exact = all[Int((2000 * share).rounded(.up)) - 1]
            let found = latencies.quantile(share)!.milliseconds
            #expect(found >= exact && Double(found) <= Double(exact) * 1.25 + 1, "\(share): \(found) for \(exact)")
        }
        // What is older than a minute is forgotten.
        latencies.count(.milliseconds(7), at: start + .hours(1))
        #expect(latencies.quantile(0.99) == .milliseconds(7))
    }

    private func pow2(_ exponent: Double) -> Double {
        (0..<Int(exponent)).reduce(1.0) { n, _ in n * 2 } * (1 + exponent - exponent.rounded(.down))
    }
}
