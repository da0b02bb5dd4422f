// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinEngine

@Suite struct ReceiptTests {
    @Test func deliveredOnceHoweverOftenItIsTold() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.accepted(id: "SM1"))])
        for status in [Receipt.Status.accepted, .delivered, .accepted, .delivered, .failed] {
            try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, status, code: "7")])
        }
        // That it failed after all is kept, once, and moves nothing.
        try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .failed, code: "8")])
        #expect(try bench.events("r-1") == [.intent, .accepted, .delivered, .receipt])
        #expect(try bench.history("r-1").facts.last?.fact.detail == "failed code 7")
        #expect(try bench.history("r-1").state == .delivered)
        #expect(try bench.ledger.summary().states[.delivered] == 1)
        #expect(try bench.ledger.strayCount() == 0)
    }

    @Test func aReceiptBeforeTheAnswerWaitsForIt() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .delivered)])
        #expect(try bench.history("r-1").state == .sending)
        #expect(try bench.ledger.strayCount() == 1)
        try bench.turn([sent.answered(.accepted(id: "SM1"))])
        #expect(try bench.events("r-1") == [.intent, .accepted, .delivered])
        #expect(try bench.ledger.strayCount() == 0)
    }

    @Test func aReceiptSettlesADoubt() throws {
        for (status, state) in [
            (Receipt.Status.accepted, State.accepted), (.delivered, .delivered), (.failed, .undeliverable),
        ] {
            let bench = try DispatchBench.following()
            try bench.store(bench.reminder("r-1"))
            let sent = try bench.turn()[0]
            try bench.turn([sent.answered(.unknown(.timeout, detail: "28"))])
            try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, status)])
            #expect(try bench.history("r-1").state == state)
            #expect(try bench.ledger.summary().states[state] == 1)
        }
    }

    @Test func aReceiptSettlesWhatACrashLeft() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        // The receipt is on the disk, the answer is not.
        try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .delivered)])
        _ = try bench.crash(leaving: .sameBoot([sent.attempt: .onWire]))
        #expect(try bench.events("r-1") == [.intent, .unknown, .delivered])
    }

    @Test func whatDidNotArriveGoesToTheNextChannel() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1", channels: [.sms, .email]))
        let sms = try bench.turn()[0]
        try bench.turn([sms.answered(.accepted(id: "SM1"))])
        try bench.turn(callbacks: [
            DispatchBench.receipt(sms.attempt, .failed, reason: .recipientRefused, code: "30005")
        ])
        #expect(try bench.events("r-1").dropFirst(2).first == .nextChannel)
        // `strict` allows one contact a day, and the SMS that did not arrive was one.
        bench.clock.advance(by: .hours(26))
        let mail = try bench.turn()
        #expect(mail.map(\.scope.channel) == [.email])
        let events = try bench.ledger.events(of: "r-1", addresses: [], limit: 10)
        #expect(events.map(\.event.contact.kind) == [.deadAddress])
        // The number is not tried again, for any reminder.
        try bench.store(bench.reminder("r-2", to: "P-r-1"))
        bench.clock.advance(by: .hours(26))
        try bench.turn([mail[0].answered(.accepted(id: nil))])
        #expect(try bench.history("r-2").state == .suppressed)
    }

    @Test func withoutAnotherChannelItEnds() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"))
        let sms = try bench.turn()[0]
        try bench.turn([sms.answered(.accepted(id: "SM1"))])
        try bench.turn(callbacks: [DispatchBench.receipt(sms.attempt, .failed, code: "30003")])
        let history = try bench.history("r-1")
        #expect(history.state == .undeliverable)
        #expect(history.facts.last?.fact.reason == .notDelivered && history.facts.last?.fact.detail == "30003")
        // A phone that is switched off is no dead number.
        #expect(try bench.ledger.events(of: "r-1", addresses: [], limit: 10).isEmpty)
    }

    @Test func withoutNewsInTimeTheNextChannelHasItsTurn() throws {
        let bench = try DispatchBench.following(fallback: [.sms: .hours(2)])
        try bench.store(
            bench.reminder("r-1", channels: [.sms, .email]), bench.reminder("r-2", channels: [.sms, .email]))
        let sent = try bench.turn()
        #expect(sent.count == 2)
        try bench.turn(sent.map { $0.answered(.accepted(id: nil)) })
        try bench.turn(callbacks: [DispatchBench.receipt(sent[0].attempt, .delivered)])
        bench.clock.advance(by: .minutes(119))
        try bench.turn()
        #expect(try bench.events("r-2") == [.intent, .accepted])
        bench.clock.advance(by: .minutes(1))
        try bench.turn()
        #expect(try bench.events("r-1") == [.intent, .accepted, .delivered])
        #expect(try bench.events("r-2").dropFirst(2).first == .nextChannel)
        // News that come while the mail waits for the cap end it.
        try bench.turn(callbacks: [DispatchBench.receipt(sent[1].attempt, .delivered)])
        bench.clock.advance(by: .hours(26))
        #expect(try bench.turn().isEmpty)
        #expect(try bench.history("r-2").state == .delivered)
        #expect(try bench.ledger.summary().states[.delivered] == 2)
    }

    @Test func whoAnswersACallIsToldToTheRules() throws {
        for (answerer, kind) in [
            (Receipt.Answerer.person, ContactKind.conversation), (.machine, .messageLeft), (.nobody, .unanswered),
        ] {
            let bench = try DispatchBench.following()
            try bench.store(bench.reminder("r-1", channels: [.call]))
            let call = try bench.turn()[0]
            try bench.turn([call.answered(.accepted(id: "CA1"))])
            let status: Receipt.Status = answerer == .nobody ? .failed : .delivered
            for _ in 0..<2 {
                try bench.turn(callbacks: [
                    DispatchBench.receipt(
                        call.attempt, status, from: "voice", channel: .call, answeredBy: answerer, seconds: 75)
                ])
            }
            let events = try bench.ledger.events(of: "r-1", addresses: [], limit: 10).map(\.event)
            #expect(events.map(\.contact.kind) == [kind])
            #expect(events.allSatisfy { $0.contact.isOwn && $0.reminder == "r-1" && $0.contact.figure == 75 })
        }
    }

    @Test func unknownReferencesAreKept() throws {
        let bench = try DispatchBench.following()
        let receipt = Receipt(.id("nobody's"), .delivered)
        let batch = CallbackBatch(
            gateway: "sms-a", channel: .sms, entries: [.receipt(receipt, attempt: nil)], done: { _ in })
        try bench.turn(callbacks: [batch])
        #expect(try bench.ledger.strayCount() == 1)
        #expect(try bench.ledger.strays(of: "nobody's", by: "sms-a").map(\.status) == ["delivered"])
    }

    @Test func gatewaysThatNameAttemptsThemselves() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        func told() -> CallbackBatch {
            CallbackBatch(
                gateway: "sms-a", channel: .sms, entries: [.receipt(Receipt(.id("SM1"), .delivered), attempt: nil)],
                done: { _ in })
        }
        // Before the answer that brings the id, and again after it.
        try bench.turn(callbacks: [told()])
        #expect(try bench.ledger.strayCount() == 1)
        try bench.turn([sent.answered(.accepted(id: "SM1"))])
        #expect(try bench.events("r-1") == [.intent, .accepted, .delivered])
        try bench.turn(callbacks: [told()])
        #expect(try bench.events("r-1").count == 3)
        #expect(try bench.ledger.strayCount() == 0)
    }

    /// Ten thousand receipts in random order and twice come to the same as in order and once.
    @Test func anyOrderComesToTheSame() throws {
        var random = SeededRandom(seed: 5)
        for round in 0..<20 {
            let bench = try DispatchBench.following()
            let reminders = (0..<8).map { bench.reminder("r-\($0)") }
            _ = try bench.ledger.store(reminders, at: bench.clock.now)
            let sent = try bench.turn()
            #expect(sent.count == 8)
            var batches: [CallbackBatch] = []
            for (number, transfer) in sent.enumerated() {
                let end: Receipt.Status = number % 3 == 0 ? .failed : .delivered
                for status in [Receipt.Status.accepted, .accepted, end] {
                    batches += Array(repeating: DispatchBench.receipt(transfer.attempt, status), count: 2)
                }
            }
            batches.shuffle(using: &random)
            let cut = round % batches.count
            try bench.turn(callbacks: Array(batches[..<cut]))
            try bench.turn(sent.map { $0.answered(.accepted(id: nil)) })
            for batch in batches[cut...] { try bench.turn(callbacks: [batch]) }
            for number in 0..<8 {
                let end: Event = number % 3 == 0 ? .bounced : .delivered
                #expect(try bench.events("r-\(number)") == [.intent, .accepted, end])
            }
            #expect(try bench.ledger.strayCount() == 0)
        }
    }

    @Test func aFailedCommitTakesNothingAndTheGatewayComesAgain() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.accepted(id: nil))])
        bench.ledger.isBroken = true
        #expect(throws: DunlinError.self) {
            try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .delivered)])
        }
        bench.ledger.isBroken = false
        #expect(try bench.events("r-1") == [.intent, .accepted])
        try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .delivered)])
        #expect(try bench.events("r-1") == [.intent, .accepted, .delivered])
    }

    /// The news that it arrived may come before the time-out, or while the second copy waits.
    @Test(arguments: [true, false]) func whatArrivedIsNotResent(isEarly: Bool) throws {
        let bench = try DispatchBench.following(unknown: .resend)
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        if isEarly { try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .delivered)]) }
        try bench.turn([sent.answered(.unknown(.timeout, detail: "28"))])
        if !isEarly { try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .delivered)]) }
        for _ in 0..<60 {
            bench.clock.advance(by: .hours(1))
            #expect(try bench.turn().isEmpty)
        }
        #expect(try bench.history("r-1").state == .delivered)
        #expect(try bench.ledger.summary().states[.delivered] == 1)
    }

    /// A start is no time to conclude from silence: gateways repeat what nobody took.
    @Test func afterAStandstillGatewaysAreHeardFirst() throws {
        let bench = try DispatchBench.following(fallback: [.sms: .hours(2)])
        try bench.store(bench.reminder("r-1", channels: [.sms, .email]))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.accepted(id: nil))])
        bench.clock.advance(by: .hours(5))
        _ = try bench.crash(leaving: .sameBoot([:]))
        try bench.turn()
        bench.clock.advance(by: .minutes(20))
        try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .delivered)])
        bench.clock.advance(by: .hours(1))
        try bench.turn()
        #expect(try bench.events("r-1") == [.intent, .accepted, .delivered])
    }

    /// While the ledger fails gateways are told to come again, which takes them a while: no time to conclude from silence either.
    @Test func afterALedgerThatFailedGatewaysAreHeardFirst() throws {
        let bench = try DispatchBench.following(fallback: [.sms: .hours(2)])
        try bench.store(bench.reminder("r-1", channels: [.sms, .email]))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.accepted(id: nil))])
        let receipt = DispatchBench.receipt(sent.attempt, .delivered)
        bench.clock.advance(by: .minutes(90))
        bench.ledger.isBroken = true
        #expect(throws: DunlinError.self) { try bench.turn(callbacks: [receipt]) }
        bench.clock.advance(by: .hours(1))
        #expect(throws: DunlinError.self) { try bench.turn() }
        bench.ledger.isBroken = false
        bench.clock.advance(by: .minutes(1))
        try bench.turn()
        bench.clock.advance(by: .minutes(20))
        try bench.turn(callbacks: [receipt])
        #expect(try bench.events("r-1") == [.intent, .accepted, .delivered])
    }

    /// Receipts that bear the wrong proof are no silence: with a wrong secret everybody would be written to on the next channel.
    @Test func aGatewayThatIsTurnedAwayIsNotSilent() throws {
        let bench = try DispatchBench.following(fallback: [.sms: .hours(2)])
        try bench.store(bench.reminder("r-1", channels: [.sms, .email]))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.accepted(id: nil))])
        bench.clock.advance(by: .minutes(1))
        bench.dispatcher.turnedAway = ["sms-a": bench.clock.now]
        bench.clock.advance(by: .hours(5))
        try bench.turn()
        #expect(try bench.events("r-1") == [.intent, .accepted])
        // Somebody has mended it, and there is no news still.
        bench.dispatcher.turnedAway = [:]
        bench.clock.advance(by: .minutes(30))
        try bench.turn()
        #expect(try bench.events("r-1").dropFirst(2).first == .nextChannel)
    }

    /// Who takes `fallback` out of the configuration means what has left as well.
    @Test func aFallbackThatWasTakenBackDoesNotHappen() throws {
        let bench = try DispatchBench.following(fallback: [.sms: .hours(2)])
        try bench.store(bench.reminder("r-1", channels: [.sms, .email]))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.accepted(id: nil))])
        try bench.reload(bench.dispatcher.snapshot.templates)
        bench.clock.advance(by: .hours(10))
        try bench.turn()
        #expect(try bench.history("r-1").state == .accepted)
    }

    /// Complaints that an import left are heeded before anything goes out, however many there are.
    @Test func whatAnImportLeftIsHeardBeforeAnythingLeaves() throws {
        let bench = try DispatchBench(gateways: [DispatchBench.telling("mail", .email)], routes: [.email: [0]])
        let people = (0...Dispatcher.followUpBatch).map { bench.reminder("r-\($0)", channels: [.email]) }
        _ = try bench.ledger.store(people, at: bench.clock.now)
        var attempts: [Int64] = []
        var answers: [Answer] = []
        for _ in 0..<200 where attempts.count < people.count || !answers.isEmpty {
            let sent = try bench.turn(answers)
            attempts += sent.map(\.attempt)
            answers = sent.map { $0.answered(.accepted(id: nil)) }
        }
        #expect(attempts.count == people.count)
        bench.clock.advance(by: .hours(26))
        let complaints = attempts.map { attempt in
            let token = DispatchBench.tokens.token(forAttempt: attempt)
            return (attempt, StrayReceipt(Receipt(.token(token), .complained), from: "", received: bench.clock.now))
        }
        _ = try bench.ledger.store(receipts: complaints, at: bench.clock.now)
        let last = try #require(try bench.ledger.sent(attempts.max()!)).remains.reminder.recipient.id
        try bench.store(bench.reminder("r-again", to: last, channels: [.email]))
        for _ in 0..<3 { #expect(try bench.turn().isEmpty) }
        #expect(try bench.history("r-again").state == .suppressed)
    }

    @Test func aTokenOfAnotherGatewayIsNotBelieved() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1"))
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.accepted(id: nil))])
        try bench.turn(callbacks: [DispatchBench.receipt(sent.attempt, .delivered, from: "mail", channel: .email)])
        #expect(try bench.events("r-1") == [.intent, .accepted])
        #expect(try bench.ledger.strayCount() == 1)
    }

    /// Nobody is sent to a channel on which he has no address.
    @Test func silenceWithoutAnotherAddressChangesNothing() throws {
        let bench = try DispatchBench.following(fallback: [.sms: .hours(2)])
        var reminder = bench.reminder("r-1", channels: [.sms, .email])
        reminder.recipient.email = nil
        try bench.store(reminder)
        let sent = try bench.turn()[0]
        try bench.turn([sent.answered(.accepted(id: nil))])
        bench.clock.advance(by: .hours(10))
        try bench.turn()
        #expect(try bench.history("r-1").state == .accepted)
    }

    /// A STOP that nobody can be left alone by must not look as if it were obeyed.
    @Test(arguments: [
        ("+447000000001", "STOP", "opt-out"), ("+447000000001", "please leave me alone", "perhaps-opt-out"),
        ("Harbor", "STOP", "unplaced"), ("anonymous", "leave me alone", "unplaced"), ("Harbor", "I paid", "other"),
    ])
    func aRefusalNeedsSomebody(sender: String, text: String, meaning: String) throws {
        let bench = try DispatchBench.following()
        for _ in 0..<2 { try bench.turn(callbacks: [DispatchBench.reply("in-1", from: sender, text)]) }
        let replies = try bench.ledger.replies(from: 1, limit: 10)
        #expect(replies.map(\.meaning) == [meaning] && replies[0].sender == sender && replies[0].text == text)
        let events = try bench.ledger.events(of: "", addresses: [.address(sender)], limit: 10)
        #expect(events.count == (meaning.hasSuffix("opt-out") ? 1 : 0))
    }

    /// The first message may arrive after the second has left.
    @Test func whatArrivedByAnyMessageIsDelivered() throws {
        let bench = try DispatchBench.following()
        try bench.store(bench.reminder("r-1", channels: [.sms, .email]))
        let sms = try bench.turn()[0]
        try bench.turn([sms.answered(.accepted(id: nil))])
        try bench.turn(callbacks: [DispatchBench.receipt(sms.attempt, .failed)])
        bench.clock.advance(by: .hours(26))
        let mail = try bench.turn()[0]
        try bench.turn([mail.answered(.accepted(id: nil))])
        // The SMS arrived after all, and the mail comes back.
        try bench.turn(callbacks: [DispatchBench.receipt(sms.attempt, .delivered)])
        try bench.turn(callbacks: [DispatchBench.receipt(mail.attempt, .failed, from: "mail", channel: .email)])
        #expect(try bench.history("r-1").state == .delivered)
    }
}
