// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A plan as a picture to print or to put on a page (SVG 1.1): what is sent each day in a stacked bar, and below it, in
/// the same column, each hour of that day, the darker the more is sent. Light and dark as the reader has it; no script.
public struct PlanChart {
    private let report: PlanReport
    private let before: PlanReport?
    private let days: [CivilDate]
    private let hours: ClosedRange<Int>

    private static let left = 72.0, right = 24.0, width = 960.0
    private static let barTop = 132.0, barHeight = 220.0, rowHeight = 15.0

    /// - Parameter before: draws what another plan sends each day as a line across the bars.
    public init(_ report: PlanReport, before: PlanReport? = nil) {
        self.report = report
        self.before = before
        let all = report.calendar + (before?.calendar ?? [])
        if let first = all.min(), let last = all.max() {
            days = (first.daysSince1970...last.daysSince1970).map { CivilDate(daysSince1970: $0) }
        } else {
            days = []
        }
        let used = (0..<24).filter { report.sends(hour: $0).total > 0 }
        hours = (used.min() ?? 8)...(used.max() ?? 20)
    }

    public var svg: String {
        let heatTop = PlanChart.barTop + PlanChart.barHeight + 84
        let bottom = days.isEmpty ? 150 : heatTop + Double(hours.count) * PlanChart.rowHeight
        var page = SVGText(width: PlanChart.width, height: bottom + 84, style: PlanChart.style)
        page.title("Reminders that would be sent, by day and hour", description)
        page.line("<rect class=\"page\" width=\"100%\" height=\"100%\"/>")
        page.text("Reminders that would be sent", x: PlanChart.left, y: 44, "title")
        page.text(summary, x: PlanChart.left, y: 68, "note")
        if days.isEmpty {
            page.text("Nothing would be sent in this time.", x: PlanChart.left, y: 112, "label")
        } else {
            legend(&page)
            bars(&page)
            heat(&page, top: heatTop)
        }
        page.text(
            "Days and hours are the recipients’ own. Every gateway is taken to accept what it gets, and nobody to answer.",
            x: PlanChart.left, y: bottom + 38, "note")
        let versions = ["policies", "templates", "tzdata"].map { "\($0) \(report.versions[$0] ?? "unknown")" }
        page.text(versions.joined(separator: ", "), x: PlanChart.left, y: bottom + 56, "note")
        return page.finished
    }

    private var description: String {
        let perDay = days.map { "\($0): \(PlanChart.words(report.sends(on: $0)))" }
        return ([summary] + perDay).joined(separator: ". ")
    }

    private var summary: String {
        var text = "\(grouped(report.sends.total)) in all, from \(report.from) until \(report.until)"
        if let before { text += "; \(grouped(before.sends.total)) before the change" }
        return text
    }

    private static func words(_ counts: PlanReport.ByChannel) -> String {
        Channel.allCases.filter { counts[$0] > 0 }.map { "\(grouped(counts[$0])) \($0.rawValue)" }.joined(
            separator: ", ")
    }

    // MARK: The columns

    private var step: Double { (PlanChart.width - PlanChart.left - PlanChart.right) / Double(max(days.count, 7)) }
    private var columnWidth: Double { min(step * 0.78, 56) }
    private func x(_ column: Int) -> Double { PlanChart.left + step * (Double(column) + 0.5) }

    private func legend(_ page: inout SVGText) {
        var x = PlanChart.left
        for channel in Channel.allCases where report.sends[channel] + (before?.sends[channel] ?? 0) > 0 {
            page.rectangle(x: x, y: 86, width: 12, height: 12, channel.rawValue)
            let label = "\(channel.rawValue) \(grouped(report.sends[channel]))"
            page.text(label, x: x + 18, y: 96.5, "label")
            x += 48 + Double(label.count) * 7
        }
        if before != nil {
            page.line("<path class=\"before\" d=\"M\(x) 92h24\"/>")
            page.text("all, before the change", x: x + 30, y: 96.5, "label")
        }
    }

    private func bars(_ page: inout SVGText) {
        let most = days.map { max(report.sends(on: $0).total, before?.sends(on: $0).total ?? 0) }.max() ?? 1
        let tick = PlanChart.tick(for: most)
        let top = Double((most + tick - 1) / tick * tick)
        let base = PlanChart.barTop + PlanChart.barHeight
        func height(_ count: Int) -> Double { Double(count) / top * PlanChart.barHeight }
        for value in stride(from: 0, through: Int(top), by: tick) {
            let y = base - height(value)
            page.line(
                "<path class=\"grid\" d=\"M\(PlanChart.left) \(SVGText.number(y))H\(PlanChart.width - PlanChart.right)\"/>"
            )
            page.text(grouped(value), x: PlanChart.left - 8, y: y + 4, "axis end")
        }
        for (column, day) in days.enumerated() {
            let counts = report.sends(on: day)
            var y = base
            page.line("<g><title>\(day.weekday.shortName) \(day): \(PlanChart.words(counts))</title>")
            for channel in Channel.allCases where counts[channel] > 0 {
                y -= height(counts[channel])
                page.rectangle(
                    x: x(column) - columnWidth / 2, y: y, width: columnWidth, height: height(counts[channel]),
                    channel.rawValue)
            }
            page.line("</g>")
            if step >= 44, counts.total > 0 { page.text(grouped(counts.total), x: x(column), y: y - 5, "axis middle") }
            dayLabel(day, column, base, &page)
        }
        guard let before else { return }
        let line = days.enumerated().map { column, day in
            let y = SVGText.number(base - height(before.sends(on: day).total))
            return "M\(SVGText.number(x(column) - step / 2 + 1)) \(y)h\(SVGText.number(step - 2))"
        }
        page.line("<path class=\"before\" d=\"\(line.joined())\"/>")
    }

    /// The weekday over the day of the month, and the month where it begins; every day, or as many as there is room for.
    private func dayLabel(_ day: CivilDate, _ column: Int, _ base: Double, _ page: inout SVGText) {
        let every = max(1, Int((24 / step).rounded(.up)))
        let isNew = column == 0 || day.components.day == 1
        if isNew {
            page.text(
                "\(PlanChart.months[day.components.month - 1]) \(day.components.year)", x: x(column), y: base + 50,
                "label")
        }
        guard column % every == 0 else { return }
        let weekday = day.weekday.shortName
        let name = weekday.prefix(1).uppercased() + (step >= 34 ? weekday.dropFirst() : "")
        let kind = day.weekday == .sunday || day.weekday == .saturday ? "axis middle weekend" : "axis middle"
        page.text(name, x: x(column), y: base + 17, kind)
        page.text("\(day.components.day)", x: x(column), y: base + 31, kind)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    // MARK: The hours

    private func heat(_ page: inout SVGText, top: Double) {
        let most = days.flatMap { day in hours.map { report.sends(on: day, hour: $0).total } }.max() ?? 0
        page.text("By hour, up to \(grouped(most)) an hour", x: PlanChart.left, y: top - 12, "label")
        for (row, hour) in hours.enumerated() {
            let y = top + Double(row) * PlanChart.rowHeight
            if (hour - hours.lowerBound) % 2 == 0 {
                page.text("\(hour < 10 ? "0" : "")\(hour):00", x: PlanChart.left - 8, y: y + 11, "axis end")
            }
            for (column, day) in days.enumerated() {
                let counts = report.sends(on: day, hour: hour)
                // The root, because what is read off a shade is whether little or nothing is sent there.
                let shade = counts.total == 0 ? 0.06 : 0.15 + 0.85 * (Double(counts.total) / Double(most)).squareRoot()
                let title = counts.total == 0 ? nil : "\(day) \(hour):00: \(PlanChart.words(counts))"
                page.rectangle(
                    x: x(column) - step / 2 + min(1, step * 0.05), y: y, width: step - min(2, step * 0.1),
                    height: PlanChart.rowHeight - 2, counts.total == 0 ? "none" : "heat", shade: shade, title: title)
            }
        }
    }

    /// 1, 2 or 5 times a power of ten, so that no more than five of them reach `most`.
    static func tick(for most: Int) -> Int {
        var power = 1
        while true {
            for tick in [power, 2 * power, 5 * power] where tick * 5 >= most { return tick }
            power *= 10
        }
    }

    private static let style = """
        text{font-family:system-ui,-apple-system,"Segoe UI","Noto Sans","DejaVu Sans",sans-serif;fill:#24292f}
        .page{fill:#ffffff}.title{font-size:22px;font-weight:600}.label{font-size:13px}
        .note,.axis{font-size:12px;fill:#57606a}.weekend{fill:#8c5a00}.end{text-anchor:end}.middle{text-anchor:middle}
        .grid{stroke:#d8dee4;stroke-width:1;fill:none}.before{stroke:#24292f;stroke-width:2;fill:none}
        .sms{fill:#0072b2}.email{fill:#e69f00}.call{fill:#009e73}.chat{fill:#cc79a7}.task{fill:#d55e00}
        .heat{fill:#0b4f86}.none{fill:#57606a}
        @media (prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.note,.axis{fill:#9ba4ae}
        .weekend{fill:#e3b341}.grid{stroke:#2b323b}.before{stroke:#e6edf3}.sms{fill:#56b4e9}.email{fill:#f0b73f}
        .call{fill:#35c49a}.chat{fill:#e29cc4}.task{fill:#f0824a}.heat{fill:#79c0ff}.none{fill:#9ba4ae}}
        """
}

/// Writes the elements of a picture. Coordinates are pixels with two decimals at most.
private struct SVGText {
    private var lines: [String] = []

    init(width: Double, height: Double, style: String) {
        let (width, height) = (SVGText.number(width), SVGText.number(height))
        line(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
                + "viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-labelledby=\"title description\">")
        line("<style>\(SVGText.escaped(style))</style>")
    }

    var finished: String { (lines + ["</svg>", ""]).joined(separator: "\n") }

    mutating func line(_ text: String) { lines.append(text) }

    mutating func title(_ title: String, _ description: String) {
        line("<title id=\"title\">\(SVGText.escaped(title))</title>")
        line("<desc id=\"description\">\(SVGText.escaped(description))</desc>")
    }

    mutating func text(_ text: String, x: Double, y: Double, _ kind: String) {
        line(
            "<text class=\"\(kind)\" x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\">\(SVGText.escaped(text))</text>"
        )
    }

    mutating func rectangle(
        x: Double, y: Double, width: Double, height: Double, _ kind: String, shade: Double? = nil, title: String? = nil
    ) {
        let place = zip(["x", "y", "width", "height"], [x, y, width, height])
            .map { "\($0)=\"\(SVGText.number($1))\"" }.joined(separator: " ")
        let opacity = shade.map { " fill-opacity=\"\(SVGText.number($0))\"" } ?? ""
        let element = "<rect class=\"\(kind)\" \(place)\(opacity)"
        line(title.map { "\(element)><title>\(SVGText.escaped($0))</title></rect>" } ?? "\(element)/>")
    }

    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        let fraction = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
        return (hundredths < 0 ? "-" : "") + "\(whole)\(fraction)"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
    }
}
