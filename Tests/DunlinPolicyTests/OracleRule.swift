// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import DunlinTime

// The pack language a second time, as the oracle knows it: docs/add-a-rule.md and docs/events.md turned into plain values.

struct OraclePack {
    enum Applies: Equatable { case always, byDefault, regions([String]) }

    var name: String
    var applies = Applies.always
    var when = OracleConditions()
    /// Empty: record, address, number.
    var zoneSources: [ZoneSource] = []
    var combinesZones = false
    var presumedZone: String?
    /// 1 May, 25 December and the fourth Thursday of November.
    var hasHolidays = true
    var rules: [OracleRule]
}

struct OracleRule {
    enum Kind {
        case window(OracleWindow)
        case cap(OracleCap)
        case coolOff(after: [ContactKind], for: OracleLength, per: [CountingKey.Part])
        case needs(OracleNeed)
        case oneChannel(per: [CountingKey.Part], period: OracleLength)
        case borrowerHours
        case only(roles: [Role], purposes: [Purpose])
        case content(require: [String], forbid: [String], languages: [String])
    }

    var id: String
    /// Empty: all of them.
    var channels: [Channel] = []
    var strength = Strength.ban
    var then = Consequence.defer
    var when = OracleConditions()
    var unless: [OracleRelaxation] = []
    var kind: Kind
}

/// An empty part asks for nothing.
struct OracleConditions {
    var parties: [Party] = []
    var products: [String] = []
    var roles: [Role] = []
    var purposes: [Purpose] = []
    var over: Int?
    var atMost: Int?
    var phase: Conditions.Phase?
    var from: CivilDate?
    var until: CivilDate?
}

struct OracleRelaxation {
    var conditions = OracleConditions()
    var event: ContactKind?
    var length: OracleLength?
    var per: [CountingKey.Part] = []
}

struct OracleWindow {
    typealias Hours = [ClosedRange<Int>]
    /// Minutes after midnight of each weekday, Monday first, and those of holidays if they differ.
    var week: [Hours]
    var holiday: Hours?
    var clock: String?
    var endIncluded = true
    /// Minutes that a message may take to arrive.
    var margin = 0
}

struct OracleCap {
    var limit: Int
    /// Minutes of talk that a call of unknown length lasts; nil where contacts are counted.
    var assume: Int?
    var per: [CountingKey.Part]
    var period: OracleLength
    /// `attempt`, `reached` and kinds of events, as the pack writes them.
    var counts: [String] = ["attempt"]
    var startsAfter: ContactKind?
}

struct OracleNeed {
    var event: ContactKind
    var wait: OracleLength?
    var within: OracleLength?
    var per: [CountingKey.Part]
    /// Empty: any channel.
    var over: [Channel] = []
}

/// How long something counts.
enum OracleLength: Equatable {
    case minutes(Int), hours(Int), days(Int), months(Int), businessDays(Int)
    case calendar(Period.Unit)
    case ownEnd(atMost: Int?)
    case untilLifted

    /// Milliseconds, where they do not depend on a calendar.
    var exact: Int64? {
        switch self {
        case .minutes(let n): Int64(n) * 60_000
        case .hours(let n): Int64(n) * 3_600_000
        default: nil
        }
    }

    /// Whether a contact of `then` still counts at `now`, with the days that the wall clock showed and shows.
    func counts(
        _ then: (at: Instant, day: CivilDate), at now: (at: Instant, day: CivilDate), isHoliday: (CivilDate) -> Bool
    ) -> Bool {
        if then.at > now.at { return true }
        let (a, b) = (then.day.components, now.day.components)
        switch self {
        case .minutes(let n): return now.at.milliseconds - then.at.milliseconds < Int64(n) * 60_000
        case .hours(let n): return now.at.milliseconds - then.at.milliseconds < Int64(n) * 3_600_000
        case .days(let n): return now.day.daysSince1970 - then.day.daysSince1970 < n
        case .months(let n): return (b.year * 12 + b.month, b.day) < (a.year * 12 + a.month + n, a.day)
        case .businessDays(let n):
            var passed = 0
            var day = then.day + 1
            while day < now.day {
                if day.weekday != .saturday, day.weekday != .sunday, !isHoliday(day) { passed += 1 }
                day = day + 1
            }
            return passed < n
        case .calendar(.day): return then.day == now.day
        case .calendar(.week):
            return then.day.daysSince1970 - then.day.weekday.rawValue
                == now.day.daysSince1970 - now.day.weekday.rawValue
        case .calendar(.month): return (a.year, a.month) == (b.year, b.month)
        case .ownEnd(let days): return days.map { now.day.daysSince1970 - then.day.daysSince1970 < $0 } ?? true
        case .untilLifted: return true
        }
    }
}
