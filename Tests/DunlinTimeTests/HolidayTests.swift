// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinTime

@Suite struct HolidayTests {
    /// 5 U.S.C. 6103(a); substitutes by 6103(b) and Executive Order 11582; Juneteenth by Public Law 117-17.
    static let federal = [
        "01-01; saturday -> friday; sunday -> monday", "3rd monday of january", "3rd monday of february",
        "last monday of may", "06-19 from 2021; saturday -> friday; sunday -> monday",
        "07-04; saturday -> friday; sunday -> monday", "1st monday of september", "2nd monday of october",
        "11-11; saturday -> friday; sunday -> monday", "4th thursday of november",
        "12-25; saturday -> friday; sunday -> monday",
    ]

    /// By PyPI's holidays 0.109:
    ///
    ///     for y in range(2020, 2036):
    ///         print(y, *(d.strftime("%m-%d") for d in sorted(holidays.US(years=y)) if d.year == y))
    static let federalDays = """
        2020 01-01 01-20 02-17 05-25 07-03 07-04 09-07 10-12 11-11 11-26 12-25
        2021 01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31
        2022 01-01 01-17 02-21 05-30 06-19 06-20 07-04 09-05 10-10 11-11 11-24 12-25 12-26
        2023 01-01 01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-11 11-23 12-25
        2024 01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25
        2025 01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25
        2026 01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25
        2027 01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31
        2028 01-01 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-11 11-23 12-25
        2029 01-01 01-15 02-19 05-28 06-19 07-04 09-03 10-08 11-11 11-12 11-22 12-25
        2030 01-01 01-21 02-18 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25
        2031 01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25
        2032 01-01 01-19 02-16 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31
        2033 01-01 01-17 02-21 05-30 06-19 06-20 07-04 09-05 10-10 11-11 11-24 12-25 12-26
        2034 01-01 01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-11 11-23 12-25
        2035 01-01 01-15 02-19 05-28 06-19 07-04 09-03 10-08 11-11 11-12 11-22 12-25
        """

    /// As proclaimed on gov.uk/bank-holidays, with the days that they stand in for.
    static let england = [
        "01-01; weekend -> monday", "easter-2", "easter+1", "1st monday of may", "last monday of may until 2021",
        "2022-06-02, 2022-06-03, 2022-09-19", "2023-05-08", "last monday of may from 2023", "last monday of august",
        "12-25; saturday -> monday; sunday -> tuesday", "12-26; saturday -> monday; sunday -> tuesday",
    ]
    static let englishDays = """
        2021 01-01 04-02 04-05 05-03 05-31 08-30 12-25 12-26 12-27 12-28
        2022 01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27
        2023 01-01 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26
        """

    @Test(arguments: [(federal, federalDays, 16), (england, englishDays, 3)])
    func holidaysOfACountry(rules: [String], expected: String, years: Int) throws {
        let calendar = HolidayCalendar(rules: try rules.map { try #require(HolidayRule(text: $0)) })
        let lines = expected.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.count == years)
        for line in lines {
            let year = try #require(Int(line[0]))
            #expect(calendar.holidays(in: year).map(\.date.description) == line.dropFirst().map { "\(year)-\($0)" })
        }
    }

    @Test func namesOfDays() throws {
        let rules =
            [("Christmas Eve", "12-24"), ("Christmas Day", "12-25; saturday -> friday"), ("Winter", "12-25")]
            + [("New Year's Day", "01-01; saturday -> friday")]
        let calendar = HolidayCalendar(rules: try rules.map { try #require(HolidayRule(text: $1, name: $0)) })
        func name(_ date: String) -> String? { calendar.holiday(on: CivilDate(iso8601: date)!) }
        #expect(name("2021-12-24") == "Christmas Eve")  // not “Christmas Day (observed)”
        #expect(name("2021-12-25") == "Christmas Day")
        #expect(name("2021-12-31") == "New Year's Day (observed)")
        #expect(name("2021-12-26") == nil)
        #expect(HolidayCalendar(rules: []).holiday(on: CivilDate(iso8601: "2021-12-25")!) == nil)
    }

    @Test(arguments: [
        ("01-01", 2026, "2026-01-01"), ("02-29", 2024, "2024-02-29"), ("02-29", 2026, ""),
        ("4th thursday of november", 2026, "2026-11-26"), ("last monday of may", 2026, "2026-05-25"),
        ("5th friday of may", 2026, "2026-05-29"), ("5th monday of february", 2044, "2044-02-29"),
        ("5th monday of february", 2026, ""), ("last sunday of february", 2026, "2026-02-22"),
        ("monday on or before 05-24", 2026, "2026-05-18"), ("monday on or before 05-25", 2026, "2026-05-25"),
        ("saturday on or after 06-20", 2026, "2026-06-20"), ("friday on or after 06-20", 2026, "2026-06-26"),
        ("wednesday on or before 01-01", 2026, "2025-12-31"), ("easter", 2026, "2026-04-05"),
        ("easter-2", 2026, "2026-04-03"), ("Easter + 39", 2026, "2026-05-14"), ("2026-02-17", 2026, "2026-02-17"),
        ("2026-02-17,2027-02-06 , 2026-02-18", 2026, "2026-02-17 2026-02-18"), ("2026-02-17", 2027, ""),
        ("06-19 from 2021", 2020, ""), ("06-19 from 2021", 2021, "2021-06-19"),
        ("06-19 until 2021", 2021, "2021-06-19"),
        ("06-19 until 2021", 2022, ""), ("06-19 from 2021 until 2021", 2021, "2021-06-19"), ("easter", 1500, ""),
        ("  4TH  Thursday of NOVEMBER\tfrom 1942 ", 2026, "2026-11-26"), ("orthodox-easter", 2026, "2026-04-12"),
        ("orthodox-easter + 49", 2025, "2025-06-08"), ("only 2022-09-19", 2022, "2022-09-19"),
        ("2026-02-27 to 2026-03-01, 2026-05-01", 2026, "2026-02-27 2026-02-28 2026-03-01 2026-05-01"),
        ("08-11 except 2020, 2021", 2021, ""), ("08-11 except 2020, 2021", 2022, "2022-08-11"),
        ("09-17 if monday, friday", 2027, "2027-09-17"), ("09-17 if monday, friday", 2026, ""),
        ("01-02 from 2017 if monday until 2030", 2023, "2023-01-02"), ("02-29 if thursday", 2024, "2024-02-29"),
        ("02-29; thursday moves to next monday", 2024, "2024-02-29"),
    ])
    func datesOfARule(text: String, year: Int, expected: String) throws {
        let rule = try #require(HolidayRule(text: text))
        #expect(rule.dates(in: year).map(\.description).joined(separator: " ") == expected)
        #expect(rule.name == text)
        // What it prints is the same rule.
        #expect(HolidayRule(text: rule.description, name: text) == rule)
    }

    @Test(arguments: [
        "", ";", "1-1", "001-01", "13-01", "02-30", "00-10", "01-01-01", "6th monday of may", "4 thursday of november",
        "4th thursday of movember", "4th thu of november", "thursday of november", "last monday in may", "easter 2",
        "easter-", "easter*2", "easter-201", "eastern", "2026-02-30", "2026-02-17,", "2026-02-17 2027-02-06",
        "monday on or near 05-24", "monday before 05-24", "01-01 from", "01-01 from x", "01-01 from 2021 from 2022",
        "01-01 from 2022 until 2021", "from 2021", "01-01;", "01-01; saturday", "01-01; saturday -> saturday",
        "01-01; weekend -> sunday", "01-01; saturday -> friday, sunday -> monday", "01-01; saturday > friday",
        "01-01; weekend -> monday; sunday -> tuesday", "١٢-٢٥", "01-01; -> monday", "-01-01", "+1-01",
        "only", "only 01-01", "01-01 only", "orthodox", "orthodox-easter*1", "2026-02-17 to",
        "2026-02-17 to 2026-02-17",
        "2026-02-17 to 2026-03-20", "to 2026-02-17", "01-01 except", "01-01 except 2020 2021", "01-01 except 2020,",
        "01-01 except 2020 except 2021", "01-01 if", "01-01 if mon", "01-01 if monday,", "if monday",
        "01-01 until 2020, 2021",
        "01-01; monday -> next monday", "01-01; monday -> next", "01-01; monday -> workday", "01-01; -> next workday",
        "01-01; monday moves next friday", "01-01; monday moves to", "01-01; monday, -> friday",
        "01-01; holiday, holiday -> next workday", "01-01; monday -> next next friday", "01-01; feast -> friday",
    ])
    func whatIsNotARule(text: String) { #expect(HolidayRule(text: text) == nil) }

    /// 2026-12-25 is a Friday; the 26th is a holiday, the 28th stands in for it.
    @Test(arguments: [
        ("2026-12-23; wednesday -> monday", "2026-12-21"), ("2026-12-24; thursday -> monday", "2026-12-21"),
        ("2026-12-24; thursday moves to previous friday", "2026-12-18"),
        ("2026-12-22; tuesday -> next wednesday", "2026-12-23"),
        ("2026-12-22; tuesday -> friday", "2026-12-25"), ("2026-12-20; weekend -> next workday", "2026-12-21"),
        ("2026-12-27; sunday -> next workday", "2026-12-29"), ("2026-12-27; sunday -> previous workday", "2026-12-24"),
        ("2026-12-25; holiday -> next workday", "2026-12-29"),
        ("2026-12-26; saturday, holiday -> tuesday", "2026-12-29"),
        ("2026-12-24; holiday -> next workday", ""), ("2026-12-24; friday -> monday", ""),
    ])
    func standIns(text: String, expected: String) throws {
        let lines = ["12-25", "12-26; weekend -> next workday", text]
        let rules = try lines.map { try #require(HolidayRule(text: $0)) }
        func days(_ rules: [HolidayRule]) -> Set<String> {
            Set(HolidayCalendar(rules: rules).holidays(in: 2026).map(\.date.description))
        }
        let without = days(Array(rules.dropLast()))
        #expect(without == ["2026-12-25", "2026-12-26", "2026-12-28"])
        let itself = text.contains("moves") ? [] : [String(text.prefix(10))]
        #expect(days(rules) == without.union(itself).union(expected.isEmpty ? [] : [expected]))
        #expect(HolidayRule(text: rules[2].description, name: text) == rules[2])
    }

    /// Against J.-M. Oudin's algorithm (1940), and the earliest and latest Easters that the almanacs list.
    @Test func easterSundays() throws {
        for year in 1583...4099 {
            let easter = try #require(CivilDate.easterSunday(year))
            #expect(easter == oudin(year) && easter.weekday == .sunday)
        }
        let extremes = [1818, 2285, 1943, 2038].map { CivilDate.easterSunday($0)?.description }
        #expect(extremes == ["1818-03-22", "2285-03-22", "1943-04-25", "2038-04-25"])
    }

    /// As the Orthodox churches publish them; Julian March 22 and April 25 are the bounds.
    @Test func orthodoxEasterSundays() throws {
        let published = """
            2016-05-01 2017-04-16 2018-04-08 2019-04-28 2020-04-19 2021-05-02 2022-04-24 2023-04-16 2024-05-05
            2025-04-20 2026-04-12 2027-05-02 2028-04-16 2029-04-08 2030-04-28 2031-04-13 2032-05-02
            """
        for text in published.split(whereSeparator: \.isWhitespace) {
            let date = try #require(CivilDate(iso8601: String(text)))
            #expect(CivilDate.orthodoxEasterSunday(date.components.year) == date)
        }
        for year in 1900...2099 {
            let easter = try #require(CivilDate.orthodoxEasterSunday(year))
            let (first, last) = (CivilDate(year: year, month: 4, day: 4)!, CivilDate(year: year, month: 5, day: 8)!)
            #expect(easter.weekday == .sunday && first <= easter && easter <= last)
        }
    }

    private func oudin(_ year: Int) -> CivilDate? {
        let century = year / 100
        let golden = year % 19
        let k = (century - 17) / 25
        var i = (century - century / 4 - (century - k) / 3 + 19 * golden + 15) % 30
        i -= (i / 28) * (1 - (i / 28) * (29 / (i + 1)) * ((21 - golden) / 11))
        let j = (year + year / 4 + i + 2 - century + century / 4) % 7
        let month = 3 + (i - j + 40) / 44
        return CivilDate(year: year, month: month, day: i - j + 28 - 31 * (month / 4))
    }

    @Test func anyYearCanBeAskedFor() {
        let calendar = HolidayCalendar(rules: HolidayTests.federal.compactMap { HolidayRule(text: $0) })
        var random = SeededRandom(seed: 6103)
        for _ in 0..<500 {
            _ = calendar.holiday(on: CivilDate(daysSince1970: .random(in: -4_000_000...4_000_000, using: &random)))
        }
        #expect(calendar.holiday(on: CivilDate(iso8601: "2026-11-26")!) == "4th thursday of november")
    }
}
