// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension PlanReport {
    /// For a person at a terminal of 100 columns.
    public var text: String { PlanText(self, before: nil).text }
}

extension PlanDifference {
    /// The plan after the change with what it changes, then the changes with examples.
    public var text: String {
        var sections = [PlanText(after, before: before).text]
        let share = after.reminders == 0 ? "" : " of \(grouped(after.reminders))"
        var lines = ["what changes: \(grouped(changed))\(share) reminders"]
        lines += aligned(changes.map { [grouped($0.count), "\($0.before)  ->  \($0.after)"] }, right: [0])
        let examples = changes.flatMap { change in change.examples }
        if !examples.isEmpty { lines += ["", "for example"] }
        for example in examples {
            lines += beside(example.id + "  ", example.before.text) + beside("  -> ", example.after.text)
        }
        sections.append(lines.joined(separator: "\n"))
        return sections.joined(separator: "\n\n")
    }
}

extension PlanDifference.Fate {
    fileprivate var text: String {
        if let channel { return "\(channel.rawValue) at \(at)" }
        let why = reason.map { ": \($0.rawValue)" } ?? ""
        let by = rules.isEmpty ? "" : " (\(rules))"
        return "\(state.rawValue)\(why)\(by)\(state.isWaiting ? ", asked at" : " at") \(at)"
    }
}

/// A report as tables; with another report before it, each total has its difference beside it.
private struct PlanText {
    private let report: PlanReport
    private let before: PlanReport?
    private let channels: [Channel]

    init(_ report: PlanReport, before: PlanReport?) {
        self.report = report
        self.before = before
        channels = Channel.allCases.filter { report.sends[$0] > 0 || (before?.sends[$0] ?? 0) > 0 }
    }

    var text: String {
        var sections = [head]
        if !channels.isEmpty {
            sections += [byDay, byHour]
            sections.append(table("region", rows(report.regions, before?.regions)))
            sections.append(table("message", rows(report.messages, before?.messages)))
        }
        sections.append(ends)
        if !causes.isEmpty { sections.append(causes) }
        return sections.joined(separator: "\n\n")
    }

    private var head: String {
        var lines = ["plan from \(report.from) until \(report.until)"]
        let inFlight = report.inFlight == 0 ? "" : ", \(grouped(report.inFlight)) more are on the wire now"
        lines.append("\(grouped(report.reminders)) reminders wait\(inFlight)")
        if let fault = report.controlFault { lines.append("paused: the control file cannot be understood: \(fault)") }
        lines += report.pauses.map { "in force: \($0)" }
        var sent = "\(grouped(report.sends.total)) would be sent"
        if let before { sent += " (\(signed(report.sends.total - before.sends.total)))" }
        lines.append(sent)
        if let first = report.firstSend, let last = report.lastSend {
            lines.append("the first at \(first), the last at \(last)")
        }
        lines.append("days and hours are the recipients' own, other times are UTC")
        return lines.joined(separator: "\n")
    }

    private var byDay: String {
        let days = [report, before].compactMap(\.self).flatMap(\.calendar)
        guard let first = days.min(), let last = days.max() else { return "" }
        let calendar = (first.daysSince1970...last.daysSince1970).map { CivilDate(daysSince1970: $0) }
        let rows = calendar.map { day in
            ("\(day.weekday.shortName) \(day)", report.sends(on: day), before?.sends(on: day))
        }
        return table("day", rows)
    }

    private var byHour: String {
        let rows = (0..<24).map { hour in
            ("\(hour < 10 ? "0" : "")\(hour):00", report.sends(hour: hour), before?.sends(hour: hour))
        }
        return table("hour", rows.filter { $0.1.total > 0 || ($0.2?.total ?? 0) > 0 })
    }

    private typealias Row = (name: String, counts: PlanReport.ByChannel, before: PlanReport.ByChannel?)

    private func rows(
        _ counts: [String: PlanReport.ByChannel], _ before: [String: PlanReport.ByChannel]?
    ) -> [Row] {
        Set(counts.keys).union(before?.keys.map(\.self) ?? []).map { name in
            (name, counts[name] ?? .init(), before.map { $0[name] ?? .init() })
        }.sorted { ($1.1.total, $0.0) < ($0.1.total, $1.0) }
    }

    /// A column for each channel, the total, the difference, and a bar that shows the total's share of the greatest.
    private func table(_ title: String, _ rows: [Row]) -> String {
        let heads = [title] + channels.map(\.rawValue) + ["all"] + (before == nil ? [] : ["change"])
        let body = rows.map { row in
            [row.name] + channels.map { grouped(row.counts[$0]) } + [grouped(row.counts.total)]
                + (row.before.map { [signed(row.counts.total - $0.total)] } ?? [])
        }
        let lines = aligned([heads] + body, right: Set(1..<heads.count))
        let most = rows.map(\.counts.total).max() ?? 0
        let width = lines.map(\.count).max() ?? 0
        let room = min(30, terminalWidth - width - 2)
        return zip(lines, [0] + rows.map(\.counts.total)).map { line, count in
            guard count > 0, room > 0 else { return line }
            let length = max(1, (count * room + most / 2) / most)
            return line + String(repeating: " ", count: width - line.count + 2) + String(repeating: "▇", count: length)
        }.joined(separator: "\n")
    }

    private var ends: String {
        let names: [(State, String)] = State.allCases.map { state in
            (state, state == .accepted ? "sent" : state.isWaiting ? "still \(state.rawValue)" : state.rawValue)
        }
        let rows = names.compactMap { state, name -> [String]? in
            let count = report.ends[state] ?? 0
            let earlier = before?.ends[state] ?? 0
            guard count > 0 || earlier > 0 else { return nil }
            return [name, grouped(count)] + (before == nil ? [] : [signed(count - earlier)])
        }
        let heads = ["at the end", "reminders"] + (before == nil ? [] : ["change"])
        return aligned([heads] + rows, right: [1, 2]).joined(separator: "\n")
    }

    private var causes: String {
        var all = report.sortedCauses
        for cause in before?.sortedCauses ?? [] where report.causes[cause.cause] == nil { all.append((cause.cause, 0)) }
        let rows = all.map { cause, count in
            [cause.event.rawValue, grouped(count)]
                + (before.map { [signed(count - ($0.causes[cause] ?? 0))] } ?? []) + [cause.reason.rawValue]
        }
        guard !rows.isEmpty else { return "" }
        let heads = ["not sent then", "times"] + (before == nil ? [] : ["change"]) + ["reason"]
        let lines = aligned([heads] + rows, right: before == nil ? [1] : [1, 2])
        let width = lines.map(\.count).max() ?? 0
        return zip(lines, ["rules"] + all.map(\.cause.rules)).flatMap { line, rules in
            beside(line + String(repeating: " ", count: width - line.count + 2), rules)
        }.joined(separator: "\n")
    }
}

private let terminalWidth = 100

/// A head and a list of rules behind it, which goes on in further lines below itself where it is too long for one.
private func beside(_ head: String, _ list: String) -> [String] {
    var lines = [head]
    for (index, item) in list.split(separator: " + ").enumerated() {
        let item = (index == 0 ? "" : " + ") + item
        if index > 0, lines[lines.count - 1].count + item.count > terminalWidth {
            lines.append(String(repeating: " ", count: head.count) + item.dropFirst())
        } else {
            lines[lines.count - 1] += item
        }
    }
    return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }
}

/// Rows as lines, cells two spaces apart, those of the `right` columns flush right.
private func aligned(_ rows: [[String]], right: Set<Int>) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
        let line = row.enumerated().map { column, cell in
            let padding = String(repeating: " ", count: widths[column] - cell.count)
            return right.contains(column) ? padding + cell : cell + padding
        }.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}

/// `1,234,567`.
func grouped(_ number: Int) -> String {
    let digits = Array(String(abs(number)))
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text += "," }
        text.append(digit)
    }
    return text
}

/// `+12`, `-3`, `0`.
private func signed(_ number: Int) -> String { (number > 0 ? "+" : "") + grouped(number) }
