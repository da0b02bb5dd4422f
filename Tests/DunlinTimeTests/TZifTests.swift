// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Testing

@testable import DunlinTime

@Suite struct TZifTests {
    @Test(arguments: [0, UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "4")])
    func everyVersionIsRead(version: UInt8) throws {
        let file = TZifBuilder(version: version, types: [3600, 7200], changes: [(100, 1), (200, 0)])
        let offsets = try TZif.read(file.bytes)
        #expect([-1, 99, 100, 199, 200, 1 << 40].map(offsets.offset) == [3600, 3600, 7200, 7200, 3600, 3600])
    }

    @Test func withoutAFooterTheLastOffsetStays() throws {
        let offsets = try TZif.read(TZifBuilder(types: [0, 5400], changes: [(1_000_000_000, 1)]).bytes)
        #expect(offsets.offset(at: 253_402_300_799) == 5400)
        #expect(offsets.nextChange(after: 1_000_000_000) == nil)
    }

    @Test func withoutChangesTheFooterHoldsForAllTime() throws {
        let offsets = try TZif.read(TZifBuilder(types: [-18000], footer: "EST5EDT,M3.2.0,M11.1.0").bytes)
        let summers = ["1800-07-01T00:00:00Z", "2026-07-01T00:00:00Z", "3000-07-01T00:00:00Z"]
        #expect(summers.map { offsets.offset(at: Instant(rfc3339: $0)!.seconds) } == [-14400, -14400, -14400])
    }

    /// Versions of zic before 2014 wrote a change at the big bang; adding to such times must not overflow.
    @Test func changesBeforeAllCalendarsCountAsTheFirstOffset() throws {
        let file = TZifBuilder(types: [0, 3600, 7200], changes: [(.min, 1), (-1 << 59, 2), (100, 0)])
        let offsets = try TZif.read(file.bytes)
        #expect(offsets.offset(at: 99) == 7200)
        #expect(offsets.nextChange(after: -1 << 50) == 100)
    }

    static let malformed: [(reason: String, bytes: [UInt8])] = [
        ("does not begin", Array("TZjf".utf8) + TZifBuilder().bytes.dropFirst(4)),
        ("does not begin", Array("# tzdb timezone descriptions".utf8)),
        ("version", TZifBuilder(version: UInt8(ascii: "9")).bytes),
        ("ascending", TZifBuilder(types: [0, 1], changes: [(200, 1), (100, 0)]).bytes),
        ("ascending", TZifBuilder(types: [0, 1], changes: [(100, 1), (100, 0)]).bytes),
        ("not there", TZifBuilder(types: [0, 1], changes: [(200, 2)]).bytes),
        ("9999", TZifBuilder(types: [0, 1], changes: [(1 << 50, 1)]).bytes),
        ("26 hours", TZifBuilder(types: [26 * 3600]).bytes),
        ("26 hours", TZifBuilder(types: [Int(Int32.min)]).bytes),
        ("0 local time types", TZifBuilder(types: []).bytes),
        ("257 local time types", TZifBuilder(types: Array(repeating: 0, count: 257)).bytes),
        ("leap seconds", TZifBuilder(leapSeconds: 27).bytes),
        ("POSIX TZ rule", TZifBuilder(footer: "EST5EDT").bytes),
        ("footer is cut off", TZifBuilder(footer: "UTC0").bytes.dropLast()),
        ("is cut off", TZifBuilder().bytes.replacing(32..<36, with: [255, 255, 255, 255])),
        ("is cut off", []),
    ]

    @Test(arguments: malformed.indices)
    func malformedFilesSayWhatIsWrong(index: Int) {
        let (expected, bytes) = TZifTests.malformed[index]
        let error = #expect(throws: TZif.Malformed.self) { try TZif.read(bytes) }
        #expect(error?.reason.contains(expected) == true, "\(error?.reason ?? "")")
    }

    @Test func everyTruncationIsAnError() throws {
        let bytes = try #require(try TZFiles.read("/usr/share/zoneinfo/Europe/Dublin"))
        for length in 0..<bytes.count {
            #expect(throws: TZif.Malformed.self) { try TZif.read(Array(bytes.prefix(length))) }
        }
    }

    /// Damaged files are an error or a zone whose every answer can be asked for, in bounded time and memory.
    @Test func randomDamageNeverCrashes() throws {
        var random = SeededRandom(seed: 9636)
        let files = try ["America/New_York", "Europe/Dublin", "Africa/Casablanca", "Asia/Kathmandu", "UTC"]
            .map { try #require(try TZFiles.read("/usr/share/zoneinfo/\($0)")) }
        var readable = 0
        for round in 0..<2000 {
            let bytes = damaged(files[round % files.count], &random)
            guard let offsets = try? TZif.read(bytes) else { continue }
            readable += 1
            let zone = Zone(name: "Damaged", offsets: offsets)
            for _ in 0..<5 {
                let instant = Instant(seconds: .random(in: -377_705_116_800...253_402_300_799, using: &random))
                let next = zone.nextTransition(after: instant)
                #expect(next.map { $0 > instant && zone.offset(at: $0) != zone.offset(at: instant) } ?? true)
                _ = zone.instant(of: zone.local(at: instant))
            }
        }
        #expect(readable > 100 && readable < 1900)
    }

    private func damaged(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<12, using: &random) {
            case 0: bytes.removeSubrange(place...)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(.random(in: 0...255, using: &random), at: place)
            case 3: bytes[min(20 + place % 24, bytes.count - 1)] = .random(in: 0...255, using: &random)
            default: bytes[place] = .random(in: 0...255, using: &random)
            }
            if bytes.isEmpty { break }
        }
        return bytes
    }
}

extension [UInt8] {
    fileprivate func replacing(_ range: Range<Int>, with new: [UInt8]) -> [UInt8] {
        var copy = self
        copy.replaceSubrange(range, with: new)
        return copy
    }
}
