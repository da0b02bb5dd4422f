// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import Foundation

/// How the daemon is, as `dunlin status --json` and `GET /status` show it.
public struct Status: Codable, Sendable {
    public struct Gateway: Codable, Sendable {
        public var name: String
        public var channel: String
        /// `closed` (in order), `open` (ill, it rests), `half-open` (being tried), `recovering` (it gets a few at once), or
        /// `stopped` without a daemon.
        public var state: String
        public var inFlight: Int
        public var accepted: Int
        public var refused: Int
        public var unknown: Int
        public var lastError: String?
        public var lastErrorAt: String?
        /// Why requests were refused or ended in doubt, each a ``Reason``, since the daemon started; nil for none.
        public var reasons: [String: Int]?
        /// How those broke off that got no answer, each a ``WireFault``.
        public var faults: [String: Int]?
        /// Of the latest outcomes the share that was good, 0 to 1; nil where there were none.
        public var acceptance: Double?
        /// Of the latest receipts the share that said "delivered", 0 to 1.
        public var delivery: Double?
        /// Milliseconds within which half, and 99 of 100, of the last minute's answers came.
        public var latencyP50: Int64?
        public var latencyP99: Int64?
        /// An open gateway is tried then.
        public var retryAt: String?
        /// What it has cost today, and may cost: `12.50 USD`.
        public var spentToday: String?
        public var budget: String?
        /// It takes no more messages today.
        public var isBudgetSpent: Bool?
    }

    public struct PauseLine: Codable, Sendable {
        public var directive: String
        public var until: String?
    }

    public struct Daemon: Codable, Sendable {
        public var pid: Int32
        public var started: String
        public var updated: String
        /// `sending`, `paused`, `stopping`, or what stands in the way.
        public var condition: String
        /// A pause and a stop are what somebody wanted; a ledger that fails or a clock in doubt are not.
        public var isHealthy: Bool { ["sending", "paused", "stopping"].contains(condition) }
        public var lastError: String?
        /// Why the last reload was refused; what was in force before it still is.
        public var refusedReload: String?
    }

    /// A count for each state.
    public var states: [String: Int]
    public var oldestDue: String?
    public var inFlight: Int
    public var pauses: [PauseLine]
    /// What is wrong with the control file; it stops everything.
    public var controlFault: String?
    public var gateways: [Gateway]
    /// Receipts that belong to no attempt we know.
    public var strays: Int
    /// What gateways sent of their own accord, by gateway, since the daemon started.
    public var callbacks: [String: CallbackDesk.Counts]
    /// dunlin, ledger, tzdata, policies, templates.
    public var versions: [String: String]
    /// Nil where no daemon runs.
    public var daemon: Daemon?

    public var json: String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: (try? encoder.encode(self)) ?? Data(), as: UTF8.self)
    }
}

/// What only the running daemon knows, left in a file beside the ledger for `dunlin status`.
public struct RuntimeFile: Sendable {
    public let path: String

    public init(ledgerPath: String) { path = ledgerPath + ".status.json" }

    public struct Content: Codable, Sendable {
        public var daemon: Status.Daemon
        public var gateways: [Status.Gateway]
        public var versions: [String: String]
        public var callbacks: [String: CallbackDesk.Counts] = [:]
    }

    /// Replaces the file as a whole.
    public func write(_ content: Content) {
        if let data = try? JSONEncoder().encode(content) {
            try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
        }
    }

    public func remove() { unlink(path) }

    /// Nil where no daemon runs: there is no file, or the process that wrote it is gone.
    public func read() -> Content? {
        guard let data = FileManager.default.contents(atPath: path),
            let content = try? JSONDecoder().decode(Content.self, from: data),
            kill(content.daemon.pid, 0) == 0 || errno == EPERM
        else { return nil }
        return content
    }
}

extension Status {
    public static let version = "0.1.0"

    /// Puts together what the ledger, the control file and the daemon say.
    public init(
        ledger: LedgerSummary, control: Control, runtime: RuntimeFile.Content?,
        gateways: [(name: String, channel: String)],
        versions: [String: String], strays: Int = 0, at now: Instant
    ) {
        states = Dictionary(uniqueKeysWithValues: State.allCases.map { ($0.rawValue, ledger.states[$0] ?? 0) })
        oldestDue = ledger.oldestDue?.description
        inFlight = ledger.inFlight
        pauses = control.active(at: now).map { PauseLine(directive: $0.directive, until: $0.until?.description) }
        controlFault = control.fault
        self.gateways =
            runtime?.gateways
            ?? gateways.map {
                Gateway(
                    name: $0.name, channel: $0.channel, state: "stopped", inFlight: 0, accepted: 0, refused: 0,
                    unknown: 0,
                    lastError: nil)
            }
        self.versions = versions.merging(runtime?.versions ?? [:]) { $1 }
        self.versions["dunlin"] = Status.version
        self.versions["ledger"] = String(ledger.version)
        self.strays = strays
        callbacks = runtime?.callbacks ?? [:]
        daemon = runtime?.daemon
    }
}
