// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Inputs that nobody would write: real ones with bytes lost, doubled, changed, and with pieces of the format thrown in.
///
/// `DUNLIN_FUZZ_CASES=1000000 swift test --filter Fuzz` tries so many instead of the share that is part of every run;
/// `DUNLIN_FUZZ_SEED` starts elsewhere. An input is known by its number.
public struct Fuzzer {
    private static let environment = ProcessInfo.processInfo.environment
    public static let cases = environment["DUNLIN_FUZZ_CASES"].flatMap(UInt64.init) ?? 2000
    public static let firstSeed = environment["DUNLIN_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
    public static var isLong: Bool { environment["DUNLIN_FUZZ_CASES"] != nil }

    public var random: SeededRandom
    private let pieces: [[UInt8]]

    /// - Parameter pieces: of the format: brackets, keywords, its favourite characters.
    public init(number: UInt64, pieces: [String]) {
        random = SeededRandom(seed: Fuzzer.firstSeed &+ number)
        self.pieces = pieces.map { Array($0.utf8) }
    }

    public mutating func one<Choices: Collection>(of choices: Choices) -> Choices.Element {
        choices.randomElement(using: &random)!
    }

    /// `text` after a few mishaps.
    public mutating func spoiled(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) { mishap(&bytes) }
        return bytes
    }

    private mutating func mishap(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...40, using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 2: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 4: bytes.removeSubrange(place...)
        default:
            let piece = pieces.randomElement(using: &random) ?? []
            let count = [1, 1, 1, 2, 50].randomElement(using: &random)!
            bytes.insert(contentsOf: (0..<count).flatMap { _ in piece }, at: place)
        }
    }
}
