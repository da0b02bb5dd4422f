// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinEngine

/// Events that another process imports beside the dispatcher.
@Suite struct EventDispatchTests {
    private func tell(_ bench: DispatchBench, _ id: String, _ contact: Contact) throws {
        let importer = try SQLiteLedger.open(path: bench.folder + "/dunlin.db", role: .importer)
        #expect(
            try importer.store(events: [ContactEvent(id: id, contact: contact)], at: bench.clock.now) == [.imported])
    }

    /// The daemon has asked about this person before, and holds nothing of it in mind.
    @Test func anOptOutByReplyStopsTheNextReminderAtOnce() throws {
        let bench = try DispatchBench()
        let first = bench.reminder("r-1", to: "P")
        try bench.store(first)
        let sent = try bench.turn()
        #expect(sent.count == 1)
        try bench.turn([sent[0].answered(.accepted(id: nil))])

        bench.clock.advance(by: .days(1))
        try bench.store(bench.reminder("r-2", to: "P"), bench.reminder("r-3", to: "Q"))
        let number = ContactKey.address(try #require(first.recipient.phone))
        try tell(bench, "stop", Contact(.optOut, at: bench.clock.now, channel: .sms, recipient: .any, address: number))
        #expect(try bench.turn().count == 1)
        #expect(try bench.history("r-2").state == .suppressed)
        #expect(try bench.history("r-3").state == .sending)

        bench.clock.advance(by: .days(1))
        try tell(bench, "start", Contact(.optIn, at: bench.clock.now, channel: .sms, recipient: .any, address: number))
        try bench.store(bench.reminder("r-4", to: "P"))
        #expect(try bench.turn().count == 1)
    }

    @Test func anIntentSaysForWhomAndWhatFor() throws {
        let bench = try DispatchBench()
        try bench.store(bench.reminder("r-1", to: "P"))
        try bench.turn()
        let contacts = try bench.ledger.write { try $0.contacts(of: .recipient("P"), since: bench.clock.now) }
        #expect(contacts.map(\.creditor) == [.creditor("Harbor Credit")])
        #expect(contacts.map(\.purpose) == [.reminder])
    }
}
