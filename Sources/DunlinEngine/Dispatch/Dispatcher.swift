// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTemplates

/// Where requests go: libcurl's transport in the daemon, something scripted in tests.
public protocol Wire: AnyObject, Sendable {
    func submit(_ transfers: [Transfer])
    func setLanes(_ concurrency: [Int])
    /// Ends as withdrawn those messages of a lane that are certainly not on the wire yet.
    func recall(_ lane: Int, because reason: Reason)
}

extension Transport: Wire {}

/// The pipeline: takes what is due, asks the policy, renders, lets it go, and records what came of it.
///
/// One turn is one group commit: the outcomes that arrived since the last one, and the intents of the next requests.
/// Requests are handed to the wire only after their intents are durable. Everything happens on one thread, and time,
/// chance, ledger and wire come from outside, so a turn can be played in a test step by step.
public final class Dispatcher {
    /// Intents a lane and turn: bounds how long one group commit takes.
    static let batchSize = 500

    let ledger: any Ledger
    let wire: any Wire
    let journal: WireJournal
    let tokens: AttemptTokens
    /// Whether what is held is asked again only when time alone can have changed the answer: in a plan, where nobody mends
    /// anything meanwhile.
    let skipsVainAsking: Bool
    private let random: any RandomNumberGenerator
    var settler: Settler
    var receiver: Receiver
    private(set) var snapshot: Snapshot
    var lanes: LaneTable
    var slots: SlotPool
    /// Attempts whose outcome is not durable yet.
    var airborne: [Int64: Airborne] = [:]
    /// What gateways are being asked about attempts in doubt.
    var asking: [Int64: Question] = [:]
    /// Outcomes that still wait for a commit: kept when the ledger fails, so that none is lost.
    var unsettled: [Answer] = []
    private var lastPauses: [Pause]?
    private var lastFault: String?
    private var lastSweep: Instant?
    /// From when on gateways can tell us anything; nil where they could not, or nobody knows.
    var hearingSince: Instant?
    /// How long the ledger keeps what can no longer be heard of.
    var retention = Retention()
    /// When it was last rid of some of it, and whether there was more.
    private var lastPruning: (at: Instant, hasMore: Bool)?
    /// Gateways whose newest callback could not be taken, with when that was: it may have been the receipt that is waited for.
    var turnedAway: [String: Instant] = [:]
    /// What the ledger knows of the day's money.
    private var savedSpending: [Spending] = []
    /// What it knew at the start, for gateways that come back by a reload.
    private let spentBefore: [Spending]

    struct Airborne {
        var flight: Flight
        var ticket: LaneTicket
        var slot: Int
        /// No request could be built: the message is at fault, and tells nothing of the gateway.
        var neverLeft = false
    }

    /// Throws what keeps the ledger from taking the texts of the snapshot.
    public init(
        ledger: any Ledger, wire: any Wire, journal: WireJournal, slots: Int, snapshot: Snapshot, tokens: AttemptTokens,
        skipsVainAsking: Bool = false, random: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) throws {
        self.ledger = ledger
        self.wire = wire
        self.journal = journal
        self.slots = SlotPool(count: slots)
        self.snapshot = snapshot
        self.tokens = tokens
        self.skipsVainAsking = skipsVainAsking
        self.random = random
        settler = Settler(snapshot, random: random)
        lanes = LaneTable()
        receiver = Receiver(tokens: tokens)
        // A day of another zone may have begun before ours, or still be on.
        spentBefore = try ledger.spending(since: CivilDate(daysSince1970: 0))
        savedSpending = spentBefore
        try adopt(snapshot)
    }

    /// Takes a new configuration between two turns. What is in flight finishes on the old one. The ledger has the texts before
    /// anything can go out with them; if it cannot take them, this throws and all stays as it was.
    public func adopt(_ new: Snapshot) throws {
        try ledger.archive(new.templates.archived)
        snapshot = new
        settler = Settler(new, random: random)
        lanes.adopt(new, spent: spentBefore)
        wire.setLanes(lanes.concurrency)
        lastPauses = nil  // What was held may be mended now.
    }

    /// How many attempts wait for an outcome.
    public var inFlight: Int { airborne.count }

    public struct Turn: Sendable {
        /// Reminders that left the queue or came to an outcome.
        public var moved = 0
        /// Whether there may be more to do at once.
        public var hasMore = false
        /// When the next reminder falls due; nil when none waits.
        public var nextDue: Instant?
    }

    /// Does one turn. `admits` is false while nothing new may start (stopping, a clock that cannot be trusted).
    /// If it throws, the ledger failed: nothing of the turn happened, the answers are kept for the next one, and the callbacks
    /// are for their gateways to repeat.
    public func turn(
        _ answers: [Answer], callbacks: [CallbackBatch] = [], control: Control, admits: Bool, at now: Instant
    ) throws -> Turn {
        do {
            return try play(answers, callbacks, control, admits: admits, at: now)
        } catch {
            hearAnew()
            throw error
        }
    }

    /// Gateways could not tell us anything for a while: their silence until now says nothing.
    public func hearAnew() { hearingSince = nil }

    private func play(
        _ answers: [Answer], _ callbacks: [CallbackBatch], _ control: Control, admits: Bool, at now: Instant
    ) throws -> Turn {
        lanes.watch(at: now)
        recallFromIll()
        hearingSince = hearingSince ?? now
        unsettled += takeAccess(answers, at: now)
        if admits { fetchAccess(at: now) }
        let pauses = control.active(at: now)
        let isReleased = pauses != lastPauses || control.fault != lastFault
        let isOpen = admits && !control.stopsEverything(at: now)
        let due = try Channel.allCases.filter { try ledger.nextDue(in: $0).map { $0 <= now } ?? false }
        let claims = isOpen ? due.filter { lanes.room(route: snapshot.routes[$0] ?? [], at: now) > 0 } : []
        let sweeps = isSweepTime(at: now) ? due.filter { !claims.contains($0) } : []
        // A transaction takes the write lock from an import beside us: none where there is nothing to do.
        let isFollowUpDue = try ledger.nextFollowUp().map { $0 <= now } ?? false
        let followsUp = isOpen && isFollowUpDue
        let isBusy = !unsettled.isEmpty || !callbacks.isEmpty || followsUp || isReleased || !claims.isEmpty
        let prunes = !isFollowUpDue && isPruningTime(isBusy: isBusy, at: now)
        guard isBusy || !sweeps.isEmpty || prunes else { return Turn(nextDue: try earliestDue()) }

        var plan = TurnPlan(now: now, control: control)
        var isPruned = true
        do {
            try ledger.write { tx in
                receiver.news = []
                plan.reset(returning: &lanes, &slots)
                // First, so that what they say of an attempt without an outcome waits for it.
                for batch in callbacks { try receiver.take(batch, airborne: { airborne[$0] != nil }, tx, at: now) }
                for answer in unsettled { try settle(answer, &plan, tx) }
                let hasHeard = try !followsUp || takeFollowUps(&plan, tx)
                if isReleased { _ = try tx.releaseHeld(at: now) }
                // What was settled or released just now may be due on any channel.
                let isMore = isOpen && (isReleased || followsUp || !unsettled.isEmpty || !callbacks.isEmpty)
                if hasHeard { for channel in isMore ? Channel.allCases : claims { try admit(channel, &plan, tx) } }
                for channel in sweeps {
                    try sweep(channel, because: isOpen ? .gatewayUnavailable : .paused, &plan, tx)
                }
                plan.spending = lanes.spending(at: now)
                for spent in plan.spending where !savedSpending.contains(spent) { try tx.setSpending(spent) }
                if prunes { isPruned = try !tx.prune(retention, at: now) }
            }
        } catch {
            plan.reset(returning: &lanes, &slots)
            throw error
        }
        (lastPauses, lastFault) = (pauses, control.fault)
        if !sweeps.isEmpty { lastSweep = now }
        if prunes { lastPruning = (now, hasMore: !isPruned) }
        conclude(plan)
        return Turn(moved: plan.moved, hasMore: plan.hasMore, nextDue: try earliestDue())
    }

    private func settle(_ answer: Answer, _ plan: inout TurnPlan, _ tx: any LedgerTransaction) throws {
        guard let flown = airborne[answer.attempt] else {
            guard let question = asking[answer.attempt] else { return }
            try settle(question, answer.outcome, &plan, tx)
            return plan.settled.append(answer)
        }
        try settler.settle(flown.flight, answer.outcome, tx, at: plan.now)
        try receiver.heed(answer.outcome, of: answer.attempt, tx, at: plan.now)
        if snapshot.following.offer(of: flown.flight.gateway) != nil {
            try receiver.takeEarly(flown.flight, answer.outcome, tx, at: plan.now)
            if case .unknown = answer.outcome { try settler.giveUp(on: flown.flight, tx, at: plan.now) }
        }
        plan.settled.append(answer)
        plan.moved += 1
    }

    /// Once a second is soon enough for what expires while its gateway is full, sick or paused.
    private func isSweepTime(at now: Instant) -> Bool {
        lastSweep.map { now < $0 || now >= $0 + .seconds(1) } ?? true
    }

    /// A small step at a time, ten a second while there is nothing else to do. Not before gateways and follow-ups have had their turn
    /// after a standstill: what they are about may be as old as what goes.
    private func isPruningTime(isBusy: Bool, at now: Instant) -> Bool {
        guard let hearingSince, now >= hearingSince + Dispatcher.hearingTime else { return false }
        guard let last = lastPruning, last.at <= now else { return true }
        return now - last.at >= (last.hasMore ? isBusy ? .seconds(1) : .milliseconds(100) : Dispatcher.pruningRest)
    }

    /// How long nothing is looked for once all that is too old has gone.
    private static let pruningRest = Duration.minutes(10)

    private func earliestDue() throws -> Instant? {
        try Channel.allCases.compactMap { try ledger.nextDue(in: $0) }.min()
    }

    /// After the commit: forgets what is settled and sends what may go.
    private func conclude(_ plan: TurnPlan) {
        for news in receiver.news {
            lanes.received(news.gateway, delivered: news.isDelivered, sent: news.sent, at: plan.now)
        }
        unsettled.removeAll(keepingCapacity: true)
        savedSpending = plan.spending
        for settled in plan.settled {
            guard let flown = airborne.removeValue(forKey: settled.attempt) else {
                if let question = asking.removeValue(forKey: settled.attempt) { lanes.giveBack(question.ticket) }
                continue
            }
            journal.clear(slot: flown.slot)
            slots.giveBack(flown.slot)
            if flown.neverLeft {
                lanes.giveBack(flown.ticket)
            } else {
                lanes.land(flown.ticket, settled.outcome, at: plan.now)
            }
        }
        var transfers: [Transfer] = []
        transfers.reserveCapacity(plan.departures.count)
        for departure in plan.departures {
            let attempt = departure.flight.attempt
            airborne[attempt] = Airborne(flight: departure.flight, ticket: departure.ticket, slot: departure.slot)
            do {
                transfers.append(try transfer(for: departure, at: plan.now))
            } catch {
                let why =
                    (error as? DunlinError)?.why ?? (error as? AttachmentFolder.Fault)?.rawValue
                    ?? "the request could not be built"
                let refusal = Refusal(.configuration, .configurationRefused, detail: why)
                airborne[attempt]?.neverLeft = true
                unsettled.append(Answer(attempt: attempt, outcome: .refused(refusal)))
            }
        }
        for (question, transfer) in plan.questions {
            asking[question.attempt] = question
            transfers.append(transfer)
        }
        if !transfers.isEmpty { wire.submit(transfers) }
        recallFromIll()
    }

    /// What waits before the wire for a gateway that has just fallen ill, behind hung connections perhaps, comes back as
    /// withdrawn, and the next turn routes it anew. Until then its flight stands in the ledger, as any other does.
    private func recallFromIll() {
        for lane in lanes.takeNewlyIll() { wire.recall(lane, because: .gatewayUnavailable) }
    }

    private func transfer(for departure: Departure, at now: Instant) throws -> Transfer {
        let gateway = lanes[departure.ticket.lane].gateway
        let reminder = departure.reminder
        var attachments: [Attachment] = []
        if case .email(let mail) = departure.content { attachments = try snapshot.attachments.read(mail.attachments) }
        let message = OutboundMessage(
            attempt: departure.flight.attempt, token: tokens.token(forAttempt: departure.flight.attempt),
            reminderToken: tokens.token(for: departure.flight.queued.key), to: departure.address,
            recipientName: reminder.recipient.name, account: reminder.account.id, creditor: reminder.account.creditor,
            name: reminder.message, language: departure.language, content: departure.content,
            values: gateway.adapter.needsValues
                ? snapshot.templates.values(of: reminder, channel: departure.flight.channel, today: departure.day)
                : [:],
            attachments: attachments, at: now, expires: reminder.expires)
        return Transfer(
            attempt: departure.flight.attempt, lane: departure.ticket.lane, slot: departure.slot,
            request: try gateway.adapter.request(for: message), reader: gateway.adapter, timeout: gateway.timeout,
            notAfter: min(departure.notAfter, reminder.expires),
            scope: SendScope(
                channel: departure.flight.channel, gateway: gateway.name, message: reminder.message,
                creditor: reminder.account.creditor))
    }
}

/// What a turn will do once its commit is durable.
struct TurnPlan {
    let now: Instant
    let control: Control
    var departures: [Departure] = []
    var questions: [(Question, Transfer)] = []
    var settled: [Answer] = []
    var moved = 0
    var hasMore = false
    /// What the gateways have cost today, these departures included.
    var spending: [Spending] = []

    init(now: Instant, control: Control) {
        self.now = now
        self.control = control
    }

    /// Gives back what a failed transaction had reserved.
    mutating func reset(returning lanes: inout LaneTable, _ slots: inout SlotPool) {
        for departure in departures {
            slots.giveBack(departure.slot)
            lanes.giveBack(departure.ticket)
        }
        for (question, _) in questions { lanes.giveBack(question.ticket) }
        self = TurnPlan(now: now, control: control)
    }
}

/// A request that is about to leave.
struct Departure {
    var flight: Flight
    var ticket: LaneTicket
    var slot: Int
    var reminder: Reminder
    var address: String
    var content: MessageContent
    /// Of the text, BCP 47.
    var language: String
    /// The recipient's day.
    var day: CivilDate
    /// When the windows that allow it close.
    var notAfter: Instant
}

extension TemplateLibrary {
    /// Its messages as the ledger keeps them.
    var archived: [ArchivedTemplate] {
        messages.map { ArchivedTemplate(message: $0.name, version: $0.version, files: $0.sources.files) }
    }
}
