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
            + facts.map { step($1, number: $0, subject) }
    }

    /// The attempt before this one on the same channel, whose rules are told already.
    private func attempt(before number: Int64, on channel: Channel?) -> (attempt: Int64, trace: DecisionTrace)? {
        let intent = facts.last { $0.number < number && $0.fact.event == .intent && $0.fact.channel == channel }
        return intent.flatMap { number, fact in DecisionTrace(detail: fact.detail).map { (number, $0) } }
    }

    private var steps: [TimeLine.Step] { steps(subject: "") }

    private var waiting: String {
        guard let queued, state != .scheduled else { return "" }
        let why = queued.reason.map { " (\($0.rawValue))" } ?? ""
        return "\(why), asked again at \(queued.due)"
    }

    private func step(_ fact: Fact, number: Int64, _ subject: String) -> TimeLine.Step {
        var head = "\(subject)\(fact.event.rawValue)"
        if let channel = fact.channel { head += " \(channel.rawValue)" }
        if let gateway = fact.gateway { head += " by \(gateway)" }
        if let reason = fact.reason { head += ": \(reason.rawValue)" }
        if let until = fact.until { head += " until \(until)" }
        if fact.event == .intent { head += " (attempt \(number))" }
        if let attempt = fact.attempt { head += " (attempt \(attempt))" }
        let words = fact.words(in: self, number: number).map { [$0] } ?? []
        guard let trace = DecisionTrace(detail: fact.detail) else {
            if !fact.detail.isEmpty {
                head += fact.event == .accepted ? ", its id is \(fact.detail)" : ", \(fact.detail)"
            }
            return TimeLine.Step(at: fact.at, what: head, details: words)
        }
        let earlier = fact.event == .intent ? attempt(before: number, on: fact.channel) : nil
        return TimeLine.Step(at: fact.at, what: head, details: words + trace.details(before: earlier))
    }
}
