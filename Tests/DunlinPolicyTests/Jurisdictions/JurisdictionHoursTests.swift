// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// The contact hours of each place, at both sides of every boundary. The figures are typed from the research and not read
/// from the packs, so that a slip in a pack shows.
struct JurisdictionHoursTests {
    /// Whatever reaches the person. A task is bound by what names no channel, and by `strict` where that says nothing of hours.
    static let messages: [Channel] = [.sms, .email, .call, .chat]

    struct Hours: Sendable, CustomTestStringConvertible {
        let region: String
        /// Hours of a Wednesday, a Saturday and a Sunday; none is closed.
        let days: [[String]]
        var channels = JurisdictionHoursTests.messages
        var party = Party.collector
        var purpose = Purpose.reminder
        var lastInstantIsOpen = true

        init(
            _ region: String, _ wednesday: String, _ saturday: String = "", _ sunday: String = "",
            over channels: [Channel] = JurisdictionHoursTests.messages, by party: Party = .collector,
            for purpose: Purpose = .reminder,
            lastInstantIsOpen: Bool = true
        ) {
            self.region = region
            days = [wednesday, saturday, sunday].map { $0.split(separator: " ").map(String.init) }
            self.channels = channels
            self.party = party
            self.purpose = purpose
            self.lastInstantIsOpen = lastInstantIsOpen
        }

        var testDescription: String { "\(region), \(purpose.rawValue) by a \(party.rawValue)" }
    }

    /// The same hours every day.
    private static func daily(
        _ region: String, _ hours: String, over channels: [Channel] = JurisdictionHoursTests.messages,
        by party: Party = .collector,
        for purpose: Purpose = .reminder, lastInstantIsOpen: Bool = true
    ) -> Hours {
        Hours(
            region, hours, hours, hours, over: channels, by: party, for: purpose, lastInstantIsOpen: lastInstantIsOpen)
    }

    static let ofLaw: [Hours] = [
        daily("US-NY", "08:00-21:00"),
        daily("US-NY", "08:00-21:00", over: [.sms, .call], by: .bank, for: .marketing),
        daily("US-NY-NYC", "08:00-21:00"),
        daily("US-MA", "08:00-21:00", by: .lender),
        daily("US-WA", "08:00-21:00", lastInstantIsOpen: false),
        daily("US-DC", "08:00-21:00", by: .bank),
        daily("US-FL", "08:00-21:00", over: [.sms, .call], by: .bank, lastInstantIsOpen: false),
        // Florida leaves mails out; Regulation F does not.
        daily("US-FL", "08:00-21:00", over: [.email]),
        daily("US-FL", "08:00-20:00", over: [.sms, .call], by: .bank, for: .marketing),
        daily("CN", "08:00-22:00", by: .bank, lastInstantIsOpen: false),
        daily("CN", "08:00-22:00", by: .lender, lastInstantIsOpen: false),
        daily("JP", "08:00-21:00", lastInstantIsOpen: false),
        daily("KR", "08:00-21:00", lastInstantIsOpen: false),
        daily("IN", "08:00-19:00"),
        daily("IN", "10:00-19:00", over: [.sms], for: .marketing),
        Hours("ID", "08:00-20:00", "08:00-20:00"),
        daily("PH", "06:00-22:00", by: .lender),
        Hours("TH", "08:00-20:00", "08:00-18:00", "08:00-18:00"),
        daily("VN", "07:00-21:00", by: .lender),
        Hours("AU", "07:30-21:00", "09:00-21:00", "09:00-21:00"),
        Hours("CA-ON", "07:00-21:00", "07:00-21:00", "13:00-17:00"),
        Hours("CA-QC", "08:00-20:00", "08:00-20:00"),
        Hours("FR", "10:00-13:00 14:00-20:00", over: [.call], for: .marketing),
        Hours("FR", "08:30-20:00", "08:30-20:00", over: [.sms], for: .marketing),
        Hours("DE", "08:00-20:00", "09:00-18:00", over: [.call], for: .marketing),
        Hours("ES", "09:00-21:00", over: [.call], for: .marketing),
        Hours("IT", "08:30-21:00", "08:30-15:00"),
        Hours("MX", "07:00-22:00"),
        Hours("BR-SP", "08:00-20:00", "08:00-14:00"),
        Hours("BR-RJ", "09:00-19:00"),
        Hours("BR-ES", "08:00-19:00"),
        Hours("BR-AL", "08:00-20:00", "08:00-14:00"),
        Hours("BR-AM", "09:00-19:00"),
        Hours("CO", "07:00-19:00", "08:00-15:00"),
        Hours("CL", "08:00-20:00", "08:00-20:00"),
        Hours("ZA", "08:00-20:00", "09:00-13:00", for: .marketing, lastInstantIsOpen: false),
        Hours("RU", "08:00-22:00", "09:00-20:00", "09:00-20:00"),
        Hours("UA", "09:00-20:00", lastInstantIsOpen: false),
        Hours("KZ", "08:00-21:00"),
    ]

    /// Where the packs have no hours for a reminder, the pack strict gives them.
    static let ofStrict: [Hours] =
        [
            "AR", "BR", "BR-PR", "CA-BC", "DE", "ES", "FR", "GB", "HK", "IE", "KE", "MY", "NG", "PL", "SG", "TW", "ZA",
        ].map { Hours($0, "09:00-20:00", "09:00-20:00") }
        + ["IT", "MX", "PH", "US-NY", "US-NY-NYC", "VN"].map {
            Hours($0, "09:00-20:00", "09:00-20:00", by: .bank)
        }

    /// What some packs need before they allow anything.
    static let before = ["consent 2020-01-01 12:00", "notice 2020-01-01 12:00", "call 2026-10-01 12:00"]

    @Test("Open at the first instant and shut before, open at the last and shut after", arguments: ofLaw + ofStrict)
    func boundaries(_ hours: Hours) throws {
        let past = try Self.before.map { try Jurisdictions.contact($0, in: hours.region) }
        // Days on which no place of the table has a holiday.
        for (day, intervals) in zip(["2026-12-02", "2026-12-05", "2026-12-06"], hours.days) {
            func isOpen(_ now: Instant, _ channel: Channel) throws -> Bool {
                try Jurisdictions.decide(
                    hours.region, at: now, over: channel, party: hours.party, purpose: hours.purpose, past: past
                ).sends
            }
            for channel in hours.channels {
                if intervals.isEmpty {
                    for hour in 10...23 {
                        let now = try Jurisdictions.instant("\(day) \(hour):30", in: hours.region)
                        #expect(try !isOpen(now, channel), "\(day) \(hour):30 \(channel)")
                    }
                }
                for interval in intervals {
                    let ends = try interval.split(separator: "-").map {
                        try Jurisdictions.instant("\(day) \($0)", in: hours.region)
                    }
                    #expect(try !isOpen(ends[0] - .seconds(1), channel), "before \(interval) \(day) \(channel)")
                    #expect(try isOpen(ends[0], channel), "from \(interval) \(day) \(channel)")
                    #expect(try isOpen(ends[1] - .seconds(1), channel), "within \(interval) \(day) \(channel)")
                    #expect(
                        try isOpen(ends[1], channel) == hours.lastInstantIsOpen, "end of \(interval) \(day) \(channel)")
                    #expect(try !isOpen(ends[1] + .seconds(1), channel), "after \(interval) \(day) \(channel)")
                }
            }
        }
    }

    /// Italy's hours name every channel there was; China's name none.
    @Test(arguments: [("IT", "08:45", false), ("IT", "12:00", true), ("CN", "08:00", true), ("CN", "07:59", false)])
    func hoursOfTasks(_ region: String, _ time: String, _ expected: Bool) throws {
        let past = try Self.before.map { try Jurisdictions.contact($0, in: region) }
        let now = try Jurisdictions.instant("2026-12-02 \(time)", in: region)
        let answer = try Jurisdictions.decide(region, at: now, over: .task, party: .lender, past: past)
        #expect(answer.sends == expected, "\(answer.decision)")
    }

    @Test("Nobody, anywhere, is contacted at three in the morning", arguments: Jurisdictions.zones.keys.sorted())
    func threeInTheMorning(_ region: String) throws {
        let past = try Self.before.map { try Jurisdictions.contact($0, in: region) }
        let now = try Jurisdictions.instant("2026-12-02 03:00", in: region)
        for party in Party.allCases.map(Optional.some) + [nil] {
            for purpose in Purpose.allCases {
                for channel in Channel.allCases {
                    let answer = try Jurisdictions.decide(
                        region, at: now, over: channel, party: party, purpose: purpose, past: past)
                    #expect(!answer.sends, "\(purpose) by \(String(describing: party)) over \(channel)")
                }
            }
        }
    }
}
