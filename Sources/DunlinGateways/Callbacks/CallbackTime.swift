// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// How a gateway writes an instant: `unix`, `unix-ms`, `rfc3339`, or a pattern.
///
/// A pattern is read from the left: `YYYY` or `YY` (of this century), `MM`, `DD`, `HH`, `mm`, `ss`, `SSS` (a fraction of any
/// length), `ZZ` (`Z`, `+0800` or `+08:00`); other characters stand for themselves. Without `ZZ` it ends with a space and the
/// offset at which the gateway's clock stands, which is no part of the text: `YYYY-MM-DD HH:mm:ss +08:00`.
enum CallbackTime: Sendable {
    case unix
    case unixMilliseconds
    case rfc3339
    case pattern([Part], offset: Int?)

    enum Part: Sendable {
        case year, shortYear, month, day, hour, minute, second, fraction, zone
        case literal(UInt8)
    }

    init(_ value: YAMLValue) throws {
        let text = try value.string()
        switch text {
        case "unix": self = .unix
        case "unix-ms": self = .unixMilliseconds
        case "rfc3339": self = .rfc3339
        default:
            guard let pattern = CallbackTime.pattern(text) else {
                throw value.error(
                    expected: "unix, unix-ms, rfc3339 or a pattern with its offset such as YYYY-MM-DD HH:mm:ss +08:00",
                    suggestion: nearMiss(text, among: ["unix", "unix-ms", "rfc3339"]))
            }
            self = pattern
        }
    }

    /// Nil for what is not written so, or names no instant of the years 2000 to 9999.
    func instant(_ text: String) -> Instant? {
        let instant: Instant? =
            switch self {
            case .unix: CallbackTime.seconds(text)
            case .unixMilliseconds: CallbackTime.number(text, most: 15).map { Instant(milliseconds: $0) }
            case .rfc3339: Instant(rfc3339: text)
            case .pattern(let parts, let offset): CallbackTime.instant(text, parts, offset)
            }
        guard let instant, instant >= Instant(seconds: 946_684_800), instant <= .distantFuture else { return nil }
        return instant
    }

    // MARK: Reading

    private static func number(_ text: some StringProtocol, most digits: Int) -> Int64? {
        guard text.utf8.count <= digits, text.utf8.allSatisfy({ $0.isASCIIDigit }) else { return nil }
        return Int64(text)
    }

    /// `1529006854` or `1529006854.329574`
    private static func seconds(_ text: String) -> Instant? {
        let pieces = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = pieces.first, let whole = number(first, most: 12) else { return nil }
        guard pieces.count > 1 else { return Instant(seconds: whole) }
        guard !pieces[1].isEmpty, pieces[1].utf8.allSatisfy({ $0.isASCIIDigit }),
            let millis = Int64((pieces[1] + "00").prefix(3))
        else { return nil }
        return Instant(milliseconds: whole * 1000 + millis)
    }

    private static func instant(_ text: String, _ parts: [Part], _ fixed: Int?) -> Instant? {
        var rest = Array(text.utf8)[...]
        var (year, month, day, hour, minute, second, millis, offset) = (0, 1, 1, 0, 0, 0, 0, fixed ?? 0)
        func number(_ width: Int) -> Int? {
            let digits = rest.prefix(width)
            guard digits.count == width, digits.allSatisfy({ $0.isASCIIDigit }) else { return nil }
            rest = rest.dropFirst(width)
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        for part in parts {
            switch part {
            case .year: guard let read = number(4) else { return nil }; year = read
            case .shortYear: guard let read = number(2) else { return nil }; year = 2000 + read
            case .month: guard let read = number(2) else { return nil }; month = read
            case .day: guard let read = number(2) else { return nil }; day = read
            case .hour: guard let read = number(2), read < 24 else { return nil }; hour = read
            case .minute: guard let read = number(2), read < 60 else { return nil }; minute = read
            case .second: guard let read = number(2), read <= 60 else { return nil }; second = read
            case .fraction:
                let digits = rest.prefix { $0.isASCIIDigit }
                guard !digits.isEmpty else { return nil }
                rest = rest.dropFirst(digits.count)
                millis = (digits + [0x30, 0x30]).prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
            case .zone:
                guard let read = zone(&rest) else { return nil }
                offset = read
            case .literal(let byte): guard rest.popFirst() == byte else { return nil }
            }
        }
        guard rest.isEmpty, let date = CivilDate(year: year, month: month, day: day) else { return nil }
        let seconds = Int64(date.daysSince1970) * 86400 + Int64(hour * 3600 + minute * 60 + second - offset)
        return Instant(milliseconds: seconds * 1000 + Int64(millis))
    }

    /// Seconds east of UTC from `Z`, `+0800` or `+08:00`.
    private static func zone(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard let sign = rest.popFirst() else { return nil }
        if sign == UInt8(ascii: "Z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        var digits: [Int] = []
        while digits.count < 4, let byte = rest.popFirst() {
            if byte == UInt8(ascii: ":"), digits.count == 2 { continue }
            guard byte.isASCIIDigit else { return nil }
            digits.append(Int(byte - 0x30))
        }
        guard digits.count == 4, digits[0] < 2, digits[2] < 6 else { return nil }
        let seconds = (digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }

    // MARK: Loading

    private static let words: [(String, Part)] = [
        ("YYYY", .year), ("YY", .shortYear), ("MM", .month), ("DD", .day), ("HH", .hour), ("mm", .minute),
        ("ss", .second), ("SSS", .fraction), ("ZZ", .zone),
    ]

    private static func pattern(_ text: String) -> CallbackTime? {
        var rest = text[...]
        var offset: Int?
        if let space = text.lastIndex(of: " ") {
            var written = Array(text[text.index(after: space)...].utf8)[...]
            if let read = zone(&written), written.isEmpty {
                offset = read
                rest = text[..<space]
            }
        }
        var parts: [Part] = []
        var names: [String] = []
        while let character = rest.first {
            if let (word, part) = words.first(where: { rest.hasPrefix($0.0) }) {
                names.append(word)
                parts.append(part)
                rest = rest.dropFirst(word.count)
            } else {
                // A letter that stands for nothing is a mistake more often than a letter, but for RFC 3339's T.
                guard let byte = character.asciiValue, character == "T" || !byte.isASCIILetter else { return nil }
                parts.append(.literal(byte))
                rest = rest.dropFirst()
            }
        }
        let isWhole = ["MM", "DD", "HH", "mm"].allSatisfy(names.contains) && Set(names).count == names.count
        guard isWhole, names.contains("YYYY") != names.contains("YY"), names.contains("ZZ") != (offset != nil) else {
            return nil
        }
        return .pattern(parts, offset: offset)
    }
}
