// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinGateways

private let start = Instant(seconds: 1_800_000_000)

@Suite struct TokenBucketTests {
    @Test(arguments: [UInt64(1), 2, 3])
    func neverGivesMoreThanRateTimesTimePlusBurst(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let rate = Double.random(in: 0.2...2000, using: &random)
        var bucket = TokenBucket(perSecond: rate)
        var now = start
        var taken: [(at: Instant, count: Int)] = []
        for _ in 0..<300 {
            now = now + .milliseconds(Int64.random(in: -200...900, using: &random))
            taken.append((now, bucket.take(upTo: Int.random(in: 0...500, using: &random), at: now)))
        }
        // A clock that steps back may be gained on once: compare over the time that really passed forwards.
        var elapsed = 0.0
        for index in taken.indices.dropFirst() {
            elapsed += max(0, Double((taken[index].at - taken[index - 1].at).milliseconds)) / 1000
        }
        #expect(Double(taken.map(\.count).reduce(0, +)) <= rate * elapsed + bucket.burst + 1)
    }

    @Test func givesItsRateWhenAskedOften() {
        var bucket = TokenBucket(perSecond: 100)
        var total = 0
        for tick in 0..<1000 { total += bucket.take(upTo: 1000, at: start + .milliseconds(tick * 10)) }
        #expect((990...1010).contains(total))
    }
}

@Suite struct BreakerTests {
    @Test func opensAfterFiveFailuresInARow() {
        var breaker = Breaker()
        for _ in 0..<4 { breaker.failed(at: start) }
        breaker.succeeded()
        for _ in 0..<4 { breaker.failed(at: start) }
        #expect(breaker.state(at: start) == .closed)
        breaker.failed(at: start)
        #expect(breaker.state(at: start) == .open && breaker.allows(at: start) == 0)
    }

    @Test func letsOneTryAndDoublesItsRestWhenThatFails() {
        var breaker = Breaker()
        breaker.trip(at: start)
        var now = start
        for rest in [5, 10, 20, 40, 80, 160, 300, 300] {
            #expect(breaker.allows(at: now + .seconds(rest) - .milliseconds(1)) == 0)
            now = now + .seconds(rest)
            #expect(breaker.allows(at: now) == 1)
            breaker.began(at: now)
            #expect(breaker.allows(at: now) == 0)
            breaker.failed(at: now)
        }
        now = now + .seconds(300)
        breaker.began(at: now)
        breaker.succeeded()
        #expect(breaker.state(at: now) == .closed && breaker.allows(at: now) == Int.max)
    }

    @Test func neverLetsTwoTryWhateverComesIn() {
        var random = SeededRandom(seed: 5)
        var breaker = Breaker()
        var now = start
        var probes = 0
        for _ in 0..<2000 {
            now = now + .milliseconds(Int64.random(in: 0...3000, using: &random))
            let isHalfOpen = breaker.state(at: now) == .halfOpen
            switch Int.random(in: 0..<3, using: &random) {
            case 0 where breaker.allows(at: now) > 0:
                breaker.began(at: now)
                if isHalfOpen { probes += 1 }
            case 1 where isHalfOpen && probes > 0:
                breaker.failed(at: now)
                probes = 0
            case 2 where !isHalfOpen: breaker.failed(at: now)
            default: break
            }
            #expect(probes <= 1)
        }
    }
}

@Suite struct GatewayHealthTests {
    @Test func aRefusedRecipientIsNoFaultOfTheGateway() {
        var health = GatewayHealth()
        for _ in 0..<20 {
            health.ended(.refused(Refusal(.recipient, .recipientRefused, detail: "21211")), at: start)
        }
        #expect(health.state(at: start) == .closed && health.refused == 20)
    }

    @Test func aRefusedConfigurationStopsItAtOnce() {
        var health = GatewayHealth()
        health.ended(.refused(Refusal(.configuration, .configurationRefused, detail: "401")), at: start)
        #expect(health.state(at: start) == .open && health.lastError == "configuration-refused 401")
    }

    @Test func unknownOutcomesCountAsFailures() {
        var health = GatewayHealth()
        for _ in 0..<5 { health.ended(.unknown(.timeout, detail: "28"), at: start) }
        #expect(health.state(at: start) == .open && health.unknown == 5)
    }
}

@Suite struct BackoffTests {
    @Test func staysWithinItsBoundsAndHonoursTheGateway() {
        var random: any RandomNumberGenerator = SeededRandom(seed: 3)
        let backoff = Backoff()
        for attempt in 0..<40 {
            let wait = backoff.delay(attempt: attempt, using: &random)
            #expect(wait >= .seconds(1) && wait <= .hours(1))
            #expect(attempt > 1 || wait <= .seconds(30))
            #expect(backoff.delay(attempt: attempt, retryAfter: .hours(2), using: &random) == .hours(2))
        }
    }
}
