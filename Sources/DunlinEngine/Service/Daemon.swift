// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTime
import Foundation
import Logging
import Synchronization

/// The running daemon: opens what it needs, settles what the last run left, and plays turn after turn on one thread
/// until it is told to stop.
public final class Daemon: Sendable {
    /// Attempts that may be under way at once over all gateways; one slot of the wire journal each.
    static let journalSlots = 16384

    private struct Orders {
        var stop = false
        var reload = false
        var control = Control()
    }

    private let configurationPath: String
    private let clock: any Clock
    private let logger: Logger
    private let environment: [String: String]
    private let orders = Mutex(Orders())
    private let mailbox = Mailbox<Answer>()
    private let published = Mutex<RuntimeFile.Content?>(nil)
    private let desk = Mutex<CallbackDesk?>(nil)

    public init(configurationPath: String, clock: any Clock, environment: [String: String], logger: Logger) {
        self.configurationPath = configurationPath
        self.clock = clock
        self.environment = environment
        self.logger = logger
    }

    /// Nothing new goes out from now on; `run` returns when what is on the wire has ended, or after the drain bound.
    public func stop() {
        orders.withLock { $0.stop = true }
        mailbox.ring()
    }

    /// Configuration, packs and templates are read anew; if any of them is broken, all stays as it is.
    public func reload() {
        orders.withLock { $0.reload = true }
        mailbox.ring()
    }

    /// How the daemon is right now; nil until it has started.
    public var runtime: RuntimeFile.Content? { published.withLock { $0 } }

    /// Where callbacks go; nil until the daemon has settled what the last run left, and from its end on.
    public var callbackDesk: CallbackDesk? { desk.withLock { $0 } }

    /// Runs until `stop`. Throws what keeps it from starting.
    public func run() throws {
        let configuration = try Configuration(path: configurationPath)
        let secrets = SecretReader(environment: environment, read: SecretReader.system.read)
        let zones = ZoneDatabase()
        let snapshot = try Snapshot(configuration, secrets: secrets, zones: zones)
        let ledger = try SQLiteLedger.open(path: configuration.ledgerPath, role: .owner)

        let tokens = try AttemptTokens(secretFile: configuration.ledgerPath + ".secret")
        let journalPath = configuration.ledgerPath + ".wire"
        let report = try Recovery.run(
            ledger, snapshot: snapshot, leftover: try WireJournal.read(path: journalPath), tokens: tokens,
            at: clock.now)
        if report != RecoveryReport() {
            logger.notice(
                "settled the attempts that the last run left",
                metadata: [
                    "requeued": "\(report.requeued)", "recorded": "\(report.recorded)", "unknown": "\(report.unknown)",
                ])
        }
        let journal = try WireJournal(path: journalPath, slots: Daemon.journalSlots)
        let gate = DispatchGuard(clock: clock, journal: journal, mailbox: mailbox)
        let transport = try Transport(guard: gate, lanes: [], caFile: configuration.caFile)
        defer { transport.shutdown(grace: .zero) }
        let dispatcher = try Dispatcher(
            ledger: ledger, wire: transport, journal: journal, slots: Daemon.journalSlots, snapshot: snapshot,
            tokens: tokens)
        let ledgerPath = configuration.ledgerPath
        let inbox = CallbackInbox { [mailbox] in mailbox.ring() }
        let fetcher = CallbackFetcher(caFile: configuration.caFile)
        defer { fetcher.close() }
        let callbackDesk = CallbackDesk(
            tokens: tokens, inbox: inbox,
            calls: CallDesk(open: { try SQLiteLedger.open(path: ledgerPath, role: .reader) }, logger: logger),
            logger: logger, fetch: { await fetcher.get($0) })
        callbackDesk.adopt(snapshot.gateways)
        desk.withLock { $0 = callbackDesk }
        defer { desk.withLock { $0 = nil } }

        // What was paused before a restart is paused from the first turn on, not from the watcher's first look.
        let paused = configuration.control.read()
        gate.setControl(paused)
        orders.withLock { $0.control = paused }
        let watcher = ControlWatcher(file: configuration.control) { [self] control in
            gate.setControl(control)
            orders.withLock { $0.control = control }
            if let fault = control.fault { logger.error("paused: the control file cannot be understood: \(fault)") }
            mailbox.ring()
        }
        defer { watcher.stop() }
        let loop = EngineLoop(
            dispatcher: dispatcher, inbox: inbox, desk: callbackDesk, gate: gate, transport: transport, clock: clock,
            systemd: Systemd(environment: environment), runtimeFile: RuntimeFile(ledgerPath: configuration.ledgerPath),
            drain: configuration.drain, logger: logger)
        try loop.run(
            mailbox: mailbox, next: { [self] in takeOrders() },
            reload: { [self] in
                let fresh = try Configuration(path: configurationPath)
                zones.reload()
                return try Snapshot(fresh, secrets: secrets, zones: zones)
            }, publish: { [self] content in published.withLock { $0 = content } })
    }

    private func takeOrders() -> EngineLoop.Orders {
        orders.withLock { orders in
            defer { orders.reload = false }
            return EngineLoop.Orders(stop: orders.stop, reload: orders.reload, control: orders.control)
        }
    }
}
