// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// What the places count, wait for and ask for, with one contact more or one day less at each boundary. Figures from the
/// research.
struct JurisdictionCountTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isAllowed: Bool
        let region: String
        let time: String
        let channel: Channel
        var party: Party?
        var purpose: Purpose
        var role: Role
        let past: [String]

        init(
            _ what: String, _ isAllowed: Bool, _ region: String, _ time: String, _ channel: Channel,
            by party: Party? = nil, for purpose: Purpose = .reminder, to role: Role = .borrower,
            after past: [String] = []
        ) {
            testDescription = "\(region): \(what)"
            self.isAllowed = isAllowed
            self.region = region
            self.time = time
            self.channel = channel
            self.party = party
            self.purpose = purpose
            self.role = role
            self.past = past
        }
    }

    /// So many on a day, from 09:00 on, one a minute.
    private static func several(_ count: Int, _ what: String, _ day: String) -> [String] {
        (0..<count).map { "\(what) \(day) 09:0\($0)" }
    }

    private static let consented = "consent 2020-01-01 12:00"
    private static let notified = "notice 2026-01-01 12:00"

    static let unitedStates: [Case] = [
        Case(
            "7th call", true, "US-NY", "2026-12-08 12:00", .call, by: .collector,
            after: several(6, "call", "2026-12-07")),
        Case(
            "8th call", false, "US-NY", "2026-12-08 12:00", .call, by: .collector,
            after: several(7, "call", "2026-12-07")),
        Case(
            "8th call with consent", true, "US-NY", "2026-12-08 12:00", .call, by: .collector,
            after: several(7, "call", "2026-12-07") + ["consent call 2026-12-08 10:00"]),
        Case(
            "consent ended on the 13th", false, "US-NY", "2026-12-15 12:00", .call, by: .collector,
            after: several(7, "call", "2026-12-14") + ["consent call 2026-12-07 10:00"]),
        Case(
            "7th day of a talk", false, "US-NY", "2026-12-08 12:00", .call, by: .collector,
            after: ["conversation call 2026-12-02 12:00"]),
        Case(
            "8th day of a talk", true, "US-NY", "2026-12-09 12:00", .call, by: .collector,
            after: ["conversation call 2026-12-02 12:00"]),
        Case(
            "no more texts", false, "US-NY", "2026-12-09 12:00", .sms, by: .collector,
            after: ["opt-out sms 2026-12-02 12:00"]),
        Case(
            "no more texts, mails", true, "US-NY", "2026-12-09 12:00", .email, by: .collector,
            after: ["opt-out sms 2026-12-02 12:00"]),
        Case("employer", false, "US-NY", "2026-12-09 12:00", .call, by: .collector, to: .employer),
        Case(
            "employer, where is", true, "US-NY", "2026-12-09 12:00", .call, by: .collector, for: .location,
            to: .employer),
        Case("2nd", true, "US-MA", "2026-12-08 12:00", .sms, by: .lender, after: ["call 2026-12-07 12:00"]),
        Case("3rd", false, "US-MA", "2026-12-08 12:00", .sms, by: .lender, after: several(2, "call", "2026-12-02")),
        Case(
            "3rd, a week on", true, "US-MA", "2026-12-09 12:00", .sms, by: .lender,
            after: several(2, "call", "2026-12-02")),
        Case(
            "10th day of a refusal", false, "US-MA", "2026-12-08 12:00", .call, by: .lender,
            after: ["refusal call 2026-11-29 12:00"]),
        Case(
            "11th day of a refusal", true, "US-MA", "2026-12-09 12:00", .call, by: .lender,
            after: ["refusal call 2026-11-29 12:00"]),
        Case("no consent to texts", false, "US-NY-NYC", "2026-12-08 12:00", .sms, by: .bank),
        Case(
            "consent to mails only", false, "US-NY-NYC", "2026-12-08 12:00", .sms, by: .bank,
            after: ["consent email 2026-12-01 12:00"]),
        Case(
            "consent to texts", true, "US-NY-NYC", "2026-12-08 12:00", .sms, by: .bank,
            after: ["consent sms 2026-12-01 12:00"]),
        Case("before the rule", true, "US-NY-NYC", "2026-08-31 12:00", .sms, by: .bank),
        Case(
            "4th over all channels", false, "US-NY-NYC", "2026-12-08 12:00", .call, by: .collector,
            after: ["sms 2026-12-05 12:00", "email 2026-12-06 12:00", "call 2026-12-07 12:00"]),
        Case("asking for consent", true, "US-DC", "2026-12-08 12:00", .sms, by: .bank, for: .consentRequest),
        Case("4th call", true, "US-DC", "2026-12-08 12:00", .call, by: .bank, after: several(3, "call", "2026-12-07")),
        Case("5th call", false, "US-DC", "2026-12-08 12:00", .call, by: .bank, after: several(4, "call", "2026-12-07")),
        Case(
            "5th message", true, "US-DC", "2026-12-08 12:00", .sms, by: .bank,
            after: [consented] + several(4, "email", "2026-12-07")),
        Case(
            "6th message", false, "US-DC", "2026-12-08 12:00", .sms, by: .bank,
            after: [consented] + several(5, "email", "2026-12-07")),
        Case("3rd", true, "US-WA", "2026-12-08 12:00", .sms, by: .collector, after: several(2, "call", "2026-12-07")),
        Case("4th", false, "US-WA", "2026-12-08 12:00", .sms, by: .collector, after: several(3, "call", "2026-12-07")),
    ]

    static let asia: [Case] = [
        Case(
            "3rd talk", true, "CN", "2026-12-08 12:00", .call, by: .lender,
            after: several(2, "conversation call", "2026-12-08")),
        Case(
            "4th talk", false, "CN", "2026-12-08 12:00", .call, by: .lender,
            after: several(3, "conversation call", "2026-12-08")),
        Case("at night", false, "CN", "2026-12-08 22:30", .call, by: .lender),
        Case(
            "at night, as agreed", true, "CN", "2026-12-08 22:30", .call, by: .lender,
            after: ["appointment 2026-12-08 12:00 until 2026-12-08 23:00"]),
        Case("7th dial", false, "CN", "2026-12-08 12:00", .call, by: .bank, after: several(6, "call", "2026-12-08")),
        Case("employer", false, "CN", "2026-12-08 12:00", .sms, by: .bank, to: .employer),
        Case("3rd of the day", true, "JP", "2026-12-08 12:00", .call, after: several(2, "call", "2026-12-08")),
        Case("4th of the day", false, "JP", "2026-12-08 12:00", .call, after: several(3, "call", "2026-12-08")),
        Case(
            "before the promised day", false, "JP", "2026-12-08 12:00", .call,
            after: ["promise 2026-12-02 12:00 until 2026-12-10 09:00"]),
        Case(
            "the promise is broken", true, "JP", "2026-12-08 12:00", .call,
            after: ["promise 2026-12-02 12:00 until 2026-12-10 09:00", "promise-broken 2026-12-07 12:00"]),
        Case(
            "7th", true, "KR", "2026-12-08 12:00", .sms,
            after: several(3, "sms", "2026-12-07") + several(3, "call", "2026-12-06")),
        Case(
            "8th", false, "KR", "2026-12-08 12:00", .sms,
            after: several(4, "sms", "2026-12-07") + several(3, "call", "2026-12-06")),
        Case(
            "8th, a notice", true, "KR", "2026-12-08 12:00", .sms, for: .notice, after: several(7, "sms", "2026-12-07")),
        Case(
            "8th, an answer that day", true, "KR", "2026-12-08 12:00", .sms,
            after: several(7, "sms", "2026-12-07") + ["request 2026-12-08 09:00"]),
        Case(
            "10th business day", false, "KR", "2026-12-16 12:00", .sms, after: ["adjustment-request 2026-12-02 12:00"]),
        Case("11th business day", true, "KR", "2026-12-17 12:00", .sms, after: ["adjustment-request 2026-12-02 12:00"]),
        Case(
            "three months of mourning", false, "KR", "2027-02-26 12:00", .sms,
            after: ["life-event 2026-12-02 12:00 until 2027-12-02 12:00"]),
        Case(
            "and no more", true, "KR", "2027-03-02 12:00", .sms,
            after: ["life-event 2026-12-02 12:00 until 2027-12-02 12:00"]),
        Case("2nd of the day", false, "TH", "2026-12-08 15:00", .sms, after: ["sms 2026-12-08 09:00"]),
        Case(
            "5th of the day", true, "VN", "2026-12-08 15:00", .sms, by: .lender, after: several(4, "sms", "2026-12-08")),
        Case(
            "6th of the day", false, "VN", "2026-12-08 15:00", .sms, by: .lender, after: several(5, "sms", "2026-12-08")
        ),
        Case("15 days past due, at night", false, "PH", "2026-12-16 23:00", .sms, by: .lender),
        Case("16 days past due, at night", true, "PH", "2026-12-17 23:00", .sms, by: .lender),
        Case("guarantor", false, "ID", "2026-12-08 12:00", .sms, to: .guarantor),
        Case("a text on Christmas Day", false, "AU", "2026-12-25 12:00", .sms),
        Case("3rd that reached", true, "AU", "2026-12-08 12:00", .sms, after: several(2, "sms", "2026-12-07")),
        Case("4th that reached", false, "AU", "2026-12-08 12:00", .sms, after: several(3, "sms", "2026-12-07")),
    ]

    static let europe: [Case] = [
        Case("no call first", false, "IT", "2026-12-02 12:00", .sms, by: .collector),
        Case("after a call", true, "IT", "2026-12-02 12:00", .sms, by: .collector, after: ["call 2026-12-01 12:00"]),
        Case("2nd call of the day", false, "RU", "2026-12-08 15:00", .call, after: ["call 2026-12-08 09:00"]),
        Case("text after a call", true, "RU", "2026-12-08 15:00", .sms, after: ["call 2026-12-08 09:00"]),
        Case(
            "3rd call of the week", false, "RU", "2026-12-08 12:00", .call,
            after: ["call 2026-12-05 12:00", "call 2026-12-06 12:00"]),
        Case(
            "9th call of the month", false, "RU", "2027-01-05 12:00", .call,
            after: ["12-06", "12-07", "12-13", "12-14", "12-20", "12-21", "12-27", "12-28"].map {
                "call 2026-\($0) 12:00"
            }),
        Case(
            "8th call of the month", true, "RU", "2027-01-05 12:00", .call,
            after: ["12-07", "12-13", "12-14", "12-20", "12-21", "12-27", "12-28"].map { "call 2026-\($0) 12:00" }),
        Case("holiday evening", false, "RU", "2027-01-01 20:30", .call),
        Case("3rd of the day", false, "UA", "2026-12-08 15:00", .sms, after: several(2, "sms", "2026-12-08")),
        Case("in the evening, as asked", true, "UA", "2026-12-08 21:00", .sms, after: ["request 2026-12-08 10:00"]),
        Case("sales without consent", false, "FR", "2026-12-02 12:00", .call, for: .marketing),
        Case(
            "sales on the 60th day of a refusal", false, "FR", "2026-12-02 12:00", .call, for: .marketing,
            after: [consented, "refusal call 2026-10-04 12:00"]),
        Case(
            "sales on the 61st day", true, "FR", "2026-12-03 12:00", .call, for: .marketing,
            after: [consented, "refusal call 2026-10-04 12:00"]),
        Case("4th of the day", false, "KZ", "2026-12-08 12:00", .sms, after: several(3, "sms", "2026-12-08")),
    ]

    static let americas: [Case] = [
        Case(
            "6th day of the notice", false, "CA-ON", "2026-12-07 12:00", .sms, by: .collector,
            after: ["notice 2026-12-02 12:00"]),
        Case(
            "after six days", true, "CA-ON", "2026-12-08 12:00", .sms, by: .collector,
            after: ["notice 2026-12-02 12:00"]),
        Case("no notice", false, "CA-ON", "2026-12-08 12:00", .sms, by: .collector),
        Case(
            "before the first talk", true, "CA-ON", "2026-12-08 12:00", .sms, by: .collector,
            after: [notified] + several(6, "sms", "2026-12-07")),
        Case(
            "4th after the first talk", false, "CA-ON", "2026-12-08 12:00", .sms, by: .collector,
            after: [notified, "conversation call 2026-12-01 12:00"] + several(3, "sms", "2026-12-07")),
        Case(
            "3rd after the first talk", true, "CA-ON", "2026-12-08 12:00", .sms, by: .collector,
            after: [notified, "conversation call 2026-12-01 12:00"] + several(2, "sms", "2026-12-07")),
        Case("channel not authorised", false, "CO", "2026-12-03 12:00", .call, after: ["consent sms 2020-01-01 12:00"]),
        Case("same channel", true, "CO", "2026-12-03 12:00", .call, after: [consented, "call 2026-12-01 12:00"]),
        Case("other channel", false, "CO", "2026-12-03 12:00", .sms, after: [consented, "call 2026-12-01 12:00"]),
        Case("8 December", false, "CO", "2026-12-08 12:00", .call, after: [consented]),
        Case("the next day", false, "CL", "2026-12-02 12:00", .sms, after: ["email 2026-12-01 12:00"]),
        Case("two days later", true, "CL", "2026-12-03 12:00", .sms, after: ["email 2026-12-01 12:00"]),
        Case(
            "3rd message", false, "CL", "2026-12-05 12:00", .sms,
            after: ["email 2026-12-01 12:00", "sms 2026-12-03 12:00"]),
        Case("2nd call in a week", false, "CL", "2026-12-07 12:00", .call, after: ["call 2026-12-01 12:00"]),
        Case("call beside a message", true, "CL", "2026-12-02 12:00", .call, after: ["email 2026-12-01 12:00"]),
        Case("spouse", false, "MX", "2026-12-02 12:00", .call, by: .collector, to: .spouse),
    ]

    @Test(arguments: unitedStates + asia + europe + americas)
    func count(_ question: Case) throws {
        let answer = try Jurisdictions.decide(
            question.region, at: Jurisdictions.instant(question.time, in: question.region), over: question.channel,
            party: question.party, purpose: question.purpose, role: question.role,
            past: question.past.map { try Jurisdictions.contact($0, in: question.region) })
        #expect(
            answer.sends == question.isAllowed,
            "\(answer.decision) \(answer.findings.filter { !$0.allows }.map(\.rule))")
    }
}
