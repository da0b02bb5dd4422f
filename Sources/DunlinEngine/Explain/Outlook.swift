// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel

/// What is still to come of a reminder, for whoever has the person on the phone.
struct Outlook {
    /// What is to be done about its attempts, the soonest first.
    let followUps: [FollowUp]
    /// What the daemon says of itself; nil where none runs.
    let daemon: RuntimeFile.Content?
    let now: Instant

    func lines(of history: ReminderHistory) -> [String] {
        if history.state.isWaiting { return waiting(history) }
        guard let attempt = history.facts.last(where: { $0.fact.event == .intent })?.number else { return [] }
        let own = followUps.filter { $0.attempt == attempt }
        switch history.state {
        case .unknown:
            let ask = own.first { $0.kind == .ask }.map { question in
                "in doubt: the gateway is asked at \(question.at), \(question.tries) times so far"
            }
            return [ask ?? "in doubt: nobody can be asked; only a receipt may still settle it"] + fallback(own, history)
        case .accepted: return fallback(own, history)
        default: return []
        }
    }

    private func fallback(_ followUps: [FollowUp], _ history: ReminderHistory) -> [String] {
        let used = Set(history.facts.compactMap { $0.fact.event == .intent ? $0.fact.channel : nil })
        let next = history.reminder.channels.first {
            !used.contains($0) && history.reminder.recipient.address(for: $0) != nil
        }
        guard let due = followUps.first(where: { $0.kind == .fallback }) else { return [] }
        return [
            "\(next?.rawValue ?? "the next channel") has its turn at \(due.at), unless it is told before that this arrived"
        ]
    }

    private func waiting(_ history: ReminderHistory) -> [String] {
        let hasArrived = history.facts.contains { $0.fact.saysArrived }
        if hasArrived { return ["a message of it has arrived: nothing more is sent, and its next turn ends it"] }
        guard let queued = history.queued, queued.due <= now else { return [] }
        let late = "its turn came at \(queued.due)"
        guard let daemon else { return ["\(late), and no daemon runs"] }
        guard daemon.daemon.condition == "sending" else {
            return ["\(late), and the daemon is: \(daemon.daemon.condition)"]
        }
        let ill = daemon.gateways.filter { $0.channel == queued.lane.rawValue && $0.state != "closed" }
        guard !ill.isEmpty else { return ["\(late); it waits for room, or is being decided"] }
        return ill.map { gateway in
            let error = gateway.lastError.map { ", because of \($0)" } ?? ""
            return "\(late); \(gateway.name) is \(gateway.state)"
                + "\(gateway.retryAt.map { ", tried again at \($0)" } ?? "")\(error)"
        }
    }
}
