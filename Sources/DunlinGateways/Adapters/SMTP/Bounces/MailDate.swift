// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension Instant {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Reads `Sat, 21 Nov 2026 18:53:00 +0000 (UTC)`, the weekday and the seconds optional (RFC 5322, section 3.3); a zone is
    /// four digits, or GMT, UT or UTC. Nil for anything else, the obsolete forms too.
    init?(rfc5322 text: String) {
        var words = text.prefix { $0 != "(" }.split { $0 == " " || $0 == "\t" }
        if words.first?.last == "," { words.removeFirst() }
        guard words.count == 5, let day = Instant.digits(words[0], 1...2), let year = Instant.digits(words[2], 4...4),
            let month = Instant.months.firstIndex(of: words[1].lowercased()),
            let date = CivilDate(year: year, month: month + 1, day: day),
            let offset = Instant.zone(words[4])
        else { return nil }
        let clock = words[3].split(separator: ":", omittingEmptySubsequences: false).map { Instant.digits($0, 2...2) }
        guard clock.count == 2 || clock.count == 3, let hour = clock[0], hour < 24, let minute = clock[1], minute < 60,
            let second = clock.count == 3 ? clock[2] : 0, second <= 60
        else { return nil }
        self.init(seconds: Int64(date.daysSince1970) * 86400 + Int64(hour * 3600 + minute * 60 + second - offset))
    }

    /// Seconds east of UTC.
    private static func zone(_ word: Substring) -> Int? {
        if ["gmt", "ut", "utc"].contains(word.lowercased()) { return 0 }
        guard let sign = word.first, sign == "+" || sign == "-", let number = digits(word.dropFirst(), 4...4),
            number % 100 < 60, number < 2400
        else { return nil }
        return (sign == "-" ? -1 : 1) * (number / 100 * 3600 + number % 100 * 60)
    }

    private static func digits(_ word: Substring, _ count: ClosedRange<Int>) -> Int? {
        count.contains(word.utf8.count) && word.utf8.allSatisfy(\.isASCIIDigit) ? Int(word) : nil
    }
}
