// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension BlockedHours {
    /// Reads `mon-fri 09:00-12:00` or `sat 00:00-24:00`: a day or a range of days, which may pass Sunday, and hours of local
    /// time from 00:00 to 24:00. Nil for anything else.
    public init?(text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let weekdays = BlockedHours.weekdays(parts[0]) else { return nil }
        let times = parts[1].split(separator: "-", omittingEmptySubsequences: false).map(BlockedHours.minutes)
        guard times.count == 2, let from = times[0], let until = times[1], from < until else { return nil }
        self.init(weekdays: weekdays, from: from, until: until)
    }

    /// As a row writes it, the days in one range or in a list.
    var text: String {
        let days = Weekday.allCases.filter(contains)
        let isRange = days.count > 2 && days.last!.rawValue - days[0].rawValue == days.count - 1
        let names = (isRange ? [days[0], days.last!] : days).map(\.shortName)
        return
            "\(names.joined(separator: isRange ? "-" : ",")) \(BlockedHours.clock(from))-\(BlockedHours.clock(until))"
    }

    private static func weekdays(_ text: Substring) -> UInt8? {
        let days = text.split(separator: "-", omittingEmptySubsequences: false).map { name in
            Weekday.allCases.first { $0.shortName == name }
        }
        guard (1...2).contains(days.count), let first = days[0], let last = days[days.count - 1] else { return nil }
        let count = (last.rawValue - first.rawValue + 7) % 7
        return (0...count).reduce(0) { $0 | 1 << UInt8((first.rawValue + $1) % 7) }
    }

    /// Minutes after midnight of `HH:MM`.
    private static func minutes(_ text: Substring) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
            [0, 1, 3, 4].allSatisfy({ (0x30...0x39).contains(bytes[$0]) }),
            let hour = Int(text.prefix(2)), let minute = Int(text.suffix(2)), minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }

    private static func clock(_ minutes: Int) -> String {
        [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
