// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinTestKit
import Testing

/// What every ledger owes its callers: events.
@Suite struct EventConformanceTests {
    let directory = try! TemporaryDirectory()  // A suite without a directory has nothing to say.

    private func found(
        _ ledger: any Ledger, _ recipient: ContactKey = .any, _ account: ContactKey = .any, _ address: ContactKey = .any
    ) throws -> [Contact] {
        try ledger.write { try $0.events(recipient: recipient, account: account, address: address) }
    }

    @Test(arguments: LedgerKind.all) func storesEachIDOnce(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        let first = event("e-1"), other = event("e-1", .refusal)
        #expect(try ledger.store(events: [first, first, event("e-2")], at: t0) == [.imported, .duplicate, .imported])
        #expect(try ledger.store(events: [other, first, event("e-3")], at: t0) == [.conflict, .duplicate, .imported])
        #expect(try found(ledger, .recipient("P-1")).map(\.kind) == [.conversation, .conversation, .conversation])
        // Reminders have ids of their own.
        #expect(try ledger.store([sample("e-1")], at: t0) == [.imported])
    }

    static let changes: [@Sendable (inout ContactEvent) -> Void] = [
        { $0.reminder = "r-1" }, { $0.contact.kind = .request }, { $0.contact.at = t0 + .seconds(1) },
        { $0.contact.until = t0 + .days(1) }, { $0.contact.channel = .sms }, { $0.contact.channel = nil },
        { $0.contact.recipient = .any }, { $0.contact.account = .any }, { $0.contact.address = .any },
        { $0.contact.creditor = .any }, { $0.contact.purpose = .notice }, { $0.contact.isOwn = true },
        { $0.contact.isInbound = true }, { $0.contact.figure = 60 },
    ]

    @Test(arguments: LedgerKind.all, changes.indices)
    func keepsEveryFieldAndEachIsContent(_ kind: LedgerKind, _ number: Int) throws {
        let ledger = try kind.open(directory)
        var changed = event("e-1")
        EventConformanceTests.changes[number](&changed)
        #expect(try ledger.store(events: [changed, event("e-1")], at: t0) == [.imported, .conflict])
        #expect(
            try ledger.events(of: "e-1", addresses: [], limit: 9) == [
                EventRecord(number: 1, event: changed, imported: t0)
            ])
        #expect(try found(ledger, .recipient("P-1"), .account("A-1")) == [changed.contact])
    }

    @Test(arguments: LedgerKind.all) func findsByEachKeyInItsOwnDimension(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        var byAddress = event("reply", .optOut, person: 2, at: 3)
        (byAddress.contact.recipient, byAddress.contact.account) = (.any, .any)
        var byAccount = event("debt", .dispute, person: 3, at: 2)
        byAccount.contact.address = .any
        _ = try ledger.store(events: [byAddress, byAccount, event("one", at: 1)], at: t0)
        let (reply, debt) = (byAddress.contact, byAccount.contact)
        let address = reply.address
        #expect(try found(ledger, .recipient("P-9"), .account("A-9"), address) == [reply])
        #expect(try found(ledger, .recipient("P-9"), .account("A-3"), address) == [debt, reply])
        #expect(
            try found(ledger, .recipient("P-1"), .account("A-3"), address).map(\.at)
                == [1, 2, 3].map { t0 + .seconds($0) })
        // Once, though every key is the event's.
        #expect(try found(ledger, .recipient("P-1"), .account("A-1"), .address("+16175551001")).count == 1)
        // Any is no key, and a key of another dimension no match.
        #expect(try found(ledger) == [])
        #expect(try found(ledger, address, .recipient("P-1"), .account("A-1")) == [])
    }

    @Test(arguments: LedgerKind.all) func oldestFirstWhateverTheOrderOfImport(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        let order = [5, 1, 4, 1, 3].enumerated()
        _ = try ledger.store(events: order.map { event("e-\($0)", at: Int64($1), figure: Int32($0)) }, at: t0)
        #expect(try found(ledger, .any, .account("A-1")).map(\.figure) == [1, 3, 4, 2, 0])
    }

    /// Events that come one by one and in thousands, before and after the ledger is opened anew: none is missed.
    @Test(arguments: LedgerKind.all) func findsThemHoweverManyThereAre(_ kind: LedgerKind) throws {
        var ledger: (any Ledger)? = try kind.open(directory)
        var people = 0
        for count in [1, 1, 30, 200, 3_000, 1] {
            let batch = (people..<people + count).map { event("e-\($0)", person: $0) }
            _ = try ledger!.store(events: batch, at: t0)
            people += count
            if count == 200 {
                ledger = nil
                ledger = try kind.open(directory)
            }
            try ledger!.write { transaction in
                for person in 0..<people {
                    let found = try transaction.events(
                        recipient: .recipient("P-\(person)"), account: .any, address: .any)
                    #expect(found.count == 1)
                }
            }
            #expect(try found(ledger!, .recipient("P-\(people)"), .account("A-\(people)")) == [])
        }
    }

    @Test(arguments: LedgerKind.all) func tellsTheEventsOfAnID(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        var ofReminder = event("e-2", .unanswered, at: 2)
        (ofReminder.reminder, ofReminder.contact.isOwn) = ("r-1", true)
        var reply = event("e-3", .optOut, at: 3)
        (reply.contact.recipient, reply.contact.account) = (.any, .any)
        _ = try ledger.store(events: [reply, ofReminder, event("e-1", at: 1), event("e-4", person: 2)], at: t0)
        func ids(_ id: String, _ addresses: Set<ContactKey> = [], limit: Int = 9) throws -> [String] {
            try ledger.events(of: id, addresses: addresses, limit: limit).map(\.event.id)
        }
        #expect(try ids("P-1") == ["e-1", "e-2"])
        #expect(try ids("A-1", [reply.contact.address, .address("x@example.com")]) == ["e-1", "e-2", "e-3"])
        #expect(try ids("P-1", [reply.contact.address], limit: 2) == ["e-2", "e-3"])
        #expect(try ids("r-1") == ["e-2"])
        #expect(try ids("e-4") == ["e-4"])
        #expect(try ids("nobody") == [])
    }

    @Test(arguments: LedgerKind.all) func anIntentKeepsItsCreditorAndPurpose(_ kind: LedgerKind) throws {
        var expected: [Contact] = []
        for (i, purpose) in Purpose.allCases.enumerated() {
            let ledger = try kind.open(directory)
            _ = try ledger.store([sample("r-\(i)")], at: t0)
            try ledger.write { transaction in
                let entry = try transaction.takeDue(in: .sms, upTo: t0, limit: 1)[0]
                var wanted = contact(1)
                (wanted.creditor, wanted.purpose) = (i == 0 ? .any : .creditor("Harbor Credit"), purpose)
                let flight = try transaction.beginFlight(
                    of: entry, channel: .sms, gateway: "g", contact: wanted, detail: "", at: t0)
                #expect(flight.contact == wanted)
                expected.append(wanted)
            }
        }
        let ledger = try kind.open(directory)
        #expect(try ledger.write { try $0.flights().map(\.contact) } == expected)
        #expect(try ledger.write { try $0.contacts(of: .recipient("P-1"), since: t0) } == expected)
    }

    @Test(arguments: LedgerKind.all) func keepsPartyProductAndRole(_ kind: LedgerKind) throws {
        let ledger = try kind.open(directory)
        var full = sample("r-1")
        (full.account.party, full.account.product, full.recipient.role) = (.purchaser, "credit-card", .guarantor)
        #expect(try ledger.store([full, full], at: t0) == [.imported, .duplicate])
        #expect(try ledger.histories(of: "r-1", limit: 1)[0].reminder == full)
        let changes: [(inout Reminder) -> Void] = [
            { $0.account.party = .bank }, { $0.account.party = nil }, { $0.account.product = "loan" },
            { $0.account.product = nil }, { $0.recipient.role = .spouse }, { $0.recipient.role = .borrower },
        ]
        for change in changes {
            var other = full
            change(&other)
            #expect(try ledger.store([other], at: t0) == [.conflict])
        }
    }
}
