// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension PosixRule {
    /// Reads a `TZ` text; nil if it is not one, or has daylight saving time without saying when.
    init?(text: some Sequence<UInt8>) {
        var scanner = Scanner(text)
        guard scanner.skipName(), let west = scanner.time(hours: 0...24) else { return nil }
        self.init(standard: -west, daylight: nil)
        if scanner.isAtEnd { return }

        guard scanner.skipName() else { return nil }
        var offset = standard + 3600
        if scanner.next != UInt8(ascii: ",") {
            guard let west = scanner.time(hours: 0...24) else { return nil }
            offset = -west
        }
        guard scanner.skip(","), let start = scanner.changeover(), scanner.skip(","), let end = scanner.changeover(),
            scanner.isAtEnd, abs(offset) < ZoneOffsets.limit
        else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    /// Reads the parts of a `TZ` text from left to right; each function returns nil where its part is not.
    private struct Scanner {
        private let bytes: [UInt8]
        private var position = 0

        init(_ text: some Sequence<UInt8>) { bytes = Array(text) }

        var next: UInt8? { position < bytes.count ? bytes[position] : nil }
        var isAtEnd: Bool { next == nil }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard next == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        /// An abbreviation: three or more letters, or `<+0330>`.
        mutating func skipName() -> Bool {
            let quoted = skip("<")
            let start = position
            while let byte = next, byte.isLetter || (quoted && (byte.isDigit || byte.isSign)) { position += 1 }
            return position - start >= 3 && (!quoted || skip(">"))
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            var value: Int?
            while let byte = next, byte.isDigit, (value ?? 0) < 1000 {
                value = (value ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
                position += 1
            }
            return value.flatMap { range.contains($0) ? $0 : nil }
        }

        /// Seconds of `[+-]h[:mm[:ss]]`.
        mutating func time(hours: ClosedRange<Int>) -> Int? {
            let sign = skip("-") ? -1 : 1
            if sign == 1 { _ = skip("+") }
            guard let hour = number(hours) else { return nil }
            var seconds = hour * 3600
            for unit in [60, 1] where skip(":") {
                guard let part = number(0...59) else { return nil }
                seconds += part * unit
            }
            return sign * seconds
        }

        /// `Jn`, `n` or `Mm.w.d`, then perhaps `/time`; two o'clock if there is none.
        mutating func changeover() -> Changeover? {
            guard let day = day() else { return nil }
            guard skip("/") else { return Changeover(day: day, time: 2 * 3600) }
            return time(hours: 0...167).map { Changeover(day: day, time: $0) }
        }

        private mutating func day() -> Day? {
            if skip("J") { return number(1...365).map { .withoutLeapDay($0) } }
            guard skip("M") else { return number(0...365).map { .zeroBased($0) } }
            guard let month = number(1...12), skip("."), let week = number(1...5), skip("."), let day = number(0...6)
            else { return nil }
            // POSIX counts from Sunday.
            return .weekday(Weekday(rawValue: (day + 6) % 7)!, week: week, month: month)
        }
    }
}

extension UInt8 {
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
    var isSign: Bool { self == UInt8(ascii: "+") || self == UInt8(ascii: "-") }
}
