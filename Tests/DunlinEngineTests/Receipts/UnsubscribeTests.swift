// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import Logging
import Testing

@testable import DunlinEngine

@Suite struct UnsubscribeTests {
    private let tokens = AttemptTokens(secret: [1, 2, 3])
    private let inbox = CallbackInbox(ring: {})
    private var desk: CallbackDesk {
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let calls = CallDesk(open: { throw CancellationError() }, logger: silent)
        return CallbackDesk(
            tokens: tokens, inbox: inbox, calls: calls, logger: silent, fetch: { _ in WireAnswer(phase: .notSent) })
    }

    @Test func lookingAtTheLinkChangesNothing() async {
        #expect(await desk.unsubscribe(tokens.token(forAttempt: 7), confirmed: false) == .asks)
        #expect(inbox.take().isEmpty)
    }

    @Test func onlyOurOwnTokensCount() async {
        let other = AttemptTokens(secret: [4])
        for token in [
            "", "a7-00000000000000000000", other.token(forAttempt: 7), tokens.token(for: ReminderKey(value: 7)),
        ] {
            #expect(await desk.unsubscribe(token, confirmed: true) == .unknown)
        }
        // Of a mail that an operator sent to try a gateway.
        #expect(await desk.unsubscribe(tokens.token(forTest: 7), confirmed: true) == .test)
        #expect(inbox.take().isEmpty)
    }

    /// Said to be done when it is on the disk, and not before.
    @Test(arguments: [true, false]) func confirmedItWaitsForTheDisk(isStored: Bool) async throws {
        let desk = desk
        async let state = desk.unsubscribe(tokens.token(forAttempt: 7), confirmed: true)
        var batches: [CallbackBatch] = []
        while batches.isEmpty {
            batches = inbox.take()
            await Task.yield()
        }
        let entry = try #require(batches.first?.entries.first)
        guard case .unsubscribed(attempt: 7) = entry else {
            Issue.record("\(entry)")
            return
        }
        batches[0].done(isStored)
        #expect(await state == (isStored ? .done : .failed))
        #expect(desk.counts["unsubscribe"]?.taken == (isStored ? 1 : 0))
        #expect(desk.counts["unsubscribe"]?.failed == (isStored ? 0 : 1))
    }

    // MARK: In the ledger

    /// Whoever follows the link in a mail gets no other, and the reminder needs no second channel: it arrived.
    @Test func aLinkInAMailRefusesMails() throws {
        let bench = try DispatchBench.following(fallback: [.email: .hours(2)])
        try bench.store(bench.reminder("r-1", channels: [.email, .sms]))
        let mail = try bench.turn()[0]
        try bench.turn([mail.answered(.accepted(id: nil))])
        for _ in 0..<2 {
            try bench.turn(callbacks: [
                CallbackBatch(
                    gateway: "", channel: .email, entries: [.unsubscribed(attempt: mail.attempt)], done: { _ in })
            ])
        }
        #expect(try bench.events("r-1") == [.intent, .accepted, .delivered])
        let events = try bench.ledger.events(of: "r-1", addresses: [], limit: 10)
        #expect(events.map(\.event.contact.kind) == [.optOut] && events[0].event.contact.channel == .email)
        try bench.store(
            bench.reminder("r-2", to: "P-r-1", channels: [.email]), bench.reminder("r-3", to: "P-r-1"))
        bench.clock.advance(by: .hours(26))
        #expect(try bench.turn().map(\.scope.channel) == [.sms])
        #expect(try bench.history("r-2").state == .suppressed)
    }

    /// The link in an old mail refuses anew, whatever was wished since.
    @Test func theSameLinkRefusesAgainAfterAStart() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1", channels: [.email]))
        let mail = try bench.turn()[0]
        try bench.turn([mail.answered(.accepted(id: nil))])
        func click() -> CallbackBatch {
            CallbackBatch(gateway: "", channel: .email, entries: [.unsubscribed(attempt: mail.attempt)], done: { _ in })
        }
        for round in 1...2 {
            bench.clock.advance(by: .days(9))
            try bench.turn(callbacks: [click(), click()])
            bench.clock.advance(by: .days(1))
            var start = try #require(try bench.ledger.events(of: "r-1", addresses: [], limit: 9).last?.event)
            (start.id, start.contact.kind, start.contact.at) = ("start-\(round)", .optIn, bench.clock.now)
            start.contact.isOwn = false
            _ = try bench.ledger.store(events: [start], at: bench.clock.now)
        }
        bench.clock.advance(by: .days(9))
        try bench.turn(callbacks: [click()])
        try bench.store(bench.reminder("r-2", to: "P-r-1", channels: [.email]))
        #expect(try bench.turn().isEmpty)
        #expect(try bench.history("r-2").state == .suppressed)
        let refusals = try bench.ledger.events(of: "r-1", addresses: [], limit: 9).map(\.event).filter {
            $0.contact.kind == .optOut
        }
        #expect(refusals.count == 3)
        #expect(refusals.allSatisfy { EventOrigin($0) == .attempt(mail.attempt, .unsubscription) })
    }
}
