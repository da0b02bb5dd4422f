// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// Shapes 1, 2, 3, 22 and 24: when the clock allows it.
struct HourShapes {
    // MARK: 1, weekly windows

    @Test("Shape 1, weekly windows: France's lunch gap and weekend")
    func lunchGap() throws {
        let france = try Place(
            "FR", "Europe/Paris",
            "window: {channels: [call], days: {mon-fri: ['10:00-13:00', '14:00-20:00'], sat-sun: closed}}",
            head: "when: {purpose: [marketing]}")
        func sell(_ time: String) throws -> Explained { try france.decide(time, for: .marketing) }
        let last = try sell("2026-11-25T13:00:00+01:00")
        #expect(last.sends && last.holdsUntil == at("2026-11-25T13:00:00.001+01:00"))
        let noon = try sell("2026-11-25T13:00:01+01:00")
        #expect(noon.decision == .defer(until: at("2026-11-25T14:00:00+01:00"), .quietHours))
        #expect(
            noon.figures == [
                "13:00:01 Wed Europe/Paris outside 10:00-13:00, 14:00-20:00, open from 2026-11-25T13:00:00Z"
            ])
        #expect(try sell("2026-11-27T20:00:00+01:00").sends)
        #expect(try sell("2026-11-27T20:00:01+01:00").until == at("2026-11-30T10:00:00+01:00"))
        // Texts, and calls that sell nothing, are not in it.
        #expect(try france.decide("2026-11-25T13:00:01+01:00", over: .sms, for: .marketing).sends)
        #expect(try france.decide("2026-11-25T13:00:01+01:00", for: .reminder).sends)
    }

    @Test("Shape 1, weekly windows: Washington's half hour in the morning")
    func halfHour() throws {
        let washington = try Place("US-WA", "America/Los_Angeles", "window: {days: {mon-sun: '07:30-21:00'}}")
        #expect(try washington.decide("2026-11-25T07:29:59.999-08:00").until == at("2026-11-25T07:30:00-08:00"))
        #expect(try washington.decide("2026-11-25T07:30:00-08:00").sends)
    }

    @Test("Shape 1, weekly windows: 21:00:00 is allowed under Regulation F and not in Korea")
    func bothEnds() throws {
        let federal = try Place("US", "America/New_York", "window: {days: {mon-sun: '08:00-21:00'}}")
        #expect(try federal.decide("2026-11-25T21:00:00-05:00").sends)
        #expect(try federal.decide("2026-11-25T21:00:01-05:00").until == at("2026-11-26T08:00:00-05:00"))
        let korea = try Place("KR", "Asia/Seoul", "window: {days: {mon-sun: '08:00-21:00'}, end: excluded}")
        let last = try korea.decide("2026-11-25T20:59:59.999+09:00")
        #expect(last.sends && last.holdsUntil == at("2026-11-25T21:00:00+09:00"))
        let night = try korea.decide("2026-11-25T21:00:00+09:00")
        #expect(night.decision == .defer(until: at("2026-11-26T08:00:00+09:00"), .quietHours))
        #expect(
            night.figures == [
                "21:00:00 Wed Asia/Seoul outside 08:00-21:00, end excluded, open from 2026-11-25T23:00:00Z"
            ])
    }

    // MARK: 2, holidays

    @Test("Shape 2, holidays: Russia shortens them")
    func shortened() throws {
        let russia = try Place(
            "RU", "Europe/Moscow",
            "window: {days: {mon-fri: '08:00-22:00', sat-sun: '09:00-20:00'}, holidays: '09:00-20:00'}",
            head: "calendars: [RU]")
        // Unity Day is a Wednesday.
        #expect(try russia.decide("2026-11-03T22:00:00+03:00").sends)
        let early = try russia.decide("2026-11-04T08:59:59+03:00")
        #expect(early.decision == .defer(until: at("2026-11-04T09:00:00+03:00"), .holiday))
        #expect(try russia.decide("2026-11-04T20:00:00+03:00").sends)
        let late = try russia.decide("2026-11-04T20:00:01+03:00")
        #expect(late.decision == .defer(until: at("2026-11-05T08:00:00+03:00"), .holiday))
        #expect(
            late.figures == [
                "20:00:01 Wed Europe/Moscow outside 09:00-20:00 (Unity Day), open from 2026-11-05T05:00:00Z"
            ])
    }

    @Test("Shape 2, holidays: Colombia moves All Saints to Monday")
    func moved() throws {
        let colombia = try Place(
            "CO", "America/Bogota",
            "window: {days: {mon-fri: '07:00-19:00', sat: '08:00-15:00', sun: closed}, holidays: closed}",
            head: "calendars: [CO]")
        #expect(try colombia.decide("2026-10-31T15:00:00-05:00").sends)
        let saturday = try colombia.decide("2026-10-31T15:00:01-05:00")
        #expect(saturday.decision == .defer(until: at("2026-11-03T07:00:00-05:00"), .quietHours))
        let monday = try colombia.decide("2026-11-02T12:00:00-05:00")
        #expect(monday.decision == .defer(until: at("2026-11-03T07:00:00-05:00"), .holiday))
        #expect(
            monday.figures == ["12:00:00 Mon America/Bogota, closed (All Saints), open from 2026-11-03T12:00:00Z"])
        #expect(try colombia.decide("2026-11-03T07:00:00-05:00").sends)
    }

    @Test("Shape 2, holidays: South Africa's Sunday holiday closes Monday too")
    func substitute() throws {
        let africa = try Place(
            "ZA", "Africa/Johannesburg",
            "window: {days: {mon-fri: '08:00-20:00', sat: '09:00-13:00', sun: closed}, holidays: closed}",
            head: "calendars: [ZA]")
        // Women's Day, 9 August 2026, is a Sunday.
        let monday = try africa.decide("2026-08-10T12:00:00+02:00")
        #expect(monday.decision == .defer(until: at("2026-08-11T08:00:00+02:00"), .holiday))
        #expect(try africa.decide("2026-08-11T12:00:00+02:00").sends)
        #expect(try africa.decide("2026-08-08T13:00:01+02:00").until == at("2026-08-11T08:00:00+02:00"))
    }

    @Test("Shape 2, holidays: each province has its own, and a country may have none")
    func provinces() throws {
        func open(_ region: String, _ zone: String, _ time: String, _ holidays: String = "closed") throws -> Bool {
            try Place(
                region, zone, "window: {days: {mon-sat: '08:00-20:00', sun: closed}, holidays: \(holidays)}",
                head: "calendars: [\(region)]"
            ).decide(time).sends
        }
        // Family Day, and Quebec's National Holiday.
        #expect(try !open("CA-ON", "America/Toronto", "2026-02-16T12:00:00-05:00"))
        #expect(try open("CA-QC", "America/Toronto", "2026-02-16T12:00:00-05:00"))
        #expect(try open("CA-ON", "America/Toronto", "2026-06-24T12:00:00-04:00"))
        #expect(try !open("CA-QC", "America/Toronto", "2026-06-24T12:00:00-04:00"))
        // Chuseok: no rule closes it in Korea.
        #expect(try open("KR", "Asia/Seoul", "2026-09-25T12:00:00+09:00", "same"))
        #expect(try !open("KR", "Asia/Seoul", "2026-09-25T12:00:00+09:00"))
    }

    // MARK: 3, whose clock

    @Test("Shape 3, whose clock: an Eastern area code with a Pacific address gives 11:00 to 21:00 Eastern")
    func intersection() throws {
        var federal = try Place("US", nil, "window: {days: {mon-sun: '08:00-21:00'}}", head: "zone: {combine: all}")
        federal.person.recipient.region = "US-CA"
        federal.person.recipient.phone = "+12125550100"
        #expect(try federal.decide("2026-11-25T10:59:59-05:00").until == at("2026-11-25T11:00:00-05:00"))
        let open = try federal.decide("2026-11-25T11:00:00-05:00")
        #expect(open.sends && open.holdsUntil == at("2026-11-25T21:00:00.001-05:00"))
        #expect(try federal.decide("2026-11-25T21:00:00-05:00").sends)
        let late = try federal.decide("2026-11-25T21:00:01-05:00")
        #expect(late.decision == .defer(until: at("2026-11-26T11:00:00-05:00"), .quietHours))
        // Where the record knows the zone, nothing is only likely.
        federal.person.recipient.zones = ["America/Los_Angeles"]
        #expect(try federal.decide("2026-11-25T21:00:00-08:00").sends)
        #expect(try federal.decide("2026-11-25T21:00:01-08:00").until == at("2026-11-26T08:00:00-08:00"))
    }

    @Test("Shape 3, whose clock: Florida presumes that of the area code")
    func areaCode() throws {
        func florida(_ head: String) throws -> Place {
            var place = try Place("US-FL", nil, "window: {days: {mon-sun: '08:00-21:00'}}", head: head)
            place.person.recipient.phone = "+13055550100"
            return place
        }
        let presuming = try florida("zone: {from: [record, number, address]}")
        #expect(try presuming.decide("2026-11-25T07:59:59-05:00").until == at("2026-11-25T08:00:00-05:00"))
        #expect(try presuming.decide("2026-11-25T08:00:00-05:00").sends)
        // The state itself has two zones, and the western one opens an hour later.
        #expect(try florida("").decide("2026-11-25T08:00:00-05:00").until == at("2026-11-25T09:00:00-05:00"))
    }

    @Test("Shape 3, whose clock: a Massachusetts household goes by Eastern time wherever it is")
    func fixedClock() throws {
        var massachusetts = try Place(
            "US-MA", "America/Los_Angeles",
            "when: {role: [spouse, household]}, window: {days: {mon-sun: '08:00-21:00'}, clock: America/New_York}")
        #expect(try massachusetts.decide("2026-11-25T18:00:01-08:00").sends)
        massachusetts.person.recipient.role = .spouse
        #expect(try massachusetts.decide("2026-11-25T18:00:00-08:00").sends)
        let late = try massachusetts.decide("2026-11-25T18:00:01-08:00")
        #expect(late.decision == .defer(until: at("2026-11-26T05:00:00-08:00"), .quietHours))
    }

    @Test("Shape 3, whose clock: unknown holds, and Singapore's is presumed")
    func unknown() throws {
        func singapore(_ more: String) throws -> Explained {
            try Place(
                "SG", nil, "window: {days: {mon-sun: '08:00-21:00'}}", head: "zone: {from: [record]\(more)}"
            ).decide("2026-11-25T12:00:00+08:00")
        }
        #expect(try singapore("").decision == .hold(.unknownZone))
        let presumed = try singapore(", default: Asia/Singapore")
        #expect(presumed.sends && presumed.figures[0] == "none is known, sg presumes Asia/Singapore")
    }

    @Test("Shape 3, whose clock: the night of the change in New York and, by half an hour, on Lord Howe")
    func nightOfTheChange() throws {
        let federal = try Place("US", "America/New_York", "window: {days: {mon-sun: '08:00-21:00'}}")
        #expect(try federal.decide("2026-10-31T21:00:01-04:00").until == at("2026-11-01T08:00:00-05:00"))
        #expect(try federal.decide("2026-03-07T21:00:01-05:00").until == at("2026-03-08T08:00:00-04:00"))
        let island = try Place(
            "AU", "Australia/Lord_Howe", "window: {days: {mon-fri: '07:30-21:00', sat-sun: '09:00-21:00'}}")
        #expect(try island.decide("2026-10-03T21:00:01+10:30").until == at("2026-10-04T09:00:00+11:00"))
        #expect(try island.decide("2026-04-04T21:00:01+11:00").until == at("2026-04-05T09:00:00+10:30"))
        #expect(try island.decide("2026-10-04T21:00:00+11:00").sends)
        #expect(try !island.decide("2026-10-04T21:00:01+11:00").sends)
    }

    // MARK: 22, dispatch or receipt

    @Test("Shape 22, the time that is judged: South Africa goes by dispatch, a cautious sender by receipt")
    func dispatchOrReceipt() throws {
        func africa(_ judged: String) throws -> Place {
            try Place(
                "ZA", "Africa/Johannesburg",
                """
                window: {days: {mon-fri: '08:00-20:00', sat: '09:00-13:00', sun: closed}, end: excluded, \
                judged: {\(judged)}}
                """)
        }
        let dispatch = try africa("by: dispatch")
        #expect(try dispatch.decide("2026-11-28T12:59:59.999+02:00", over: .sms).sends)
        #expect(try dispatch.decide("2026-11-28T13:00:00+02:00", over: .sms).reason == .quietHours)
        let receipt = try africa("by: receipt, within: 15 minutes")
        let last = try receipt.decide("2026-11-28T12:44:59.999+02:00", over: .sms)
        #expect(last.sends && last.holdsUntil == at("2026-11-28T12:45:00+02:00"))
        let late = try receipt.decide("2026-11-28T12:45:00+02:00", over: .sms)
        #expect(late.decision == .defer(until: at("2026-11-30T08:00:00+02:00"), .quietHours))
        #expect(
            late.figures == [
                "12:45:00 Sat Africa/Johannesburg outside 09:00-13:00, end excluded, to arrive within 15 minutes, "
                    + "open from 2026-11-30T06:00:00Z"
            ])
    }

    @Test("Shape 22, the time that is judged: what arrives in the next interval arrives in time")
    func receiptInTheNextInterval() throws {
        let africa = try Place(
            "ZA", "Africa/Johannesburg",
            "window: {days: {mon-sun: ['08:00-12:00', '12:00-20:00']}, judged: {by: receipt, within: 15 minutes}}")
        let noon = try africa.decide("2026-11-25T11:50:00+02:00")
        #expect(noon.sends && noon.holdsUntil == at("2026-11-25T19:45:00.001+02:00"))
    }

    // MARK: 24, carriers

    @Test("Shape 24, carriers: India's refuse promotional texts that the law would allow")
    func carrier() throws {
        let law = try Place("IN", "Asia/Kolkata", "window: {days: {mon-sun: '08:00-19:00'}}")
        let carrier = try Place(
            "IN", "Asia/Kolkata",
            "window: {channels: [sms], days: {mon-sun: '10:00-21:00'}, clock: Asia/Kolkata, end: excluded}",
            head: "layer: carrier\nwhen: {purpose: [marketing]}", pack: "in-trai")
        #expect(carrier.policies.packs.map(\.layer) == [.carrier])
        let both = law.with(carrier.policies.packs)
        let early = "2026-11-25T09:59:59+05:30"
        let promotion = try both.decide(early, over: .sms, for: .marketing)
        #expect(promotion.decision == .defer(until: at("2026-11-25T10:00:00+05:30"), .quietHours))
        #expect(promotion.findings.filter { !$0.allows }.map(\.rule) == ["in-trai/r1"])
        #expect(try both.decide("2026-11-25T10:00:00+05:30", over: .sms, for: .marketing).sends)
        #expect(try both.decide(early, over: .sms, for: .reminder).sends)
        #expect(try both.decide(early, over: .call, for: .marketing).sends)
        // The carriers' longer evening does not loosen the law.
        #expect(try !both.decide("2026-11-25T19:00:01+05:30", over: .sms, for: .marketing).sends)
        #expect(try carrier.decide("2026-11-25T20:59:59.999+05:30", over: .sms, for: .marketing).sends)
        #expect(try !carrier.decide("2026-11-25T21:00:00+05:30", over: .sms, for: .marketing).sends)
    }
}
