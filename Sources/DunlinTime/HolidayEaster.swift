// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension CivilDate {
    /// Easter Sunday of the Gregorian calendar; nil before 1583, its first year.
    ///
    /// The anonymous algorithm of 1876: J. Meeus, Astronomical Algorithms, chapter 8.
    static func easterSunday(_ year: Int) -> CivilDate? {
        guard year >= 1583 else { return nil }
        let (century, yearOfCentury) = (year / 100, year % 100)
        let goldenNumber = year % 19
        let lunarCorrection = (century - (century + 8) / 25 + 1) / 3
        let epact = (19 * goldenNumber + century - century / 4 - lunarCorrection + 15) % 30
        let toSunday = (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4) % 7
        let early = (goldenNumber + 11 * epact + 22 * toSunday) / 451
        let fromMarch = epact + toSunday - 7 * early + 114
        return CivilDate(year: year, month: fromMarch / 31, day: fromMarch % 31 + 1)
    }

    /// Easter Sunday of the Orthodox churches, as a Gregorian date; nil before 1583.
    ///
    /// Computed in the Julian calendar: J. Meeus, Astronomical Algorithms, chapter 8.
    static func orthodoxEasterSunday(_ year: Int) -> CivilDate? {
        let (d, e) = ((19 * (year % 19) + 15) % 30, (2 * (year % 4) + 4 * (year % 7) + 34))
        let toSunday = (e - d + 210) % 7
        let fromMarch = d + toSunday + 114
        let julianLead = year / 100 - year / 400 - 2
        guard year >= 1583, let date = CivilDate(year: year, month: fromMarch / 31, day: 1) else { return nil }
        return date + fromMarch % 31 + julianLead
    }
}
