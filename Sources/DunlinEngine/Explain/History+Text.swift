// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

extension ReminderHistory {
    /// The reminder's story for a person: what it was, what happened when, and which rule said so.
    public var explanation: String {
        var lines = ["reminder \(reminder.id): \(state.rawValue)\(waiting)"]
        let channels = reminder.channels.map(\.rawValue).joined(separator: ", ")
        lines.append(
            "  message \(reminder.message), account \(reminder.account.id), recipient \(reminder.recipient.id)")
        lines.append("  due \(reminder.due), expires \(reminder.expires), channels \(channels)")
        lines.append("  \(imported)  imported")
        for (number, fact) in facts { lines += ReminderHistory.lines(of: fact, number: number) }
        return lines.joined(separator: "\n")
    }

    private var waiting: String {
        guard let queued, state != .scheduled else { return "" }
        let why = queued.reason.map { " (\($0.rawValue))" } ?? ""
        return "\(why), asked again at \(queued.due)"
    }

    private static func lines(of fact: Fact, number: Int64) -> [String] {
        var head = "  \(fact.at)  \(fact.event.rawValue)"
        if let channel = fact.channel { head += " \(channel.rawValue)" }
        if let gateway = fact.gateway { head += " by \(gateway)" }
        if let reason = fact.reason { head += ": \(reason.rawValue)" }
        if let until = fact.until { head += " until \(until)" }
        if fact.event == .intent { head += " (attempt \(number))" }
        if let attempt = fact.attempt { head += " (attempt \(attempt))" }
        guard let trace = DecisionTrace(detail: fact.detail) else {
            guard !fact.detail.isEmpty else { return [head] }
            return [fact.event == .accepted ? "\(head), its id is \(fact.detail)" : "\(head), \(fact.detail)"]
        }
        var lines = [head]
        if let template = trace.template { lines.append("      text \(template)") }
        if let fault = trace.fault { lines.append("      \(fault)") }
        for line in trace.findings {
            let cite = line.cite.isEmpty ? "" : " [\(line.cite)]"
            lines.append("      \(line.allows ? "allows" : "forbids")  \(line.rule): \(line.figures)\(cite)")
        }
        return lines
    }
}

/// A history as JSON for programs.
public struct HistoryRecord: Codable, Sendable {
    public struct Step: Codable, Sendable {
        public var at: String
        public var event: String
        public var number: Int64?
        public var channel: String?
        public var gateway: String?
        public var reason: String?
        public var until: String?
        public var attempt: Int64?
        public var detail: String?
        public var decision: DecisionTrace?
    }

    public var id: String
    public var state: String
    public var message: String
    public var account: String
    public var recipient: String
    public var due: String
    public var expires: String
    public var waitsUntil: String?
    public var waitsBecause: String?
    public var facts: [Step]

    public init(_ history: ReminderHistory) {
        let reminder = history.reminder
        id = reminder.id
        state = history.state.rawValue
        message = reminder.message
        account = reminder.account.id
        recipient = reminder.recipient.id
        due = reminder.due.description
        expires = reminder.expires.description
        waitsUntil = history.queued?.due.description
        waitsBecause = history.queued?.reason?.rawValue
        facts = history.facts.map { number, fact in
            let trace = DecisionTrace(detail: fact.detail)
            return Step(
                at: fact.at.description, event: fact.event.rawValue, number: number, channel: fact.channel?.rawValue,
                gateway: fact.gateway, reason: fact.reason?.rawValue, until: fact.until?.description,
                attempt: fact.attempt, detail: trace == nil && !fact.detail.isEmpty ? fact.detail : nil,
                decision: trace)
        }
    }
}
