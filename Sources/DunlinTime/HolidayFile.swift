// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A country's holidays as one text, with a part for each of its subdivisions.
///
///     # A comment, to the end of the line.
///     New Year's Day: 01-01; weekend -> next workday
///     Lunar New Year: 2026-02-17, 2027-02-06,
///       2028-01-26                                    # an indented line continues the one before
///     [CA-ON]                                         # the country's holidays, and:
///     Family Day: 3rd monday of february
///     Remembrance Day: none                           # or another day: instead of the country's of this name
struct HolidayFile {
    /// The rules by code: the country's and each subdivision's, with those it takes over from the country.
    private(set) var rules: [String: [HolidayRule]] = [:]

    /// Reads `text`, the calendar of `country`; `file` names it in errors.
    init(_ text: String, country: String, file: String) throws(DunlinError) {
        var code = country
        var national: [HolidayRule] = []
        var own: [HolidayRule] = []
        var named: Set<String> = []
        func close() -> [HolidayRule] {
            code == country ? own : national.filter { !named.contains($0.name) } + own
        }
        for (number, line) in HolidayFile.logicalLines(text) {
            func error(_ why: String, _ remedy: String) -> DunlinError {
                DunlinError(.usage, "\(file):\(number)", why: why, remedy: remedy)
            }
            if line.hasPrefix("[") {
                rules[code] = close()
                if code == country { national = own }
                code = String(line.dropFirst().dropLast())
                (own, named) = ([], [])
                guard line.hasSuffix("]"), code.hasPrefix("\(country)-"), rules[code] == nil else {
                    throw error("“\(line)” begins no new subdivision", "write [\(country)-…], each once")
                }
                continue
            }
            guard let colon = line.firstIndex(of: ":") else {
                throw error("“\(line)” has no colon", "write NAME: DAY")
            }
            let (name, day) = (line[..<colon].trimmed, line[line.index(after: colon)...].trimmed)
            named.insert(name)
            if day == "none", national.contains(where: { $0.name == name }) { continue }
            guard let rule = HolidayRule(text: day, name: name) else {
                throw error("“\(day)” is no holiday", "write \(HolidayRule.notation)")
            }
            own.append(rule)
        }
        rules[code] = close()
    }

    /// The lines without comments, continuation lines joined, each with the number of its first line.
    private static func logicalLines(_ text: String) -> [(number: Int, text: String)] {
        var lines: [(number: Int, text: String)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.prefix { $0 != "#" }
            guard let first = content.first(where: { !$0.isWhitespace }) else { continue }
            if content.first != first, !lines.isEmpty {
                lines[lines.count - 1].text += " " + content.trimmed
            } else {
                lines.append((index + 1, content.trimmed))
            }
        }
        return lines
    }
}
