// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinLedger
import DunlinModel
import DunlinPolicy
import DunlinTime
import Foundation

struct AskPolicies: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "May I contact this person on this channel at this instant, and why?",
        discussion: examples(
            "dunlin policies ask P-5 --channel sms",
            "dunlin policies ask --channel call --region US-CA --phone +12125550123 --at 2026-11-25T10:59:59-05:00",
            "dunlin policies ask --channel call --region CA-ON --event notice@2026-11-20T10:00:00-05:00",
            "dunlin policies ask --channel sms --region KR --event 'blocked@2026-11-01T00:00:00Z,hours=mon-fri 12:00-13:00'",
            "",
            "With the id of a reminder, an account or a recipient, what the ledger knows of them is taken for granted.",
            "An event is KIND@INSTANT, then perhaps ,channel= ,until= ,account= ,creditor= ,address= ,seconds= ,hours=",
            "and ,inbound or ,own. Exit code 0: yes; 1: no."))

    @OptionGroup var source: PolicySource
    @OptionGroup var person: AskedPerson
    @Option(help: "sms, email, call, chat or task.") var channel: Channel
    @Option(help: "When, such as 2026-11-25T20:59:00-05:00; now where it is missing.") var at: AskedInstant?
    @Option(help: "Something that happened before; repeat it for more.") var event: [AskedEvent] = []
    @Flag(help: "Print JSON.") var json = false
    @Argument(help: "The id of a reminder, an account or a recipient in the ledger.") var id: String?

    func run() throws {
        let now = at?.instant ?? SystemClock().now
        let ledger = try id.map { id in
            try KnownPerson(id: id, ledger: SQLiteLedger.open(path: source.config.load().ledgerPath, role: .reader))
        }
        let reminder = try person.reminder(besides: ledger?.reminder)
        guard let address = reminder.recipient.address(for: channel) else {
            throw DunlinError(
                .usage, "policies ask", why: "the person has no address for \(channel.rawValue)",
                remedy: "name one with \(channel.addressOption)")
        }
        var messages = try source.messages()
        if let purpose = person.purpose { messages[reminder.message, default: MessageProfile()].purpose = purpose }
        let zones = ZoneDatabase()
        let evaluator = PolicyEvaluator(
            policies: try source.policies(), zones: zones, party: try source.configuration()?.party, messages: messages)
        let history = AskedHistory(
            events: event.map { $0.contact(about: reminder, address: address, over: channel) }, ledger: ledger?.history)
        let explained = try evaluator.decide(reminder, channel: channel, address: address, at: now, history: history)
        let context = evaluator.context(of: reminder.recipient)
        let zone = try context.zones.first.map(zones.zone)
        let today = zone.map { $0.start(ofDayOf: now) }
        let hours = try today.map { day in
            try evaluator.openHours(
                of: reminder, channel: channel, address: address, from: day.lowerBound, until: day.upperBound,
                history: history)
        }
        let answer = PolicyAnswer(
            explained, at: now, channel: channel, packs: explained.asked(of: context.packs), regions: context.regions,
            zones: try context.zones.map(zones.zone), hours: hours ?? [])
        if json { try printJSON(answer) } else { print(answer.text) }
        if !answer.isYes { throw ExitCode(1) }
    }
}

extension Channel {
    /// Where a person's address is given on the command line.
    fileprivate var addressOption: String {
        switch self {
        case .sms, .call: "--phone"
        case .email: "--email"
        case .chat: "--chat"
        case .task: "the id of a reminder"
        }
    }
}

extension Explained {
    /// The packs of these that were asked: a default one only where it had to step in.
    fileprivate func asked(of packs: [Pack]) -> [String] {
        packs.filter { pack in
            pack.applies != .byDefault || findings.contains { $0.rule.hasPrefix("\(pack.name)/") }
        }.map(\.name)
    }
}

extension Zone {
    /// The local day that an instant lies in.
    fileprivate func start(ofDayOf instant: Instant) -> Range<Instant> {
        let today = local(at: instant).date
        let start = self.instant(of: LocalTime(date: today, secondOfDay: 0))
        return start..<max(start, self.instant(of: LocalTime(date: today + 1, secondOfDay: 0)))
    }
}

/// An answer of the policy, for a person and for a program.
struct PolicyAnswer: Encodable {
    struct Line: Encodable {
        var rule: String
        var verdict: String
        var figures: String
        var cite: String
        var strength: String?
        var confidence: String?
    }

    /// `send`, `defer`, `hold` or `suppress`.
    var answer: String
    var reason: String?
    var at: String
    /// The same by the clock of the first zone.
    var atLocal: String?
    var untilLocal: String?
    /// For `defer`: the first instant at which the answer can be another.
    var until: String?
    /// For `send`: from when on it no longer holds.
    var holdsUntil: String?
    var packs: [String]
    var regions: [String]
    var zones: [String]
    /// The hours of that day in which it would be allowed, for each zone.
    var hours: [String]
    /// What is added to the message because a rule requires it.
    var notices: [String]
    var findings: [Line]

    var isYes: Bool { answer == "send" }

    init(
        _ explained: Explained, at now: Instant, channel: Channel, packs: [String], regions: [String], zones: [Zone],
        hours: [Range<Instant>]
    ) {
        at = now.description
        atLocal = zones.first?.text(of: now)
        switch explained.decision {
        case .send:
            answer = "send"
            if explained.holdsUntil < .distantFuture { holdsUntil = explained.holdsUntil.description }
        case .defer(let until, let reason):
            (answer, self.reason, self.until) = ("defer", reason.rawValue, until.description)
        case .hold(let reason): (answer, self.reason) = ("hold", reason.rawValue)
        case .suppress(let reason): (answer, self.reason) = ("suppress", reason.rawValue)
        }
        if case .defer(let until, _) = explained.decision { untilLocal = zones.first?.text(of: until) }
        self.packs = packs
        self.regions = regions
        self.zones = zones.map(\.name)
        self.hours = zones.map { zone in
            let stretches = hours.map { "\(zone.clockTime(of: $0.lowerBound))-\(zone.clockTime(of: $0.upperBound))" }
            let day = zone.local(at: now).date
            return "\(stretches.isEmpty ? "none" : stretches.joined(separator: ", ")) \(zone.name) on \(day)"
        }
        notices = explained.requiredNotices
        findings = explained.findings.map {
            Line(
                rule: $0.rule, verdict: $0.verdict.rawValue, figures: $0.figures, cite: $0.citation,
                strength: $0.strength?.rawValue, confidence: $0.confidence?.rawValue)
        }
    }

    var text: String {
        var lines: [String]
        switch answer {
        case "send": lines = ["yes, at \(atLocal ?? at)" + (holdsUntil.map { "; by itself until before \($0)" } ?? "")]
        case "defer": lines = ["not at \(atLocal ?? at), but from \(untilLocal ?? until ?? "") (\(reason ?? ""))"]
        case "hold": lines = ["no: a person has to decide or mend something first (\(reason ?? ""))"]
        default: lines = ["no, never (\(reason ?? ""))"]
        }
        lines.append("regions \(regions.isEmpty ? "unknown" : regions.joined(separator: ", "))")
        lines.append("packs   \(packs.joined(separator: ", "))")
        lines += hours.map { "hours   \($0)" }
        if !notices.isEmpty { lines.append("adds    the notice \(notices.joined(separator: ", "))") }
        lines += findings.map { line in
            let cite = line.cite.isEmpty ? "" : "  [\(line.cite)]"
            let verdict = line.verdict + String(repeating: " ", count: 8 - min(8, line.verdict.count))
            return "  \(verdict) \(line.rule): \(line.figures)\(cite)"
        }
        return lines.joined(separator: "\n")
    }
}

extension Zone {
    /// `2026-11-25 20:59:00 America/New_York`.
    fileprivate func text(of instant: Instant) -> String { "\(local(at: instant)) \(name)" }

    /// `21:00`; the last millisecond that an inclusive end adds is not shown.
    fileprivate func clockTime(of instant: Instant) -> String {
        let minute = local(at: instant).secondOfDay / 60
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        return "\(two(minute / 60)):\(two(minute % 60))"
    }
}
