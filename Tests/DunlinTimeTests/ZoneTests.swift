// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinTime

@Suite struct ZoneTests {
    private let database = ZoneDatabase()

    private func local(_ text: String) -> LocalTime {
        LocalTime(secondsSince1970: Instant(rfc3339: text + "Z")!.seconds)
    }

    @Test(arguments: [
        ("America/New_York", "2026-03-08 01:59:59", "2026-03-08T06:59:59Z"),
        ("America/New_York", "2026-03-08 02:00:00", "2026-03-08T07:00:00Z"),  // gap: 03:00
        ("America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:30:00Z"),  // gap: 03:30
        ("America/New_York", "2026-03-08 03:00:00", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-11-01 01:30:00", "2026-11-01T05:30:00Z"),  // fold: the first
        ("America/New_York", "2026-11-01 02:00:00", "2026-11-01T07:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-04 02:10:00", "2026-10-03T15:40:00Z"),  // gap of half an hour: 02:40
        ("Pacific/Apia", "2011-12-30 12:00:00", "2011-12-30T22:00:00Z"),  // the day that Samoa left out: the 31st
        ("Asia/Kathmandu", "2026-11-25 09:00:00", "2026-11-25T03:15:00Z"),
        ("America/New_York", "2700-07-01 12:00:00", "2700-07-01T16:00:00Z"),
    ])
    func instantsOfLocalTimes(name: String, wall: String, expected: String) throws {
        #expect(try database.zone(name).instant(of: local(wall)) == Instant(rfc3339: expected)!)
    }

    @Test func localTimeOfInstants() throws {
        let zone = try database.zone("America/St_Johns")
        let beforeEpoch = zone.local(at: Instant(milliseconds: -1))
        #expect("\(beforeEpoch)" == "1969-12-31 20:29:59")
        #expect("\(zone.local(at: Instant(rfc3339: "2026-11-25T13:00:00.999Z")!))" == "2026-11-25 09:30:00")
        #expect(beforeEpoch < LocalTime(date: beforeEpoch.date + 1, secondOfDay: 0))
    }

    @Test func nextTransitions() throws {
        let zone = try database.zone("Europe/Berlin")
        let summer = Instant(rfc3339: "2026-03-29T01:00:00Z")!
        #expect(zone.nextTransition(after: Instant(rfc3339: "2025-12-01T00:00:00Z")!) == summer)
        #expect(zone.nextTransition(after: Instant(milliseconds: summer.milliseconds - 1)) == summer)
        #expect(zone.nextTransition(after: summer) == Instant(rfc3339: "2026-10-25T01:00:00Z"))
        #expect(
            zone.nextTransition(after: Instant(rfc3339: "2499-03-31T00:00:00Z")!)?.description == "2499-10-25T01:00:00Z"
        )
        #expect(zone.nextTransition(after: Instant(rfc3339: "2499-12-01T00:00:00Z")!) == nil)
        #expect(try database.zone("Asia/Tokyo").nextTransition(after: summer) == nil)
    }

    @Test func linksAreZonesOfTheirOwnName() throws {
        let (old, new) = (try database.zone("US/Eastern"), try database.zone("America/New_York"))
        #expect(old.name == "US/Eastern")
        #expect(old != new && old.offsets == new.offsets)
        #expect(try database.zone("US/Eastern") === old)
        for name in ["UTC", "Etc/UTC", "Etc/GMT+5", "Asia/Calcutta", "Japan", "GB", "America/Argentina/Buenos_Aires"] {
            #expect(throws: Never.self) { try database.zone(name) }
        }
    }

    @Test(arguments: [
        ("America/New_Yrok", "did you mean America/New_York?"), ("america/new_york", "did you mean America/New_York?"),
        ("Europe/Kyif", "did you mean Europe/Kyiv?"), ("EST", "America/New_York or America/Panama"),
        ("PST", "America/Los_Angeles or Asia/Manila"), ("CET", "Europe/Berlin"), ("MST7MDT", "America/Denver"),
        ("pst", "America/Los_Angeles or Asia/Manila"), ("GMT", "UTC, Europe/London or Africa/Accra"),
    ])
    func wrongNamesGetANearMiss(name: String, remedy: String) {
        let error = #expect(throws: DunlinError.self) { try database.zone(name) }
        #expect(error?.kind == .usage)
        #expect(error?.what == "time zone \"\(name)\"")
        #expect(error?.remedy.hasSuffix(remedy) == true, "\(error?.remedy ?? "")")
    }

    @Test(arguments: [
        "", "/", "Factory", "localtime", "posixrules", "right/UTC", "posix/Europe/Berlin", "/usr/share/zoneinfo/UTC",
        "../zoneinfo/UTC", "Europe/../UTC", "./UTC", "Europe", "Europe/", "Europe//Berlin", "zone.tab", "tzdata.zi",
        "leapseconds", "UTC\u{0}", "UTC\n", "Europe/Berlin ", "Zürich", String(repeating: "A", count: 100_000), "UTC+8",
    ])
    func whatIsNotAZone(name: String) {
        let error = #expect(throws: DunlinError.self) { try database.zone(name) }
        #expect((error?.description.utf8.count ?? 1000) < 300)
    }

    @Test func aMillionWrongNamesStayCheap() {
        for number in 0..<100 { #expect(throws: DunlinError.self) { try database.zone("X\(number)") } }
        let error = #expect(throws: DunlinError.self) { try database.zone("Europe/Berln") }
        #expect(error?.remedy == "write an IANA name, such as America/New_York")
        database.reload()
        let fresh = #expect(throws: DunlinError.self) { try database.zone("Europe/Berln") }
        #expect(fresh?.remedy == "did you mean Europe/Berlin?")
    }
}
