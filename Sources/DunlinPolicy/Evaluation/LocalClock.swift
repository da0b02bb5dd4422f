// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTime

/// What the clock on the wall shows in one zone at one instant.
struct LocalClock {
    let zone: Zone
    let now: Instant
    let date: CivilDate
    /// Milliseconds since local midnight, as the wall clock shows them.
    let time: Int64
    /// Milliseconds east of UTC.
    let offset: Int64

    init(_ zone: Zone, at now: Instant) {
        self.zone = zone
        self.now = now
        offset = Int64(zone.offset(at: now)) * 1000
        let local = now.milliseconds + offset
        let day = local.flooredQuotient(by: DayHours.dayLength)
        date = CivilDate(daysSince1970: Int(day))
        time = local - day * DayHours.dayLength
    }

    /// The instant at which this clock would show `time` on `date` if its offset did not change.
    func instant(on date: CivilDate, at time: Int64) -> Instant {
        Instant(milliseconds: Int64(date.daysSince1970) * DayHours.dayLength + time - offset)
    }

    /// The day it is here at another instant.
    func date(at instant: Instant) -> CivilDate {
        instant == now ? date : LocalClock(zone, at: instant).date
    }

    /// The first instant after `now` at which the offset is another one.
    var nextChange: Instant { zone.nextTransition(after: now) ?? .distantFuture }
}

extension Zone {
    /// The first instant of a day.
    func start(of date: CivilDate) -> Instant { instant(of: LocalTime(date: date, secondOfDay: 0)) }
}
