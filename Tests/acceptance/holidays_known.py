# SPDX-License-Identifier: Apache-2.0
"""Where Dunlin's holidays and PyPI's holidays 0.109 differ and why, for holidays_check.py: each date by itself."""
import datetime as dt

# The library's categories that make up a calendar of ours, where it is not "public" alone.
CATEGORIES = {
    # The general holidays, which banks and offices keep; "public" are the statutory ones of the Employment Ordinance.
    "HK": ("public", "optional"),
    # Assumption: most communes of Bavaria.
    "DE-BY": ("public", "catholic"),
}

# (code, whose day it is, why, dates)
KNOWN = [
    ("CA", "Dunlin", "Holidays Act, R.S.C. 1985, c. H-5, s. 2: July 2 when July 1 is a Sunday",
     "2029-07-02 2035-07-02"),
    ("CA-ON", "Dunlin", "the same", "2029-07-02 2035-07-02"),
    ("CA-QC", "Dunlin", "Act respecting labour standards, s. 60: Good Friday or Easter Monday", """
        2020-04-13 2021-04-05 2022-04-18 2023-04-10 2024-04-01 2025-04-21 2026-04-06 2027-03-29
        2028-04-17 2029-04-02 2030-04-22 2031-04-14 2032-03-29 2033-04-18 2034-04-10 2035-03-26"""),
    ("ES", "Dunlin", "a national day on a Sunday is one all the same; the library drops it", """
        2020-11-01 2020-12-06 2021-08-15 2022-05-01 2022-12-25 2023-01-01 2024-12-08 2025-10-12 2026-11-01
        2026-12-06 2027-08-15 2030-01-06 2030-12-08 2031-10-12 2032-08-15 2033-05-01 2033-12-25 2034-01-01"""),
    ("RU", "Dunlin", "Labour Code, art. 112: the workday after a holiday on a weekend, unless decreed otherwise", """
        2028-11-06 2029-11-05 2030-02-25 2031-02-24 2031-03-10 2032-05-03 2032-05-10 2032-06-14
        2033-05-02 2033-06-13 2034-11-06 2035-11-05"""),
    ("HK", "library", "cap. 149: a Sunday has one day in its place, and October 2 is it",
     "2023-10-03 2028-10-03 2034-10-03"),
    ("HK", "library", "National Day meets Chung Yeung on a Saturday: one more day, the Monday before", "2033-10-04"),
    ("NG", "Dunlin", "an estimate: Christmas and Eid on one Sunday, for which we count two stand-ins", "2033-12-29"),
]


class Reasons:
    """The known differences, and which of them were met."""

    def __init__(self, known):
        self.open = {
            (code, dt.date.fromisoformat(day), whose == "Dunlin")
            for code, whose, _, days in known for day in days.split()}
        self.met = set()

    def explain(self, code, day, is_ours):
        key = (code, day, is_ours)
        if key in self.open:
            self.met.add(key)
        return key in self.open

    @property
    def used(self):
        return len(self.met)

    def unused(self):
        return sorted(f"{code} {day}" for code, day, _ in self.open - self.met)


def ukraine(year):
    """Labour Code, articles 67 and 73, written down once more. The library ends with martial law, in March 2022."""
    from dateutil.easter import EASTER_ORTHODOX, easter  # The library brings dateutil along.
    pascha = easter(year, EASTER_ORTHODOX)
    days = [(1, 1), (3, 8), (5, 1), (6, 28), (8, 24), (12, 25)]
    days += [(1, 7)] if year <= 2023 else []
    days += [(5, 9)] if year <= 2023 else [(5, 8)]
    days += [(7, 28)] if year in (2022, 2023) else [(7, 15)] if year >= 2024 else []
    days += [(10, 14)] if year <= 2022 else [(10, 1)]
    feasts = sorted([dt.date(year, *day) for day in days] + [pascha, pascha + dt.timedelta(49)])
    free = set(feasts)
    for feast in feasts:
        if feast.weekday() >= 5:
            day = feast
            while day in free or day.weekday() >= 5:
                day += dt.timedelta(1)
            free.add(day)
    return free


# From when on a calendar is compared with the law as written above instead of the library.
BY_LAW = {"UA": (dt.date(2022, 3, 15), ukraine)}
