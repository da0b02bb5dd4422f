// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTime
import Testing

/// A mistake in a pack is answered with its place, what stands there, what is allowed, and what was probably meant.
struct BadPackTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        var text: String
        var error: String
        var testDescription: String { error }

        init(_ text: String, _ place: String, _ error: String) {
            self.text = text
            self.error = "p.yaml:\(place): \(error)"
        }

        /// A mistake in the one rule of a pack that is right otherwise; the rule begins in line 6, column 5.
        static func rule(_ text: String, _ place: String, _ error: String) -> Mistake {
            Mistake(head + "  - " + text + "\n", place, error)
        }

        /// The same, after id, cite and confidence; the kind's key stands in line 7, column 5.
        static func kind(_ text: String, _ place: String, _ error: String) -> Mistake {
            rule("{id: a, cite: x, confidence: source,\n    \(text)}", place, error)
        }
    }

    static let mistakes: [Mistake] = [
        Mistake(
            head.replacing("title", with: "titel") + "  []\n", "2:8",
            "unknown key 'titel'; did you mean 'title'?"),
        Mistake(
            head.replacing("test", with: "US Reg F"), "1:7",
            "pack is 'US Reg F', expected lower-case letters, digits and hyphens"),
        Mistake(
            head.replacing("always", with: "alway"), "3:10",
            "applies is 'alway', expected always, default, or regions such as {regions: [US]}; did you mean "
                + "'always'?"),
        Mistake(
            head.replacing("always", with: "{regions: [US, us-ma]}"), "3:25",
            "applies.regions[1] is 'us-ma', expected an ISO 3166 country or subdivision such as US or US-MA; "
                + "did you mean 'US-MA'?"),
        Mistake(
            head.replacing("always", with: "{regions: []}"), "3:20",
            "applies.regions is a list, expected at least one region"),
        Mistake(
            head.replacing("-21", with: "-31"), "4:11",
            "reviewed is '2026-11-31', expected a date such as 2026-11-21"),
        Mistake(head, "1:1", "rules is missing; add the key 'rules'"),
        Mistake(
            head.replacing("rules:", with: "holidays: {Easter: eastern}\nrules: []"), "5:20",
            "holidays.Easter is 'eastern', expected \(holidayNotation)"),
        Mistake(
            head.replacing("rules:", with: "zone: {standard: UTC}\nrules: []"), "5:18",
            "unknown key 'standard' in zone; known keys: from, combine, default"),
        .rule(
            "{id: a, cite: x, confidence: source}", "6:5",
            "rule 'a' needs exactly one of \(kinds), and has none; add one"),
        .rule(
            "{id: a, confidence: source, cap: {limit: 1, per: recipient, rolling: 1 day}}", "6:5",
            "rules[0].cite is missing; add the key 'cite'"),
        .rule(
            "{id: a, cite: x, confidence: sorce, cap: {limit: 1, per: recipient, rolling: 1 day}}", "6:34",
            "rules[0].confidence is 'sorce', expected one of source, secondary, memory, unreviewed; did you "
                + "mean 'source'?"),
        .rule(
            "{id: a, cite: x, confidence: source, cooloff: {}}", "6:51",
            "unknown key 'cooloff' in rules[0]; did you mean 'cool_off'?"),
        .kind(
            "cap: {}, window: {}", "6:5",
            "rule 'a' needs exactly one of \(kinds), and has cap and window; make a rule of each"),
        .kind(
            "cap: {limit: 0, per: recipient, rolling: 7 days}", "7:18",
            "rules[0].cap.limit is '0', expected a whole number, 1 to 1000000"),
        .kind(
            "cap: {limit: 3, per: recipient}", "7:10",
            "rules[0].cap lacks a period; add 'rolling: 7 days' or 'calendar: week'"),
        .kind(
            "cap: {limit: 3, per: recipient, rolling: 7 days, calendar: week}", "7:64",
            "rolling and calendar stand together; make a rule of each"),
        .kind(
            "cap: {limit: 3, per: recipient, rolling: 7d}", "7:46",
            "rules[0].cap.rolling is '7d', expected 1 to 8784 hours or 1 to 366 days or 1 to 240 months, such as '7 days'"
        ),
        .kind(
            "cap: {limit: 3, per: recipient, rolling: 0 days}", "7:46",
            "rules[0].cap.rolling is '0 days', expected 1 to 8784 hours or 1 to 366 days or 1 to 240 months, such as '7 days'"
        ),
        .kind(
            "cap: {limit: 3, per: recipient, calendar: year}", "7:47",
            "rules[0].cap.calendar is 'year', expected one of day, week, month"),
        .kind(
            "cap: {limit: 3, per: [recipient, acount], rolling: 7 days}", "7:38",
            "rules[0].cap.per[1] is 'acount', expected one of recipient, account, address, "
                + "creditor; did you mean 'account'?"),
        .kind(
            "cap: {limit: 3, per: [], rolling: 7 days}", "7:26",
            "rules[0].cap.per is a list, expected at least one part"),
        .kind(
            "cap: {limit: 3, per: [account, account], rolling: 7 days}", "7:36",
            "rules[0].cap.per[1] stands in the list already; remove it"),
        .kind(
            "cap: {limit: 3, per: account, rolling: 7 days, channels: [cal]}", "7:63",
            "rules[0].cap.channels[0] is 'cal', expected one of sms, email, call, chat, task; did you mean 'call'?"),
        .kind(
            "cap: {limit: 3, per: account, rolling: 7 days, counts: [attempts]}", "7:61",
            "rules[0].cap.counts[0] is 'attempts', expected one of reached, \(events); did you mean 'attempt'?"),
        .kind(
            "cool_off: {after: refused, for: 7 days, per: account}", "7:23",
            "rules[0].cool_off.after is 'refused', expected one of \(events); did you mean 'refusal'?"),
        .kind(
            "cool_off: {after: attempt, for: 7 days, per: account}", "7:23",
            "rules[0].cool_off.after is 'attempt', expected an event; a gap between attempts is a cap of 1"),
        .kind(
            "window: {days: {mon-fri: \"08:00-21:00\", sat: closed}}", "7:20",
            "rules[0].window.days lacks the day 'sun'; add 'sun: closed' or its hours"),
        .kind(
            "window: {days: {mon-fry: \"08:00-21:00\"}}", "7:30",
            "'mon-fry' is not a day or a range of days; did you mean 'fri'?"),
        .kind(
            "window: {days: {Monday: \"08:00-21:00\"}}", "7:29",
            "'Monday' is not a day or a range of days; did you mean 'mon'?"),
        .kind(
            "window: {days: {sat-mon: \"08:00-21:00\"}}", "7:30",
            "'sat-mon' is not a range within one week; weeks begin on mon: split it in two"),
        .kind(
            "window: {days: {mon-fri: closed, wed-sun: closed}}", "7:47",
            "wed stands twice in rules[0].window.days.wed-sun; give each day its hours once"),
        .kind(
            "window: {days: {mon-sun: \"8:00-21:00\"}}", "7:30",
            "rules[0].window.days.mon-sun is '8:00-21:00', expected hours such as 08:00-21:00, or closed; "
                + "did you mean '08:00-21:00'?"),
        .kind(
            "window: {days: {mon-sun: \"08:00-24:01\"}}", "7:30",
            "rules[0].window.days.mon-sun is '08:00-24:01', expected hours such as 08:00-21:00, or closed"),
        .kind(
            "window: {days: {mon-sun: \"21:00-08:00\"}}", "7:30",
            "rules[0].window.days.mon-sun is '21:00-08:00', expected an end after the beginning; hours past "
                + "midnight are two intervals, of two days"),
        .kind(
            "window: {days: {mon-sun: [\"08:00-12:00\", \"11:30-21:00\"]}}", "7:46",
            "rules[0].window.days.mon-sun[1] is '11:30-21:00', expected an interval that does not overlap "
                + "with another of the day"),
        .kind(
            "window: {days: {mon-sun: closed}, holidays: closed}", "7:49",
            "rules[0].window.holidays is stated, but the pack lists no holidays; add "
                + "'calendars: [CODE]' or 'holidays' to the pack"),
        .kind(
            "cap: {limit: 1, per: account, rolling: 1 day}}\n"
                + "  - {id: a, cite: y, confidence: source, cap: {limit: 1, per: account, rolling: 1 day}",
            "8:5",
            "the rule id 'a' stands twice; give each rule an id of its own"),
    ]

    @Test("The place, the value, what is allowed, the near miss", arguments: mistakes)
    func message(_ mistake: Mistake) throws {
        let error = try #require(throws: DunlinError.self) { try Pack(yaml: mistake.text, file: "p.yaml") }
        #expect(error.description == mistake.error)
        #expect(error.kind == .usage)
    }

    @Test("Intervals that touch are one")
    func touching() throws {
        let pack = try pack("window: {days: {mon-sun: [\"13:00-18:00\", \"08:00-13:00\"]}}")
        #expect(try pack.decide("2026-11-25T12:00:00-05:00").holdsUntil == at("2026-11-25T18:00:00.001-05:00"))
    }
}

private let kinds =
    "window, cap, cool_off, needs, one_channel, borrower_hours, only, content, retention, duty"
private let events = ContactKind.allCases.map(\.rawValue).joined(separator: ", ")
private let holidayNotation = HolidayRule.notation
