// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// Shapes 4, 5, 6 and 9: how often, counted by what and over which channels.
struct CountShapes {
    // MARK: 4, caps

    private func russia() throws -> Place {
        try Place(
            "RU", "Europe/Moscow", "cap: {limit: 1, per: recipient, calendar: day, channels: [call]}",
            "cap: {limit: 2, per: recipient, rolling: 7 days, channels: [call]}",
            "cap: {limit: 8, per: recipient, rolling: 1 month, channels: [call]}")
    }

    private func calls(_ days: String...) -> [Contact] { days.map { contact("\($0)T10:00:00+03:00") } }

    @Test("Shape 4, caps: Russia's one a day, two a week and eight a month, all at once")
    func threeWindows() throws {
        let russia = try russia()
        let second = try russia.decide("2026-11-10T11:00:00+03:00", calls("2026-11-10"))
        #expect(second.decision == .defer(until: at("2026-11-11T00:00:00+03:00"), .frequencyCap))
        #expect(
            second.figures == [
                "1 of 1 call in the calendar day, again from 2026-11-10T21:00:00Z", "1 of 2 calls in 7 days",
                "1 of 8 calls in 1 month",
            ])
        #expect(try russia.decide("2026-11-11T00:00:00+03:00", calls("2026-11-10")).sends)

        let week = calls("2026-11-09", "2026-11-10")
        let third = try russia.decide("2026-11-15T23:59:59+03:00", week)
        #expect(third.decision == .defer(until: at("2026-11-16T00:00:00+03:00"), .frequencyCap))
        #expect(third.figures[1] == "2 of 2 calls in 7 days, again from 2026-11-15T21:00:00Z")
        #expect(try russia.decide("2026-11-16T00:00:00+03:00", week).sends)

        let month = calls(
            "2026-10-21", "2026-10-22", "2026-10-28", "2026-10-29", "2026-11-04", "2026-11-05", "2026-11-11",
            "2026-11-12")
        let ninth = try russia.decide("2026-11-20T23:59:59+03:00", month)
        #expect(ninth.decision == .defer(until: at("2026-11-21T00:00:00+03:00"), .frequencyCap))
        #expect(ninth.findings.map(\.allows) == [true, true, false])
        #expect(ninth.figures[2] == "8 of 8 calls in 1 month, again from 2026-11-20T21:00:00Z")
        #expect(try russia.decide("2026-11-21T00:00:00+03:00", month).figures[2] == "7 of 8 calls in 1 month")
        #expect(try russia.decide("2026-11-10T11:00:00+03:00", over: .sms, month).sends)
    }

    @Test("Shape 4, caps: the eighth contact in Korea, the sixth reminder of a day in Vietnam")
    func oneMore() throws {
        let korea = try Place("KR", "Asia/Seoul", "cap: {limit: 7, per: account, rolling: 7 days}")
        let six = (10...15).map { contact("2026-11-\($0)T10:00:00+09:00", over: $0 % 2 == 0 ? .sms : .call) }
        let seventh = try korea.decide("2026-11-16T10:00:00+09:00", over: .email, six)
        #expect(seventh.sends && seventh.figures == ["6 of 7 contacts in 7 days"])
        let seven = six + [contact("2026-11-16T10:00:00+09:00", over: .email)]
        let eighth = try korea.decide("2026-11-16T10:00:01+09:00", over: .email, seven)
        #expect(eighth.decision == .defer(until: at("2026-11-17T00:00:00+09:00"), .frequencyCap))
        #expect(eighth.figures == ["7 of 7 contacts in 7 days, again from 2026-11-16T15:00:00Z"])

        let vietnam = try Place("VN", "Asia/Ho_Chi_Minh", "cap: {limit: 5, per: recipient, calendar: day}")
        let four = (8...11).map { contact("2026-11-16T\($0 < 10 ? "0" : "")\($0):00:00+07:00") }
        #expect(try vietnam.decide("2026-11-16T13:00:00+07:00", four).sends)
        let five = four + [contact("2026-11-16T12:00:00+07:00")]
        #expect(try vietnam.decide("2026-11-16T13:00:00+07:00", five).until == at("2026-11-17T00:00:00+07:00"))
    }

    @Test("Shape 4, caps: Washington's single week ends on Sunday")
    func calendarWeek() throws {
        let washington = try Place(
            "US-WA", "America/Los_Angeles", "cap: {limit: 3, per: recipient, calendar: week}")
        let three = (20...22).map { contact("2026-11-\($0)T10:00:00-08:00") }
        let sunday = try washington.decide("2026-11-22T23:59:59-08:00", three)
        #expect(sunday.decision == .defer(until: at("2026-11-23T00:00:00-08:00"), .frequencyCap))
        #expect(try washington.decide("2026-11-23T00:00:00-08:00", three).sends)
        #expect(try washington.decide("2026-11-22T23:59:59-08:00", Array(three.dropLast())).sends)
    }

    @Test(
        "Shape 4, caps: Australia's ten a month from the end of January and from 29 February",
        arguments: [
            ("2027-01-28", "2027-02-28"), ("2027-01-29", "2027-03-01"), ("2028-01-29", "2028-02-29"),
            ("2028-01-30", "2028-03-01"), ("2028-01-31", "2028-03-01"), ("2028-02-29", "2028-03-29"),
        ])
    func month(_ day: String, _ free: String) throws {
        let australia = try Place(
            "AU", "Australia/Sydney", "cap: {limit: 10, per: account, rolling: 1 month, counts: [reached]}")
        let ten = (10...19).map { contact("\(day)T\($0):00:00+11:00") }
        let opens = at("\(free)T00:00:00+11:00")
        let before = Instant(milliseconds: opens.milliseconds - 1)
        let eleventh = try australia.decide("\(before)", ten)
        #expect(eleventh.decision == .defer(until: opens, .frequencyCap))
        #expect(try australia.decide("\(opens)", ten).sends)
        #expect(try australia.decide("\(before)", Array(ten.dropLast())).sends)
    }

    @Test("Shape 4, caps: Ukraine's day of 25 hours, and Florida's 24 hours over the same change")
    func longDay() throws {
        let ukraine = try Place("UA", "Europe/Kyiv", "cap: {limit: 2, per: recipient, calendar: day}")
        let two = [contact("2026-10-25T00:00:00+03:00"), contact("2026-10-25T00:30:00+03:00")]
        #expect(try ukraine.decide("2026-10-25T23:59:59+02:00", two).until == at("2026-10-26T00:00:00+02:00"))
        #expect(try ukraine.decide("2026-10-26T00:00:00+02:00", two).sends)
        let florida = try Place("US-FL", "America/New_York", "cap: {limit: 3, per: recipient, rolling: 24 hours}")
        let three = (1...3).map { contact("2026-11-01T00:3\($0):00-04:00") }
        let full = try florida.decide("2026-11-01T23:30:59.999-05:00", three)
        #expect(full.decision == .defer(until: at("2026-11-01T23:31:00-05:00"), .frequencyCap))
        #expect(try florida.decide("2026-11-01T23:31:00-05:00", three).figures == ["2 of 3 contacts in 24 hours"])
    }

    // MARK: 5, counting keys

    @Test("Shape 5, counting keys: six dials a day to one number in China, whoever is called there")
    func perNumber() throws {
        let china = try Place(
            "CN", "Asia/Shanghai", "cap: {limit: 6, per: address, calendar: day, channels: [call], counts: [attempt]}")
        func dials(_ count: Int, to address: String = "+16175550100") -> [Contact] {
            (0..<count).map {
                contact("2026-11-16T1\($0):00:00+08:00", recipient: "P-\($0)", account: "A-\($0)", address: address)
            }
        }
        #expect(try china.decide("2026-11-16T18:00:00+08:00", dials(5)).sends)
        let seventh = try china.decide("2026-11-16T18:00:00+08:00", dials(6))
        #expect(seventh.decision == .defer(until: at("2026-11-17T00:00:00+08:00"), .frequencyCap))
        #expect(seventh.figures == ["6 of 6 calls in the calendar day, again from 2026-11-16T16:00:00Z"])
        #expect(try china.decide("2026-11-16T18:00:00+08:00", dials(6, to: "+16175550199")).sends)
    }

    @Test("Shape 5, counting keys: Regulation F counts person and debt, Massachusetts the debt")
    func personAndDebt() throws {
        let federal = try Place(
            "US", "America/New_York", "cap: {limit: 7, per: [recipient, account], rolling: 7 days, channels: [call]}")
        let massachusetts = try Place(
            "US-MA", "America/New_York", "cap: {limit: 2, per: account, rolling: 7 days, channels: [sms, call]}")
        func calls(_ count: Int, to recipient: String, about account: String) -> [Contact] {
            (0..<count).map { contact("2026-11-1\($0)T10:00:00-05:00", recipient: recipient, account: account) }
        }
        let now = "2026-11-16T12:00:00-05:00"
        #expect(try !federal.decide(now, calls(7, to: "P-1", about: "A-1")).sends)
        #expect(try federal.decide(now, calls(7, to: "P-2", about: "A-1")).sends)
        #expect(try federal.decide(now, calls(7, to: "P-1", about: "A-2")).sends)
        let early = "2026-11-11T12:00:00-05:00"
        #expect(try !massachusetts.decide(early, calls(2, to: "P-2", about: "A-1")).sends)
        #expect(try massachusetts.decide(early, calls(2, to: "P-1", about: "A-2")).sends)
    }

    @Test("Shape 5, counting keys: Ontario counts by creditor, China the lender with its agencies")
    func perCreditor() throws {
        let ontario = try Place(
            "CA-ON", "America/Toronto", "cap: {limit: 3, per: [recipient, creditor], rolling: 7 days}")
        func mails(for creditor: String) -> [Contact] {
            (10...12).map { day in
                contact("2026-11-\(day)T10:00:00-05:00", over: .email, account: "A-\(day)")
                    .with { $0.creditor = .creditor(creditor) }
            }
        }
        let fourth = try ontario.decide("2026-11-12T12:00:00-05:00", mails(for: "Harbor Credit"))
        #expect(fourth.decision == .defer(until: at("2026-11-17T00:00:00-05:00"), .frequencyCap))
        #expect(try ontario.decide("2026-11-12T12:00:00-05:00", mails(for: "Other Bank")).sends)

        let china = try Place(
            "CN", "Asia/Shanghai",
            "cap: {limit: 3, per: [recipient, creditor], calendar: day, channels: [call], counts: [conversation]}")
        // Two talks of an agency's, which named no account, and one of the lender's.
        let talks = (9...11).map { hour in
            contact("2026-11-16T\(hour < 10 ? "0" : "")\(hour):00:00+08:00", .conversation).with {
                $0.account = hour < 11 ? .any : .account("A-1")
                $0.creditor = .creditor("Harbor Credit")
            }
        }
        #expect(try china.decide("2026-11-16T12:00:00+08:00", Array(talks.dropLast())).sends)
        let fourthTalk = try china.decide("2026-11-16T12:00:00+08:00", talks)
        #expect(fourthTalk.until == at("2026-11-17T00:00:00+08:00"))
        #expect(fourthTalk.figures == ["3 of 3 conversations in the calendar day, again from 2026-11-16T16:00:00Z"])
    }

    // MARK: 6, pools of channels

    @Test("Shape 6, pools: the District of Columbia's four calls and five messages are counted apart")
    func separatePools() throws {
        let district = try Place(
            "US-DC", "America/New_York", "cap: {limit: 4, per: account, rolling: 7 days, channels: [call]}",
            "cap: {limit: 5, per: account, rolling: 7 days, channels: [sms, email]}")
        func contacts(_ count: Int, over channel: Channel) -> [Contact] {
            (0..<count).map { contact("2026-11-1\($0)T10:00:00-05:00", over: channel) }
        }
        let now = "2026-11-15T12:00:00-05:00"
        let calls = contacts(4, over: .call), messages = contacts(3, over: .email) + contacts(2, over: .sms)
        #expect(try district.decide(now, over: .call, contacts(3, over: .call) + messages).sends)
        let fifthCall = try district.decide(now, over: .call, calls + messages)
        #expect(fifthCall.decision == .defer(until: at("2026-11-17T00:00:00-05:00"), .frequencyCap))
        #expect(try district.decide(now, over: .sms, calls + messages.dropLast()).sends)
        let sixthMessage = try district.decide(now, over: .sms, calls + messages)
        #expect(sixthMessage.until == at("2026-11-17T00:00:00-05:00"))
        #expect(sixthMessage.figures == ["5 of 5 sms+email contacts in 7 days, again from 2026-11-17T05:00:00Z"])
    }

    @Test("Shape 6, pools: in Massachusetts texts count with calls, and mails do not")
    func callsAndTexts() throws {
        let massachusetts = try Place(
            "US-MA", "America/New_York", "cap: {limit: 2, per: account, rolling: 7 days, channels: [sms, call]}")
        let both = [contact("2026-11-10T10:00:00-05:00", over: .sms), contact("2026-11-11T10:00:00-05:00")]
        let now = "2026-11-12T10:00:00-05:00"
        #expect(try massachusetts.decide(now, over: .sms, both[0]).sends)
        #expect(try massachusetts.decide(now, over: .sms, both).until == at("2026-11-17T00:00:00-05:00"))
        #expect(try massachusetts.decide(now, over: .call, both).reason == .frequencyCap)
        #expect(try massachusetts.decide(now, over: .email, both).sends)
        let mails = both.map { $0.with { $0.channel = .email } }
        #expect(try massachusetts.decide(now, over: .sms, mails).sends)
    }

    // MARK: 9, the least gap

    @Test("Shape 9, the least gap: two days between messages in Chile")
    func gap() throws {
        let chile = try Place(
            "CL", "America/Santiago", "cap: {limit: 2, per: recipient, rolling: 7 days, channels: [sms, email]}",
            "cap: {limit: 1, per: recipient, rolling: 2 days, channels: [sms, email]}",
            "cap: {limit: 1, per: recipient, rolling: 7 days, channels: [call]}")
        let monday = contact("2026-11-23T10:00:00-03:00", over: .sms)
        let tuesday = try chile.decide("2026-11-24T23:59:59-03:00", over: .email, monday)
        #expect(tuesday.decision == .defer(until: at("2026-11-25T00:00:00-03:00"), .frequencyCap))
        #expect(
            tuesday.figures == [
                "1 of 2 sms+email contacts in 7 days",
                "1 of 1 sms+email contact in 2 days, again from 2026-11-25T03:00:00Z",
            ])
        #expect(try chile.decide("2026-11-25T00:00:00-03:00", over: .email, monday).sends)
        #expect(try chile.decide("2026-11-23T12:00:00-03:00", over: .call, monday).sends)
        let call = contact("2026-11-23T12:00:00-03:00")
        #expect(try !chile.decide("2026-11-29T23:59:59-03:00", call).sends)
        #expect(try chile.decide("2026-11-30T00:00:00-03:00", call).sends)
    }
}
