// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// Shapes 10, 11, 12 and 14: what happened before, and what it closes or opens.
struct EventShapes {
    // MARK: 10, cooling off

    @Test("Shape 10, cooling off: under Regulation F the day of the talk is day one, whoever began it")
    func conversation() throws {
        let federal = try Place(
            "US", "America/New_York",
            "cool_off: {after: conversation, for: 7 days, per: [recipient, account], channels: [call]}")
        let talk = contact("2026-11-10T20:59:00-05:00", .conversation).with { $0.isInbound = true }
        let seventh = try federal.decide("2026-11-16T23:59:59.999-05:00", talk)
        #expect(seventh.decision == .defer(until: at("2026-11-17T00:00:00-05:00"), .coolingOff))
        #expect(seventh.figures == ["conversation in 7 days, again from 2026-11-17T05:00:00Z"])
        #expect(try federal.decide("2026-11-17T00:00:00-05:00", talk).figures == ["no conversation in 7 days"])
        #expect(try federal.decide("2026-11-16T12:00:00-05:00", over: .sms, talk).sends)
    }

    @Test("Shape 10, cooling off: sixty days after a refusal in France, for that seller")
    func refusal() throws {
        let france = try Place(
            "FR", "Europe/Paris",
            "cool_off: {after: refusal, for: 60 days, per: [recipient, creditor], channels: [call]}")
        let refusal = contact("2026-03-01T10:00:00+01:00", .refusal).with { $0.creditor = .creditor("Harbor Credit") }
        let last = try france.decide("2026-04-29T23:59:59+02:00", refusal)
        #expect(last.decision == .defer(until: at("2026-04-30T00:00:00+02:00"), .coolingOff))
        #expect(try france.decide("2026-04-30T00:00:00+02:00", refusal).sends)
        let other = refusal.with { $0.creditor = .creditor("Other Bank") }
        #expect(try france.decide("2026-04-29T12:00:00+02:00", other).sends)
    }

    @Test("Shape 10, cooling off: Korea's life events, as long as agreed and at most three months")
    func lifeEvent() throws {
        let korea = try Place(
            "KR", "Asia/Seoul",
            """
            unless: [{purpose: [notice]}], \
            cool_off: {after: life-event, for: its own end, at_most: 3 months, per: recipient}
            """)
        func illness(from: String, until: String) -> Contact {
            contact(from, .lifeEvent).with {
                $0.channel = nil
                $0.until = at(until)
            }
        }
        let short = illness(from: "2026-11-10T09:00:00+09:00", until: "2026-12-01T00:00:00+09:00")
        let during = try korea.decide("2026-11-30T23:59:59+09:00", over: .sms, short)
        #expect(during.decision == .defer(until: at("2026-12-01T00:00:00+09:00"), .coolingOff))
        #expect(try korea.decide("2026-12-01T00:00:00+09:00", over: .sms, short).sends)
        #expect(try korea.decide("2026-11-30T23:59:59+09:00", over: .sms, for: .notice, short).sends)
        let long = illness(from: "2026-11-10T09:00:00+09:00", until: "2027-06-30T00:00:00+09:00")
        #expect(try korea.decide("2027-02-09T23:59:59+09:00", long).until == at("2027-02-10T00:00:00+09:00"))
        #expect(try korea.decide("2027-02-10T00:00:00+09:00", long).sends)
        // It may be extended once, by a second event.
        let again = illness(from: "2027-02-09T09:00:00+09:00", until: "2027-06-30T00:00:00+09:00")
        #expect(try korea.decide("2027-02-10T00:00:00+09:00", long, again).until == at("2027-05-09T00:00:00+09:00"))
    }

    @Test("Shape 10, cooling off: ten business days in Korea, over a substitute holiday")
    func businessDays() throws {
        let rule = "cool_off: {after: adjustment-request, for: 10 business days, per: [recipient, account]}"
        let korea = try Place("KR", "Asia/Seoul", rule, head: "calendars: [KR]")
        // Monday. National Foundation Day is a Saturday and kept on Monday the 5th, Hangul Day is Friday the 9th.
        let request = contact("2026-09-28T10:00:00+09:00", .adjustmentRequest)
        let tenth = try korea.decide("2026-10-14T23:59:59+09:00", request)
        #expect(tenth.decision == .defer(until: at("2026-10-15T00:00:00+09:00"), .coolingOff))
        #expect(tenth.figures == ["adjustment-request in 10 business days, again from 2026-10-14T15:00:00Z"])
        #expect(try korea.decide("2026-10-15T00:00:00+09:00", request).sends)
        // Without a calendar only weekends are left out.
        #expect(
            try Place("KR", "Asia/Seoul", rule).decide("2026-10-12T23:59:59+09:00", request).until
                == at("2026-10-13T00:00:00+09:00"))
    }

    // MARK: 11, what must come first

    @Test("Shape 11, preconditions: Ontario's notice and six days")
    func noticeAndWait() throws {
        let ontario = try Place(
            "CA-ON", "America/Toronto",
            "unless: [{purpose: [notice]}], needs: {event: notice, wait: 6 days, per: [recipient, account]}")
        let none = try ontario.decide("2026-11-15T12:00:00-05:00")
        #expect(none.decision == .hold(.precondition) && none.figures == ["no notice, 6 days before"])
        #expect(try ontario.decide("2026-11-15T12:00:00-05:00", over: .email, for: .notice).sends)
        let notice = contact("2026-11-10T23:00:00-05:00", .notice, over: .email)
        let sixth = try ontario.decide("2026-11-15T23:59:59-05:00", notice)
        #expect(sixth.decision == .defer(until: at("2026-11-16T00:00:00-05:00"), .precondition))
        #expect(sixth.figures == ["notice, 6 days before, from 2026-11-16T05:00:00Z"])
        #expect(try ontario.decide("2026-11-16T00:00:00-05:00", notice).sends)
        // About another debt it does not help.
        let other = notice.with { $0.account = .account("A-2") }
        #expect(try ontario.decide("2026-11-16T00:00:00-05:00", other).decision == .hold(.precondition))
    }

    @Test("Shape 11, preconditions: under Regulation F a number was confirmed within sixty days")
    func within() throws {
        let federal = try Place(
            "US", "America/New_York",
            "needs: {event: consent, within: 60 days, per: recipient, over: [sms], channels: [sms]}")
        let consent = contact("2026-09-20T10:00:00-04:00", .consent, over: .sms)
        let last = try federal.decide("2026-11-18T23:59:59-05:00", over: .sms, consent)
        #expect(last.sends && last.holdsUntil == at("2026-11-19T00:00:00-05:00"))
        #expect(try federal.decide("2026-11-19T00:00:00-05:00", over: .sms, consent).decision == .hold(.precondition))
        #expect(try federal.decide("2026-11-19T00:00:00-05:00", over: .call).sends)
        let withdrawn = contact("2026-10-01T10:00:00-04:00", .consentWithdrawn, over: .sms)
        #expect(try !federal.decide("2026-10-01T10:00:00-04:00", over: .sms, consent, withdrawn).sends)
        #expect(try federal.decide("2026-10-01T09:59:59-04:00", over: .sms, consent, withdrawn).sends)
    }

    @Test("Shape 11, preconditions: what was given on one channel for another is taken back there")
    func takenBack() throws {
        let federal = try Place(
            "US", "America/New_York", "needs: {event: consent, per: recipient, over: [call], channels: [sms]}")
        let given = contact("2026-11-10T10:00:00-05:00", .consent, over: .call)
        let withdrawn = contact("2026-11-11T10:00:00-05:00", .consentWithdrawn, over: .call)
        let now = "2026-11-12T10:00:00-05:00"
        #expect(try federal.decide(now, over: .sms, given).sends)
        #expect(try federal.decide(now, over: .sms, given, withdrawn).decision == .hold(.precondition))
        #expect(try federal.decide(now, over: .sms, given, withdrawn.with { $0.channel = .email }).sends)
    }

    // MARK: 12, one channel, the right channel

    @Test("Shape 12, channels: one a week in Colombia")
    func oneChannel() throws {
        let colombia = try Place("CO", "America/Bogota", "one_channel: {per: recipient, calendar: week}")
        let text = contact("2026-11-23T10:00:00-05:00", over: .sms)
        let call = try colombia.decide("2026-11-29T23:59:59-05:00", over: .call, text)
        #expect(call.decision == .defer(until: at("2026-11-30T00:00:00-05:00"), .oneChannel))
        #expect(call.figures == ["sms in the calendar week, call from 2026-11-30T05:00:00Z"])
        #expect(try colombia.decide("2026-11-30T00:00:00-05:00", over: .call, text).sends)
        #expect(try colombia.decide("2026-11-24T10:00:00-05:00", over: .sms, text).sends)
    }

    @Test("Shape 12, channels: Colombia's consumer authorises each")
    func authorised() throws {
        let colombia = try Place(
            "CO", "America/Bogota", "needs: {event: consent, per: recipient, over: [sms], channels: [sms]}",
            "needs: {event: consent, per: recipient, over: [email], channels: [email]}")
        let texts = contact("2026-11-01T10:00:00-05:00", .consent, over: .sms)
        #expect(try colombia.decide("2026-11-24T10:00:00-05:00", over: .sms, texts).sends)
        #expect(
            try colombia.decide("2026-11-24T10:00:00-05:00", over: .email, texts).decision == .hold(.precondition))
    }

    @Test("Shape 12, channels: Italy's first contact is a call")
    func callFirst() throws {
        let italy = try Place(
            "IT", "Europe/Rome",
            "needs: {event: attempt, per: [recipient, account], over: [call], channels: [sms, email]}")
        let now = "2026-11-24T10:00:00+01:00"
        #expect(try italy.decide(now, over: .call).sends)
        #expect(try italy.decide(now, over: .sms).decision == .hold(.precondition))
        let text = contact("2026-11-23T10:00:00+01:00", over: .sms)
        #expect(try italy.decide(now, over: .sms, text).decision == .hold(.precondition))
        #expect(try italy.decide(now, over: .sms, text.with { $0.channel = .call }).sends)
        let other = contact("2026-11-23T10:00:00+01:00", account: "A-2")
        #expect(try !italy.decide(now, over: .email, other).sends)
    }

    // MARK: 14, what turns a rule off

    @Test("Shape 14, relaxations: more than 15 days past due lifts the Philippines' hours")
    func daysPastDue() throws {
        var philippines = try Place(
            "PH", "Asia/Manila", "unless: [{days_past_due: {over: 15}}], window: {days: {mon-sun: '06:00-22:00'}}")
        philippines.person.account.dueDate = CivilDate(year: 2026, month: 11, day: 1)!
        let fifteenth = try philippines.decide("2026-11-16T22:00:01+08:00")
        // The hours are lifted at midnight, before they would open.
        #expect(fifteenth.decision == .defer(until: at("2026-11-17T00:00:00+08:00"), .quietHours))
        #expect(try philippines.decide("2026-11-15T22:00:01+08:00").until == at("2026-11-16T06:00:00+08:00"))
        let sixteenth = try philippines.decide("2026-11-17T00:00:00+08:00")
        #expect(sixteenth.sends && sixteenth.findings[0].verdict == .off)
        #expect(sixteenth.figures == ["off: more than 15 days past due"])
    }

    @Test("Shape 14, relaxations: seven days of consent under Regulation F, whose calls never count")
    func consent() throws {
        let federal = try Place(
            "US", "America/New_York",
            """
            unless: [{event: consent, for: 7 days, per: [recipient, account]}], \
            cap: {limit: 7, per: [recipient, account], rolling: 7 days, channels: [call]}
            """)
        let consent = contact("2026-11-10T09:00:00-05:00", .consent)
        let meanwhile = (10...16).flatMap { day in
            [10, 12].map { contact("2026-11-\(day)T\($0):00:00-05:00") }
        }
        let last = try federal.decide("2026-11-16T23:59:59-05:00", meanwhile + [consent])
        #expect(last.sends && last.figures == ["off: consent for 7 days"])
        // The 10th is the first of the seven.
        let after = try federal.decide("2026-11-17T00:00:00-05:00", meanwhile + [consent])
        #expect(after.sends && after.figures == ["0 of 7 calls in 7 days"])
        #expect(try federal.decide("2026-11-16T23:59:59-05:00", meanwhile).reason == .frequencyCap)
        // What was called before counts again when the consent is over.
        let before = (1...7).map { contact("2026-11-16T08:0\($0):00-05:00") }
        let short = contact("2026-11-16T09:00:00-05:00", .consent).with { $0.until = at("2026-11-18T00:00:00-05:00") }
        let during = try federal.decide("2026-11-17T23:59:59-05:00", before + [short])
        #expect(during.sends && during.holdsUntil == at("2026-11-18T00:00:00-05:00"))
        let over = try federal.decide("2026-11-18T00:00:00-05:00", before + [short])
        #expect(over.decision == .defer(until: at("2026-11-23T00:00:00-05:00"), .frequencyCap))
        #expect(over.figures == ["7 of 7 calls in 7 days, again from 2026-11-23T05:00:00Z"])
        // Consent to texts does not lift a limit of calls.
        #expect(try !federal.decide("2026-11-17T12:00:00-05:00", before + [short.with { $0.channel = .sms }]).sends)
    }

    @Test("Shape 14, relaxations: an agreed hour goes before France's hours")
    func appointment() throws {
        let france = try Place(
            "FR", "Europe/Paris",
            """
            unless: [{event: appointment, per: recipient}], \
            window: {channels: [call], days: {mon-fri: ['10:00-13:00', '14:00-20:00'], sat-sun: closed}}
            """)
        // Saturday
        let agreed = contact("2026-11-28T11:00:00+01:00", .appointment).with {
            $0.until = at("2026-11-28T11:30:00+01:00")
        }
        let before = try france.decide("2026-11-28T10:59:59+01:00", agreed)
        #expect(before.decision == .defer(until: at("2026-11-28T11:00:00+01:00"), .quietHours))
        let open = try france.decide("2026-11-28T11:00:00+01:00", agreed)
        #expect(open.sends && open.holdsUntil == at("2026-11-28T11:30:00+01:00"))
        #expect(try france.decide("2026-11-28T11:30:00+01:00", agreed).until == at("2026-11-30T10:00:00+01:00"))
        #expect(try france.decide("2026-11-28T10:59:59+01:00").until == at("2026-11-30T10:00:00+01:00"))
    }
}
