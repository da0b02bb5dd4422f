// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// Mistakes in what rules may say besides windows and plain caps, which are in ``BadPackTests``.
struct BadRuleTests {
    typealias Mistake = BadPackTests.Mistake

    private static let events = ContactKind.allCases.map(\.rawValue).joined(separator: ", ")
    private static let aDay = "cap: {limit: 1, per: account, calendar: day}"

    /// A rule with these keys that is right otherwise.
    private static func cap(_ keys: String) -> String { "{id: a, cite: x, confidence: source, \(keys), \(aDay)}" }

    /// A mistake in the head of a pack, from line 5 on.
    private static func head(_ text: String, _ place: String, _ error: String) -> Mistake {
        Mistake(DunlinPolicyTests.head.replacing("rules:", with: text), place, error)
    }

    private static let kinds: [Mistake] = [
        .kind(
            "needs: {event: notice, per: account, withn: 3 days}", "7:49",
            "unknown key 'withn' in rules[0].needs; did you mean 'within'?"),
        .kind(
            "cool_off: {after: refusal, for: 60 days, per: recipient, atmost: 1 month}", "7:70",
            "unknown key 'atmost' in rules[0].cool_off; did you mean 'at_most'?"),
        .kind(
            "cool_off: {after: refusal, for: 60 days, at_most: 1 month, per: recipient}", "7:55",
            "at_most goes with 'for: its own end'; remove it, or write the length after 'for'"),
        .kind(
            "cool_off: {after: refusal, for: 6 weeks, per: recipient}", "7:37",
            "rules[0].cool_off.for is '6 weeks', expected 1 to 8784 hours or 1 to 366 days or 1 to 240 "
                + "months or 1 to 250 business days, such as '7 days'"),
        .kind(
            "cool_off: {after: refusal, for: until lifted, per: creditor}", "7:56",
            "rules[0].cool_off.per is 'creditor', expected recipient, account or address beside creditor: "
                + "no limit is for all people together"),
        .kind(
            "cap: {limit: 3, per: [creditor], rolling: 7 days}", "7:26",
            "rules[0].cap.per is a list, expected recipient, account or address beside creditor: no limit "
                + "is for all people together"),
        .kind(
            "cap: {limit: 30 minutes, per: recipient, calendar: day}", "7:10",
            "rules[0].cap lacks 'assume'; say how long a call of unknown length lasts: 'assume: 2 minutes'"),
        .kind(
            "cap: {limit: 3, per: recipient, calendar: day, assume: 2 minutes}", "7:60",
            "assume goes with a time as limit; write 'limit: 30 minutes', or remove it"),
        .kind(
            "cap: {limit: 1 minute, per: recipient, calendar: day, assume: 2 minutes}", "7:67",
            "rules[0].cap.assume is '2 minutes', expected no more than the limit: no call would ever be "
                + "allowed"),
        .kind(
            "cap: {limit: 3, per: recipient, rolling: 30 minutes}", "7:46",
            "rules[0].cap.rolling is '30 minutes', expected 1 to 8784 hours or 1 to 366 days or 1 to 240 "
                + "months, such as '7 days'"),
        .kind(
            "cap: {limit: 3, per: recipient, calendar: day, starts_after: talk}", "7:66",
            "rules[0].cap.starts_after is 'talk', expected one of \(events)"),
        .kind(
            "cap: {limit: 3, per: recipient, calendar: day, counts: [reached, reached]}", "7:70",
            "rules[0].cap.counts[1] stands in the list already; remove it"),
        .kind(
            "needs: {event: notice}", "7:12",
            "rules[0].needs.per is missing; add the key 'per'"),
        .kind(
            "needs: {event: notise, per: account}", "7:20",
            "rules[0].needs.event is 'notise', expected one of \(events); did you mean 'notice'?"),
        .kind(
            "needs: {event: notice, wait: soon, per: account}", "7:34",
            "rules[0].needs.wait is 'soon', expected 1 to 10080 minutes or 1 to 8784 hours or 1 to 366 days "
                + "or 1 to 240 months or 1 to 250 business days, such as '7 days'"),
        .kind(
            "one_channel: {per: recipient}", "7:18",
            "rules[0].one_channel lacks a period; add 'rolling: 7 days' or 'calendar: week'"),
        .kind(
            "borrower_hours: {at_most: 200 hours}", "7:31",
            "rules[0].borrower_hours.at_most is '200 hours', expected hours of a week, such as '28 hours'"),
        .kind(
            "only: {channels: [call]}", "7:11",
            "rules[0].only lacks 'role' or 'purpose'; add 'role: [borrower, guarantor]'"),
        .kind(
            "only: {role: [garantor]}", "7:19",
            "rules[0].only.role[0] is 'garantor', expected one of borrower, guarantor, spouse, household, "
                + "representative, employer, referee, other; did you mean 'guarantor'?"),
        .kind(
            "content: {channels: [sms]}", "7:14",
            "rules[0].content lacks 'require', 'forbid' or 'language'; add what the message must or must "
                + "not hold"),
        .kind(
            "content: {require: [Opt Out]}", "7:25",
            "rules[0].content.require[0] is 'Opt Out', expected lower-case letters, digits and hyphens"),
        .kind(
            "retention: {of: record, keep: 3 years, after: last-activity}", "7:21",
            "rules[0].retention.of is 'record', expected one of records, recordings; did you mean 'records'?"),
        .kind(
            "retention: {of: records, keep: 3 weeks, after: last-activity}", "7:36",
            "rules[0].retention.keep is '3 weeks', expected 1 to 366 days or 1 to 240 months, such as '7 days'"),
        .kind(
            "duty: {text: never}", "7:11",
            "rules[0].duty is a mapping, expected text"),
    ]

    private static let windows: [Mistake] = [
        .kind(
            "window: {days: {mon-sun: '08:00-08:10'}, judged: {by: receipt, within: 15 minutes}}", "7:30",
            "rules[0].window.days.mon-sun is '08:00-08:10', expected an interval longer than a message may "
                + "take to arrive"),
        .kind(
            "window: {days: {mon-sun: '08:00-21:00'}, judged: {by: reciept, within: 15 minutes}}", "7:59",
            "rules[0].window.judged.by is 'reciept', expected dispatch or receipt; did you mean 'receipt'?"),
        .kind(
            "window: {days: {mon-sun: '08:00-21:00'}, judged: {by: receipt}}", "7:54",
            "rules[0].window.judged.within is missing; add the key 'within'"),
        .kind(
            "window: {days: {mon-sun: '08:00-21:00'}, judged: {by: receipt, within: 5 hours}}", "7:76",
            "rules[0].window.judged.within is '5 hours', expected 1 to 10080 minutes, such as '7 minutes'"),
        .kind(
            "window: {days: {mon-sun: ['08:00-12:00', '11:00-21:00']}, judged: {by: receipt, within: 15 minutes}}",
            "7:46",
            "rules[0].window.days.mon-sun[1] is '11:00-21:00', expected an interval that does not overlap "
                + "with another of the day"),
        .kind(
            "window: {days: {mon-sun: '08:00-21:00'}, end: exclude}", "7:51",
            "rules[0].window.end is 'exclude', expected included or excluded; did you mean 'excluded'?"),
    ]

    private static let everyRule: [Mistake] = [
        .kind(
            "strength: presumed, \(aDay)", "7:15",
            "rules[0].strength is 'presumed', expected one of ban, presumption, guidance"),
        .kind(
            "then: wait, \(aDay)", "7:11",
            "rules[0].then is 'wait', expected one of defer, hold, suppress"),
        .kind(
            "when: {partys: [bank]}, \(aDay)", "7:20",
            "unknown key 'partys' in rules[0].when; did you mean 'party'?"),
        .kind(
            "when: {event: consent, per: account}, \(aDay)", "7:19",
            "unknown key 'event' in rules[0].when; known keys: party, product, role, purpose, "
                + "days_past_due, phase"),
        .kind(
            "when: {days_past_due: {}}, \(aDay)", "7:27",
            "rules[0].when.days_past_due lacks 'over' or 'at_most'; write days_past_due: {over: 15}"),
        .kind(
            "when: {days_past_due: {over: 15, at_most: 15}}, \(aDay)", "7:27",
            "no number of days is meant; mend either limit"),
        .kind(
            "when: {purpose: [remindr]}, \(aDay)", "7:22",
            "rules[0].when.purpose[0] is 'remindr', expected one of reminder, notice, service, "
                + "consent-request, opt-out-confirmation, location, marketing; did you mean 'reminder'?"),
        .kind(
            "unless: [{for: 7 days}], \(aDay)", "7:20",
            "rules[0].unless[0].for goes with an event; add 'event: consent', or remove it"),
        .kind(
            "unless: [{event: consent}], \(aDay)", "7:14",
            "rules[0].unless[0].per is missing; add the key 'per'"),
        .kind(
            "unless: [{}], \(aDay)", "7:14",
            "rules[0].unless[0] lacks a condition; add 'event: consent' or another condition"),
        .kind(
            "unless: [{event: attempt, per: account}], \(aDay)", "7:22",
            "rules[0].unless[0].event is 'attempt', expected an event that was imported or received"),
        .kind(
            "from: 2026-02-29, \(aDay)", "7:11",
            "rules[0].from is '2026-02-29', expected a date such as 2026-11-21"),
        .kind(
            "from: 2027-01-01, until: 2026-12-31, \(aDay)", "7:11",
            "no contact meets the conditions of the pack and of rule 'a'; mend either"),
    ]

    private static let heads: [Mistake] = [
        head(
            "calendars: [CA-ONT]\nrules: []", "5:13",
            "calendars[0] is 'CA-ONT', expected a calendar that Dunlin knows, see 'dunlin policies "
                + "holidays'; did you mean 'CA-ON'?"),
        head(
            "layer: laws\nrules: []", "5:8",
            "layer is 'laws', expected one of law, code, carrier, company; did you mean 'law'?"),
        head(
            "zone: {from: [record, adress]}\nrules: []", "5:23",
            "zone.from[1] is 'adress', expected one of record, address, number; did you mean 'address'?"),
        head(
            "zone: {combine: al}\nrules: []", "5:17",
            "zone.combine is 'al', expected first or all; did you mean 'all'?"),
        head(
            "when: {purpose: [marketing]}\nrules:\n  - \(cap("when: {purpose: [reminder]}"))", "7:48",
            "no contact meets the conditions of the pack and of rule 'a'; mend either"),
        head(
            "when: {days_past_due: {over: 15}}\nrules:\n  - \(cap("when: {days_past_due: {at_most: 10}}"))", "7:48",
            "no contact meets the conditions of the pack and of rule 'a'; mend either"),
        head(
            "until: 2026-12-31\nrules:\n  - \(cap("from: 2027-01-01"))", "7:48",
            "no contact meets the conditions of the pack and of rule 'a'; mend either"),
        head(
            "whn: {purpose: [marketing]}\nrules: []", "5:6",
            "unknown key 'whn'; did you mean 'when'?"),
    ]

    @Test("The place, the value, what is allowed, the near miss", arguments: kinds + windows + everyRule + heads)
    func message(_ mistake: Mistake) throws {
        let error = try #require(throws: DunlinError.self) { try Pack(yaml: mistake.text, file: "p.yaml") }
        #expect(error.description == mistake.error)
        #expect(error.kind == .usage)
    }
}
