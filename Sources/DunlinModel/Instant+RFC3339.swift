// SPDX-License-Identifier: Apache-2.0

extension Instant: CustomStringConvertible {
    /// Reads an RFC 3339 timestamp such as `2026-11-25T09:00:00Z` or `2026-11-25T09:00:00.250+08:00`.
    ///
    /// The offset is required (a time without one does not name an instant), the seconds are not; a fraction beyond
    /// milliseconds is cut off; a leap second reads as the second after it. Returns nil for anything else.
    public init?(rfc3339 text: String) {
        var text = text
        guard let milliseconds = text.withUTF8({ Instant.milliseconds(rfc3339: DigitReader($0)) }) else { return nil }
        self.init(milliseconds: milliseconds)
    }

    private static func milliseconds(rfc3339 text: DigitReader) -> Int64? {
        var digits = text
        guard let year = digits.number(4), digits.skip("-"), let month = digits.number(2), digits.skip("-"),
            let day = digits.number(2), digits.skip("T") || digits.skip("t") || digits.skip(" "),
            let hour = digits.number(2), digits.skip(":"), let minute = digits.number(2), hour < 24, minute < 60,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var second = 0
        if digits.skip(":") {
            guard let written = digits.number(2), written <= 60 else { return nil }
            second = written
        }
        guard let fraction = digits.fraction(), let offset = digits.offset(), digits.isAtEnd else { return nil }
        let seconds = Int64(date.daysSince1970) * 86400 + Int64(hour * 3600 + minute * 60 + second - offset)
        return seconds * 1000 + Int64(fraction)
    }

    /// The instant in RFC 3339, in UTC, with milliseconds only where there are any.
    public var description: String {
        let days = seconds.flooredQuotient(by: 86400)
        let time = Int(seconds - days * 86400)
        let millis = Int(milliseconds - seconds * 1000)
        let clock = [time / 3600, time / 60 % 60, time % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(CivilDate(daysSince1970: Int(days)))T\(clock)\(millis == 0 ? "" : "." + padded(millis, 3))Z"
    }
}

/// A number with leading zeros up to `width`.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(abs(number))
    return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// Reads fixed-width decimal fields off the front of a text. Over plain bytes, because rows of a million have five each
/// and a generic reader would not be specialized for its callers in other modules.
struct DigitReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func number(_ width: Int) -> Int? {
        guard position + width <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + width] {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        position += width
        return value
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Milliseconds of an optional `.fraction`; nil if the point has no digit after it.
    mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        var millis = 0
        var count = 0
        while let digit = number(1) {
            if count < 3 { millis = millis * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in count..<max(3, count) { millis *= 10 }
        return millis
    }

    /// Seconds east of UTC from `Z` or `±hh:mm`.
    mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else {
            return nil
        }
        return sign * (hours * 3600 + minutes * 60)
    }
}
