// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinPolicy
import DunlinTemplates
import DunlinTime
import Foundation
import Logging

/// Plays the dispatcher's turns in real time: waits for what is due or answered, watches clock and ledger, tells systemd
/// and `status` how things are, and stops in good order.
final class EngineLoop {
    struct Orders {
        var stop: Bool
        var reload: Bool
        var control: Control
    }

    /// How soon rows are found that another process imported.
    static let pollInterval = Duration.milliseconds(20)
    /// Answers are gathered this long, in seconds, for one group commit while the wire is busy: many small commits cost
    /// more than a little waiting for company.
    static let gatherInterval = 0.002
    /// How long work may stand still before the watchdog is left to bark.
    static let patience = Duration.seconds(20)

    private let dispatcher: Dispatcher
    private let inbox: CallbackInbox
    private let desk: CallbackDesk
    private let gate: DispatchGuard
    private let transport: Transport
    private let clock: any Clock
    private let systemd: Systemd
    private let runtimeFile: RuntimeFile
    private let drain: Duration
    private let logger: Logger

    private let system = SystemClock()
    private let started: Instant
    private var clockGuard = ClockGuard()
    private var clockWasTrusted = true
    private var lastError: String?
    private var refusedReload: String?
    private var lastMoved: Duration
    private var lastPublished = Duration.zero
    private var lastPing = Duration.zero
    private var drainDeadline: Duration?
    private var lastPlayed: Duration?

    init(
        dispatcher: Dispatcher, inbox: CallbackInbox, desk: CallbackDesk, gate: DispatchGuard, transport: Transport,
        clock: any Clock, systemd: Systemd,
        runtimeFile: RuntimeFile, drain: Duration, logger: Logger
    ) {
        self.dispatcher = dispatcher
        self.inbox = inbox
        self.desk = desk
        self.gate = gate
        self.transport = transport
        self.clock = clock
        self.systemd = systemd
        self.runtimeFile = runtimeFile
        self.drain = drain
        self.logger = logger
        started = clock.now
        lastMoved = system.monotonic
    }

    func run(
        mailbox: Mailbox<Answer>, next: () -> Orders, reload: () throws -> Snapshot,
        publish: (RuntimeFile.Content) -> Void
    ) throws {
        systemd.ready()
        logger.notice("ready", metadata: ["gateways": "\(dispatcher.lanes.all.count)"])
        defer { runtimeFile.remove() }
        defer { inbox.close() }
        while true {
            let orders = next()
            if orders.reload { adopt(reload) }
            if orders.stop, drainDeadline == nil { beginStop() }

            let turn = play(mailbox.take(), inbox.take(), orders)
            let monotonic = system.monotonic
            if turn.moved > 0 || dispatcher.inFlight == 0 && !isDue(turn) { lastMoved = monotonic }
            if monotonic - lastPublished > .seconds(1) {
                let content = content(orders)
                publish(content)
                runtimeFile.write(content)
                lastPublished = monotonic
            }
            pingIfAlive(orders, monotonic)
            if let deadline = drainDeadline, dispatcher.inFlight == 0 || monotonic > deadline { break }
            wait(for: turn, mailbox)
        }
        try finish(mailbox, next())
    }

    /// One turn; a ledger that fails stops all sending until it works again.
    private func play(_ answers: [Answer], _ callbacks: [CallbackBatch], _ orders: Orders) -> Dispatcher.Turn {
        let now = clock.now
        let monotonic = system.monotonic
        let isTrusted = clockGuard.trusts(now, monotonic: monotonic)
        // Stopped or suspended, we heard nobody.
        if !isTrusted || lastPlayed.map({ monotonic - $0 > EngineLoop.patience }) ?? false { dispatcher.hearAnew() }
        lastPlayed = monotonic
        dispatcher.turnedAway = desk.turnedAway
        if isTrusted != clockWasTrusted {
            clockWasTrusted = isTrusted
            if isTrusted {
                logger.notice("the clock has run evenly for a minute: sending again")
            } else {
                logger.error("the clock jumped by \(clockGuard.jump ?? .zero): nothing goes out for a minute")
            }
        }
        do {
            let turn = try dispatcher.turn(
                answers, callbacks: callbacks, control: orders.control, admits: isTrusted && drainDeadline == nil,
                at: now)
            for batch in callbacks { batch.done(true) }
            if lastError != nil { logger.notice("the ledger works again: sending goes on") }
            lastError = nil
            return turn
        } catch {
            let text = String(describing: error)
            if text != lastError { logger.error("nothing is sent while the ledger fails: \(text)") }
            lastError = text
            for batch in callbacks { batch.done(false) }
            Thread.sleep(forTimeInterval: 0.5)
            return Dispatcher.Turn()
        }
    }

    private func adopt(_ reload: () throws -> Snapshot) {
        systemd.reloading(monotonic: system.monotonic)
        do {
            let snapshot = try reload()
            try dispatcher.adopt(snapshot)
            desk.adopt(snapshot.gateways)
            refusedReload = nil
            logger.notice("reloaded configuration, packs and templates")
        } catch {
            logger.error("the reload was refused and all stays as it was: \(error)")
            refusedReload = "\(clock.now): \(error)"
        }
        systemd.ready()
    }

    private func beginStop() {
        logger.notice("stopping: what is on the wire finishes", metadata: ["in_flight": "\(dispatcher.inFlight)"])
        systemd.stopping()
        gate.stop()
        transport.withdrawWaiting(.shuttingDown)
        drainDeadline = system.monotonic + drain
    }

    /// Ends the transport and records what it says last: what is still on the wire ends as unknown.
    private func finish(_ mailbox: Mailbox<Answer>, _ orders: Orders) throws {
        transport.shutdown(grace: .zero)
        for _ in 0..<5 where dispatcher.inFlight > 0 {
            _ = try dispatcher.turn(mailbox.take(), control: orders.control, admits: false, at: clock.now)
        }
        logger.notice("stopped", metadata: ["without_outcome": "\(dispatcher.inFlight)"])
    }

    private func isDue(_ turn: Dispatcher.Turn) -> Bool { turn.nextDue.map { $0 <= clock.now } ?? false }

    private func wait(for turn: Dispatcher.Turn, _ mailbox: Mailbox<Answer>) {
        if turn.hasMore { return }
        if turn.moved > 0, dispatcher.inFlight > 0 {
            return Thread.sleep(forTimeInterval: EngineLoop.gatherInterval)
        }
        mailbox.wait(timeout: EngineLoop.pollInterval)
    }

    /// systemd hears from us as long as the loop runs and work moves. Work that may not move (a pause, a gateway that is
    /// down, an untrusted clock) is no fault of the process.
    private func pingIfAlive(_ orders: Orders, _ monotonic: Duration) {
        guard let interval = systemd.pingInterval, monotonic - lastPing >= interval / 2 else { return }
        let now = clock.now
        let isPaused = orders.control.stopsEverything(at: now)
        let mayRest = isPaused || !clockWasTrusted || !dispatcher.hasOpenGateway(at: now)
        guard mayRest || monotonic - lastMoved < EngineLoop.patience + interval else { return }
        lastPing = monotonic
        systemd.ping()
    }

    private func condition(_ orders: Orders, at now: Instant) -> String {
        if drainDeadline != nil { return "stopping" }
        if lastError != nil { return "ledger-failed" }
        if !clockWasTrusted { return Reason.clockUntrusted.rawValue }
        return orders.control.stopsEverything(at: now) ? "paused" : "sending"
    }

    private func content(_ orders: Orders) -> RuntimeFile.Content {
        let now = clock.now
        return RuntimeFile.Content(
            daemon: Status.Daemon(
                pid: getpid(), started: started.description, updated: now.description,
                condition: condition(orders, at: now),
                lastError: lastError, refusedReload: refusedReload),
            gateways: dispatcher.gatewayStatus(at: now), versions: dispatcher.versions, callbacks: desk.counts)
    }
}

extension Dispatcher {
    func hasOpenGateway(at now: Instant) -> Bool { lanes.all.contains { $0.isUsable(at: now) } }

    var versions: [String: String] {
        [
            "policies": snapshot.policies.version, "templates": snapshot.templates.version,
            "tzdata": snapshot.zones.version,
        ]
    }
}
