// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import Foundation
import Testing

@testable import DunlinEngine

@Suite struct ExplanationTests {
    private let t0 = Instant(rfc3339: "2026-11-25T09:00:00Z")!

    /// Two reminders to one person about two accounts, one of them sent; events before, between and after.
    private func explain(_ id: String, limit: Int = 9) throws -> Explanation? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "dunlin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ledger = try SQLiteLedger.open(path: folder.appending(path: "ledger.db").path, role: .owner)
        _ = try ledger.store([reminder("r-1", account: "A-1"), reminder("r-2", account: "A-2")], at: t0)
        let trace = """
            {"policy":"p","template":"payment-overdue@1/en","findings":[\
            {"rule":"us/cap","cite":"12 CFR 1006.14","figures":"0 of 7 calls","allows":true},\
            {"rule":"us/gap","cite":"","figures":"1 hour","allows":true,"verdict":"warns"}]}
            """
        try ledger.write { transaction in
            let taken = try transaction.takeDue(in: .call, upTo: t0, limit: 2)
            let contact = Contact(at: t0, channel: .call, recipient: .recipient("P-5"))
            let flight = try transaction.beginFlight(
                of: taken[0], channel: .call, gateway: "voice", contact: contact, detail: trace,
                at: t0 + .hours(1))
            try transaction.endFlight(flight, refund: false)
            try transaction.append(
                Fact(
                    .accepted, of: taken[0].key, at: t0 + .hours(2), channel: .call, attempt: flight.attempt,
                    detail: "CA1"),
                from: .sending, to: .accepted)
            try transaction.enqueue(taken[1])
        }
        let person = ContactKey.recipient("P-5")
        _ = try ledger.store(
            events: [
                ContactEvent(
                    id: "e-1",
                    contact: Contact(
                        .conversation, at: t0 - .days(1), channel: .call, recipient: person, account: .account("A-1"),
                        creditor: .creditor("Other Bank"), isInbound: true, figure: 120)),
                ContactEvent(
                    id: "e-2",
                    contact: Contact(
                        .unanswered, at: t0 + .minutes(90), channel: .call, recipient: person, isOwn: true),
                    reminder: "r-1"),
                ContactEvent(
                    id: "e-3",
                    contact: Contact(
                        .optOut, at: t0 + .hours(3), channel: .sms, recipient: .any, address: .address("+16175550123"))),
                ContactEvent(
                    id: "e-4",
                    contact: Contact(
                        .blocked, at: t0 + .hours(4), until: t0 + .days(9), channel: nil, recipient: person,
                        figure: BlockedHours(weekdays: 0x1f, from: 540, until: 720).figure)),
                ContactEvent(id: "e-9", contact: Contact(.cease, at: t0, channel: nil, recipient: .recipient("P-6"))),
            ], at: t0 + .days(1))
        return try Explanation(of: id, in: ledger, limit: limit)
    }

    private func reminder(_ id: String, account: String) -> Reminder {
        Reminder(
            id: id, message: "payment-overdue", due: t0, expires: t0 + .days(1), channels: [.call],
            account: Account(
                id: account, creditor: "Harbor Credit",
                amount: Money(minorUnits: 100, currency: Currency(code: "USD")!),
                dueDate: CivilDate(iso8601: "2026-11-20")!),
            recipient: Recipient(id: "P-5", name: "Alex Kim", locale: "en-US", phone: "+16175550123"))
    }

    @Test func aPersonsStoryIsOneTimeLine() throws {
        let text = try #require(try explain("P-5")).text
        #expect(
            text == """
                P-5: 2 reminders, 4 events
                  reminder r-1: accepted
                    message payment-overdue, account A-1, recipient P-5
                    due 2026-11-25T09:00:00Z, expires 2026-11-26T09:00:00Z, channels call
                  reminder r-2: scheduled
                    message payment-overdue, account A-2, recipient P-5
                    due 2026-11-25T09:00:00Z, expires 2026-11-26T09:00:00Z, channels call
                  2026-11-24T09:00:00Z  event e-1: conversation by call, begun by the person, 120 seconds; recipient P-5, \
                account A-1, another creditor
                  2026-11-25T09:00:00Z  r-1 imported
                  2026-11-25T09:00:00Z  r-2 imported
                  2026-11-25T10:00:00Z  r-1 intent call by voice (attempt 1)
                      text payment-overdue@1/en
                      allows  us/cap: 0 of 7 calls [12 CFR 1006.14]
                      warns  us/gap: 1 hour
                  2026-11-25T10:30:00Z  event e-2: unanswered by call, about reminder r-1; recipient P-5
                  2026-11-25T11:00:00Z  r-1 accepted call (attempt 1), its id is CA1
                  2026-11-25T12:00:00Z  event e-3: opt-out by sms; the phone number of P-5
                  2026-11-25T13:00:00Z  event e-4: blocked, mon-fri 09:00-12:00, until 2026-12-04T09:00:00Z; recipient P-5
                """)
        #expect(!text.contains("+1617"), "no personal datum")
    }

    @Test func anAccountsStoryHasItsOwnEvents() throws {
        let story = try #require(try explain("A-1"))
        #expect(story.histories.map(\.reminder.id) == ["r-1"])
        // Of its debt, and from the number of whoever owes it.
        #expect(story.events.map(\.event.id) == ["e-1", "e-3"])
        #expect(story.text.hasPrefix("A-1: 1 reminder, 2 events\n  reminder r-1: accepted\n"))
    }

    @Test func aRemindersStoryHasTheEventsAboutIt() throws {
        let story = try #require(try explain("r-1"))
        // Those that name it, and what came from the person's number since.
        #expect(story.events.map(\.event.id) == ["e-2", "e-3"])
        #expect(story.text.hasPrefix("reminder r-1: accepted\n  message payment-overdue"))
        #expect(story.text.contains("\n  2026-11-25T10:30:00Z  event e-2: unanswered by call"))
        let alone = try #require(try explain("r-2"))
        #expect(alone.events.map(\.event.id) == ["e-3"])
        #expect(alone.text.hasPrefix(alone.histories[0].explanation + "\n"))
    }

    @Test func anEventCanBeAskedFor() throws {
        let text = try #require(try explain("e-9")).text
        #expect(text == "e-9: no reminders, 1 event\n  2026-11-25T09:00:00Z  event e-9: cease; one recipient")
        // A person of whom nothing is known but an event.
        #expect(
            try explain("P-6")?.text
                == "P-6: no reminders, 1 event\n  2026-11-25T09:00:00Z  event e-9: cease; recipient P-6")
    }

    @Test func nobodyHasNoStory() throws { #expect(try explain("nobody") == nil) }

    @Test func theLimitKeepsTheNewest() throws {
        let story = try #require(try explain("P-5", limit: 1))
        #expect(story.histories.map(\.reminder.id) == ["r-2"])
        #expect(story.events.map(\.event.id) == ["e-4"])
    }

    @Test func jsonHasTheSame() throws {
        let record = ExplanationRecord(try #require(try explain("P-5")))
        #expect(record.reminders.map(\.id) == ["r-1", "r-2"])
        #expect(record.reminders[0].facts.map(\.event) == ["intent", "accepted"])
        #expect(record.events.map(\.id) == ["e-1", "e-2", "e-3", "e-4"])
        #expect(
            (record.events[0].direction, record.events[0].seconds, record.events[1].reminder) == ("inbound", 120, "r-1")
        )
        #expect(record.events[2].about == ["the phone number of P-5"])
        #expect((record.events[3].hours, record.events[3].until) == ("mon-fri 09:00-12:00", "2026-12-04T09:00:00Z"))
        #expect(record.events[3].imported == "2026-11-26T09:00:00Z")
    }

    /// A clock set back does not turn a reminder's own story round.
    @Test func aStoryKeepsItsOrder() {
        let one = [10, 30, 20, 40].map { TimeLine.Step(at: Instant(seconds: $0), what: "one \($0)") }
        let other = [25, 35].map { TimeLine.Step(at: Instant(seconds: $0), what: "other \($0)") }
        #expect(
            TimeLine(merging: [one, other]).steps.map(\.what)
                == ["one 10", "other 25", "one 30", "one 20", "other 35", "one 40"])
    }
}
