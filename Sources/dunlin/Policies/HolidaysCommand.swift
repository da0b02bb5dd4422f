// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinModel
import DunlinTime
import Foundation

struct HolidaysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holidays",
        abstract:
            "List the holidays of a country or a subdivision; without a code, the codes and how far they are known.",
        discussion: examples(
            "dunlin policies holidays", "dunlin policies holidays CO",
            "dunlin policies holidays AU-NSW --from 2026 --to 2030"))
    @Argument(help: "An ISO 3166 code such as CO or BR-SP.") var code: String?
    @Option(help: "The first year; this one if not given.") var from: Int?
    @Option(help: "The last year; the first if not given.") var to: Int?
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        guard let code else { return try listCodes() }
        guard let calendar = HolidayCalendar.known(code) else {
            throw DunlinError(
                .usage, "\(code)", why: "no such calendar",
                remedy: nearMiss(code, among: HolidayCalendar.knownCodes).map { "did you mean \($0)?" }
                    ?? "'dunlin policies holidays' lists them")
        }
        let first = from ?? Calendar(identifier: .gregorian).component(.year, from: Date())
        let last = to ?? first
        guard first <= last, (1583...9999).contains(first), last <= 9999 else {
            throw DunlinError(
                .usage, "--from \(first) --to \(last)", why: "these are no years",
                remedy: "write 1583 to 9999, in order")
        }
        let holidays = (first...last).flatMap(calendar.holidays)
        if json {
            try printJSON(
                Listing(
                    code: code, knownUntil: calendar.knownUntil,
                    holidays: holidays.map { Listing.Day(date: "\($0.date)", name: $0.name) }))
        } else {
            for (date, name) in holidays { print(date, name) }
        }
    }

    private func listCodes() throws {
        let calendars = HolidayCalendar.knownCodes.map { ($0, HolidayCalendar.known($0)?.knownUntil) }
        if json {
            try printJSON(calendars.map { Listing(code: $0, knownUntil: $1, holidays: nil) })
        } else {
            print(table(calendars.map { [$0, $1.map { "listed dates end before \($0)" } ?? "computed"] }))
        }
    }

    private struct Listing: Encodable {
        var code: String
        var knownUntil: Int?
        var holidays: [Day]?

        struct Day: Encodable {
            var date: String
            var name: String
        }
    }
}
