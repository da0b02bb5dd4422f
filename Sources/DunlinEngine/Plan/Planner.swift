// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinPolicy
import DunlinTemplates
import DunlinTime

/// Foretells what the daemon would do: plays its own engine on a virtual clock from where a real ledger stands, sending
/// nothing and changing nothing.
///
/// It assumes what nobody can know: every gateway accepts every request after `answerTime`, nothing new is imported,
/// nobody answers, and the pauses stay as the control file has them.
public struct Planner {
    private let source: PlanSource
    private let control: Control
    private let from: Instant
    private let until: Instant
    private let answerTime: Duration

    /// How far ahead a plan may look.
    public static let longest = Duration.days(366)

    /// - Parameters:
    ///   - from: when the plan begins; what fell due before goes out first, as after a standstill.
    ///   - until: when it ends, after `from` and no more than `longest` behind it.
    ///   - answerTime: how long a gateway takes to answer a request.
    public init(source: PlanSource, control: Control, from: Instant, until: Instant, answerTime: Duration) {
        self.source = source
        self.control = control
        self.from = from
        self.until = until
        self.answerTime = answerTime
    }

    /// Plays the whole time by these packs, templates and gateways. Throws what the ledger throws.
    public func plan(with snapshot: Snapshot) throws -> Plan {
        let ledger = PlanLedger(source)
        let tally = PlanTally(ledger, zones: snapshot.zones, from: from, until: until)
        ledger.observer = tally
        try VirtualRun(ledger, snapshot: snapshot, control: control, from: from, answerTime: answerTime)
            .play(until: until)
        var report = tally.finish()
        report.inFlight = source.inFlight
        report.pauses = control.active(at: from).map(\.directive)
        report.controlFault = control.fault
        report.versions = [
            "policies": snapshot.policies.version, "templates": snapshot.templates.version,
            "tzdata": snapshot.zones.version,
        ]
        return Plan(report: report, fates: tally.fates, rules: tally.rules)
    }

    /// What two plans from this source do differently, with up to `examples` reminders.
    public func difference(_ before: Plan, _ after: Plan, examples: Int) throws -> PlanDifference {
        try PlanDifference(before, after, examples: examples) { try source.id($0) }
    }
}

/// What a plan found, for everybody together and for each reminder.
public struct Plan {
    public let report: PlanReport
    /// By the reminder's number.
    let fates: [PlanTally.Fate]
    let rules: [String]
}

extension Snapshot {
    /// What a plan is made by: a configuration without its secrets.
    public init(planning configuration: Configuration, zones: ZoneDatabase) throws {
        let real = try Snapshot(configuration, secrets: .withholding, zones: zones)
        self.init(
            gateways: real.gateways.map(\.planned), routes: real.routes, policies: real.policies,
            templates: real.templates.rehearsing, attachments: real.attachments.rehearsing, zones: zones,
            party: real.party, unknown: real.unknown, spread: real.spread,
            attempts: real.attempts)
    }

    /// The same with other packs or templates; nil keeps those there are.
    public func replacing(policies folder: String?, templates roots: [String]?) throws -> Snapshot {
        Snapshot(
            gateways: gateways, routes: routes,
            policies: try folder.map { try PolicySet.load(directory: $0) } ?? policies,
            templates: try roots.map { try TemplateLibrary.load(roots: $0).rehearsing } ?? templates,
            attachments: attachments, zones: zones, party: party, unknown: unknown, spread: spread, attempts: attempts)
    }
}
