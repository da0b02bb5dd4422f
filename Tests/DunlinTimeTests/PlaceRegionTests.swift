// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DunlinTime

@Suite struct PlaceRegionTests {
    static let places = Places(zones: ZoneDatabase())

    @Test(arguments: [
        ("US-MA", "America/New_York"), ("US-FL", "America/New_York America/Chicago"),
        ("US-TX", "America/Chicago America/Denver"),
        ("US-PR", "America/Puerto_Rico"), ("PR", "America/Puerto_Rico"),
        ("CA-NL", "America/St_Johns America/Goose_Bay"),
        ("AU-NT", "Australia/Darwin"), ("ES-CN", "Atlantic/Canary"), ("PT-20", "Atlantic/Azores"),
        ("CL-AI", "America/Coyhaique"),
        ("CN-XJ", "Asia/Shanghai Asia/Urumqi"), ("CN-GD", "Asia/Shanghai"), ("DE", "Europe/Berlin Europe/Busingen"),
        ("DE-BY", "Europe/Berlin Europe/Busingen"), ("FR", "Europe/Paris"), ("FR-75", "Europe/Paris"),
        ("FR-974", "Indian/Reunion"), ("GB-SCT", "Europe/London"), ("NO", "Europe/Oslo"), ("XK", "Europe/Belgrade"),
        ("XK-1", "Europe/Belgrade"), ("MN-1", "Asia/Ulaanbaatar"),
    ])
    func hasZones(_ region: String, _ zones: String) {
        #expect(PlaceRegionTests.places.zones(ofRegion: region).joined(separator: " ") == zones)
    }

    @Test(arguments: [
        "", "U", "us", "us-ma", "US-", "US-MASS", "US_MA", "USA", "ZZ", "ZZ-ZZ", "Ü", "-US", "US MA", "1-US", "EU",
    ])
    func isNoRegion(_ text: String) {
        #expect(PlaceRegionTests.places.zones(ofRegion: text) == [])
    }

    /// A subdivision that nobody listed may be anywhere in its country.
    @Test func anUnknownSubdivisionHasAllZonesOfItsCountry() {
        let places = PlaceRegionTests.places
        #expect(places.zones(ofRegion: "US-ZZ") == places.zones(ofRegion: "US"))
        #expect(places.zones(ofRegion: "US").count > 20)
        #expect(Set(places.zones(ofRegion: "US")).isSuperset(of: ["America/New_York", "Pacific/Honolulu"]))
    }

    @Test func everyZoneOfTheTablesIsOneOfZoneTab() throws {
        let table = try #require(try TZFiles.read("/usr/share/zoneinfo/zone.tab"))
        let known = Set(
            String(decoding: table, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { $0.split(separator: "\t")[2] })
        var count = 0
        for bytes in [PackageResources.numbers_txt, PackageResources.regions_txt] {
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
            for word in lines.flatMap({ $0.split { $0 == " " || $0 == ":" } }) where word.contains("/") {
                #expect(known.contains(word))
                count += 1
            }
        }
        #expect(count > 250)
    }

    @Test func everyCountryOfZoneTabHasZones() throws {
        let table = try #require(try TZFiles.read("/usr/share/zoneinfo/zone.tab"))
        let rows = String(decoding: table, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
        for row in rows.map({ $0.split(separator: "\t") }) {
            #expect(PlaceRegionTests.places.zones(ofRegion: String(row[0])).contains(String(row[2])))
        }
        #expect(rows.count > 400)
    }

    @Test func withoutTzdataNothingIsKnownOfZones() {
        let places = Places(zones: ZoneDatabase(directory: "/nonexistent"))
        #expect(places.zones(ofNumber: "+16175550123") == [])
        #expect(places.zones(ofRegion: "US-MA") == [])
        #expect(places.zones(ofRegion: "FR") == [])
        #expect(places.regions(ofNumber: "+16175550123") == ["US-MA"])
    }

    /// An older tzdata lacks the newest zones: the rest holds, and where nothing is left the whole country does.
    @Test func aZoneThatIsNotInstalledIsLeftOut() {
        let table = RegionTable(
            subdivisions: "A/New A/Old: AA-1\nA/New: AA-2\n",
            countries: "# code\nAA\t+00\tA/Old\nAA,BB\t+00\tA/Main\nAA\t+00\tA/New\n",
            installed: ["A/Old", "A/Main"])
        #expect(table.zones(of: "AA-1") == ["A/Old"])
        #expect(table.zones(of: "AA-2") == ["A/Old", "A/Main"])
        #expect(table.zones(of: "BB") == ["A/Main"])
        let numbers = PlaceTables(numbers: "+99 AA\nAA-1: 5\nAA A/New: 6\nAA A/Main: 7\nnone: 70\n", regions: table)
        #expect(numbers.zones(ofNumber: "+9911111") == ["A/Old", "A/Main"])
        #expect(numbers.zones(ofNumber: "+9951111") == ["A/Old"])
        #expect(numbers.zones(ofNumber: "+9961111") == ["A/Old", "A/Main"])
        #expect(numbers.zones(ofNumber: "+9971111") == ["A/Main"])
        #expect(numbers.zones(ofNumber: "+9970111") == [])
    }

    @Test func theLongestPrefixDecides() {
        var tree = PrefixTree()
        let isNew = [tree.insert(1, at: "4"), tree.insert(2, at: "4412"), tree.insert(3, at: "4412")]
        #expect(isNew == [true, true, false])
        #expect(tree.value(ofNumber: "+4411999") == 1)
        #expect(tree.value(ofNumber: "+4412999") == 2)
        #expect(tree.value(ofNumber: "+5412999") == 0)
    }
}
