// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinPolicy
import DunlinTemplates
import DunlinTestKit
import DunlinTime
import Foundation
import Synchronization

@testable import DunlinEngine

/// A wire that keeps what it is given and answers only when the test does.
final class ScriptedWire: Wire {
    private let transfers = Mutex<[Transfer]>([])
    private let recalled = Mutex<[Int]>([])
    /// The lanes that were recalled, one after another.
    var recalls: [Int] { recalled.withLock { $0 } }

    func submit(_ new: [Transfer]) { transfers.withLock { $0 += new } }
    func setLanes(_ concurrency: [Int]) {}
    func recall(_ lane: Int, because reason: Reason) { recalled.withLock { $0.append(lane) } }

    /// What was submitted since the last time.
    func take() -> [Transfer] {
        transfers.withLock { transfers in
            defer { transfers = [] }
            return transfers
        }
    }
}

/// A ledger whose disk fails when the test says so: at the very end of a transaction, when everything has been done.
final class FlakyLedger: Ledger {
    private let inner: SQLiteLedger
    var isBroken = false

    init(_ inner: SQLiteLedger) { self.inner = inner }

    func store(_ reminders: [Reminder], at now: Instant) throws -> [StoreResult] {
        try inner.store(reminders, at: now)
    }
    func store(events: [ContactEvent], at now: Instant) throws -> [StoreResult] {
        try inner.store(events: events, at: now)
    }
    func write<R>(_ body: (any LedgerTransaction) throws -> R) throws -> R {
        try inner.write { tx in
            let result = try body(tx)
            if isBroken { throw DunlinError(.failure, "ledger", why: "disk full", remedy: "make room") }
            return result
        }
    }
    func nextDue(in lane: Channel) throws -> Instant? { try inner.nextDue(in: lane) }
    func summary() throws -> LedgerSummary { try inner.summary() }
    func histories(of id: String, limit: Int) throws -> [ReminderHistory] {
        try inner.histories(of: id, limit: limit)
    }
    func store(receipts: [(attempt: Int64, receipt: StrayReceipt)], at now: Instant) throws -> [Bool] {
        try inner.store(receipts: receipts, at: now)
    }
    func nextFollowUp() throws -> Instant? { try inner.nextFollowUp() }
    func replies(from first: Int64, limit: Int) throws -> [StoredReply] { try inner.replies(from: first, limit: limit) }
    func newestReplies(of meaning: String?, limit: Int) throws -> [StoredReply] {
        try inner.newestReplies(of: meaning, limit: limit)
    }
    func replies(from addresses: Set<ContactKey>, limit: Int) throws -> [StoredReply] {
        try inner.replies(from: addresses, limit: limit)
    }
    func followUps(of attempts: [Int64]) throws -> [FollowUp] { try inner.followUps(of: attempts) }
    func strayCount() throws -> Int { try inner.strayCount() }
    func strays(of reference: String, by gateway: String) throws -> [StrayReceipt] {
        try inner.strays(of: reference, by: gateway)
    }
    func spending(since day: CivilDate) throws -> [Spending] { try inner.spending(since: day) }
    func sent(_ attempt: Int64) throws -> SentAttempt? { try inner.sent(attempt) }
    func archive(_ versions: [ArchivedTemplate]) throws {
        if isBroken { throw DunlinError(.failure, "ledger", why: "disk full", remedy: "make room") }
        try inner.archive(versions)
    }
    func archived(message: String, version: String) throws -> ArchivedTemplate? {
        try inner.archived(message: message, version: version)
    }
    func events(of id: String, addresses: Set<ContactKey>, limit: Int) throws -> [EventRecord] {
        try inner.events(of: id, addresses: addresses, limit: limit)
    }
}

/// An adapter whose request says what was to be sent.
struct EchoAdapter: Adapter {
    var channel: Channel

    func request(for message: OutboundMessage) throws -> WireRequest {
        .http(HTTPRequest(method: "POST", url: "http://gateway/", headers: ["To: \(message.to)"]))
    }

    func outcome(of answer: WireAnswer) -> Outcome { .accepted(id: nil) }
}

/// Everything a dispatcher needs, with real ledger, policy and templates, and a clock and a wire that obey the test.
final class DispatchBench {
    let folder: String
    let ledger: FlakyLedger
    let wire = ScriptedWire()
    let clock: ManualClock
    var dispatcher: Dispatcher
    var control = Control()

    /// Starts on a Wednesday noon in London, where `strict` allows everything.
    init(
        at start: String = "2026-11-25T12:00:00Z", gateways: [Gateway]? = nil, routes: [Channel: Routes]? = nil,
        unknown: UnknownPolicy = .assumeSent, policies: PolicySet? = nil, templates: TemplateLibrary? = nil,
        attachments: AttachmentFolder = AttachmentFolder(path: nil), attempts: Int = 6,
        fallback: [Channel: Duration] = [:]
    ) throws {
        folder = NSTemporaryDirectory() + "dispatch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        clock = ManualClock(start)
        ledger = FlakyLedger(try SQLiteLedger.open(path: folder + "/dunlin.db", role: .owner))
        let gateways =
            gateways ?? [
                DispatchBench.gateway("sms-a", .sms), DispatchBench.gateway("sms-b", .sms),
                DispatchBench.gateway("mail", .email), DispatchBench.gateway("voice", .call),
            ]
        let snapshot = Snapshot(
            gateways: gateways, routes: routes ?? [.sms: [0, 1], .email: [2], .call: [3]],
            policies: try policies ?? PolicySet.load(directory: nil),
            templates: try templates ?? DispatchBench.templates(),
            attachments: attachments, zones: ZoneDatabase(), party: nil, unknown: unknown, attempts: attempts,
            fallback: fallback)
        dispatcher = try DispatchBench.dispatcher(folder, ledger, wire, snapshot)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func dispatcher(
        _ folder: String, _ ledger: FlakyLedger, _ wire: ScriptedWire, _ snapshot: Snapshot
    ) throws -> Dispatcher {
        try Dispatcher(
            ledger: ledger, wire: wire, journal: try WireJournal(path: folder + "/wire", slots: 64), slots: 64,
            snapshot: snapshot, tokens: DispatchBench.tokens, random: SeededRandom(seed: 1))
    }

    /// A process that ended without a word and was started again: the ledger stays, memory does not.
    func crash(leaving leftover: WireJournal.Leftover) throws -> RecoveryReport {
        _ = wire.take()
        let report = try Recovery.run(
            ledger, snapshot: dispatcher.snapshot, leftover: leftover, tokens: DispatchBench.tokens,
            at: clock.now, random: SeededRandom(seed: 2))
        dispatcher = try DispatchBench.dispatcher(folder, ledger, wire, dispatcher.snapshot)
        return report
    }

    static let tokens = AttemptTokens(secret: [1, 2, 3])

    static func gateway(_ name: String, _ channel: Channel, rate: Double? = nil, concurrency: Int = 8) -> Gateway {
        Gateway(
            name: name, adapter: EchoAdapter(channel: channel), rate: rate, concurrency: concurrency,
            timeout: .seconds(30))
    }

    /// The shipped messages.
    static let templateFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("templates")

    static func templates() throws -> TemplateLibrary { try TemplateLibrary.load(roots: [templateFolder.path]) }

    func reminder(
        _ id: String, to person: String? = nil, channels: [Channel] = [.sms], zones: [String] = ["Europe/London"],
        expiresIn lifetime: Duration = .days(3)
    ) -> Reminder {
        let person = person ?? "P-\(id)"
        return Reminder(
            id: id, message: "payment-overdue", due: clock.now, expires: clock.now + lifetime, channels: channels,
            account: Account(
                id: "A-\(person)", creditor: "Harbor Credit",
                amount: Money(minorUnits: 12_345, currency: Currency(code: "GBP")!),
                dueDate: CivilDate(year: 2026, month: 11, day: 20)!),
            recipient: Recipient(
                id: person, name: "Alex Kim", locale: "en-GB", zones: zones, region: "GB",
                phone: "+4470\(abs(person.hashValue) % 90_000_000 + 10_000_000)", email: "\(person)@example.com"))
    }

    /// A reload with other templates.
    func reload(_ templates: TemplateLibrary) throws {
        let old = dispatcher.snapshot
        try dispatcher.adopt(
            Snapshot(
                gateways: old.gateways, routes: old.routes, policies: old.policies, templates: templates,
                zones: old.zones, party: old.party))
    }

    func store(_ reminders: Reminder...) throws { _ = try ledger.store(reminders, at: clock.now) }

    /// One turn with these answers; gives what went to the wire.
    @discardableResult
    func turn(_ answers: [Answer] = [], callbacks: [CallbackBatch] = []) throws -> [Transfer] {
        _ = try dispatcher.turn(answers, callbacks: callbacks, control: control, admits: true, at: clock.now)
        return wire.take()
    }

    func history(_ id: String) throws -> ReminderHistory { try ledger.histories(of: id, limit: 1)[0] }

    func events(_ id: String) throws -> [Event] { try history(id).facts.map(\.fact.event) }
}

extension Transfer {
    func answered(_ outcome: Outcome) -> Answer { Answer(attempt: attempt, outcome: outcome) }
}

extension Refusal {
    static let transient = Refusal(.transient, .transientFailure, detail: "503")
    static let recipient = Refusal(.recipient, .recipientRefused, detail: "21211")
}
