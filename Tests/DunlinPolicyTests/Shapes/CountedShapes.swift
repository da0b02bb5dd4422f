// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// Shapes 7, 8 and 13: what counts at all, from when on, and how much.
struct CountedShapes {
    // MARK: 7, what counts

    @Test("Shape 7, what counts: a dial that nobody answers counts in Massachusetts and not in Australia")
    func unanswered() throws {
        let dials = [10, 11, 12].map { contact("2026-11-\($0)T10:00:00Z") }
        let nobody = contact("2026-11-12T10:00:40Z", .unanswered).with { $0.isOwn = true }
        let now = "2026-11-12T12:00:00Z"
        let massachusetts = try Place(
            "US-MA", "America/New_York", "cap: {limit: 3, per: account, rolling: 7 days, counts: [attempt]}")
        #expect(try massachusetts.decide(now, dials + [nobody]).reason == .frequencyCap)
        let australia = try Place(
            "AU", "Australia/Sydney", "cap: {limit: 3, per: account, rolling: 7 days, counts: [reached]}")
        let third = try australia.decide(now, dials + [nobody])
        #expect(third.sends && third.figures == ["2 of 3 contacts in 7 days"])
        // As long as nobody said so, the call may have reached somebody.
        #expect(try australia.decide(now, dials).until == at("2026-11-17T00:00:00+11:00"))
    }

    @Test("Shape 7, what counts: a message left, a mail and a text are three in Australia")
    func threeMedia() throws {
        let australia = try Place(
            "AU", "Australia/Sydney", "cap: {limit: 3, per: account, rolling: 7 days, counts: [reached]}")
        let call = contact("2026-11-10T10:00:00+11:00")
        let left = contact("2026-11-10T10:01:00+11:00", .messageLeft).with { $0.isOwn = true }
        let mail = contact("2026-11-10T11:00:00+11:00", over: .email)
        let text = contact("2026-11-10T12:00:00+11:00", over: .sms)
        let now = "2026-11-10T13:00:00+11:00"
        // What is told of a call that counts already adds nothing.
        let two = try australia.decide(now, call, left, mail)
        #expect(two.sends && two.figures == ["2 of 3 contacts in 7 days"])
        let three = try australia.decide(now, call, left, mail, text)
        #expect(three.decision == .defer(until: at("2026-11-17T00:00:00+11:00"), .frequencyCap))
        // A message that somebody else left counts by itself, and what the person began does not.
        let theirs = left.with { $0.isOwn = false }
        #expect(try !australia.decide(now, theirs, mail, text).sends)
        let inbound = contact("2026-11-10T10:01:00+11:00", .conversation).with { $0.isInbound = true }
        #expect(try australia.decide(now, inbound, mail, text).sends)
    }

    @Test("Shape 7, what counts: Korea leaves out notices, and answers on the day that the person asked")
    func excepted() throws {
        let korea = try Place(
            "KR", "Asia/Seoul",
            """
            unless: [{purpose: [notice]}, {event: request, for: 1 day, per: [recipient, account]}], \
            cap: {limit: 7, per: account, rolling: 7 days}
            """)
        let seven = (10...16).map { contact("2026-11-\($0)T10:00:00+09:00", over: .sms) }
        let now = "2026-11-16T12:00:00+09:00"
        #expect(try korea.decide(now, over: .sms, seven).reason == .frequencyCap)
        let notice = try korea.decide(now, over: .sms, for: .notice, seven)
        #expect(notice.sends && notice.findings[0].verdict == .off && notice.figures == ["off: purpose notice"])
        let withNotice = seven.dropLast() + [seven[6].with { $0.purpose = .notice }]
        #expect(try korea.decide(now, over: .sms, Array(withNotice)).figures == ["6 of 7 contacts in 7 days"])
        // Asked on the 16th at nine: that day's answer at ten does not count, and the next may go on that day only.
        let request = contact("2026-11-16T09:00:00+09:00", .request)
        #expect(try korea.decide("2026-11-16T23:59:59+09:00", over: .sms, seven + [request]).sends)
        let tomorrow = try korea.decide("2026-11-17T00:00:00+09:00", over: .sms, seven + [request])
        #expect(tomorrow.figures == ["5 of 7 contacts in 7 days"])
        #expect(
            try korea.decide("2026-11-17T00:00:00+09:00", over: .sms, seven).figures == ["6 of 7 contacts in 7 days"])
    }

    @Test("Shape 7, what counts: one talk a day in Italy, however many dials")
    func talks() throws {
        let italy = try Place(
            "IT", "Europe/Rome",
            """
            unless: [{event: appointment, per: recipient}], \
            cap: {limit: 1, per: recipient, calendar: day, channels: [call], counts: [conversation]}
            """)
        let dials = (9...11).map { contact("2026-11-16T\($0 < 10 ? "0" : "")\($0):00:00+01:00") }
        let talk = contact("2026-11-16T11:01:00+01:00", .conversation)
        let now = "2026-11-16T12:00:00+01:00"
        #expect(try italy.decide(now, dials).sends)
        let second = try italy.decide(now, dials + [talk])
        #expect(second.decision == .defer(until: at("2026-11-17T00:00:00+01:00"), .frequencyCap))
        #expect(second.figures == ["1 of 1 conversation in the calendar day, again from 2026-11-16T23:00:00Z"])
        let agreed = contact("2026-11-16T12:00:00+01:00", .appointment).with {
            $0.until = at("2026-11-16T12:30:00+01:00")
        }
        #expect(try italy.decide(now, dials + [talk, agreed]).sends)
        #expect(try !italy.decide("2026-11-16T12:30:00+01:00", dials + [talk, agreed]).sends)
    }

    // MARK: 8, from when on

    @Test("Shape 8, phases of a cap: Ontario counts only after the first talk")
    func afterTheFirstTalk() throws {
        let ontario = try Place(
            "CA-ON", "America/Toronto",
            "cap: {limit: 3, per: recipient, rolling: 7 days, counts: [reached], starts_after: conversation}")
        func mails(_ days: ClosedRange<Int>) -> [Contact] {
            days.map { contact("2026-11-\($0)T10:00:00-05:00", over: .email) }
        }
        #expect(try ontario.decide("2026-11-14T10:00:00-05:00", over: .email, mails(10...13)).sends)
        let talk = contact("2026-11-10T18:00:00-05:00", .conversation)
        let third = try ontario.decide("2026-11-13T09:00:00-05:00", over: .email, mails(10...12) + [talk])
        #expect(third.sends && third.figures == ["2 of 3 contacts in 7 days"])
        let fourth = try ontario.decide("2026-11-14T09:00:00-05:00", over: .email, mails(10...13) + [talk])
        #expect(fourth.decision == .defer(until: at("2026-11-18T00:00:00-05:00"), .frequencyCap))
    }

    @Test("Shape 8, phases of a cap: Ireland's three in a calendar month after the first success")
    func ireland() throws {
        let ireland = try Place(
            "IE", "Europe/Dublin",
            "cap: {limit: 3, per: recipient, calendar: month, counts: [reached], starts_after: conversation}")
        let talk = contact("2026-11-01T10:00:00Z", .conversation)
        let texts = (2...4).map { contact("2026-11-0\($0)T10:00:00Z", over: .sms) }
        let missed = [
            contact("2026-11-05T10:00:00Z"), contact("2026-11-05T10:01:00Z", .unanswered).with { $0.isOwn = true },
        ]
        #expect(try ireland.decide("2026-11-30T23:59:59Z", texts.dropLast() + missed + [talk]).sends)
        let fourth = try ireland.decide("2026-11-30T23:59:59Z", texts + missed + [talk])
        #expect(fourth.decision == .defer(until: at("2026-12-01T00:00:00Z"), .frequencyCap))
        #expect(fourth.figures == ["3 of 3 contacts in the calendar month, again from 2026-12-01T00:00:00Z"])
        #expect(try ireland.decide("2026-11-30T23:59:59Z", texts + missed).sends)
    }

    // MARK: 13, a quota of time

    @Test("Shape 13, a quota of time: thirty minutes of Ukraine's auto-dialler a day")
    func minutes() throws {
        let ukraine = try Place(
            "UA", "Europe/Kyiv",
            "cap: {limit: 30 minutes, per: recipient, calendar: day, channels: [call], assume: 2 minutes}")
        func talked(_ seconds: Int32...) -> [Contact] {
            seconds.enumerated().map { i, seconds in
                contact("2026-11-16T1\(i):00:00+02:00").with { $0.figure = seconds }
            }
        }
        let now = "2026-11-16T18:00:00+02:00"
        let last = try ukraine.decide(now, talked(20 * 60, 8 * 60))
        #expect(last.sends && last.figures == ["28 min 0 s of 30 minutes of talk in the calendar day"])
        // Two more minutes would be a second too much.
        let over = try ukraine.decide(now, talked(20 * 60, 8 * 60 + 1))
        #expect(over.decision == .defer(until: at("2026-11-17T00:00:00+02:00"), .frequencyCap))
        #expect(
            over.figures == [
                "28 min 1 s of 30 minutes of talk in the calendar day, again from 2026-11-16T22:00:00Z"
            ])
        #expect(try ukraine.decide("2026-11-17T00:00:00+02:00", talked(20 * 60, 8 * 60 + 1)).sends)
        #expect(try ukraine.decide(now, over: .sms, talked(20 * 60, 8 * 60 + 1)).sends)
        // Of unknown length: two minutes each.
        let unknown = (0..<15).map { contact("2026-11-16T10:\($0 < 10 ? "0" : "")\($0):00+02:00") }
        #expect(try ukraine.decide(now, Array(unknown.dropLast())).sends)
        #expect(try !ukraine.decide(now, unknown).sends)
    }
}
