# SPDX-License-Identifier: Apache-2.0
"""The contact rules once more, written from the packs' text and with Python's zoneinfo: shares no code with Dunlin.

A `Rules` says when a recipient may be contacted and how often. `violations` goes through what a gateway received.
"""
import dataclasses
import datetime as dt
from collections import defaultdict
from zoneinfo import ZoneInfo

WEEK = range(7)


@dataclasses.dataclass(frozen=True)
class Cap:
    """At most `limit` contacts with the same key in `days` consecutive local days."""
    limit: int
    days: int
    per_account: bool = False
    calls_only: bool = False

    def key(self, row):
        return (row["recipient"]["id"], row["account"]["id"] if self.per_account else None)


@dataclasses.dataclass(frozen=True)
class Rules:
    """Open from `first` up to and including `last`, minutes after local midnight, on `weekdays` (Monday is 0)."""
    first: int
    last: int
    weekdays: tuple = tuple(WEEK)
    caps: tuple = ()


STRICT = Rules(9 * 60, 20 * 60, weekdays=(0, 1, 2, 3, 4, 5), caps=(Cap(1, 1), Cap(3, 7)))
US_REG_F = Rules(8 * 60, 21 * 60, caps=(Cap(7, 7, per_account=True, calls_only=True),))


def local_times(row, milliseconds):
    """The instant on the clock of every zone the recipient may be in."""
    instant = dt.datetime.fromtimestamp(milliseconds / 1000, dt.timezone.utc)
    return [instant.astimezone(ZoneInfo(zone)) for zone in row["recipient"]["zones"]]


def is_open(rules, row, milliseconds):
    for local in local_times(row, milliseconds):
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        minutes = (local.replace(tzinfo=None) - midnight.replace(tzinfo=None)).total_seconds() / 60
        if local.weekday() not in rules.weekdays or not rules.first <= minutes <= rules.last:
            return False
    return True


def outside_windows(contacts, rules_of, grace_ms):
    """Contacts that arrived outside the hours. `grace_ms` is what a request may take from Dunlin's hand to the record."""
    for row, channel, at in contacts:
        rules = rules_of[row["recipient"]["region"]]
        if not is_open(rules, row, at) and not is_open(rules, row, at - grace_ms):
            yield f"{row['id']} at {local_times(row, at)[0]:%H:%M:%S.%f} local"


def over_caps(contacts, rules_of):
    """Keys that were contacted more often than a cap allows in some stretch of local days."""
    days_of = defaultdict(list)
    for row, channel, at in contacts:
        for cap in rules_of[row["recipient"]["region"]].caps:
            if channel == "call" or not cap.calls_only:
                # With several zones, a day is counted in each of them.
                for index, local in enumerate(local_times(row, at)):
                    days_of[(cap, cap.key(row), index)].append(local.date().toordinal())
    for (cap, key, _), days in days_of.items():
        for first in set(days):
            count = sum(first <= day < first + cap.days for day in days)
            if count > cap.limit:
                yield f"{key[0]}: {count} of {cap.limit} in {cap.days} days"
                break
