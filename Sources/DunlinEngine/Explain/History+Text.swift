// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

extension ReminderHistory {
    /// The reminder's story for a person: what it was, what happened when, and which rule said so.
    public var explanation: String { (heading + TimeLine(steps).lines(indent: "  ")).joined(separator: "\n") }

    /// What it is and where it stands.
    var heading: [String] {
        let channels = reminder.channels.map(\.rawValue).joined(separator: ", ")
        return [
            "reminder \(reminder.id): \(state.rawValue)\(waiting)\(isErased ? ", personal data erased" : "")",
            "  message \(reminder.message), account \(reminder.account.id), recipient \(reminder.recipient.id)",
            "  due \(reminder.due), expires \(reminder.expires), channels \(channels)",
        ]
    }

    /// What happened, in the order of the facts; `subject` stands before each, to tell several reminders apart.
    func steps(subject: String) -> [TimeLine.Step] {
        [TimeLine.Step(at: imported, what: "\(subject)imported")]
            + facts.map { ReminderHistory.step($1, number: $0, subject) }
    }

    private var steps: [TimeLine.Step] { steps(subject: "") }

    private var waiting: String {
        guard let queued, state != .scheduled else { return "" }
        let why = queued.reason.map { " (\($0.rawValue))" } ?? ""
        return "\(why), asked again at \(queued.due)"
    }

    private static func step(_ fact: Fact, number: Int64, _ subject: String) -> TimeLine.Step {
        var head = "\(subject)\(fact.event.rawValue)"
        if let channel = fact.channel { head += " \(channel.rawValue)" }
        if let gateway = fact.gateway { head += " by \(gateway)" }
        if let reason = fact.reason { head += ": \(reason.rawValue)" }
        if let until = fact.until { head += " until \(until)" }
        if fact.event == .intent { head += " (attempt \(number))" }
        if let attempt = fact.attempt { head += " (attempt \(attempt))" }
        guard let trace = DecisionTrace(detail: fact.detail) else {
            if !fact.detail.isEmpty {
                head += fact.event == .accepted ? ", its id is \(fact.detail)" : ", \(fact.detail)"
            }
            return TimeLine.Step(at: fact.at, what: head)
        }
        var details: [String] = []
        if let template = trace.template {
            details.append("text \(template)\(trace.notices.map { " with \($0.joined(separator: ", "))" } ?? "")")
        }
        if let fault = trace.fault { details.append(fault) }
        for line in trace.findings {
            let cite = line.cite.isEmpty ? "" : " [\(line.cite)]"
            let verdict = line.verdict ?? (line.allows ? "allows" : "forbids")
            details.append("\(verdict)  \(line.rule): \(line.figures)\(cite)")
        }
        return TimeLine.Step(at: fact.at, what: head, details: details)
    }
}
