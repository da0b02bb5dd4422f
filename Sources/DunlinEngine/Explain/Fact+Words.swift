// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel

extension Fact {
    /// What happened to the message, and whether it may have gone, for somebody who knows neither names nor codes; nil where the
    /// fact says it by itself. The names are explained in docs/receipts.md.
    func words(in history: ReminderHistory, number: Int64) -> String? {
        switch event {
        case .unknown: (WireFault(detail: detail)?.words ?? Fact.doubt(reason)) + "; it counts as sent"
        case .refused: WireFault(detail: detail)?.words ?? Fact.refusal(reason)
        case .withdrawn: "nothing of it left; it is asked again"
        case .resent: "nobody could tell whether it was sent, and its policy is 'resend'"
        case .accepted where reason == .lookedUp: "in doubt until the gateway was asked: it has it"
        case .accepted where reason == .repeated: "in doubt until the same request was sent again: the gateway has it"
        case .accepted where history.wasInDoubt(attempt, before: number):
            "in doubt until this receipt: the gateway has it"
        case .nextChannel where detail == "no receipt":
            "nothing said in time that it arrived, so the next channel has its turn"
        case .nextChannel: "the gateway took it and says that it did not arrive, so the next channel has its turn"
        case .bounced: "the gateway took it and says that it did not arrive"
        case .delivered where attempt == nil: "an earlier message of it had arrived, so nothing more is sent"
        case .receipt: lateness(in: history, number: number)
        case .pressed: Fact.meaning(ofKey: detail)
        default: nil
        }
    }

    private static func meaning(ofKey action: String) -> String? {
        switch action {
        case "continue": "whoever answered says that this is the person"
        case "repeat": "wanted to hear it again"
        case "agent": "wants to talk to somebody"
        case "promise": "promised to pay"
        case "opt-out": "wants no more calls"
        case "wrong-person": "said that the number is somebody else's"
        default: nil
        }
    }

    private static func doubt(_ reason: Reason?) -> String {
        switch reason {
        case .ambiguousAnswer: "the gateway's answer fits no rule: it may have been sent"
        case .crashed: "Dunlin ended while the request was under way: it may have been sent"
        case .shuttingDown: "Dunlin was stopped before the answer was there: it may have been sent"
        default: "no answer came: it may have been sent"
        }
    }

    private static func refusal(_ reason: Reason?) -> String {
        switch reason {
        case .recipientRefused: "the gateway does not send to this address: it was not sent"
        case .optedOut: "the gateway knows an opt-out of this person: it was not sent"
        case .configurationRefused: "our set-up was refused (credentials, sender or text): it was not sent"
        case .throttled: "more than the gateway takes at a time: it was not sent"
        case .accessExpired: "the access token had expired, and another one is fetched: it was not sent"
        case .notFound: "the gateway was asked and never had it: it was not sent, and counts no longer"
        default: "the gateway could not take it for now: it was not sent"
        }
    }

    /// Whether it is a receipt that moves nothing and says that the message arrived.
    var saysArrived: Bool { event == .receipt && !detail.hasPrefix(Receipt.Status.failed.rawValue) }

    /// Of a receipt that moves nothing: what had become of the reminder meanwhile.
    private func lateness(in history: ReminderHistory, number: Int64) -> String {
        let before = history.facts.filter { $0.number < number }
        let own = before.last { $0.fact.attempt == attempt && !$0.fact.event.isRemark }?.fact.event
        let later = before.filter { $0.fact.event == .intent && $0.number > attempt ?? .max }
        let undone = Set(
            before.compactMap { [.refused, .withdrawn].contains($0.fact.event) ? $0.fact.attempt : nil })
        var said = "it comes after \(own.map { "'\($0.rawValue)'" } ?? "the end")"
        if own == .refused { said += ", and contradicts it: the contact counts after all" }
        if let next = later.last(where: { !undone.contains($0.number) }) {
            let way = [next.fact.channel?.rawValue, next.fact.gateway.map { "by \($0)" }].compactMap(\.self)
            return "\(said); meanwhile \(way.joined(separator: " ")) had gone out (attempt \(next.number))"
        }
        guard saysArrived, before.reduce(State.scheduled, { $0.after($1.fact.event) ?? $0 }).isWaiting else {
            return said
        }
        return "\(said); nothing else had gone out, and nothing more is sent"
    }
}

extension Event {
    /// It says something of an attempt and does not settle it.
    var isRemark: Bool { self == .receipt || self == .pressed }
}

extension ReminderHistory {
    /// Whether an attempt had been in doubt.
    fileprivate func wasInDoubt(_ attempt: Int64?, before number: Int64) -> Bool {
        facts.contains { $0.number < number && $0.fact.attempt == attempt && $0.fact.event == .unknown }
    }
}

extension DecisionTrace {
    /// How channel and gateway were found, and the rules, a line each.
    ///
    /// Rules that say the same as they said of an earlier attempt, `before`, are only counted.
    func details(before earlier: (attempt: Int64, trace: DecisionTrace)?) -> [String] {
        var lines: [String] = []
        if let template {
            lines.append("text \(template)\(notices.map { " with \($0.joined(separator: ", "))" } ?? "")")
        }
        if let fault { lines.append(fault) }
        for channel in passed ?? [] {
            lines.append("not by \(channel.channel): \(channel.reason)\(channel.until.map { " until \($0)" } ?? "")")
            lines += channel.findings.map { "  \($0.text)" }
        }
        if let entry { lines.append("by entry \(entry) of the channel's routes") }
        for gateway in over ?? [] {
            let words =
                GatewayObstacle(rawValue: gateway.because).map { "\($0.words) (\($0.rawValue))" } ?? gateway.because
            lines.append("not by \(gateway.gateway): \(words)\(gateway.until.map { ", until \($0)" } ?? "")")
        }
        let known = Set(earlier?.trace.findings ?? [])
        let new = findings.filter { !known.contains($0) }
        lines += new.map(\.text)
        if let earlier, new.count < findings.count {
            let more = new.isEmpty ? "" : " more"
            lines.append("\(findings.count - new.count)\(more) rules say the same as of attempt \(earlier.attempt)")
        }
        return lines
    }
}

extension DecisionTrace.Line {
    /// `forbids  us/cap: 7 of 7 calls [12 CFR 1006.14]`
    var text: String {
        "\(verdict ?? (allows ? "allows" : "forbids"))  \(rule): \(figures)\(cite.isEmpty ? "" : " [\(cite)]")"
    }
}
