// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTestKit
import GRDB
import Testing

@testable import DunlinEngine

/// Two daemons play the same random history of months, one of them pruning: whatever a gateway tells within the time that is kept,
/// they do the same.
@Suite struct RetentionPropertyTests {
    @Test(arguments: [1, 2] as [UInt64]) func pruningChangesNoAnswer(seed: UInt64) throws {
        var history = try History(seed: seed)
        for round in 0..<50 {
            try history.play()
            if round % 25 == 24 { try history.compare() }
        }
        // The last reminder has expired, nothing has been told for longer than it is kept: everything has gone.
        try history.rest(days: 140)
        try history.compare()
        for table in ["delivery", "gateway_id", "arrived", "stray"] {
            #expect(try history.count(table, in: history.pruned) == 0, "\(table)")
        }
        #expect(try history.count("gateway_id", in: history.whole) > 5)
        #expect(try history.count("delivery", in: history.whole) > 0)
        #expect(try history.pruned.ledger.summary().states[.delivered]! > 5)
    }

    @Test func aTimeThatIsTooShortIsSeen() throws {
        withKnownIssue {
            var history = try History(seed: 1, keeps: .days(1))
            for _ in 0..<30 { try history.play() }
            try history.compare()
        }
    }
}

private struct History {
    let pruned, whole: DispatchBench
    var random: SeededRandom
    /// On the wire, with the message's own number of the attempt.
    var flying: [Transfer] = []
    /// When each attempt first came to an outcome.
    var outcomes: [(attempt: Int64, at: Instant, gateway: String, channel: Channel)] = []
    var known: [(attempt: Int64, gateway: String, channel: Channel)] = []
    var reminders = 0
    var replies = 0

    init(seed: UInt64, keeps time: Duration = Retention().attempts) throws {
        func bench() throws -> DispatchBench {
            try .following(
                lookup: ScriptedLookup(), unknown: seed % 2 == 0 ? .resend : .assumeSent, fallback: [.sms: .hours(2)])
        }
        (pruned, whole) = (try bench(), try bench())
        pruned.dispatcher.retention.attempts = time
        whole.dispatcher.retention.attempts = .days(100_000)
        whole.dispatcher.retention.replies = .days(100_000)
        random = SeededRandom(seed: seed)
    }

    var now: Instant { pruned.clock.now }

    mutating func play() throws {
        let news = (0..<Int.random(in: 0...3, using: &random)).map { _ in reminder() }
        if !news.isEmpty { for bench in [pruned, whole] { _ = try bench.ledger.store(news, at: now) } }
        var callbacks: [CallbackBatch] = []
        for _ in 0..<Int.random(in: 0...4, using: &random) { if let batch = callback() { callbacks.append(batch) } }
        try turn(answers(), callbacks)
        if Int.random(in: 0..<6, using: &random) == 0 { try importBounce() }
        let waits: [Duration] = [.seconds(20), .minutes(1), .hours(1), .hours(5), .days(1), .days(2), .days(9)]
        let wait = waits.randomElement(using: &random)!
        for bench in [pruned, whole] { bench.clock.advance(by: wait) }
        try turn([], [])
    }

    mutating func rest(days: Int64) throws {
        try turn(flying.map { $0.answered(.accepted(id: nil)) }, [])
        for _ in 0..<days / 4 {
            for bench in [pruned, whole] { bench.clock.advance(by: .days(4)) }
            try turn(flying.map { $0.answered(.accepted(id: nil)) }, [])
        }
    }

    private mutating func turn(_ answers: [Answer], _ callbacks: [CallbackBatch]) throws {
        for answer in answers { note(answer) }
        let transfers = try pruned.turn(answers, callbacks: callbacks)
        let others = try whole.turn(answers, callbacks: callbacks)
        #expect(transfers.map(\.attempt) == others.map(\.attempt))
        #expect(transfers.map(\.slot) == others.map(\.slot))
        flying += transfers
        for transfer in transfers where transfer.slot != nil {
            known.append((transfer.attempt, transfer.scope.gateway, transfer.scope.channel))
        }
    }

    private mutating func note(_ answer: Answer) {
        flying.removeAll { $0.attempt == answer.attempt }
        guard !outcomes.contains(where: { $0.attempt == answer.attempt }),
            let own = known.first(where: { $0.attempt == answer.attempt })
        else { return }
        outcomes.append((own.attempt, now, own.gateway, own.channel))
    }

    private mutating func reminder() -> Reminder {
        reminders += 1
        let channels: [[Channel]] = [[.sms], [.sms, .email], [.sms, .call], [.email], [.call, .sms, .email]]
        var made = pruned.reminder(
            "r-\(reminders)", to: "P-\(Int.random(in: 0..<40, using: &random))",
            channels: channels.randomElement(using: &random)!,
            expiresIn: [.days(1), .days(4), .days(80)].randomElement(using: &random)!)
        made.recipient.phone = "+44700090\(1000 + reminders % 40)"
        return made
    }

    private mutating func answers() -> [Answer] {
        flying.compactMap { transfer in
            guard Int.random(in: 0..<4, using: &random) > 0 else { return nil }
            let outcomes: [Outcome] = [
                .accepted(id: "id-\(transfer.attempt)"), .accepted(id: "id-\(transfer.attempt)"), .accepted(id: nil),
                .unknown(.timeout, detail: "28"), .refused(.transient), .refused(.recipient),
                .refused(Refusal(.transient, .notFound, detail: "http 200")),
            ]
            return transfer.answered(outcomes.randomElement(using: &random)!)
        }
    }

    /// About an attempt on the wire, or one whose outcome is younger than what is kept; sometimes about nobody's.
    private mutating func callback() -> CallbackBatch? {
        if Int.random(in: 0..<6, using: &random) == 0 {
            replies += 1
            let words = ["STOP", "START", "I paid", "please leave me alone"]
            return DispatchBench.reply(
                "in-\(Int.random(in: 1...replies, using: &random))",
                from: "+44700090\(Int.random(in: 1000..<1040, using: &random))", words.randomElement(using: &random)!)
        }
        let recent =
            known.filter { own in flying.contains { $0.attempt == own.attempt } }
            + outcomes.filter { now - $0.at < .days(44) }.map { ($0.attempt, $0.gateway, $0.channel) }
        guard let (attempt, gateway, channel) = recent.randomElement(using: &random) else { return nil }
        let statuses: [Receipt.Status] = [.accepted, .delivered, .failed, .complained]
        let reasons: [Reason?] = [nil, nil, nil, .recipientRefused, .optedOut]
        let status = statuses.randomElement(using: &random)!
        let reason = reasons.randomElement(using: &random)!
        let byToken = Bool.random(using: &random)
        let name = Int.random(in: 0..<20, using: &random) == 0 ? "nobody's" : "id-\(attempt)"
        let receipt = Receipt(
            byToken ? .token(DispatchBench.tokens.token(forAttempt: attempt)) : .id(name), status,
            reason: status == .failed ? reason : nil, code: "\(status)",
            answeredBy: channel == .call ? .person : nil)
        return CallbackBatch(
            gateway: gateway, channel: channel, entries: [.receipt(receipt, attempt: byToken ? attempt : nil)],
            done: { _ in })
    }

    private mutating func importBounce() throws {
        guard let old = outcomes.filter({ now - $0.at < .days(44) }).randomElement(using: &random) else { return }
        let receipt = StrayReceipt(
            gateway: "", reference: DispatchBench.tokens.token(forAttempt: old.attempt),
            status: Receipt.Status.failed.rawValue, code: "5.2.2", received: now)
        for bench in [pruned, whole] { _ = try bench.ledger.store(receipts: [(old.attempt, receipt)], at: now) }
    }

    func compare() throws {
        #expect(try pruned.ledger.summary() == whole.ledger.summary())
        #expect(try pruned.ledger.replies(from: 1, limit: 10_000) == whole.ledger.replies(from: 1, limit: 10_000))
        for number in 1...max(1, reminders) where reminders > 0 {
            let (one, other) = (try pruned.history("r-\(number)"), try whole.history("r-\(number)"))
            #expect(one.facts.map(\.number) == other.facts.map(\.number))
            #expect(one.facts.map(\.fact) == other.facts.map(\.fact))
        }
        for person in 0..<40 {
            let events = try [pruned, whole].map { bench in
                try bench.ledger.events(
                    of: "P-\(person)", addresses: [.address("+44700090\(1000 + person)")], limit: 1000)
            }
            #expect(events[0] == events[1])
        }
    }

    func count(_ table: String, in bench: DispatchBench) throws -> Int {
        try DatabaseQueue(path: bench.folder + "/dunlin.db").read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0
        }
    }
}
