// SPDX-License-Identifier: Apache-2.0

import DunlinModel

// Figures from the research, typed from there and not from the packs.
extension JurisdictionCountTests {
    static let asia: [Case] = [
        Case("8th, a week on", true, "KR", "2026-12-08 12:00", .sms, after: several(7, "sms", "2026-12-01")),
        Case(
            "8th, the day after a request", false, "KR", "2026-12-08 12:00", .sms,
            after: several(7, "sms", "2026-12-07") + ["request 2026-12-07 12:00"]),
        Case(
            "3rd message left", true, "CN", "2026-12-08 12:00", .call, by: .lender,
            after: several(2, "message-left call", "2026-12-08")),
        Case(
            "4th message left", false, "CN", "2026-12-08 12:00", .call, by: .lender,
            after: several(3, "message-left call", "2026-12-08")),
        Case(
            "4th talk, inbound", false, "CN", "2026-12-08 12:00", .call, by: .lender,
            after: several(3, "inbound conversation call", "2026-12-08")),
        Case(
            "6th dial, none answered", true, "CN", "2026-12-08 12:00", .call, by: .bank,
            after: several(5, "call", "2026-12-08") + several(5, "unanswered call", "2026-12-08")),
        Case(
            "7th dial, none answered", false, "CN", "2026-12-08 12:00", .call, by: .bank,
            after: several(6, "call", "2026-12-08") + several(6, "unanswered call", "2026-12-08")),
        Case("a week on", true, "AU", "2026-12-08 12:00", .sms, after: several(3, "sms", "2026-12-01")),
        Case("10th of a month", true, "AU", "2026-12-08 12:00", .sms, after: inAMonth("2026-11-08")),
        Case("11th of a month", false, "AU", "2026-12-08 12:00", .sms, after: inAMonth("2026-11-09")),
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
        Case("holiday, early", false, "RU", "2027-01-01 08:59", .sms),
        Case("holiday, from nine on", true, "RU", "2027-01-01 09:00", .sms),
        Case("holiday, to eight", true, "RU", "2027-01-01 20:00", .sms),
        Case(
            "call a week on", true, "RU", "2026-12-08 12:00", .call,
            after: ["call 2026-12-01 12:00", "call 2026-12-05 12:00"]),
        Case("2nd message of the day", true, "RU", "2026-12-08 12:00", .sms, after: several(1, "email", "2026-12-08")),
        Case("3rd message of the day", false, "RU", "2026-12-08 12:00", .sms, after: several(2, "email", "2026-12-08")),
        Case(
            "4th message of the week", true, "RU", "2026-12-08 12:00", .sms,
            after: several(2, "sms", "2026-12-01") + several(3, "email", "2026-12-02")),
        Case("5th message of the week", false, "RU", "2026-12-08 12:00", .sms, after: several(4, "sms", "2026-12-02")),
        Case(
            "9th message of the month", true, "RU", "2027-01-05 12:00", .sms,
            after: several(8, "sms", "2026-12-05") + several(8, "email", "2026-12-06")),
        Case(
            "17th message of the month", false, "RU", "2027-01-05 12:00", .sms,
            after: several(8, "sms", "2026-12-06") + several(8, "email", "2026-12-07")),
        Case("the evening after a request", false, "UA", "2026-12-08 21:00", .sms, after: ["request 2026-12-07 10:00"]),
        Case(
            "2nd talk of the day", false, "IT", "2026-12-02 15:00", .call, by: .collector,
            after: ["conversation call 2026-12-02 09:00"]),
        Case(
            "a talk the day before", true, "IT", "2026-12-03 15:00", .call, by: .collector,
            after: ["conversation call 2026-12-02 09:00"]),
        Case(
            "sales, 3rd of the day", true, "DE", "2026-12-08 12:00", .call, for: .marketing,
            after: several(2, "call", "2026-12-08")),
        Case(
            "sales, 4th of the day", false, "DE", "2026-12-08 12:00", .call, for: .marketing,
            after: several(3, "call", "2026-12-08")),
        Case(
            "sales, 15th of the week", true, "DE", "2026-12-08 12:00", .call, for: .marketing,
            after: several(7, "call", "2026-12-01") + several(7, "call", "2026-12-02")
                + several(7, "call", "2026-12-03")),
        Case(
            "sales, 16th of the week", false, "DE", "2026-12-08 12:00", .call, for: .marketing,
            after: several(8, "call", "2026-12-02") + several(7, "call", "2026-12-03")),
        Case(
            "sales, 4th of 30 days", true, "FR", "2026-12-02 12:00", .call, for: .marketing,
            after: [consented] + ["11-02", "11-10", "11-17", "11-24"].map { "call 2026-\($0) 12:00" }),
        Case(
            "sales, 5th of 30 days", false, "FR", "2026-12-02 12:00", .call, for: .marketing,
            after: [consented] + ["11-03", "11-10", "11-17", "11-24"].map { "call 2026-\($0) 12:00" }),
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
            after: ["12-05", "12-07", "12-13", "12-14", "12-20", "12-21", "12-27", "12-28"].map {
                "call 2026-\($0) 12:00"
            }),
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
}
