// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinEngine

@Suite struct ClockGuardTests {
    @Test(arguments: [
        (Duration.zero, true), (.seconds(119), true), (.seconds(-119), true), (.seconds(121), false),
        (.seconds(-121), false), (.hours(9), false),
    ])
    func trustsCorrectionsAndDoubtsJumps(_ jump: Duration, _ trusted: Bool) {
        var clock = ClockGuard()
        let start = Instant(seconds: 1_800_000_000)
        _ = clock.trusts(start, monotonic: .seconds(5))
        let answer = clock.trusts(start + .seconds(1) + jump, monotonic: .seconds(6))
        #expect(answer == trusted)
    }

    @Test func trustsAgainAfterAMinuteOfEvenRunning() {
        var clock = ClockGuard()
        let start = Instant(seconds: 1_800_000_000)
        _ = clock.trusts(start, monotonic: .zero)
        var answers: [Bool] = []
        for second in 1...62 {
            answers.append(clock.trusts(start + .hours(1) + .seconds(second), monotonic: .seconds(second)))
        }
        #expect(answers.prefix(60).allSatisfy { !$0 })
        #expect(answers[60] && clock.jump == nil)
    }
}

@Suite struct SpreadTests {
    private let opening = Instant(rfc3339: "2026-11-25T08:00:00Z")!

    @Test func spreadsEvenlyWithinItsWidth() {
        let spread = Spread(width: .minutes(15))
        var minutes = [Int](repeating: 0, count: 15)
        for key in 1...15_000 {
            let instant = spread.instant(from: opening, for: ReminderKey(value: Int64(key)), expires: .distantFuture)
            #expect(instant >= opening && instant < opening + .minutes(15))
            minutes[Int((instant - opening).milliseconds / 60_000)] += 1
        }
        #expect(minutes.allSatisfy { (900...1100).contains($0) }, "\(minutes)")
    }

    @Test func staysBeforeTheExpiryAndIsStable() {
        let spread = Spread(width: .hours(1))
        for key in 1...200 {
            let reminder = ReminderKey(value: Int64(key))
            let expires = opening + .seconds(key)
            let instant = spread.instant(from: opening, for: reminder, expires: expires)
            #expect(instant < expires)
            #expect(spread.instant(from: opening, for: reminder, expires: expires) == instant)
        }
        #expect(
            Spread(width: .zero).instant(from: opening, for: ReminderKey(value: 3), expires: .distantFuture) == opening)
    }
}

@Suite struct DecisionTraceTests {
    @Test func readsBackWhatItWrites() {
        let line = DecisionTrace.Line(
            rule: "us-reg-f/hours", cite: "12 CFR 1006.6(b)(1)(i) \"quoted\" \\ \n 法", figures: "09:14",
            allows: true)
        let trace = DecisionTrace(
            policy: "9fe1", template: "payment-overdue@ab12/en", fault: "why\u{1}", lines: [line, line])
        #expect(DecisionTrace(detail: trace.detail) == trace)
        #expect(DecisionTrace(detail: "SM123") == nil)
        #expect(DecisionTrace(detail: "{broken") == nil)
    }
}

@Suite struct MailboxTests {
    @Test func givesEverythingOnceAndInOrder() {
        let mailbox = Mailbox<Int>()
        mailbox.post([1, 2])
        mailbox.post([3])
        mailbox.wait(timeout: .seconds(10))  // returns at once: there is something
        #expect(mailbox.take() == [1, 2, 3])
        #expect(mailbox.take().isEmpty)
    }

    @Test func aRingEndsTheWait() {
        let mailbox = Mailbox<Int>()
        mailbox.ring()
        mailbox.wait(timeout: .seconds(10))
        #expect(mailbox.take().isEmpty)
    }
}
