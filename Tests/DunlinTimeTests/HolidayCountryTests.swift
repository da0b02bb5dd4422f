// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinTime

/// Named cases of the countries' files; Tests/acceptance/holidays_check.py compares all of them day by day.
@Suite struct HolidayCountryTests {
    @Test(arguments: [
        // A Sunday's Monday; two decrees.
        ("ZA", "2026-08-09 2026-08-10 2022-12-27 2023-12-15", "2025-08-11 2022-12-28"),
        // Saint Joseph on the Monday after, never on March 19 itself; Corpus Christi.
        ("CO", "2026-03-23 2026-06-08 2025-06-30", "2026-03-19 2026-06-04"),
        // Lunar New Year's three days, one of them a Sunday; Children's Day on Buddha's Birthday.
        ("KR", "2027-02-06 2027-02-07 2027-02-08 2027-02-09 2025-05-05 2025-05-06", "2027-02-10 2025-05-07"),
        // Constitution Day on a Sunday before two holidays; a day between two holidays.
        ("JP", "2026-05-03 2026-05-06 2026-09-22", "2026-05-07 2026-09-24"),
        // Anzac Day on a Saturday, where declared; Australia Day moves.
        ("AU-NSW", "2026-04-25 2026-04-27 2025-01-27 2027-12-27 2027-12-28", "2025-01-26"),
        ("AU-VIC", "2026-04-25 2026-11-03 2025-01-27", "2026-04-27 2025-01-26"),
        ("GB-SCT", "2022-01-03 2022-01-04 2026-01-02 2026-11-30", "2026-04-06"),
        ("GB-ENG", "2022-01-03 2026-04-06 2022-12-27", "2022-01-04 2026-01-02"),
        ("IE", "2030-02-01 2026-02-02", "2030-02-04 2026-02-01"),
        // Reformation Day from a Tuesday to the Friday before, from a Wednesday to the Friday after.
        ("CL", "2023-10-27 2029-11-02 2024-10-31 2026-06-29 2027-06-28 2027-09-17", "2023-10-31 2029-10-31 2026-09-17"),
        ("UA", "2024-05-05 2024-05-06 2024-06-24", "2024-03-31 2024-05-09"),
        ("US-MA", "2026-04-20 2026-07-04", "2026-07-03"),
        ("US", "2026-07-03 2026-07-04", "2026-04-20"),
        ("BR-RJ", "2026-02-17 2023-11-20 2024-11-20", "2026-07-09"),
        ("BR", "2024-11-20", "2026-02-17 2023-11-20"),
        ("CA-QC", "2026-06-24 2026-05-18 2026-04-06", "2026-12-26"),
        ("TW", "2024-04-04 2024-04-05 2026-04-03 2026-04-06", "2024-04-03"),
    ])
    func namedDays(code: String, holidays: String, others: String) throws {
        let calendar = try #require(HolidayCalendar.known(code))
        for day in holidays.split(separator: " ") { #expect(calendar.holiday(on: date(day)) != nil, "\(code) \(day)") }
        for day in others.split(separator: " ") { #expect(calendar.holiday(on: date(day)) == nil, "\(code) \(day)") }
    }

    @Test func everyFileCanBeReadAndGivesHolidaysInEachYear() throws {
        #expect(
            HolidayCalendar.knownCodes.count > 60 && HolidayCalendar.knownCodes == HolidayCalendar.knownCodes.sorted())
        #expect(HolidayCalendar.known("XX") == nil && HolidayCalendar.known("co") == nil)
        for code in HolidayCalendar.knownCodes {
            let calendar = try #require(HolidayCalendar.known(code))
            for year in 2020...2035 { #expect((5...40).contains(calendar.holidays(in: year).count), "\(code) \(year)") }
            for rule in calendar.rules {
                #expect(HolidayRule(text: rule.description, name: rule.name) == rule, "\(code): \(rule)")
            }
            // A decree names the days of one year.
            let decreed = ["RU": 2028, "CN": 2027, "TH": 2027, "VN": 2027][code]
            #expect(decreed.map { $0 == calendar.knownUntil } ?? (calendar.knownUntil ?? 2036 >= 2036), "\(code)")
        }
    }

    @Test func howFarACalendarIsKnown() throws {
        #expect(HolidayCalendar.known("CO")?.knownUntil == nil)
        #expect(HolidayCalendar.known("KR")?.knownUntil == 2036)
        func known(_ lines: String...) throws -> Int? {
            HolidayCalendar(rules: try lines.map { try #require(HolidayRule(text: $0)) }).knownUntil
        }
        #expect(try known("01-01", "easter") == nil)
        #expect(try known("01-01", "2026-02-17, 2027-02-06") == 2028)
        #expect(try known("2026-02-17, 2030-02-03", "2026-05-01") == 2027)
        #expect(try known("only 2026-02-17") == nil)
        #expect(try known("2026-02-17, 2027-02-06 until 2027") == nil)
        #expect(try known("2026-02-17, 2027-02-06 until 2028") == 2028)
    }

    @Test func aUnionHasTheDaysOfAllAndItsOwn() throws {
        let (brazil, ontario) = (
            try #require(HolidayCalendar.known("BR")), try #require(HolidayCalendar.known("CA-ON"))
        )
        let rules = try ["2026-07-10", "2026-12-25; friday -> next workday"].map { try #require(HolidayRule(text: $0)) }
        let union = HolidayCalendar.union([brazil, ontario], adding: rules)
        let days = Set((brazil.holidays(in: 2026) + ontario.holidays(in: 2026)).map(\.date.description))
        // December 28 stands in for Boxing Day already, so the union's own rule finds the 29th.
        #expect(Set(union.holidays(in: 2026).map(\.date.description)) == days.union(["2026-07-10", "2026-12-29"]))
        #expect(union.holiday(on: date("2026-12-25")) == "Christmas Day")
        #expect(union.knownUntil == 2027)
        #expect(HolidayCalendar.union([]).holiday(on: date("2026-12-25")) == nil)
        // Twice the same calendar is the same calendar: no holiday meets itself.
        let korea = try #require(HolidayCalendar.known("KR"))
        let twice = HolidayCalendar.union([korea, korea])
        #expect(twice.holidays(in: 2025).map(\.date) == korea.holidays(in: 2025).map(\.date))
    }

    @Test func manyTasksAskAtOnce() async throws {
        let calendar = HolidayCalendar.union([try #require(HolidayCalendar.known("CO"))])
        let counts = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<16 { group.addTask { (1960...2110).reduce(0) { $0 + calendar.holidays(in: $1).count } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(counts).count == 1)
    }

    @Test func aFileWithSubdivisions() throws {
        let text = """
            # A comment.
            New Year: 01-01; sunday -> monday   # another
            Moon: 2026-02-17,
              2027-02-06

            [XX-A]
            Moon: none
            Fair: 1st monday of may
            [XX-B] # a law
            New Year: 01-02
            """
        let rules = try HolidayFile(text, country: "XX", file: "XX.txt").rules
        #expect(rules.keys.sorted() == ["XX", "XX-A", "XX-B"])
        #expect(rules["XX"]?.map(\.description) == ["01-01; sunday -> monday", "2026-02-17, 2027-02-06"])
        #expect(rules["XX-A"]?.map(\.name) == ["New Year", "Fair"])
        #expect(rules["XX-B"]?.map(\.description) == ["2026-02-17, 2027-02-06", "01-02"])
    }

    @Test(arguments: [
        ("New Year", "XX.txt:1: “New Year” has no colon"), ("A: 01-01\n\nB: 13-01", "XX.txt:3: “13-01” is no holiday"),
        ("A: none", "XX.txt:1: “none” is no holiday"), ("[YY-A]", "XX.txt:1: “[YY-A]” begins no new subdivision"),
        ("[XX-A]\n[XX-A]", "XX.txt:2: “[XX-A]” begins no new subdivision"), ("[XX-A", "XX.txt:1: “[XX-A” begins"),
    ])
    func aFileThatCannotBeRead(text: String, message: String) {
        let error = #expect(throws: DunlinError.self) { try HolidayFile(text, country: "XX", file: "XX.txt") }
        #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    }

    private func date(_ text: some StringProtocol) -> CivilDate { CivilDate(iso8601: String(text))! }
}
