// SPDX-License-Identifier: Apache-2.0

import DunlinTestKit
import Testing

@testable import DunlinTime

@Suite struct PlaceNumberTests {
    static let places = Places(zones: ZoneDatabase())

    /// Each with its neighbour on the other side of a border.
    @Test(arguments: [
        ("+16175550123", "US-MA", "America/New_York"),  // Boston
        ("+12125550123", "US-NY", "America/New_York"),
        ("+12135550123", "US-CA", "America/Los_Angeles"),
        ("+18505550123", "US-FL", "America/New_York America/Chicago"),  // the panhandle
        ("+13055550123", "US-FL", "America/New_York"),  // Miami
        ("+14235550123", "US-TN", "America/New_York America/Chicago"),  // Chattanooga
        ("+18655550123", "US-TN", "America/New_York"),  // Knoxville
        ("+16155550123", "US-TN", "America/Chicago"),  // Nashville
        ("+19155550123", "US-TX", "America/Denver"),  // El Paso
        ("+14325550123", "US-TX", "America/Chicago"),  // Midland
        ("+19285550123", "US-AZ", "America/Phoenix America/Denver"),  // with the Navajo Nation
        ("+16025550123", "US-AZ", "America/Phoenix"),
        ("+12195550123", "US-IN", "America/Indiana/Indianapolis America/Chicago"),  // Gary
        ("+13175550123", "US-IN", "America/Indiana/Indianapolis"),
        ("+18085550123", "US-HI", "Pacific/Honolulu"),
        ("+13405550123", "US-VI", "America/St_Thomas"),
        ("+17875550123", "US-PR", "America/Puerto_Rico"),
        ("+18095550123", "DO", "America/Santo_Domingo"),
        ("+14165550123", "CA-ON", "America/Toronto"),
        ("+18075550123", "CA-ON", "America/Toronto America/Winnipeg America/Atikokan"),  // Thunder Bay
        ("+13065550123", "CA-SK", "America/Regina America/Swift_Current America/Edmonton"),
        ("+17805550123", "CA-AB", "America/Edmonton"),
        ("+17095550123", "CA-NL", "America/St_Johns America/Goose_Bay"),
        ("+19025550123", "CA-NS CA-PE", "America/Halifax"),
        ("+74951234567", "RU-MOW", "Europe/Moscow"),
        ("+74012123456", "RU-KGD", "Europe/Kaliningrad"),
        ("+73652123456", "UA-43 RU", "Europe/Simferopol Europe/Moscow"),
        ("+861012345678", "CN", "Asia/Shanghai"),  // Beijing
        ("+869911234567", "CN-XJ", "Asia/Shanghai Asia/Urumqi"),  // Ürümqi
        ("+8613812345678", "CN", "Asia/Shanghai Asia/Urumqi"),  // mobile
        ("+85221234567", "HK", "Asia/Hong_Kong"),
        ("+61291234567", "AU-NSW AU-ACT", "Australia/Sydney"),
        ("+61265081234", "AU-NSW", "Australia/Lord_Howe"),
        ("+61755123456", "AU-QLD AU-NSW", "Australia/Brisbane Australia/Sydney"),  // Tweed Heads
        (
            "+61891234567", "AU-SA AU-NT AU-WA AU-NSW",
            "Australia/Adelaide Australia/Darwin Australia/Perth Australia/Eucla Australia/Broken_Hill"
        ),
        ("+61891641234", "CX", "Indian/Christmas"),
        ("+5511912345678", "BR-SP", "America/Sao_Paulo"),  // mobile numbers have area codes, too
        ("+5568912345678", "BR-AC", "America/Rio_Branco"),
        ("+442071234567", "GB", "Europe/London"),
        ("+447700900123", "GB", "Europe/London"),
        ("+441481123456", "GG", "Europe/Guernsey"),
        ("+447797123456", "JE", "Europe/Jersey"),
        ("+443001234567", "GB GG IM JE", "Europe/London Europe/Guernsey Europe/Isle_of_Man Europe/Jersey"),
        ("+390669812345", "IT VA", "Europe/Rome Europe/Vatican"),
        ("+390669712345", "IT", "Europe/Rome"),
        ("+34928123456", "ES-CN", "Atlantic/Canary"),
        ("+34927123456", "ES", "Europe/Madrid Africa/Ceuta"),
        ("+34612345678", "ES", "Europe/Madrid Africa/Ceuta Atlantic/Canary"),  // mobile
        ("+38344123456", "XK", "Europe/Belgrade"),
        ("+29022222", "SH-HL", "Atlantic/St_Helena"),
    ])
    func tells(_ number: String, _ regions: String, _ zones: String) {
        #expect(PlaceNumberTests.places.regions(ofNumber: number).joined(separator: " ") == regions)
        #expect(PlaceNumberTests.places.zones(ofNumber: number).joined(separator: " ") == zones)
    }

    /// Numbers that tell the country only may be in any of its zones.
    @Test(arguments: [
        ("+79161234567", "RU"), ("+77271234567", "KZ"), ("+77011234567", "KZ"), ("+56912345678", "CL"),
        ("+5218112345678", "MX"), ("+62811234567", "ID"),
    ])
    func mobileNumbersMayBeAnywhereInTheirCountry(_ number: String, _ country: String) {
        let places = PlaceNumberTests.places
        #expect(places.regions(ofNumber: number) == [country])
        #expect(places.zones(ofNumber: number) == places.zones(ofRegion: country))
        #expect(places.zones(ofNumber: number).count > 1)
    }

    @Test func australianMobileNumbersMayBeOnItsIslands() {
        let places = PlaceNumberTests.places
        #expect(places.regions(ofNumber: "+61412345678") == ["AU", "CC", "CX"])
        #expect(
            Set(places.zones(ofNumber: "+61412345678"))
                == Set(["AU", "CC", "CX"].flatMap(places.zones(ofRegion:))))
    }

    @Test func alaskaReachesFromTheCapitalToTheAleutians() {
        let zones = PlaceNumberTests.places.zones(ofNumber: "+19075550123")
        #expect(Set(["America/Anchorage", "America/Juneau", "America/Adak"]).isSubset(of: zones))
        let north = PlaceNumberTests.places.zones(ofNumber: "+18675550123")
        #expect(Set(["America/Whitehorse", "America/Inuvik", "America/Iqaluit"]).isSubset(of: north))
        #expect(PlaceNumberTests.places.regions(ofNumber: "+18675550123") == ["CA-NT", "CA-NU", "CA-YT"])
    }

    @Test(arguments: [
        "+18005550123", "+18885550123", "+15005550123", "+19005550123", "+17105550123",  // toll-free, services
        "+15555550123", "+12005550123", "+19995550123", "+10005550123",  // not assigned
        "+80012345678", "+870773123456", "+881612345678", "+99912345678", "+2101234567",  // of no country
        "+78001234567",
        "", "+", "+1", "+161755", "16175550123", "0016175550123", "+1 617 555 0123", "+1-617-555-0123", "+1617555O123",
        "+1617555012345678", "++16175550123", "tel:+16175550123", "+١٦١٧٥٥٥٠١٢٣", "+1617\u{0}550123", "👩‍👩‍👧", "US-MA",
    ])
    func tellsNothing(_ number: String) {
        #expect(PlaceNumberTests.places.regions(ofNumber: number) == [])
        #expect(PlaceNumberTests.places.zones(ofNumber: number) == [])
    }

    @Test func aNumberHasSevenToFifteenDigits() {
        #expect(PlaceNumberTests.places.regions(ofNumber: "+683400") == [])
        #expect(PlaceNumberTests.places.regions(ofNumber: "+6834000") == ["NU"])
        #expect(PlaceNumberTests.places.regions(ofNumber: "+491234567890123") == ["DE"])
        #expect(PlaceNumberTests.places.regions(ofNumber: "+4912345678901234") == [])
    }

    @Test func anyNumberGivesInstalledZonesOfItsRegionsOrNothing() {
        var random = SeededRandom(seed: 20_261_121)
        let places = PlaceNumberTests.places
        let installed = Set(ZoneDatabase().names)
        var answered = 0
        for _ in 0..<20_000 {
            let number =
                "+"
                + (0..<Int.random(in: 5...17, using: &random)).map { _ in
                    String(Int.random(in: 0...9, using: &random))
                }.joined()
            let (regions, zones) = (places.regions(ofNumber: number), places.zones(ofNumber: number))
            #expect(regions.isEmpty == zones.isEmpty, "\(number)")
            #expect(installed.isSuperset(of: zones), "\(number)")
            #expect(Set(zones).isSubset(of: regions.flatMap(places.zones(ofRegion:))), "\(number)")
            answered += zones.isEmpty ? 0 : 1
        }
        #expect(answered > 5_000)
    }

    @Test func noTextIsTooStrange() {
        var random = SeededRandom(seed: 7)
        let pieces = ["+", "1", "7", "617", "44", "-", "US", "MA", " ", "é", "١", "\u{0}", "\u{fffd}", "🇺🇸", "\r\n"]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let mix = (0..<Int.random(in: 0...9, using: &random)).map { _ in pieces.randomElement(using: &random)! }
            for text in [String(decoding: bytes, as: UTF8.self), mix.joined(), "+" + mix.joined()] {
                let isNumber = text.utf8.first == UInt8(ascii: "+") && text.utf8.dropFirst().allSatisfy(\.isDigit)
                #expect(isNumber || PlaceNumberTests.places.zones(ofNumber: text).isEmpty, "\(text.debugDescription)")
                #expect(text.utf8.count <= 6 || PlaceNumberTests.places.zones(ofRegion: text).isEmpty)
            }
        }
    }
}
