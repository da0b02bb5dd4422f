// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// The figures of a window's finding. Made on every send, so: one allocation, bytes copied into it.
enum Figures {
    private static let weekdays = Weekday.allCases.map {
        $0.shortName.prefix(1).uppercased() + $0.shortName.dropFirst()
    }

    /// `09:14:07 Thu America/New_York within 08:00-21:00`, or `…, closed (Thanksgiving)` on a holiday.
    static func reading(_ clock: LocalClock, in day: (hours: DayHours, holiday: String?), isOpen: Bool) -> String {
        let weekday = weekdays[clock.date.weekday.rawValue]
        let verdict = isOpen ? " within " : day.hours.intervals.isEmpty ? ", " : " outside "
        let (zone, hours) = (clock.zone.name, day.hours.description)
        let holiday = day.holiday.map { " (\($0))" } ?? ""
        let length = zone.utf8.count + hours.utf8.count + holiday.utf8.count + 32
        return String(unsafeUninitializedCapacity: length) { buffer in
            var writer = ByteWriter(buffer)
            writer.time(clock.time, withMilliseconds: !isOpen)
            writer.text(" ")
            writer.text(weekday)
            writer.text(" ")
            writer.text(zone)
            writer.text(verdict)
            writer.text(hours)
            writer.text(holiday)
            return writer.count
        }
    }
}

/// Writes text into memory that is long enough.
private struct ByteWriter {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func text(_ text: String) {
        count = buffer[count...].initialize(fromContentsOf: text.utf8)
    }

    /// `hh:mm:ss`, and parts of a second where they matter: half a second past the end would look like the end.
    mutating func time(_ time: Int64, withMilliseconds: Bool) {
        let (second, milliseconds) = (Int(time / 1000), Int(time % 1000))
        twoDigits(second / 3600)
        byte(":")
        twoDigits(second / 60 % 60)
        byte(":")
        twoDigits(second % 60)
        guard withMilliseconds, milliseconds != 0 else { return }
        byte(".")
        twoDigits(milliseconds / 10)
        digit(milliseconds % 10)
    }

    private mutating func twoDigits(_ number: Int) {
        digit(number / 10)
        digit(number % 10)
    }

    private mutating func digit(_ digit: Int) { byte(UnicodeScalar(UInt8(48 + digit))) }

    private mutating func byte(_ character: UnicodeScalar) {
        buffer[count] = UInt8(ascii: character)
        count += 1
    }
}
