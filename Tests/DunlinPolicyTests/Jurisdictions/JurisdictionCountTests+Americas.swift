// SPDX-License-Identifier: Apache-2.0

import DunlinModel

// Figures from the research, typed from there and not from the packs.
extension JurisdictionCountTests {
    static let unitedStates: [Case] = [
        Case(
            "confirming an opt-out", true, "US-NY", "2026-12-08 12:04", .sms, by: .collector, for: .optOutConfirmation,
            after: ["opt-out sms 2026-12-08 12:00"]),
        Case(
            "confirming it twice", false, "US-NY", "2026-12-08 12:04", .sms, by: .collector, for: .optOutConfirmation,
            after: ["opt-out sms 2026-12-08 12:00", "sms 2026-12-08 12:01"]),
        Case(
            "confirming it late", false, "US-NY", "2026-12-08 12:06", .sms, by: .collector, for: .optOutConfirmation,
            after: ["opt-out sms 2026-12-08 12:00"]),
        Case("the household at eight", true, "US-MA", "2026-12-08 08:00", .email, by: .lender, to: .household),
        Case(
            "the household at nine in the evening", true, "US-MA", "2026-12-08 21:00", .email, by: .lender,
            to: .household),
        Case(
            "2nd mail to the household", true, "US-MA", "2026-12-08 12:00", .email, by: .lender, to: .household,
            after: ["email 2026-12-02 12:00"] + several(2, "email", "2026-12-01")),
        Case(
            "3rd mail to the household", false, "US-MA", "2026-12-08 12:00", .email, by: .lender, to: .household,
            after: several(2, "email", "2026-12-02")),
        Case(
            "3rd mail to the borrower", true, "US-MA", "2026-12-08 12:00", .email, by: .lender,
            after: several(2, "email", "2026-12-02")),
        Case(
            "2nd request for consent", false, "US-DC", "2026-12-08 12:00", .sms, by: .bank, for: .consentRequest,
            after: ["email 2026-12-02 12:00"]),
        Case(
            "and a week on", true, "US-DC", "2026-12-08 12:00", .sms, by: .bank, for: .consentRequest,
            after: ["email 2026-12-01 12:00"]),
        Case(
            "5th call, a week on", true, "US-DC", "2026-12-08 12:00", .call, by: .bank,
            after: several(4, "call", "2026-12-01")),
        Case(
            "6th message, a week on", true, "US-DC", "2026-12-08 12:00", .sms, by: .bank,
            after: [consented] + several(5, "email", "2026-12-01")),
        Case(
            "8th call, a week on", true, "US-NY", "2026-12-08 12:00", .call, by: .collector,
            after: several(7, "call", "2026-12-01")),
        Case(
            "3rd over all channels", true, "US-NY-NYC", "2026-12-08 12:00", .call, by: .collector,
            after: several(3, "call", "2026-12-01") + several(2, "call", "2026-12-02")),
        Case(
            "a week on", true, "US-WA", "2026-12-08 12:00", .sms, by: .collector,
            after: several(3, "call", "2026-12-01")),
        Case(
            "sales, 3rd in 24 hours", true, "US-FL", "2026-12-08 12:00", .sms, by: .bank, for: .marketing,
            after: ["call 2026-12-07 12:00", "call 2026-12-07 12:01", "call 2026-12-07 18:00"]),
        Case(
            "sales, 4th in 24 hours", false, "US-FL", "2026-12-08 12:00", .sms, by: .bank, for: .marketing,
            after: several(3, "call", "2026-12-08")),
        Case(
            "consent of a week ago to call so soon after a talk", false, "US-NY", "2026-12-08 12:00", .call,
            by: .collector, after: ["consent call 2026-12-01 09:00", "conversation call 2026-12-07 12:00"]),
        Case(
            "no more texts, calls", true, "US-NY", "2027-01-30 12:00", .call, by: .collector,
            after: ["opt-out sms 2026-12-02 12:00"]),
        Case(
            "revoke-all", false, "US-NY", "2027-01-31 12:00", .call, by: .collector,
            after: ["opt-out sms 2026-12-02 12:00"]),
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

    static let americas: [Case] = [
        Case(
            "a week on", true, "CA-ON", "2026-12-08 12:00", .sms, by: .collector,
            after: [notified, "conversation call 2026-11-30 12:00"] + several(3, "sms", "2026-12-01")),
        Case(
            "the day after a request", false, "CA-ON", "2026-12-08 12:00", .sms, by: .collector,
            after: [notified, "conversation call 2026-12-01 12:00", "request 2026-12-07 12:00"]
                + several(3, "sms", "2026-12-07")),
        Case("2nd of the day", false, "CO", "2026-12-03 15:00", .call, after: [consented, "call 2026-12-03 09:00"]),
        Case(
            "3rd of a week", false, "CO", "2026-12-03 12:00", .call,
            after: [consented, "call 2026-12-01 12:00", "call 2026-12-02 12:00"]),
        Case(
            "2nd of a week", true, "CO", "2026-12-03 12:00", .call,
            after: [consented, "call 2026-11-26 12:00", "call 2026-12-02 12:00"]),
        Case("call a week on", true, "CL", "2026-12-09 12:00", .call, after: ["call 2026-12-02 12:00"]),
        Case(
            "2nd message, a week on", true, "CL", "2026-12-09 12:00", .sms,
            after: ["email 2026-12-02 12:00", "sms 2026-12-04 12:00"]),
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
}
