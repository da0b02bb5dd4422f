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
