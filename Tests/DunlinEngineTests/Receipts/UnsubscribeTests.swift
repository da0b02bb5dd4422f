// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
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
}
