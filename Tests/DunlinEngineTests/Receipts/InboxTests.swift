// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import Synchronization
import Testing

@testable import DunlinEngine

@Suite struct InboxTests {
    /// However much comes at once, one commit takes its share, and the bell rings for the rest.
    @Test func oneTurnTakesItsShare() {
        let rings = Mutex(0)
        let inbox = CallbackInbox { rings.withLock { $0 += 1 } }
        let entry = CallbackBatch.Entry.receipt(Receipt(.id("x"), .delivered), attempt: nil)
        for size in [400, 400, 400, 5000, 1] {
            inbox.post(
                CallbackBatch(
                    gateway: "g", channel: .sms, entries: Array(repeating: entry, count: size), done: { _ in }))
        }
        #expect(inbox.take().map(\.entries.count) == [400, 400, 400])
        #expect(rings.withLock { $0 } == 6)
        #expect(inbox.take().map(\.entries.count) == [5000])
        #expect(inbox.take().map(\.entries.count) == [1])
        #expect(inbox.take().isEmpty && rings.withLock { $0 } == 7)
    }
}
