// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// Shapes 15 and 16: what the person has said.
struct PersonalShapes {
    // MARK: 15, what the person asks for

    @Test("Shape 15, what the person asks: Korea's blocked hours")
    func blockedHours() throws {
        let korea = try Place("KR", "Asia/Seoul", "borrower_hours: {at_most: 28 hours}")
        // Four hours of every day.
        let hours = BlockedHours(weekdays: 0x7f, from: 12 * 60, until: 16 * 60)
        let blocked = contact("2026-11-01T10:00:00+09:00", .blocked).with {
            $0.channel = nil
            $0.figure = hours.figure
        }
        let before = try korea.decide("2026-11-25T11:59:59.999+09:00", blocked)
        #expect(before.sends && before.holdsUntil == at("2026-11-25T12:00:00+09:00"))
        #expect(before.figures == ["the person blocked 28 of 28 hours a week, not this one"])
        let noon = try korea.decide("2026-11-25T12:00:00+09:00", blocked)
        #expect(noon.decision == .defer(until: at("2026-11-25T16:00:00+09:00"), .blockedHours))
        #expect(
            noon.figures == [
                "the person blocked 28 of 28 hours a week, this one too; open from 2026-11-25T07:00:00Z"
            ])
        #expect(try korea.decide("2026-11-25T16:00:00+09:00", blocked).sends)
        // Calls alone, and until the person's own end.
        let calls = blocked.with {
            $0.channel = .call
            $0.until = at("2026-11-25T14:00:00+09:00")
        }
        #expect(try korea.decide("2026-11-25T12:00:00+09:00", over: .sms, calls).sends)
        #expect(try korea.decide("2026-11-25T12:00:00+09:00", calls).until == at("2026-11-25T14:00:00+09:00"))
    }

    @Test("Shape 15, what the person asks: where an agreed hour goes before blocked ones, it is not waited out")
    func agreedInBlockedHours() throws {
        let korea = try Place("KR", "Asia/Seoul", "unless: [{event: appointment, per: recipient}], borrower_hours: {}")
        let blocked = contact("2026-11-01T10:00:00+09:00", .blocked).with {
            $0.channel = nil
            $0.figure = BlockedHours(weekdays: 0x7f, from: 12 * 60, until: 16 * 60).figure
        }
        let agreed = contact("2026-11-25T13:00:00+09:00", .appointment).with {
            $0.until = at("2026-11-25T13:30:00+09:00")
        }
        #expect(try korea.decide("2026-11-25T12:30:00+09:00", blocked, agreed).until == at("2026-11-25T13:00:00+09:00"))
        let open = try korea.decide("2026-11-25T13:00:00+09:00", blocked, agreed)
        #expect(open.sends && open.holdsUntil == at("2026-11-25T13:30:00+09:00"))
        #expect(try korea.decide("2026-11-25T13:30:00+09:00", blocked, agreed).until == at("2026-11-25T16:00:00+09:00"))
    }

    @Test("Shape 15, what the person asks: hours blocked from tomorrow on end today's answer")
    func blockedFromTomorrow() throws {
        let korea = try Place("KR", "Asia/Seoul", "borrower_hours: {at_most: 28 hours}")
        let blocked = contact("2026-11-25T12:00:00+09:00", .blocked).with {
            $0.channel = nil
            $0.figure = BlockedHours(weekdays: 0x7f, from: 12 * 60, until: 16 * 60).figure
        }
        let before = try korea.decide("2026-11-25T11:59:59+09:00", blocked)
        #expect(before.sends && before.holdsUntil == at("2026-11-25T12:00:00+09:00"))
        #expect(try korea.decide("2026-11-24T13:00:00+09:00", blocked).sends)
    }

    @Test("Shape 15, what the person asks: Japan waits for the promised day, unless the promise is broken")
    func promise() throws {
        let japan = try Place(
            "JP", "Asia/Tokyo", "cool_off: {after: promise, for: its own end, per: [recipient, account]}")
        let promise = contact("2026-11-20T10:00:00+09:00", .promise).with { $0.until = at("2026-12-01T00:00:00+09:00") }
        let waiting = try japan.decide("2026-11-30T23:59:59+09:00", promise)
        #expect(waiting.decision == .defer(until: at("2026-12-01T00:00:00+09:00"), .coolingOff))
        #expect(waiting.figures == ["promise, again from 2026-11-30T15:00:00Z"])
        #expect(try japan.decide("2026-12-01T00:00:00+09:00", promise).sends)
        let broken = contact("2026-11-25T12:00:00+09:00", .promiseBroken)
        #expect(try !japan.decide("2026-11-25T11:59:59+09:00", promise).sends)
        #expect(try japan.decide("2026-11-25T12:00:00+09:00", promise, broken).sends)
        // Another debt's promise is another promise.
        #expect(try japan.decide("2026-11-21T12:00:00+09:00", promise.with { $0.account = .account("A-2") }).sends)
    }

    @Test("Shape 15, what the person asks: ten days without calls at work in Massachusetts")
    func oralRequest() throws {
        let massachusetts = try Place(
            "US-MA", "America/New_York",
            "cool_off: {after: refusal, for: 10 days, per: [recipient, address], channels: [call]}")
        let refusal = contact("2026-11-10T15:00:00-05:00", .refusal)
        let tenth = try massachusetts.decide("2026-11-19T23:59:59-05:00", refusal)
        #expect(tenth.decision == .defer(until: at("2026-11-20T00:00:00-05:00"), .coolingOff))
        #expect(try massachusetts.decide("2026-11-20T00:00:00-05:00", refusal).sends)
        let work = refusal.with { $0.address = .address("+16175550199") }
        #expect(try massachusetts.decide("2026-11-19T12:00:00-05:00", work).sends)
    }

    // MARK: 16, consent and opting out

    @Test("Shape 16, consent: the District of Columbia allows one request for it in seven days")
    func askingForConsent() throws {
        let district = try Place(
            "US-DC", "America/New_York",
            "when: {purpose: [consent-request]}, cap: {limit: 1, per: account, rolling: 7 days, channels: [sms, email]}",
            """
            unless: [{purpose: [consent-request, opt-out-confirmation]}], \
            needs: {event: consent, per: recipient, over: [sms], channels: [sms]}
            """)
        let asked = contact("2026-11-10T10:00:00-05:00", over: .email).with { $0.purpose = .consentRequest }
        let seventh = "2026-11-16T23:59:59-05:00"
        let again = try district.decide(seventh, over: .sms, for: .consentRequest, asked)
        #expect(again.decision == .defer(until: at("2026-11-17T00:00:00-05:00"), .frequencyCap))
        #expect(try district.decide("2026-11-17T00:00:00-05:00", over: .sms, for: .consentRequest, asked).sends)
        // A reminder is no such request, and needs consent.
        let reminder = asked.with { $0.purpose = .reminder }
        #expect(try district.decide(seventh, over: .sms, for: .consentRequest, reminder).sends)
        #expect(try district.decide(seventh, over: .sms, asked).decision == .hold(.precondition))
        let consent = contact("2026-11-11T10:00:00-05:00", .consent, over: .sms)
        #expect(try district.decide(seventh, over: .sms, asked, consent).sends)
    }

    /// What the FCC asks of opting out, with the packs that Dunlin brings.
    private func telephoneAct() throws -> Place {
        try Place(
            "US", "America/New_York",
            """
            when: {purpose: [opt-out-confirmation]}, then: suppress, \
            needs: {event: opt-out, within: 5 minutes, per: recipient, channels: [sms]}
            """,
            """
            when: {purpose: [opt-out-confirmation]}, then: suppress, \
            cap: {limit: 1, per: address, calendar: day, channels: [sms]}
            """,
            """
            unless: [{purpose: [opt-out-confirmation]}], \
            cool_off: {after: opt-out, for: until lifted, per: recipient, channels: [sms]}
            """,
            """
            from: 2027-01-31, unless: [{purpose: [opt-out-confirmation]}], \
            cool_off: {after: opt-out, for: until lifted, per: recipient, channels: [sms, call]}
            """,
            "window: {days: {mon-sun: '00:00-24:00'}}"
        ).with(PolicySet.load(directory: nil).packs)
    }

    @Test("Shape 16, opting out: one confirmation, within five minutes")
    func confirmation() throws {
        let act = try telephoneAct()
        let stop = contact("2026-11-25T12:00:00-05:00", .optOut, over: .sms)
        func confirm(_ time: String, _ contacts: Contact...) throws -> Explained {
            try act.decide(time, over: .sms, for: .optOutConfirmation, contacts)
        }
        let last = try confirm("2026-11-25T12:04:59.999-05:00", stop)
        #expect(last.sends && last.holdsUntil == at("2026-11-25T12:05:00-05:00"))
        #expect(try confirm("2026-11-25T12:05:01-05:00", stop).decision == .suppress(.precondition))
        #expect(try !confirm("2026-11-25T12:00:00-05:00").sends)
        let sent = contact("2026-11-25T12:00:30-05:00", over: .sms).with { $0.purpose = .optOutConfirmation }
        #expect(try confirm("2026-11-25T12:01:00-05:00", stop, sent).decision == .suppress(.frequencyCap))
        #expect(try confirm("2026-11-25T12:01:00-05:00", stop, sent.with { $0.purpose = .reminder }).sends)
        // Nothing else may follow.
        let reminder = try act.decide("2026-11-25T12:01:00-05:00", over: .sms, stop)
        #expect(reminder.decision == .suppress(.optedOut))
        #expect(reminder.figures.contains("opt-out, until it is lifted"))
        #expect(try act.decide("2026-11-25T11:59:59-05:00", over: .sms).sends)
        let start = contact("2026-11-26T12:00:00-05:00", .optIn, over: .sms)
        #expect(try act.decide("2026-11-26T12:00:00-05:00", over: .sms, stop, start).sends)
    }

    @Test("Shape 16, opting out: of texts until 30 January 2027, of calls too from the 31st")
    func revokeAll() throws {
        let act = try telephoneAct()
        let stop = contact("2026-11-25T12:00:00-05:00", .optOut, over: .sms)
        let last = try act.decide("2027-01-30T23:59:59-05:00", over: .call, stop)
        #expect(last.sends && last.holdsUntil == at("2027-01-31T00:00:00-05:00"))
        #expect(try act.decide("2027-01-31T00:00:00-05:00", over: .call, stop).decision == .suppress(.optedOut))
        #expect(try act.decide("2027-01-30T12:00:00-05:00", over: .sms, stop).decision == .suppress(.optedOut))
        #expect(try act.decide("2027-01-31T00:00:00-05:00", over: .email, stop).sends)
        // Opting in to calls opens calls alone, and to texts texts alone.
        let calls = contact("2027-02-01T12:00:00-05:00", .optIn, over: .call)
        #expect(try act.decide("2027-02-02T12:00:00-05:00", over: .call, stop, calls).sends)
        #expect(try !act.decide("2027-02-02T12:00:00-05:00", over: .sms, stop, calls).sends)
        let texts = contact("2027-02-01T12:00:00-05:00", .optIn, over: .sms)
        #expect(try act.decide("2027-02-02T12:00:00-05:00", over: .sms, stop, texts).sends)
        #expect(try !act.decide("2027-02-02T12:00:00-05:00", over: .call, stop, texts).sends)
    }

    @Test("Shape 16, opting out: after a written demand to cease only notices may follow, about that debt")
    func cease() throws {
        let federal = try Place("US", "America/New_York", "window: {days: {mon-sun: '08:00-21:00'}}")
            .with(PolicySet.load(directory: nil).packs)
        let cease = contact("2026-11-20T12:00:00-05:00", .cease).with { $0.channel = nil }
        let now = "2026-11-25T12:00:00-05:00"
        #expect(try federal.decide(now, cease).decision == .suppress(.optedOut))
        #expect(try federal.decide(now, for: .service, cease).decision == .suppress(.optedOut))
        #expect(try federal.decide(now, for: .notice, cease).sends)
        #expect(try federal.decide(now, cease.with { $0.account = .account("A-2") }).sends)
        #expect(try !federal.decide(now, cease.with { $0.account = .any }).sends)
    }

    @Test("Shape 16, opting out: its scope is a number, a medium, or everything")
    func scope() throws {
        let world = try Place("GB", "Europe/London", "window: {days: {mon-sun: '00:00-24:00'}}")
            .with(PolicySet.load(directory: nil).packs)
        let now = "2026-11-25T12:00:00Z"
        let number = contact("2026-11-20T12:00:00Z", .optOut, over: .sms)
        #expect(try !world.decide(now, over: .sms, number).sends)
        #expect(try world.decide(now, over: .call, number).sends)
        #expect(try world.decide(now, over: .sms, number.with { $0.address = .address("+16175550199") }).sends)
        let medium = number.with { $0.address = .any }
        #expect(try !world.decide(now, over: .sms, medium).sends)
        #expect(try world.decide(now, over: .email, medium).sends)
        let all = medium.with { $0.channel = nil }
        for channel in Channel.allCases { #expect(try !world.decide(now, over: channel, all).sends) }
        // Somebody else who has the number is not asked there either, and a reply from a number may be nobody's.
        #expect(try !world.decide(now, over: .sms, number.with { $0.recipient = .recipient("P-2") }).sends)
        let reply = number.with {
            $0.recipient = .any
            $0.account = .any
        }
        #expect(try !world.decide(now, over: .sms, reply).sends)
        let start = reply.with {
            $0.kind = .optIn
            $0.at = at("2026-11-21T12:00:00Z")
        }
        #expect(try world.decide(now, over: .sms, number, start).sends)
        #expect(try !world.decide(now, over: .sms, number, start.with { $0.address = .address("+16175550199") }).sends)
    }
}
