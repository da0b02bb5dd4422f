#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares every holiday calendar that comes with Dunlin with PyPI's `holidays`, each day of sixteen years.

    holidays_check.py [--dunlin PATH] [--from 2020] [--to 2035]

Run it with a Python that has the library:

    python3 -m venv ENV; ENV/bin/pip install holidays==0.109; ENV/bin/python Tests/acceptance/holidays_check.py

Where the two differ, holidays_known.py must say why, date by date; a reason that is not needed any more fails, too. The
library also served as the source of many lists (days of the moon, decrees), so that for those this is a check of the
copying only; LunarHolidayTests compares them with ICU.
"""
import argparse
import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

from holidays_known import CATEGORIES, KNOWN, BY_LAW, Reasons
from support import Report, find_dunlin

VERSION = "0.109"


def ours(dunlin, *arguments):
    command = [dunlin, "policies", "holidays", "--json", *map(str, arguments)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def theirs(library, code, first, last):
    """The library's names by date; from a day on those of the law, where holidays_known.py has it."""
    country, _, subdivision = code.partition("-")
    days = library.country_holidays(
        country, subdiv=subdivision or None, years=range(first, last + 1), observed=True,
        categories=CATEGORIES.get(code, ("public",)), language="en_US")
    names = {day: name for day, name in days.items() if first <= day.year <= last}
    if code in BY_LAW:
        start, by_law = BY_LAW[code]
        names = {day: name for day, name in names.items() if day < start}
        for year in range(start.year, last + 1):
            names |= {day: "by law" for day in by_law(year) if start <= day and first <= day.year <= last}
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dunlin", type=Path,
                        help="the binary; default: .build/release/dunlin, else .build/debug/dunlin")
    parser.add_argument("--from", dest="first", type=int, default=2020)
    parser.add_argument("--to", dest="last", type=int, default=2035)
    arguments = parser.parse_args()
    try:
        import holidays as library
    except ImportError:
        sys.exit(f"PyPI's holidays is missing: 'pip install holidays=={VERSION}' in a venv, and run me with its python")
    dunlin = find_dunlin(arguments.dunlin)
    report = Report(f"Holidays against PyPI's holidays {library.__version__}, {arguments.first} to {arguments.last}")
    report.check(f"the library is the one that the reasons are about, {VERSION}", library.__version__ == VERSION)
    reasons = Reasons(KNOWN)
    compared = 0
    for code in [calendar["code"] for calendar in ours(dunlin)]:
        listed = ours(dunlin, code, "--from", arguments.first, "--to", arguments.last)["holidays"]
        mine = {dt.date.fromisoformat(day["date"]): day["name"] for day in listed}
        other = theirs(library, code, arguments.first, arguments.last)
        compared += len(mine.keys() | other.keys())
        differences = [
            f"{day} {day:%a} only {'Dunlin' if day in mine else 'the library'}: {mine.get(day) or other.get(day)}"
            for day in sorted(mine.keys() ^ other.keys()) if not reasons.explain(code, day, day in mine)]
        report.count(code, differences, limit=6)
    report.figure("holidays compared", compared)
    report.figure("differences with a reason", reasons.used)
    if (arguments.first, arguments.last) == (2020, 2035):
        report.count("reasons that nothing needs", reasons.unused())
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
