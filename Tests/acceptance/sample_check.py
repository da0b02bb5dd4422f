#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that the demo has something to send whenever it is started.

Goes through a year in steps of a quarter of an hour and counts the rows of deploy/sample/reminders.ndjson that may go
then, by the hours of the two packs: us-reg-f every day 08:00-21:00 for recipients in the United States, strict Monday to
Saturday 09:00-20:00 for all others, and in every zone that the row names. Fails where fewer than --least may go.
"""
import argparse
import datetime as dt
import json
import sys
from zoneinfo import ZoneInfo

from support import REPOSITORY


def open_packs(zone, instant):
    """The packs that are open there now. Ten minutes before closing count as closed: the demo needs time to send."""
    local = instant.astimezone(zone)
    minute = local.hour * 60 + local.minute
    packs = set()
    if 8 * 60 <= minute < 20 * 60 + 50:
        packs.add("us-reg-f")
    if local.weekday() != 6 and 9 * 60 <= minute < 19 * 60 + 50:
        packs.add("strict")
    return packs


def pack_of(row):
    return "us-reg-f" if row["recipient"].get("region", "").startswith("US") else "strict"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--least", type=int, default=5)
    parser.add_argument("--from", dest="start", default="2026-11-23", help="first day")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in open(REPOSITORY / "deploy/sample/reminders.ndjson", encoding="utf-8")]
    people = [(pack_of(row), row["recipient"]["zones"]) for row in rows if row["recipient"]["zones"]]
    zones = {name: ZoneInfo(name) for _, names in people for name in names}

    def able(instant):
        packs = {name: open_packs(zone, instant) for name, zone in zones.items()}
        return sum(all(pack in packs[name] for name in names) for pack, names in people)

    start = dt.datetime.fromisoformat(arguments.start + "T00:00:00+00:00")
    instants = (start + dt.timedelta(minutes=15 * step) for step in range(365 * 96))
    fewest = min((able(instant), instant) for instant in instants)
    print(f"{len(rows)} rows; the poorest quarter of an hour of a year is {fewest[1]:%a %F %H:%M}Z with {fewest[0]} rows")
    return 0 if fewest[0] >= arguments.least else 1


if __name__ == "__main__":
    sys.exit(main())
