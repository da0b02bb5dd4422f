// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Reads the Time Zone Information Format, versions 1 to 4 (RFC 9636, before it RFC 8536).
enum TZif {
    /// What is wrong with a file.
    struct Malformed: Error, Hashable {
        var reason: String
    }

    /// The offsets of a zone from the bytes of its file.
    static func read(_ bytes: [UInt8]) throws(Malformed) -> ZoneOffsets {
        var cursor = Cursor(bytes)
        var header = try Header(&cursor)
        if header.version == 1 { return try offsets(Block(header, timeWidth: 4, &cursor), footer: []) }

        // From version 2 on the 32-bit block is there for old readers only: the 64-bit one and a footer follow it.
        _ = try cursor.take(header.blockLength(timeWidth: 4))
        header = try Header(&cursor)
        let block = try Block(header, timeWidth: 8, &cursor)
        guard cursor.rest.first == newline, let end = cursor.rest.dropFirst().firstIndex(of: newline) else {
            throw Malformed(reason: "the footer is cut off")
        }
        return try offsets(block, footer: cursor.rest.dropFirst()[..<end])
    }

    private static let newline = UInt8(ascii: "\n")

    private static func offsets(_ block: Block, footer: ArraySlice<UInt8>) throws(Malformed) -> ZoneOffsets {
        let rule = footer.isEmpty ? nil : PosixRule(text: footer)
        if !footer.isEmpty, rule == nil { throw Malformed(reason: "the footer is not a POSIX TZ rule") }
        return ZoneOffsets(initial: block.initial, changes: block.changes, rule: rule)
    }

    /// The 44 bytes before each data block.
    private struct Header {
        let version: Int
        let universalFlags, standardFlags, leapSeconds, times, types, nameBytes: Int

        init(_ cursor: inout Cursor) throws(Malformed) {
            guard try cursor.take(4).elementsEqual("TZif".utf8) else {
                throw Malformed(reason: "it does not begin with “TZif”")
            }
            switch try cursor.take(16).first {
            case 0: version = 1
            case UInt8(ascii: "2"): version = 2
            case UInt8(ascii: "3"): version = 3
            case UInt8(ascii: "4"): version = 4
            default: throw Malformed(reason: "its version is none of 1 to 4")
            }
            var counts: [Int] = []
            for _ in 0..<6 { counts.append(Int(UInt32(truncatingIfNeeded: try cursor.integer(4)))) }
            (universalFlags, standardFlags, leapSeconds) = (counts[0], counts[1], counts[2])
            (times, types, nameBytes) = (counts[3], counts[4], counts[5])
        }

        /// Cannot overflow: each count has 32 bits.
        func blockLength(timeWidth: Int) -> Int {
            times * (timeWidth + 1) + types * 6 + nameBytes + leapSeconds * (timeWidth + 4) + standardFlags
                + universalFlags
        }
    }

    /// The offset before the first change and the changes.
    private struct Block {
        let initial: Int
        let changes: [(time: Int64, offset: Int)]

        init(_ header: Header, timeWidth: Int, _ cursor: inout Cursor) throws(Malformed) {
            var block = Cursor(try cursor.take(header.blockLength(timeWidth: timeWidth)))
            guard header.leapSeconds == 0 else {
                throw Malformed(reason: "it counts leap seconds, which POSIX time does not")
            }
            guard (1...256).contains(header.types) else {
                throw Malformed(reason: "it has \(header.types) local time types, not 1 to 256")
            }

            var times: [Int64] = []
            times.reserveCapacity(header.times)
            for _ in 0..<header.times { times.append(try block.integer(timeWidth)) }
            guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw Malformed(reason: "its times are not in ascending order")
            }
            let typeIndices = try block.take(header.times)
            guard typeIndices.allSatisfy({ $0 < header.types }) else {
                throw Malformed(reason: "a change names a local time type that is not there")
            }
            var offsets: [Int] = []
            for _ in 0..<header.types {
                offsets.append(Int(try block.integer(4)))
                _ = try block.take(2)  // the daylight saving flag and the name: Dunlin needs neither
            }
            guard offsets.allSatisfy({ abs($0) < ZoneOffsets.limit }) else {
                throw Malformed(reason: "an offset is 26 hours or more")
            }
            try self.init(initial: offsets[0], zip(times, typeIndices.map { offsets[Int($0)] }).map { ($0, $1) })
        }

        /// Folds what no calendar reaches, such as the big bang of old zic versions, into the first offset.
        private init(initial: Int, _ all: [(time: Int64, offset: Int)]) throws(Malformed) {
            let farPast: Int64 = -377_705_116_800  // -9999-01-01
            let farFuture = Instant.distantFuture.seconds
            guard all.last.map({ $0.time <= farFuture }) ?? true else {
                throw Malformed(reason: "a change lies beyond the year 9999")
            }
            let first = all.firstIndex { $0.time > farPast } ?? all.count
            self.initial = first > 0 ? all[first - 1].offset : initial
            changes = Array(all[first...])
        }
    }

    /// Takes big-endian fields off the front; throws where there are too few bytes.
    private struct Cursor {
        private(set) var rest: ArraySlice<UInt8>

        init(_ bytes: [UInt8]) { rest = bytes[...] }
        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
            guard count <= rest.count else { throw Malformed(reason: "it is cut off") }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        /// A two's complement number of 4 or 8 bytes.
        mutating func integer(_ width: Int) throws(Malformed) -> Int64 {
            var bits: UInt64 = 0
            for byte in try take(width) { bits = bits << 8 | UInt64(byte) }
            return Int64(bitPattern: bits << UInt64(64 - width * 8)) >> Int64(64 - width * 8)
        }
    }
}
